"""The documentation is whole: generated pages are current, links lead somewhere, commands are described."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture import project
from tracker import env
from tracker.sources.reference import reference_page

DOCS = project.ROOT / "docs"
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")
MAX_README_LINES = 150


def pages() -> list[Path]:
    return [path for path in project.files(suffix=".md") if path.is_relative_to(DOCS)]


def links(page: Path) -> list[Path]:
    return [(page.parent / target).resolve() for target in LINK.findall(page.read_text(encoding="utf-8"))]


def test_the_settings_page_is_current() -> None:
    page = (DOCS / "reference/settings.md").read_text(encoding="utf-8")
    assert page == env.reference(), "run `make reference`"


def test_the_page_of_kinds_is_current() -> None:
    page = (DOCS / "reference/kinds.md").read_text(encoding="utf-8")
    assert page == reference_page(), "run `make reference`"


def test_every_link_leads_to_a_file() -> None:
    broken = {
        (project.name(page), str(target))
        for page in [*pages(), project.ROOT / "README.md"]
        for target in links(page)
        if not target.exists()
    }
    assert broken == set()


def test_every_page_can_be_reached_from_the_index() -> None:
    seen: set[Path] = set()
    to_visit = [DOCS / "index.md"]
    while to_visit:
        page = to_visit.pop()
        if page not in seen and page.suffix == ".md" and page.exists():
            seen.add(page)
            to_visit += links(page)
    assert {project.name(page) for page in pages()} - {project.name(page) for page in seen} == set()


def test_every_management_command_is_described() -> None:
    page = (DOCS / "reference/commands.md").read_text(encoding="utf-8")
    described = set(re.findall(r"`(?:manage\.py )?([a-z_]+)", page))
    folder = project.ROOT / "tracker/management/commands"
    commands = {path.stem for path in project.modules("tracker/management/commands") if path.parent == folder}
    assert {command for command in commands if not command.startswith("_")} - described == set()


def test_every_make_target_is_described() -> None:
    makefile = (project.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE)[0].split()
    described = re.findall(r"^([a-z-]+):.*## \S", makefile, flags=re.MULTILINE)
    assert sorted(targets) == sorted(described)


def test_the_readme_is_short_and_starts_with_the_two_commands() -> None:
    text = (project.ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < MAX_README_LINES
    assert re.findall(r"^make \w+", text, flags=re.MULTILINE)[:2] == ["make run", "make test"]
