"""Items: what a listing brought becomes articles, each once, and their reading is owed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from tracker.extract.feed_text import parsed_from_item
from tracker.models import Article, Endpoint, Hold, Revision, Source, article_key, owe, public_id_of
from tracker.models.insert import insert_columns
from tracker.pipeline.moving_dates import note_dates
from tracker.records import FoundDate, FoundItem
from tracker.text.hashing import text_hash
from tracker.text.urls import registrable_domain


@dataclass(frozen=True, slots=True)
class Arrival:
    """The items of one listing by their keys, and which of them are known already."""

    by_key: Mapping[str, FoundItem]
    known: Mapping[str, Article]
    borrowed: frozenset[str] = frozenset()  # known only because a listing of another domain named them

    @property
    def fresh(self) -> dict[str, FoundItem]:
        """What we have never seen, or only where somebody else's listing had it."""
        return {
            key: item for key, item in self.by_key.items() if key not in self.known or key in self.borrowed
        }


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one endpoint brought, and the hold in which it waits, if it must."""

    endpoint: Endpoint
    arrival: Arrival
    hold: Hold | None = None


def item_key(source_id: int, item: FoundItem) -> str:
    """Return the key of the article that an item becomes."""
    return article_key(item.url, source_id=source_id, item_id=item.source_item_id)


def meet(endpoint: Endpoint, items: Sequence[FoundItem]) -> Arrival:
    """Return which items are known, see `meet_all`."""
    return meet_all([(endpoint, keyed(endpoint.source_id, items))])[0]


def keyed(source_id: int, items: Sequence[FoundItem]) -> dict[str, FoundItem]:
    """Return items by their keys; the first of a key counts."""
    return {item_key(source_id, item): item for item in reversed(items)}


def meet_all(brought: Sequence[tuple[Endpoint, Mapping[str, FoundItem]]]) -> list[Arrival]:
    """Return which items are known: by their address, or by the publisher's own id where all stands in the listing.

    An official document may be listed first for inspection and then as published, under two addresses and one
    number: it is one article. One query for all listings, and two more at most for each that needs them.

    Args:
        brought: endpoints, each with what it listed as `keyed` returns it; no item is in two of them.
    """
    keys = [key for _, by_key in brought for key in by_key]
    stored = Article.objects.filter(key__in=keys).defer("relevance_why") if keys else ()
    by_key = {article.key: article for article in stored}
    return [
        _met(endpoint, items, {key: by_key[key] for key in items if key in by_key})
        for endpoint, items in brought
    ]


def _met(endpoint: Endpoint, by_key: Mapping[str, FoundItem], known: dict[str, Article]) -> Arrival:
    numbered = {
        item.source_item_id: key
        for key, item in by_key.items()
        if item.is_whole and item.url and item.source_item_id and key not in known
    }
    if numbered:
        same = Article.objects.filter(source=endpoint.source_id, source_item_id__in=numbered, is_whole=True)
        known |= {numbered[article.source_item_id]: article for article in same.defer("relevance_why")}
    return Arrival(by_key, known, _borrowed(endpoint, known))


def _borrowed(endpoint: Endpoint, known: Mapping[str, Article]) -> frozenset[str]:
    """Return what is held or rejected only because a listing that led to another domain copied its address.

    Such a listing says nothing against the address itself, when its own publisher lists it.
    """
    barred = {
        article.hold_id: key
        for key, article in known.items()
        if article.hold_id and article.endpoint_id != endpoint.pk
    }
    if not barred:
        return frozenset()
    copies = set(Hold.objects.filter(pk__in=barred, reason=Hold.Reason.DOMAIN).values_list("pk", flat=True))
    own = {endpoint.source.domain, registrable_domain(endpoint.url)}
    return frozenset(
        key
        for key, article in known.items()
        if article.hold_id in copies
        and article.endpoint_id != endpoint.pk
        and registrable_domain(article.url) in own
    )


def store_items(endpoint: Endpoint, arrival: Arrival, *, hold: Hold | None = None) -> int:
    """Store the items that are new, see `store_all`; return how many were new."""
    return store_all([Delivery(endpoint, arrival, hold)])[0]


def store_all(deliveries: Sequence[Delivery]) -> list[int]:
    """Store the items that are new and owe their reading, unless they are held; return how many were new of each.

    A known item changes nothing but this: a cited address gets its source, and an item of which we hold only the
    listing's words is read again when the listing says something it never said before. A listing that may be
    somebody else's changes not even that.
    """
    for each in deliveries:
        if each.hold is None:
            _take_back(each.endpoint, each.arrival)
    created = _insert(deliveries)
    free = (pks for each, pks in zip(deliveries, created, strict=True) if each.hold is None)
    owe("read", [pk for pks in free for pk in pks], version="first")
    for each in deliveries:
        if each.hold is None or each.hold.reason == Hold.Reason.STORM:
            _attach_cited(each.endpoint, each.arrival)
            _hear_again(each.endpoint, each.arrival)
            note_dates(_unchanged(each.endpoint, each.arrival))
    return [len(pks) for pks in created]


def _insert(deliveries: Sequence[Delivery]) -> list[list[int]]:
    """Insert what is new; return the primary keys of each delivery's new items."""
    fresh = [each.arrival.fresh for each in deliveries]
    publishers = _sources_by_domain(item for items in fresh for item in items.values())
    now = timezone.now()
    rows = [
        _columns(each, key, item, publishers=publishers, now=now)
        for each, items in zip(deliveries, fresh, strict=True)
        for key, item in items.items()
    ]
    if not rows:
        return [[] for _ in deliveries]
    insert_columns(Article, {name: [row[name] for row in rows] for name in rows[0]}, len(rows))
    keys = [key for items in fresh for key in items]
    stored = dict(Article.objects.filter(key__in=keys).values_list("key", "pk"))
    return [[stored[key] for key in items if key in stored] for items in fresh]


