"""What a look at an address found: the shape of `Preview.result`, written by the worker and read by the page.

Everything is text, number, flag, list or one of the values below, so that it travels as JSON. Reading is
forgiving: a member that an older worker did not write has its default, one that is not known any more is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something an admin should know before saving."""

    what: str
    do: str = ""
    is_stop: bool = False  # nothing can be collected as it is


@dataclass(frozen=True, slots=True)
class PageLook:
    """What came of reading the page behind one item."""

    is_read: bool = False
    reason: str = ""  # why not, in plain words
    title: str = ""
    title_rule: str = ""
    byline: str = ""
    published: str = ""  # ISO moment; empty when the page has no date
    precision: str = ""
    date_rule: str = ""
    language: str = ""
    n_chars: int = 0
    start: str = ""  # the first 300 characters of the text
    site_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemLook:
    """One item that would come in."""

    title: str = ""
    url: str = ""
    published: str = ""  # ISO moment; empty when the listing gives no date
    precision: str = ""
    date_rule: str = ""
    language: str = ""
    n_chars: int = 0  # of the text in the listing
    start: str = ""
    known_as: str = ""  # public id of the article we hold already
    is_whole: bool = False
    page: PageLook | None = None  # only the first few are read


@dataclass(frozen=True, slots=True)
class RefusedLook:
    """An item that could not be kept."""

    position: int = 0
    title: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read the address."""

    kind: str = ""
    url: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    why: str = ""
    n_items: int | None = None  # None: not looked at
    samples: tuple[str, ...] = ()  # "title, date" of the first items
    is_taken: bool = False  # this result shows it


@dataclass(frozen=True, slots=True)
class OptionNote:
    """One setting of a kind, as its form explains it."""

    name: str = ""
    what: str = ""
    example: str = ""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class KindNote:
    """One kind of endpoint, for the list to choose from."""

    name: str = ""
    title: str = ""
    about: str = ""
    options: tuple[OptionNote, ...] = ()
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class PreviewResult:
    """All that one look found."""

    outcome: str = ""
    reason: str = ""
    http_status: int | None = None
    final_url: str = ""
    n_bytes: int = 0
    n_fetched: int = 0  # addresses asked, robots.txt not counted
    duration_s: float = 0.0
    looked_at: str = ""
    kind: str = ""  # empty when nothing could read the address
    url: str = ""  # what would be polled
    options: Mapping[str, str] = field(default_factory=dict)
    listing_title: str = ""
    site_name: str = ""
    language: str = ""
    terms_url: str = ""
    n_items: int = 0
    n_known: int = 0
    n_dated: int = 0
    n_refused: int = 0
    n_more: int = 0  # further pages that a poll would follow
    newest: str = ""
    items: tuple[ItemLook, ...] = ()
    refused: tuple[RefusedLook, ...] = ()
    warnings: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    choices: tuple[Choice, ...] = ()
    kinds: tuple[KindNote, ...] = ()

    @property
    def n_new(self) -> int:
        """How many items we do not hold yet."""
        return self.n_items - self.n_known

    @property
    def is_usable(self) -> bool:
        """Whether the address can be saved as an endpoint."""
        return bool(self.kind) and not any(problem.is_stop for problem in self.problems)

    def as_json(self) -> dict[str, Any]:
        """Return the value for `Preview.result`."""
        return asdict(self)

    @classmethod
    def read(cls, value: Mapping[str, Any]) -> PreviewResult:
        """Return what `as_json` wrote, also when another version of the program wrote it."""
        kinds = [
            _made(KindNote, {**row, "options": tuple(_many(OptionNote, row.get("options")))})
            for row in _rows(value.get("kinds"))
        ]
        items = [
            _made(ItemLook, {**row, "page": _made(PageLook, row["page"]) if row.get("page") else None})
            for row in _rows(value.get("items"))
        ]
        choices = [
            _made(Choice, {**row, "samples": tuple(row.get("samples") or ())})
            for row in _rows(value.get("choices"))
        ]
        parts = {
            "kinds": tuple(kinds),
            "items": tuple(items),
            "choices": tuple(choices),
            "refused": tuple(_many(RefusedLook, value.get("refused"))),
            "problems": tuple(_many(Problem, value.get("problems"))),
            "warnings": tuple(value.get("warnings") or ()),
        }
        return _made(cls, {**value, **parts})


def _rows(value: Any) -> list[Mapping[str, Any]]:  # noqa: ANN401 - stored JSON
    return [row for row in value or () if isinstance(row, Mapping)]


def _many(cls: type[T], value: Any) -> list[T]:  # noqa: ANN401 - stored JSON
    return [_made(cls, row) for row in _rows(value)]


def _made(cls: type[T], values: Mapping[str, Any]) -> T:
    names = {each.name for each in fields(cls)}  # type: ignore[arg-type]  # each of them is a dataclass
    return cls(**{name: value for name, value in values.items() if name in names})
