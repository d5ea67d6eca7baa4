"""Pages with known answers: the project's own, the sample newsroom, and those of a corpus beside the project."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.starter.newsroom.content import OUTLETS, read_stories
from tracker.starter.newsroom.pages import article_page
from tracker.text.urls import registrable_domain

if TYPE_CHECKING:
    from collections.abc import Iterator

_BASE = dt.date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class GoldPage:
    """One page and what a person says it holds; None where nobody said."""

    name: str
    url: str
    body: bytes
    text: str
    title: str | None = None
    authors: tuple[str, ...] | None = None
    published: dt.datetime | None = None

    @property
    def half(self) -> str:
        """Half of the publishers this page belongs to: rules are tuned on 'a' and tried on 'b'."""
        domain = registrable_domain(self.url) or self.url
        return "ab"[hashlib.sha256(domain.encode()).digest()[0] % 2]


def own_pages(folder: Path) -> Iterator[GoldPage]:
    """Read NAME.html with NAME.json beside it; a page without answers is left out."""
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        yield GoldPage(
            path.stem,
            gold["url"],
            path.with_suffix(".html").read_bytes(),
            gold["text"] if isinstance(gold["text"], str) else "\n".join(gold["text"]),
            gold["title"],
            tuple(gold["authors"]),
            dt.datetime.fromisoformat(gold["published"]) if gold["published"] else None,
        )


def newsroom_pages() -> Iterator[GoldPage]:
    """Make the pages of the sample newsroom; the answers are what they were made from."""
    stories = read_stories(_BASE)
    outlets = {outlet.slug: outlet for outlet in OUTLETS}
    for story in stories:
        is_printed = outlets[story.outlet].template != "official"  # those print a day and no byline
        name = story.byline.removeprefix("By ").split(",")[0]
        related = [each for each in stories if each.outlet == story.outlet and each is not story]
        page = article_page(story, outlets[story.outlet], origin="http://127.0.0.1:8765", related=related)
        yield GoldPage(
            story.slug,
            f"http://127.0.0.1:8765{story.path}",
            page,
            story.clean_text,
            story.title,
            (name,) if is_printed else None,
            story.published_at if is_printed else story.published_at.replace(tzinfo=None),
        )


def corpus_pages(corpus: Path) -> dict[str, list[GoldPage]]:
    """Return the pages of a corpus with their answers, by set; the manifest says what each file is."""
    manifest = json.loads((corpus / "manifest.json").read_text("utf-8"))
    pages = [entry for entry in manifest if entry["kind"] == "page" and entry["expected"]]
    answers = {
        path: json.loads((corpus / path).read_text("utf-8")) for path in {p["expected"] for p in pages}
    }
    sets: dict[str, list[GoldPage]] = {}
    for path, gold in sorted(answers.items()):
        belonging = sorted(
            (page for page in pages if page["expected"] == path), key=lambda page: page["path"]
        )
        name = belonging[0]["source"].split(":")[0]
        reader = _by_version if path.endswith(".expected.json") else _by_file_name
        sets.setdefault(name, []).extend(reader(corpus, belonging, gold))
    return sets


def _by_version(corpus: Path, pages: list[dict[str, Any]], gold: dict[str, Any]) -> Iterator[GoldPage]:
    """Read a publisher's pages: the oldest page belongs to the first version of the answers, and so on."""
    if len(pages) != len(gold):
        return
    for page, (_, answer) in zip(pages, sorted(gold.items()), strict=True):
        body = answer["body"]
        parts = [*body["summary"]]
        for section in body["sections"]:
            parts += [*section["headline"], *section["paragraphs"]]
        yield GoldPage(
            page["path"],
            page["url"],
            gzip.decompress((corpus / page["path"]).read_bytes()),
            "\n".join(parts),
            answer["title"],
            tuple(answer["authors"]) if "authors" in answer else None,
            dt.datetime.fromisoformat(answer["publishing_date"]),
        )


def _by_file_name(corpus: Path, pages: list[dict[str, Any]], gold: dict[str, Any]) -> Iterator[GoldPage]:
    """Read pages whose answers stand under the page's file name: an address and the text alone."""
    for page in pages:
        answer = gold[Path(page["path"]).name.removesuffix(".html.gz")]
        yield GoldPage(
            page["path"],
            answer["url"],
            gzip.decompress((corpus / page["path"]).read_bytes()),
            answer["articleBody"],
        )
