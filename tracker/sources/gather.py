"""What every kind does with the items it found: limits, one address once, the newest kept, odd dates marked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from tracker.records import FoundItem, Listing, RefusedItem
from tracker.text.clean import one_line, safe_text
from tracker.text.hashing import sha256_hex
from tracker.text.urls import canonical_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from tracker.records import FoundDate

T = TypeVar("T")

MAX_ITEMS = 2000
"""Items kept of one listing; the newest."""
SAME_FOR_ALL = "same for all items"
"""Ends the rule of a time that every item of a listing shares: it is the poll's or the listing's, not the item's."""
MAX_TITLE, MAX_BYLINE, MAX_ID, MAX_TEXT, MAX_TAG, MAX_OUTLET, MAX_FACT = (
    1000,
    500,
    500,
    1_000_000,
    100,
    200,
    500,
)


class Gathering:
    """Takes the items of one listing in its order and makes the `Listing` of them.

    Args:
        base: address of the listing; relative links are read against it, and a link to it is no item's own.
        now: the moment of reading.
    """

    def __init__(self, base: str, now: dt.datetime) -> None:
        self.base = base
        self.now = now
        self.items: list[FoundItem] = []
        self.refused: list[RefusedItem] = []
        self.warnings: list[str] = []
        self._position = 0
        self._own = canonical_url(base)
        self._unread_dates: list[str] = []
        self._n_cut = 0

    def add(  # noqa: PLR0913 - the fields of an item, each by its name
        self,
        *,
        link: str,
        title: str,
        item_id: str = "",
        byline: str = "",
        text: str = "",
        published: FoundDate | None = None,
        language: str = "",
        tags: Sequence[str] = (),
        outlet: str = "",
        document_kind: str = "",
        is_whole: bool = False,
        facts: Mapping[str, str] | None = None,
        is_listing_itself: bool = False,
    ) -> None:
        """Take one item as the source gave it: plain text fields, a link that may be relative.

        It is refused, with the reason, when it has neither a usable link of its own nor an id. A link to the
        listing counts only where the listing itself is the item.
        """
        self._position += 1
        plain_title = one_line(title, MAX_TITLE)
        url = canonical_url(link.strip(), self.base) if link.strip() else ""
        url = "" if url == self._own and not is_listing_itself else url
        known_id = tidy_id(item_id)
        if not url and not known_id:
            shown = one_line(link, 60)
            self.refuse(
                plain_title,
                f"its link '{shown}' leads to no page of its own, and it has no id"
                if shown
                else "it has neither a link nor an id",
                position=self._position,
            )
            return
        self.items.append(
            FoundItem(
                url=url,
                source_item_id=known_id,
                title=plain_title,
                byline=one_line(byline, MAX_BYLINE),
                text=safe_text(text, MAX_TEXT),
                published=published,
                language=language,
                tags=tuple(dict.fromkeys(t for tag in tags if (t := one_line(tag, MAX_TAG)))),
                outlet=one_line(outlet, MAX_OUTLET),
                document_kind=document_kind,
                is_whole=is_whole,
                facts={name: one_line(value, MAX_FACT) for name, value in (facts or {}).items() if value},
            )
        )

    def ends_of(self, rows: Sequence[T]) -> Sequence[T]:
        """Return the rows of a listing that are looked at: all, or as many from each end, and the rest is counted."""
        n_cut = len(rows) - 2 * MAX_ITEMS
        if n_cut <= 0:
            return rows
        self._n_cut += n_cut
        return [*rows[:MAX_ITEMS], *rows[-MAX_ITEMS:]]

    def date(self, raw: str, read: Callable[[str], FoundDate | None], rule: str) -> FoundDate | None:
        """Return a printed date with the rule that found it; one that cannot be read is counted in a warning.

        Args:
            raw: the date as printed; an empty one is no date and no problem.
            read: what reads it.
            rule: where it stood, as in 'json date_published'.
        """
        if not raw.strip():
            return None
        found = read(raw)
        if found is None:
            self._unread_dates.append(one_line(raw[:1000], 60))
            return None
        return replace(found, rule=f"{rule} ({found.rule})" if found.rule else rule)

    def refuse(self, title: str, reason: str, *, position: int | None = None) -> None:
        """Note an item that cannot be kept; a call of its own counts as the next item of the listing."""
        if position is None:
            self._position += 1
            position = self._position
        self.refused.append(RefusedItem(position, one_line(title, MAX_TITLE), reason))

    def listing(self, title: str = "", *, more: Sequence[str] = ()) -> Listing:
        """Return what was gathered."""
        if self._unread_dates:
            n = len(self._unread_dates)
            words = "1 date was" if n == 1 else f"{n} dates were"
            self.warnings.append(f"{words} not understood, for example '{self._unread_dates[0]}'")
            self._unread_dates = []
        items = newest(
            without_repeats(self.items, self.warnings), self.warnings, now=self.now, n_cut=self._n_cut
        )
        return Listing(
            title=one_line(title, MAX_TITLE),
            items=tuple(marked_when_all_alike(items, self.warnings)),
            refused=tuple(self.refused),
            warnings=tuple(self.warnings),
            more=tuple(more),
        )


def tidy_id(raw: str) -> str:
    """Return a publisher's id on one line; a very long one as its hash."""
    value = one_line(raw, len(raw))
    return value if len(value) <= MAX_ID else f"sha256:{sha256_hex(value.encode())}"


def without_repeats(items: Sequence[FoundItem], warnings: list[str]) -> list[FoundItem]:
    """Keep the first item of each address, or of each id where there is no address."""
    first: dict[tuple[str, str], FoundItem] = {}
    for item in items:
        first.setdefault((item.url, "" if item.url else item.source_item_id), item)
    if len(first) < len(items):
        warnings.append(
            f"{len(items) - len(first)} items repeat an address of the same listing; the first was kept"
        )
    return list(first.values())


def newest(
    items: list[FoundItem], warnings: list[str], *, now: dt.datetime, n_cut: int = 0
) -> list[FoundItem]:
    """Keep the newest `MAX_ITEMS` in the order of the listing; undated ones count as new."""
    if len(items) > MAX_ITEMS:
        by_age = sorted(
            enumerate(items),
            key=lambda pair: (now - (pair[1].published.at if pair[1].published else now), pair[0]),
        )
        n_cut += len(items) - MAX_ITEMS
        items = [item for _, item in sorted(by_age[:MAX_ITEMS], key=lambda pair: pair[0])]
    if n_cut:
        warnings.append(f"the listing has more than {MAX_ITEMS} items; {n_cut} were left out")
    return items


def marked_when_all_alike(items: Sequence[FoundItem], warnings: list[str]) -> list[FoundItem]:
    """Say so when every item has one and the same time: it is then the time of the poll, not of the item."""
    times = Counter(
        item.published.at for item in items if item.published and item.published.precision == "minute"
    )
    if len(items) < 3 or len(times) != 1 or times.total() < len(items):  # noqa: PLR2004 - two can be chance
        return list(items)
    warnings.append("every item has the same publication time; it is probably when the listing was made")
    return [
        replace(item, published=replace(item.published, rule=f"{item.published.rule}, {SAME_FOR_ALL}"))
        if item.published
        else item
        for item in items
    ]
