"""What a file would change, and the change itself: the same comparison, so a preview cannot say anything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.text import slugify

from tracker.models import Endpoint, Source, end_notices
from tracker.models.lock import Lock
from tracker.starter.keep import Keeper
from tracker.starter.transfer.as_opml import read_opml
from tracker.starter.transfer.as_yaml import read_yaml
from tracker.starter.transfer.facts import (
    ENDPOINT_FIELDS,
    MAX_BYTES,
    SOURCE_FIELDS,
    EndpointFacts,
    SourceFacts,
    TransferError,
    refuse,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

NEW, SAME, DIFFERS = "new", "same", "differs"
SHOWN_CHARS = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that is not the same here and in the file."""

    field: str
    here: str
    file: str


@dataclass(frozen=True, slots=True)
class Line:
    """What a file says of one source or endpoint, against what is here."""

    noun: str
    name: str
    state: str
    differences: tuple[Difference, ...] = ()
    line: int = 0


@dataclass(slots=True)
class Report:
    """What taking a file over does or would do."""

    lines: list[Line] = field(default_factory=list)
    is_updating: bool = False

    def count(self, noun: str, state: str) -> int:
        """Return how many of a noun are in a state."""
        return sum(1 for line in self.lines if (line.noun, line.state) == (noun, state))

    def of(self, state: str) -> list[Line]:
        """Return the lines in a state."""
        return [line for line in self.lines if line.state == state]

    def words(self) -> list[str]:
        """Return the report as lines of text."""
        told = [
            f"{noun + 's':<10} {self.count(noun, NEW):>5} new {self.count(noun, SAME):>5} the same "
            f"{self.count(noun, DIFFERS):>5} differ"
            for noun in ("source", "endpoint")
        ]
        told += [f"new: {line.noun} {line.name} (line {line.line})" for line in self.of(NEW)]
        for line in self.of(DIFFERS):
            told.append(
                f"{'taken over' if self.is_updating else 'differs'}: {line.noun} {line.name} (line {line.line})"
            )
            told += [
                f"    {each.field}: here {each.here}, in the file {each.file}" for each in line.differences
            ]
        if self.of(DIFFERS) and not self.is_updating:
            told.append("What differs is kept as it is here; --update takes the file's word for it.")
        return told


def read_file(raw: bytes) -> list[SourceFacts]:
    """Return the sources of a file, YAML or OPML, whichever it is.

    Raises:
        TransferError: says in which line what is wrong, and what to do.
    """
    if len(raw) > MAX_BYTES:
        raise refuse(1, f"the file has {len(raw):,} bytes", f"At most {MAX_BYTES:,} are read; split it.")
    if not raw.strip():
        raise refuse(1, "the file is empty", "Choose a file with sources, as YAML or OPML.")
    is_markup = raw.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" or raw[:2] in {b"\xff\xfe", b"\xfe\xff"}
    if is_markup:
        return read_opml(raw)
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse(line, "this is no text in UTF-8", "Save the file as UTF-8.") from None
    return read_yaml(text)


def compare(sources: Sequence[SourceFacts]) -> Report:
    """Return what `take_over` would do; changes nothing."""
    with transaction.atomic():
        report = _Taking(Report(), user=None).run(sources)
        transaction.set_rollback(True)
    return report


def take_over(
    sources: Sequence[SourceFacts],
    *,
    update: bool = False,
    user: AbstractBaseUser | AnonymousUser | None = None,
    reason: str = "taken over from a file",
) -> Report:
    """Add what is new; with `update`, give what differs the file's values. Return what was done.

    Args:
        sources: what a file says.
        update: whether rows that are here already are changed too.
        user: who does it.
        reason: what the history gives as the reason.
    """
    with transaction.atomic():
        return _Taking(Report(is_updating=update), user=user, reason=reason).run(sources)


