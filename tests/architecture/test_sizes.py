"""Sizes and names that keep code findable."""

from __future__ import annotations

import ast

import pytest

from tests.architecture import project

MAX_FUNCTION_LINES = 60
MAX_MODULE_LINES = 500
NAMELESS = {"utils", "util", "helpers", "helper", "common", "lib", "core", "misc", "manager", "managers"}


def test_no_module_is_longer_than_500_lines() -> None:
    lines = {
        project.name(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in project.modules("tracker", "tests", "benchmarks")
    }
    assert {name: n for name, n in lines.items() if n > MAX_MODULE_LINES} == {}


@pytest.mark.slow
def test_no_function_is_longer_than_60_lines() -> None:
    too_long = {
        f"{project.name(path)}:{node.lineno} {node.name}": node.end_lineno - node.lineno + 1
        for path in project.modules("tracker", "tests", "benchmarks")
        for node in ast.walk(project.tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
        if node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    }
    assert too_long == {}


def test_every_module_and_package_is_named_after_its_subject() -> None:
    nameless = [
        project.name(path)
        for path in project.modules("tracker", "tests", "benchmarks")
        if NAMELESS & {part.removesuffix(".py") for part in path.relative_to(project.ROOT).parts}
    ]
    assert nameless == []


@pytest.mark.slow
def test_every_module_says_what_it_promises() -> None:
    silent = [
        project.name(path)
        for path in project.modules("tracker", "tests")
        if project.tree(path).body and not ast.get_docstring(project.tree(path))
    ]
    assert silent == []
