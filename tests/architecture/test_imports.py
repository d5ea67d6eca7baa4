"""Import rules that import-linter cannot say: parts of the standard library, attributes, coverage."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path
from typing import Any

from tests.architecture import project

HTTP_LIBRARIES = {
    "aiohttp",
    "http.client",
    "httpcore",
    "httpcore2",
    "httpx",
    "httpx2",
    "requests",
    "urllib.request",
    "urllib3",
}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv"}
STAGES = {"sources", "extract", "lineage", "nlp", "linking", "clustering"}
DESKS = {"web", "api", "admin", "curation", "search", "exports", "templatetags"}


def contracts() -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((project.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {contract["id"]: contract for contract in settings["tool"]["importlinter"]["contracts"]}


def built(names: set[str]) -> set[str]:
    """Those of the packages that exist by now, dotted."""
    return {f"tracker.{name}" for name in names if any(project.modules(f"tracker/{name}"))}


def test_only_fetch_uses_an_http_library() -> None:
    users = {
        project.name(path): used
        for path in project.modules("tracker")
        if not path.is_relative_to(project.ROOT / "tracker/fetch")
        if (used := project.imported(path) & HTTP_LIBRARIES)
    }
    assert users == {}


def test_only_env_reads_the_environment() -> None:
    readers = {
        project.name(path): lines
        for path in project.modules("tracker")
        if path != project.ROOT / "tracker/env.py" and (lines := environment_lines(path))
    }
    assert readers == {}


def environment_lines(path: Path) -> list[int]:
    """Lines that touch the environment; naming Django's settings module to itself is not reading."""
    allowed = {
        id(node.func.value)
        for node in ast.walk(project.tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "setdefault"
        and isinstance(node.args[0], ast.Constant)
        and node.args[0].value == "DJANGO_SETTINGS_MODULE"
    }
    touched = [
        node.lineno
        for node in ast.walk(project.tree(path))
        if isinstance(node, ast.Attribute)
        and node.attr in ENVIRONMENT
        and isinstance(node.value, ast.Name)
        and node.value.id == "os"
        and id(node) not in allowed
    ]
    hidden = [f"os.{name}" for name in ENVIRONMENT if f"os.{name}" in project.imported(path)]
    return touched + [1] * len(hidden)


def test_the_contract_on_plain_stages_names_every_stage() -> None:
    assert built(STAGES) <= set(contracts()["stages-are-plain-python"]["source_modules"])


def test_the_contract_on_pages_names_every_page_package() -> None:
    assert built(DESKS) <= set(contracts()["pages-never-load-the-machine"]["source_modules"])


def test_celery_stays_in_its_places() -> None:
    allowed = {"tracker/celery.py", "tracker/tasks.py", "tracker/schedule.py"}
    users = {
        project.name(path)
        for path in project.modules("tracker")
        if any(name == "celery" or name.startswith("celery.") for name in project.imported(path))
    }
    assert users <= allowed
