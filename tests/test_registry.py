"""A plug-in table is whole for whoever asks, also when many threads ask first."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tracker.registry import Registry

SLOW = "import time\ntime.sleep(0.05)\nfrom sample_plugins import TABLE\nTABLE.register({name!r})({name!r})\n"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[str]:
    package = tmp_path / "sample_plugins"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from tracker.registry import Registry\nTABLE = Registry('sample_plugins')\n"
    )
    for name in ("one", "two"):
        (package / f"{name}.py").write_text(SLOW.format(name=name))
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("sample_plugins")]:
        monkeypatch.delitem(sys.modules, name)
    found: Registry[str] = __import__("sample_plugins").TABLE
    return found


def test_threads_that_ask_at_once_see_the_whole_table(table: Registry[str]) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(table.get, ["two"] * 8)) == ["two"] * 8
    assert table.names() == ["one", "two"]


def test_an_unknown_name_is_told_the_known_ones(table: Registry[str]) -> None:
    with pytest.raises(KeyError, match=r"no plug-in 'three'.*one, two"):
        table.get("three")
