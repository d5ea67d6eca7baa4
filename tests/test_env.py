"""Settings: read from variables and files, checked, and refused in plain sentences."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.env import SETTINGS, main, read_settings, reference, write_secret_key
from tracker.errors import SettingError

KEY = "kT4-vR9_qW2xZ7mB1nL6pS3dF8gH5jQ0"


def refusal(**variables: str) -> str:
    """The sentence with which these variables stop the start."""
    with pytest.raises(SettingError) as caught:
        read_settings({"TRACKER_SECRET_KEY": KEY} | variables)
    return str(caught.value)


def test_defaults_are_enough_with_a_secret_key(tmp_path: Path) -> None:
    values = read_settings({"TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": str(tmp_path)})
    assert not values.debug
    assert values.archive_dir == tmp_path / "archive"
    assert values.database()["NAME"] == str(tmp_path / "retort.sqlite3")
    assert values.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")


def test_an_unset_secret_key_stops_the_start(tmp_path: Path) -> None:
    assert "TRACKER_SECRET_KEY is not set" in refusal(TRACKER_SECRET_KEY="", TRACKER_DATA_DIR=str(tmp_path))


@pytest.mark.parametrize("key", ["short", "x" * 50, "django-insecure-" + KEY, "changeme" * 6])
def test_a_short_or_default_looking_secret_key_stops_the_start(key: str, tmp_path: Path) -> None:
    message = refusal(TRACKER_SECRET_KEY=key, TRACKER_DATA_DIR=str(tmp_path))
    assert message.startswith("TRACKER_SECRET_KEY")
    assert KEY not in message


def test_debug_starts_without_a_secret_key(tmp_path: Path) -> None:
    assert read_settings({"TRACKER_DEBUG": "yes", "TRACKER_DATA_DIR": str(tmp_path)}).secret_key


def test_the_key_of_debug_is_refused_outside_it(tmp_path: Path) -> None:
    key = read_settings({"TRACKER_DEBUG": "yes", "TRACKER_DATA_DIR": str(tmp_path)}).secret_key
    assert "looks like a default" in refusal(TRACKER_SECRET_KEY=key)


def test_the_key_in_the_data_folder_is_used_and_never_overwritten(tmp_path: Path) -> None:
    path = write_secret_key(tmp_path)
    key = path.read_text(encoding="utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert write_secret_key(tmp_path).read_text(encoding="utf-8") == key
    assert read_settings({"TRACKER_DATA_DIR": str(tmp_path)}).secret_key == key.strip()


def test_a_secret_is_read_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_text(KEY + "\n", encoding="utf-8")
    assert read_settings({"TRACKER_SECRET_KEY_FILE": str(path)}).secret_key == KEY


def test_a_missing_secret_file_is_named(tmp_path: Path) -> None:
    message = refusal(DATABASE_URL_FILE=str(tmp_path / "nowhere"))
    assert "DATABASE_URL_FILE" in message
    assert "cannot be read" in message


def test_a_value_and_a_file_for_it_are_one_too_many(tmp_path: Path) -> None:
    assert "both set" in refusal(TRACKER_SECRET_KEY_FILE=str(tmp_path))


def test_an_unknown_setting_stops_the_start_and_the_nearest_name_is_offered() -> None:
    assert (
        refusal(TRACKER_DEBGU="1")
        == "TRACKER_DEBGU is not a setting of this program. Did you mean TRACKER_DEBUG?"
    )
    assert "docs/reference/settings.md" in refusal(TRACKER_QQQQQQQQ="1")


def test_every_mistake_is_told_at_once() -> None:
    message = refusal(
        TRACKER_LEASE_S="soon", TRACKER_SECURE="perhaps", TRACKER_FETCH_MAX_BYTES="-1", TRACKER_X=""
    )
    assert len(message.splitlines()) == 4


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_LEASE_S", "nan"),
        ("TRACKER_LEASE_S", "inf"),
        ("TRACKER_LEASE_S", "0"),
        ("TRACKER_FETCH_MAX_BYTES", "1.5"),
        ("TRACKER_TIME_ZONE", "Europe/Atlantis"),
        ("TRACKER_LOG_LEVEL", "loud"),
        ("TRACKER_CONTACT", "a\r\nHost: b"),
        ("DATABASE_URL", "mongodb://x/y"),
        ("DATABASE_URL", "not an address"),
    ],
)
def test_an_unusable_value_names_its_setting(name: str, value: str) -> None:
    assert name in refusal(**{name: value})


def test_an_empty_variable_counts_as_unset() -> None:
    empty = {setting.name: "" for setting in SETTINGS} | {"TRACKER_SECRET_KEY": KEY}
    assert read_settings(empty) == read_settings({"TRACKER_SECRET_KEY": KEY})


def test_the_pause_between_requests_may_be_turned_off() -> None:
    assert read_settings({"TRACKER_SECRET_KEY": KEY, "TRACKER_HOST_DELAY_S": "0"}).host_delay_s == 0


@given(st.dictionaries(st.sampled_from([setting.name for setting in SETTINGS]), st.text(max_size=40)))
def test_any_text_is_read_or_refused_in_plain_words(variables: dict[str, str]) -> None:
    with contextlib.suppress(SettingError):
        assert read_settings(variables).secret_key


def test_the_reference_names_every_setting_and_prints_no_path_of_this_machine(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["reference"]) == 0
    page = capsys.readouterr().out
    assert page == reference()
    assert all(f"`{setting.name}`" in page for setting in SETTINGS)
    assert str(Path.cwd()) not in page


def test_an_unknown_word_on_the_command_line_is_refused() -> None:
    assert main(["settings"]) == 2
