"""Finds what a folder of captures holds: feeds, series of one feed over time, pages, and what cannot be played."""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tracker.sources.sniff import sniff
from tracker.text.hashing import sha256_hex
from tracker.text.urls import canonical_url, host_of

MANIFEST = "manifest.json"
SERIES_FOLDER = "series"
DATED = re.compile(r"(?:19|20)\d\d-?[01]\d-?[0-3]\d(?:[T_ -]?[0-2]\d[:_-]?[0-5]\d(?:[:_-]?[0-5]\d)?Z?)?")
MAX_FILE_BYTES = 20_000_000
CANONICAL_LINK = re.compile(
    rb"""<link[^>]{0,300}rel=["']?canonical["']?[^>]{0,300}href=["']([^"']{8,2000})|"""
    rb"""<link[^>]{0,300}href=["']([^"']{8,2000})["'][^>]{0,300}rel=["']?canonical|"""
    rb"""<meta[^>]{0,300}property=["']og:url["'][^>]{0,300}content=["']([^"']{8,2000})""",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Feed:
    """One endpoint and its captures in the order of time."""

    name: str
    group: str
    url: str
    files: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class CapturedPage:
    """One article page."""

    group: str
    url: str
    file: Path


@dataclass(frozen=True, slots=True)
class Unplayed:
    """A file that is neither, with the reason."""

    group: str
    file: Path
    reason: str


@dataclass(frozen=True, slots=True)
class Captures:
    """All that a folder holds."""

    feeds: tuple[Feed, ...]
    pages: tuple[CapturedPage, ...]
    unplayed: tuple[Unplayed, ...]


def read_body(file: Path) -> bytes:
    """Return a captured body, unpacked where the file is gzip.

    Raises:
        ValueError: the file is damaged or too large, in a plain sentence.
    """
    if file.stat().st_size > MAX_FILE_BYTES:
        msg = "The file is larger than 20 MB."
        raise ValueError(msg)
    body = file.read_bytes()
    if body[:2] != b"\x1f\x8b":
        return body
    try:
        with gzip.open(file) as packed:
            return packed.read(MAX_FILE_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        msg = "The file is not sound gzip."
        raise ValueError(msg) from error


def find_captures(folder: Path) -> Captures:
    """Look at every file below `folder` and tell feeds, pages and the rest apart."""
    listed = _manifest(folder)
    feeds: dict[tuple[str, ...], list[Path]] = defaultdict(list)
    pages: list[CapturedPage] = []
    unplayed: list[Unplayed] = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.name != MANIFEST):
        relative = file.relative_to(folder)
        if any(part.startswith(".") for part in relative.parts):
            continue
        about, group = listed.get(relative.as_posix(), {}), _group(relative)
        kind, reason = _kind(file, about)
        if kind == "feed":
            feeds[_series_key(relative)].append(file)
        elif kind == "page":
            pages.append(CapturedPage(group, _page_url(file, relative, about), file))
        else:
            unplayed.append(Unplayed(group, file, reason))
    found = [_feed(folder, key, files, listed) for key, files in sorted(feeds.items())]
    return Captures(tuple(found), tuple(pages), tuple(unplayed))


def _manifest(folder: Path) -> dict[str, Mapping[str, object]]:
    """Return what a manifest says per path; without one, or with one that is no list, nothing is said."""
    file = folder / MANIFEST
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(rows, list):
        return {}
    return {str(row["path"]): row for row in rows if isinstance(row, dict) and "path" in row}


def _kind(file: Path, about: Mapping[str, object]) -> tuple[str, str]:
    stated = str(about.get("kind") or "")
    if stated in {"feed", "page"}:
        return stated, ""
    if stated:
        return "", f"The manifest calls it '{stated}', which is nothing a site serves as a feed or page."
    try:
        body = read_body(file)
    except ValueError as error:
        return "", str(error)
    is_empty_feed = not body.strip() and file.suffix in {".xml", ".rss", ".atom"}
    kind = "feed" if is_empty_feed else {"feed": "feed", "html": "page"}.get(sniff(body, ""), "")
    return kind, "" if kind else "Neither a feed nor a page."


def _group(relative: Path) -> str:
    return "/".join(relative.parts[:2]) if len(relative.parts) > 2 else relative.parts[0]  # noqa: PLR2004 - two levels


def _series_key(relative: Path) -> tuple[str, ...]:
    """Return what captures of one feed share: their series folder, or their name without the moment in it."""
    if relative.parent.name == SERIES_FOLDER:
        return relative.parent.parts
    return tuple(DATED.sub("", part) for part in relative.parts)


def _feed(
    folder: Path, key: tuple[str, ...], files: Iterable[Path], listed: Mapping[str, Mapping[str, object]]
) -> Feed:
    in_order = tuple(sorted(files))
    relative = in_order[0].relative_to(folder)
    urls = [str(listed.get(file.relative_to(folder).as_posix(), {}).get("url") or "") for file in in_order]
    known = next((canonical_url(url) for url in urls if canonical_url(url)), "")
    name = "/".join(key)
    return Feed(name, _group(relative), known or f"https://{_host(name)}/feed", in_order)


def _page_url(file: Path, relative: Path, about: Mapping[str, object]) -> str:
    stated = canonical_url(str(about.get("url") or ""))
    if stated:
        return stated
    try:
        match = CANONICAL_LINK.search(read_body(file)[:200_000])
    except ValueError:
        match = None
    said = next((group for group in match.groups() if group), b"") if match else b""
    url = canonical_url(said.decode("utf-8", "replace"))
    return url if url and host_of(url) else f"https://{_host(relative.as_posix())}/"


def _host(name: str) -> str:
    return f"capture-{sha256_hex(name.encode())[:12]}.example"