def _take_back(endpoint: Endpoint, arrival: Arrival) -> None:
    """Give articles back to their own publisher, with the words of its listing."""
    for key in arrival.borrowed:
        article, item = arrival.known[key], arrival.by_key[key]
        Article.objects.filter(pk=article.pk, hold=article.hold_id).update(
            hold=None,
            status=Article.Status.USABLE,
            endpoint=endpoint,
            source=endpoint.source,
            title=item.title[:1000],
            feed_text=item.text,
        )


def _sources_by_domain(items: Iterable[FoundItem]) -> dict[str, int]:
    """Return the keys of the sources we know among the publishers that an aggregator's items name."""
    domains = {registrable_domain(item.url) for item in items if item.outlet and item.url} - {""}
    return dict(Source.objects.filter(domain__in=domains).values_list("domain", "pk")) if domains else {}


def _columns(
    delivery: Delivery,
    key: str,
    item: FoundItem,
    *,
    publishers: Mapping[str, int],
    now: dt.datetime,
) -> dict[str, object]:
    """Return an item as an article's columns; the others hold their defaults."""
    published, endpoint, hold = item.published, delivery.endpoint, delivery.hold
    return {
        "key": key,
        "public_id": public_id_of(key),
        "url": item.url,
        "source_id": publishers.get(registrable_domain(item.url)) if item.outlet else endpoint.source_id,
        "outlet": item.outlet[:200],
        "endpoint_id": endpoint.pk,
        "first_seen_at": now,
        "source_item_id": item.source_item_id[:1000],
        "kind": item.document_kind or Article.Kind.NEWS.value,
        "title": item.title[:1000],
        "byline": item.byline[:500],
        "language": item.language[:16],
        "is_whole": item.is_whole,
        "facts": dict(item.facts),
        "feed_text": item.text,
        "hold_id": hold.pk if hold else None,
        "published_at": published.at if published else None,
        "published_precision": published.precision if published else "",
        "published_rule": published.rule[:80] if published else "",
    }


def _attach_cited(endpoint: Endpoint, arrival: Arrival) -> None:
    """Give addresses that were only cited so far their source and text, and owe their reading."""
    for key, article in arrival.known.items():
        if article.text_from == Article.Text.CITED:
            Article.objects.filter(pk=article.pk, text_from=Article.Text.CITED).update(
                source=endpoint.source,
                endpoint=endpoint,
                feed_text=arrival.by_key[key].text,
                text_from=Article.Text.NONE,
            )
            owe("read", [article.pk], version="first")


def _unchanged(endpoint: Endpoint, arrival: Arrival) -> Iterator[tuple[Article, FoundDate | None]]:
    """Return what a listing says as it said before, with the date it prints now."""
    for key, article in arrival.known.items():
        item = arrival.by_key[key]
        if article.endpoint_id == endpoint.pk and (item.title[:1000], item.text) == (
            article.title,
            article.feed_text,
        ):
            yield article, item.published


def _hear_again(endpoint: Endpoint, arrival: Arrival) -> None:
    """Owe the reading of what the listing says now, where its words are all we hold of an article."""
    heard = {}
    for key, article in arrival.known.items():
        is_ours = article.endpoint_id == endpoint.pk or article.key != key
        if is_ours and article.text_from == Article.Text.FEED:
            item = arrival.by_key[key]
            if (item.url, item.title[:1000], item.text) == (article.url, article.title, article.feed_text):
                continue  # nearly always: the listing says what it said before
            if text := parsed_from_item(item).text:
                heard[article.pk] = (article, item, text)
                _follow_document(endpoint, article, item)
    if not heard:
        return
    titles = _titles(heard)
    digests = {pk: text_hash(f"{titles[pk]}\n{text}") for pk, (_, _item, text) in heard.items()}
    stored = Revision.objects.filter(article__in=digests, text_sha256__in=set(digests.values()))
    said = set(stored.values_list("article_id", "text_sha256"))
    for pk, digest in digests.items():
        if (pk, digest) not in said:
            article, item, _ = heard[pk]
            Article.objects.filter(pk=pk).update(
                feed_text=item.text,
                title=titles[pk],
                facts={**article.facts, **item.facts},
            )
            owe("read", [pk], version=f"feed:{digest}")


def _titles(heard: Mapping[int, tuple[Article, FoundItem, str]]) -> dict[int, str]:
    """Return the title of each: what the listing says now, unless a person saved the article with the one it has."""
    by_people = Article.history.filter(id__in=heard, history_user__isnull=False)
    kept = set(by_people.values_list("id", "title")) if heard else set()
    return {
        pk: article.title if not item.title or (pk, article.title) in kept else item.title[:1000]
        for pk, (article, item, _) in heard.items()
    }


def _follow_document(endpoint: Endpoint, article: Article, item: FoundItem) -> None:
    """Give a document that was published meanwhile its later address and date; an earlier listing changes nothing."""
    found = item.published
    if article.url == item.url or found is None or not item.is_whole:
        return
    if article.published_at is None or found.at > article.published_at:
        changes: dict[str, object] = {
            "url": item.url,
            "endpoint": endpoint,
            "facts": {**article.facts, **item.facts},
        }
        if not article.history.filter(history_user__isnull=False).exists():  # a person's date stays
            changes |= {
                "published_at": found.at,
                "published_precision": found.precision,
                "published_rule": found.rule[:80],
            }
        Article.objects.filter(pk=article.pk).update(**changes)
