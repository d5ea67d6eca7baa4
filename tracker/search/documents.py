"""What of each kind of row goes into the index: public rows only, and of them only what readers may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Model, QuerySet

from tracker.models import Article, Claim, Entity, Entry
from tracker.text.clean import safe_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Mapping

MAX_CHARS = 500_000
"""Code points of a body that are indexed."""
KINDS: tuple[str, ...] = ("entry", "article", "entity")


@dataclass(frozen=True, slots=True)
class Document:
    """One row of the index. Lines of `body` are apart: no phrase reaches from one into the next."""

    kind: str
    object_id: int
    address: str  # public id or slug, the argument of its page's URL
    title: str
    body: str
    source: str  # printed beside the title: outlet, lane or type
    at: dt.datetime | None  # None for what has no date


def public_ids(kind: str) -> QuerySet[Model, int]:
    """Return the primary keys of what may be found, in their order."""
    return _public(kind).order_by("pk").values_list("pk", flat=True)


def hold(kind: str, ids: Collection[int]) -> None:
    """Wait for others who change or index these rows, and keep them off until the transaction ends."""
    rows = _ALL[kind]().filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


def documents(kind: str, ids: Collection[int]) -> Iterator[Document]:
    """Yield a document for each of `ids` that is public."""
    return _MAKERS[kind](ids)


def _public(kind: str) -> QuerySet[Model]:
    querysets: Mapping[str, Callable[[], QuerySet[Model]]] = {
        "article": Article.objects.public,
        "entry": Entry.objects.public,
        "entity": lambda: Entity.objects.filter(is_public=True),
    }
    return querysets[kind]()


def _articles(ids: Collection[int]) -> Iterator[Document]:
    for article in Article.objects.public().filter(pk__in=ids).with_source():
        text = article.latest.text if article.latest else ""
        yield Document(
            "article",
            article.pk,
            article.public_id,
            safe_text(str(article), MAX_CHARS),
            safe_text(text or article.feed_text, MAX_CHARS),
            article.outlet_name,
            article.published_at or article.first_seen_at,
        )


def _entries(ids: Collection[int]) -> Iterator[Document]:
    entries = list(Entry.objects.public().filter(pk__in=ids))
    claims: dict[int, list[Claim]] = {entry.pk: [] for entry in entries}
    for claim in Claim.objects.published().filter(entry__in=entries).prefetch_related("identifiers"):
        claims[claim.entry_id].append(claim)
    for entry in entries:
        lines = [entry.summary, *(line for claim in claims[entry.pk] for line in _claim_lines(claim))]
        yield Document(
            "entry",
            entry.pk,
            entry.public_id,
            safe_text(entry.title, MAX_CHARS),
            _lines(lines),
            entry.get_lane_display(),
            entry.happened_at,
        )


def _claim_lines(claim: Claim) -> list[str]:
    return [
        claim.gist,
        claim.title,
        claim.accused_as_worded,
        claim.target_as_worded,
        claim.accused_name,
        claim.stated_by_name,
        claim.stated_by_organisation,
        *(identifier.value for identifier in claim.identifiers.all()),
    ]


def _entities(ids: Collection[int]) -> Iterator[Document]:
    for entity in Entity.objects.filter(is_public=True, pk__in=ids).prefetch_related("aliases"):
        names = [alias.text for alias in entity.aliases.all() if alias.text != entity.name]
        yield Document(
            "entity",
            entity.pk,
            entity.slug,
            safe_text(entity.name, MAX_CHARS),
            _lines(names),
            entity.get_type_display(),
            None,
        )


def _lines(lines: list[str]) -> str:
    return safe_text("\n".join(dict.fromkeys(line for line in lines if line)), MAX_CHARS)


_ALL: Mapping[str, Callable[[], QuerySet[Any]]] = {
    "article": Article.objects.all,
    "entry": Entry.objects.all,
    "entity": Entity.objects.all,
}
_MAKERS: Mapping[str, Callable[[Collection[int]], Iterator[Document]]] = {
    "article": _articles,
    "entry": _entries,
    "entity": _entities,
}
