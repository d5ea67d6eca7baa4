"""The reference page of kinds."""

from __future__ import annotations

import re

from tracker.sources.kind import KINDS
from tracker.sources.reference import reference_page

PAGE = reference_page()


def test_every_kind_and_every_setting_stands_there() -> None:
    headings = re.findall(r"^## (.+)$", PAGE, flags=re.MULTILINE)
    assert headings == KINDS.names()
    for name, kind in KINDS:
        section = PAGE.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        assert kind.title in section
        assert re.findall(r"^\| `(\w+)`", section, flags=re.MULTILINE) == [
            option.name for option in kind.options
        ]


def test_a_row_of_a_table_has_its_cells() -> None:
    for line in PAGE.splitlines():
        if line.startswith("| `"):
            assert len(re.split(r"(?<!\\)\|", line)) == 5
        assert "<" not in re.sub("`[^`]*`", "", line)
