"""What must not stand in any file: heavy packages in a lock, registry addresses, paths of one machine."""

from __future__ import annotations

import re

import pytest

from tests.architecture import project

# put together here, so that this file does not hold what it forbids
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "file:" + "///opt",
)
MACHINE_PATH = re.compile(r"(?<![\w./-])/(?:wo" + r"rk|ho" + r"me/\w+|Us" + r"ers/\w+|ro" + r"ot)/[\w.]")
LOCKS = ("requirements.lock", "requirements-dev.lock")
TOO_LARGE_TO_BE_TEXT = 2_000_000


def texts() -> list[tuple[str, str]]:
    found = []
    for path in project.files():
        if path.stat().st_size < TOO_LARGE_TO_BE_TEXT:
            content = path.read_bytes()
            if b"\0" not in content:
                found.append((project.name(path), content.decode("utf-8", errors="replace")))
    return found


def test_no_file_names_a_package_registry() -> None:
    guilty = {name: host for name, text in texts() for host in REGISTRIES if host in text}
    assert guilty == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    guilty = {name: match.group() for name, text in texts() if (match := MACHINE_PATH.search(text))}
    assert guilty == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_torch_and_no_gpu_package(lock: str) -> None:
    text = (project.ROOT / lock).read_text(encoding="utf-8")
    names = re.findall(r"^([A-Za-z0-9._-]+)==", text, flags=re.MULTILINE)
    assert names
    assert [name for name in names if re.match(r"(?i)(torch|nvidia|cuda|triton|cupy)", name)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_of_a_lock_has_a_hash(lock: str) -> None:
    text = (project.ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if "==" in line and not line.startswith("#")]
    assert [line.split()[0] for line in lines if "--hash=sha256:" not in line] == []


def test_what_the_product_runs_on_is_the_same_in_both_locks() -> None:
    runtime, development = (
        set(
            re.findall(
                r"^(\S+==[^\s;]+)", (project.ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE
            )
        )
        for lock in LOCKS
    )
    assert runtime - development == set()
