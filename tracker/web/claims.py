"""Published claims as pages show them: who, about whom, in which words, and on which evidence.

Only `published()` rows are ever read here; a draft has no way onto a page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.db.models import Q

from tracker.models import Claim, Evidence, Standing

SILENCE = (Claim.Stance.DID_NOT_RESPOND, Claim.Stance.NONE_FOUND)
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Cite:
    """One piece of evidence: the words where we hold them, and where they stand."""

    quoted: str
    place: str
    url: str
    is_archived: bool
    stance: str = ""
    standing: Standing | None = None  # what became of the sentence in a later revision

    @property
    def is_shaken(self) -> bool:
        """Whether the latest text of the article altered or dropped the sentence."""
        return self.standing is not None and self.standing.verdict != Standing.Verdict.STANDS


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a claim says in one line, with its evidence."""

    label: str
    text: str
    cites: Sequence[Cite]
    url: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Accusers and accused in the line above a title."""

    who: str
    verb: str = ""
    whom: Sequence[tuple[str, bool]] = field(
        default_factory=tuple
    )  # words, whether they are quoted as worded
    names_nobody: bool = False


def anchor(claim: Claim) -> str:
    """Return the id of a claim's row on its entry's page."""
    return anchor_of(claim.public_id)


def anchor_of(public_id: str) -> str:
    """Return the id of the row of the claim with this public id."""
    return "claim-" + "".join(c if c.isalnum() else "-" for c in public_id)


def names_nobody(claim: Claim) -> bool:
    """Whether an allegation names no one."""
    return claim.relation == Claim.Relation.UNNAMED or claim.names_accused is False


def cite_of(evidence: Evidence) -> Cite:
    """Return a piece of evidence as a page shows it; of a text that is withheld, only that it is."""
    is_plain = evidence.stance in {Evidence.Stance.STATES, Evidence.Stance.QUOTES}
    stance = "" if is_plain else evidence.get_stance_display()
    article = evidence.article or (evidence.revision.article if evidence.revision else None)
    is_shown = article is not None and article.status in article.SHOWN and article.hold_id is None
    if evidence.revision_id and article is not None and not is_shown:
        return Cite("", "withheld", "", is_archived=True, stance=stance)
    is_public = article is not None and article.is_on_subject and is_shown
    if evidence.revision_id and article is not None and is_public:
        place = article.outlet_name or host_of(article.url)
        standing = getattr(evidence, "standing", None)
        return Cite(evidence.quoted, place, article.get_absolute_url(), True, stance, standing)
    outlet = article.outlet_name if article is not None and is_public else ""
    place = outlet or host_of(evidence.cited_url)
    return Cite(evidence.quoted, place, evidence.cited_url, is_archived=False, stance=stance)


def host_of(url: str) -> str:
    """Return the host of an address without `www.`."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def evidence_of(claims: Iterable[Claim]) -> dict[int, list[Cite]]:
    """Return the evidence of each claim by primary key, in one query."""
    ids = [claim.pk for claim in claims]
    if not ids:
        return {}
    rows = (
        Evidence.objects.filter(claim_id__in=ids)
        .select_related("article__source", "revision__article__source", "standing")
        .defer("revision__text", "revision__article__feed_text", "article__feed_text")
        .order_by("claim_id", "pk")
    )
    found: dict[int, list[Cite]] = defaultdict(list)
    seen: set[tuple[int, str, str]] = set()
    for row in rows:
        cite = cite_of(row)
        key = (row.claim_id, cite.url, cite.quoted)
        if key not in seen:
            seen.add(key)
            found[row.claim_id].append(cite)
    return found


def says(claim: Claim) -> str:
    """Return what a claim says in one line of our own words."""
    if claim.gist:
        return claim.gist
    if claim.kind == Claim.Kind.ACTION:
        return claim.title or claim.action_type.replace("_", " ")
    if claim.kind == Claim.Kind.RESPONSE:
        return f"{claim.stated_by_name}: {claim.get_stance_display()}"
    technique = f": {claim.technique.label.lower()}" if claim.technique else ""
    about = claim.accused_as_worded or claim.accused_name
    return f"{claim.stated_by_name} accuses “{about}”{technique}"


def sentence_of(claim: Claim, cites: Sequence[Cite]) -> Sentence:
    """Return the line of a claim for the folded part of a timeline row."""
    return Sentence(
        claim.get_kind_display(), says(claim), cites, f"{claim.entry.get_absolute_url()}#{anchor(claim)}"
    )


def answers_to(entry_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return, for each entry, the published answers on record, in it or to its claims; one query.

    Silence is not an answer.
    """
    rows = (
        Claim.objects.published()
        .filter(kind=Claim.Kind.RESPONSE)
        .exclude(stance__in=SILENCE)
        .filter(answering(entry_ids))
        .order_by()
        .values_list(
            "pk",
            "entry_id",
            "entry__is_public",
            "answers__entry_id",
            "answers__state",
            "leads_with__entry_id",
            "leads_with__state",
        )
    )
    found: dict[int, set[int]] = defaultdict(set)
    for pk, own, is_public, answered, state, led, led_state in rows:
        if not is_public:
            continue
        found[own].add(pk)
        if state == Claim.State.PUBLISHED:
            found[answered].add(pk)
        if led_state == Claim.State.PUBLISHED:
            found[led].add(pk)
    return found


def answering(entry_ids: Sequence[int]) -> Q:
    """Return the condition for claims of these entries and for claims that answer a published claim of theirs."""
    published = Claim.State.PUBLISHED
    return (
        Q(entry_id__in=entry_ids)
        | Q(answers__entry_id__in=entry_ids, answers__state=published)
        | Q(leads_with__entry_id__in=entry_ids, leads_with__state=published)
    )


def speakers(claims: Sequence[Claim]) -> Speaker | None:
    """Return the line above a title: accusers and accused, else who answered, else who acted."""
    by_kind: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_kind[claim.kind].append(claim)
    allegations = by_kind[Claim.Kind.ALLEGATION]
    if allegations:
        whom = list(dict.fromkeys(_worded(claim) for claim in allegations))
        nobody = all(names_nobody(claim) for claim in allegations)
        return Speaker(_names(allegations), "accuses", whom[:4], nobody)
    answers = [claim for claim in by_kind[Claim.Kind.RESPONSE] if claim.stance not in SILENCE]
    acts = by_kind[Claim.Kind.ACTION]
    if answers and not acts:
        return Speaker(_names(answers), "answers")
    if acts:
        return Speaker(_names(acts), "acts")
    return None


def _worded(claim: Claim) -> tuple[str, bool]:
    is_named = claim.relation == Claim.Relation.IS and not names_nobody(claim)
    return (claim.accused_as_worded or claim.accused_name, not is_named)


def _names(claims: Sequence[Claim], most: int = 3) -> str:
    names = [claim.stated_by_name for claim in claims if claim.stated_by_name != UNKNOWN]
    distinct = list(dict.fromkeys(names)) or ["speaker not known"]
    more = f" and {len(distinct) - most} more" if len(distinct) > most else ""
    return ", ".join(distinct[:most]) + more