class _Taking:
    """One pass over a file."""

    def __init__(
        self, report: Report, *, user: AbstractBaseUser | AnonymousUser | None, reason: str = "comparison"
    ) -> None:
        self.report = report
        self.keeper = Keeper(reason=reason)
        self.user = user
        self.reason = reason
        self.fresh: list[Source] = []

    def run(self, sources: Sequence[SourceFacts]) -> Report:
        """Compare and write, in the caller's transaction."""
        Lock.hold("starter")
        self.by_slug = {source.slug: source for source in Source.objects.all()}
        self.by_domain: dict[str, Source] = {}
        for source in sorted(self.by_slug.values(), key=lambda each: each.pk):
            if source.domain and source.category != Source.Category.AGGREGATOR:
                self.by_domain.setdefault(source.domain, source)
        self.by_url = {each.url: each for each in Endpoint.objects.select_related("source")}
        owners = [(facts, self._source(facts)) for facts in sources]
        fresh = self.fresh
        Source.objects.bulk_create(fresh)
        self.keeper.note(fresh)
        endpoints = [
            made
            for facts, owner in owners
            for each in facts.endpoints
            if (made := self._endpoint(each, owner, is_foreign=not facts.slug)) is not None
        ]
        Endpoint.objects.bulk_create(endpoints)
        self.keeper.note(endpoints)
        self.report.lines.sort(key=lambda line: line.line)  # endpoints stand under their source again
        return self.report

    def _source(self, facts: SourceFacts) -> Source:
        here = self.by_slug.get(facts.slug) if facts.slug else self.by_domain.get(facts.domain)
        if here is None:
            values = {name: getattr(facts, name) for name in SOURCE_FIELDS}
            made = Source(**values | {"slug": facts.slug or self._free_slug(facts)})
            self.by_slug[made.slug] = made
            self.fresh.append(made)
            if not facts.slug:
                self.by_domain[facts.domain] = made
            self._note("source", made.name, NEW, (), facts.line)
            return made
        names = [name for name in SOURCE_FIELDS if name != "slug"] if facts.slug else []
        self._compare("source", here, {name: getattr(facts, name) for name in names}, line=facts.line)
        return here

    def _endpoint(self, facts: EndpointFacts, owner: Source, *, is_foreign: bool) -> Endpoint | None:
        here = self.by_url.get(facts.url)
        values: dict[str, Any] = {name: getattr(facts, name) for name in ENDPOINT_FIELDS}
        values["options"] = dict(facts.options)
        if here is None:
            self._note("endpoint", facts.url, NEW, (), facts.line)
            return Endpoint(source=owner, **values)
        wanted = {} if is_foreign else {name: values[name] for name in ENDPOINT_FIELDS if name != "url"}
        if not is_foreign and here.source_id != owner.pk:
            wanted["source"] = owner
        self._compare("endpoint", here, wanted, line=facts.line)
        return None

    def _compare(self, noun: str, here: Source | Endpoint, wanted: Mapping[str, Any], *, line: int) -> None:
        changed = [name for name, value in wanted.items() if getattr(here, name) != value]
        told = tuple(Difference(name, _shown(getattr(here, name)), _shown(wanted[name])) for name in changed)
        name = here.url if isinstance(here, Endpoint) else here.name
        self._note(noun, name, DIFFERS if changed else SAME, told, line)
        if not changed or not self.report.is_updating:
            return
        for each in changed:
            setattr(here, each, wanted[each])
        here._history_user = self.user if self.user is not None and self.user.is_authenticated else None  # type: ignore[union-attr]  # noqa: SLF001 - simple-history's way
        here._change_reason = self.reason[:100]  # type: ignore[union-attr]  # noqa: SLF001 - as above
        if isinstance(here, Endpoint) and {"kind", "options"} & set(changed):
            changed += here.forget_answer()
        here.save(update_fields=changed)
        if "is_enabled" in changed:
            self._end_notices(here)

    @staticmethod
    def _end_notices(here: Source | Endpoint) -> None:
        """End what no longer holds of what was switched; a source that is on says nothing of its endpoints."""
        if isinstance(here, Endpoint):
            end_notices([here.pk], is_on=here.is_enabled)
        elif not here.is_enabled:
            end_notices(list(here.endpoints.values_list("pk", flat=True)), is_on=False)

    def _note(self, noun: str, name: str, state: str, told: tuple[Difference, ...], line: int) -> None:
        self.report.lines.append(Line(noun, name, state, told, line))

    def _free_slug(self, facts: SourceFacts) -> str:
        stem = (slugify(facts.name) or slugify(facts.domain.replace(".", "-")) or "source")[:60]
        slug, n = stem, 1
        while slug in self.by_slug:
            n += 1
            slug = f"{stem}-{n}"
        return slug


def _shown(value: object) -> str:
    text = (
        f"'{value}'"
        if isinstance(value, str)
        else "yes"
        if value is True
        else "no"
        if value is False
        else str(value)
    )
    return text if len(text) <= SHOWN_CHARS else f"{text[:SHOWN_CHARS]}…"


__all__ = ["DIFFERS", "NEW", "SAME", "Report", "TransferError", "compare", "read_file", "take_over"]
