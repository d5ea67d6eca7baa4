"""What the architecture tests look at: the files of the project as git sees them, and their syntax trees."""

from __future__ import annotations

import ast
import functools
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@functools.cache
def files(*, suffix: str = "") -> tuple[Path, ...]:
    """Every file that is tracked or would be, without what .gitignore names."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in sorted(set(listing.stdout.split("\0"))) if name.endswith(suffix))
    return tuple(path for path in paths if path.is_file())


def modules(*folders: str) -> list[Path]:
    """Python files under the named folders, without migrations and recorded data."""
    left_out = (ROOT / "tracker/migrations", ROOT / "tests/data")
    wanted = [ROOT / folder for folder in folders]
    return [
        path
        for path in files(suffix=".py")
        if any(path.is_relative_to(folder) for folder in wanted)
        and not any(path.is_relative_to(folder) for folder in left_out)
    ]


def name(path: Path) -> str:
    """Path as a reader of a failure wants it."""
    return path.relative_to(ROOT).as_posix()


@functools.cache
def tree(path: Path) -> ast.Module:
    """Syntax tree of one file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=name(path))


def imported(path: Path) -> set[str]:
    """Dotted names that a file imports anywhere, each `from a import b` as both `a` and `a.b`."""
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found
