"""Cite: addresses that were only cited are read when somebody asks, and their evidence becomes spans of the text.

Promises that evidence changes only where its own words stand in the page, once, and never over what a person chose or
took back. A name that stands somewhere in a text supports no claim, so evidence without words of its own stays cited.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from tracker.models import Article, Evidence, EvidenceCheck, Job, Revision, article_key, owe
from tracker.pipeline.step import Done, Result, Step
from tracker.records import Span
from tracker.text.hashing import sha256_hex
from tracker.text.quotation import find_quotation, nearest_passage, places_of
from tracker.text.spans import sentence_around
from tracker.text.urls import registrable_domain

BATCH = 20
VERSION = "cited"
AS_WORDED = frozenset({"accused_as_worded", "target_as_worded"})
"""Fields of a claim that are written as the text words them."""
FEWEST_WORDS, FEWEST_WORDS_OF_NUMBER, SHORTEST = 3, 2, 8
"""What words need to say something of their own: a name alone supports nothing, and 'three' is everywhere."""
LONGEST_SENTENCE = 400
LONGEST_NOTE = 500

Found = EvidenceCheck.Outcome


@dataclass(frozen=True, slots=True)
class Wording:
    """What a piece of evidence says stands in its text: a quotation, or words that its sentence must hold."""

    words: tuple[str, ...]
    is_quotation: bool

    @property
    def text(self) -> str:
        """The words, a line each."""
        return "\n".join(self.words)

    @property
    def sha256(self) -> str:
        """Tells one wording from another."""
        return sha256_hex(self.text.encode())


@dataclass(frozen=True, slots=True)
class Trial:
    """What looking for a wording came to."""

    outcome: EvidenceCheck.Outcome
    span: Span | None = None
    note: str = ""


def owe_reading(*, again: bool = False) -> int:
    """Owe the reading of every address that is only cited; return how many pages that adds.

    Args:
        again: whether those that could not be read before are tried once more (once a day).
    """
    cited = Article.objects.filter(text_from=Article.Text.CITED, status=Article.Status.USABLE, hold=None)
    cited = cited.exclude(url="")
    version = VERSION
    if again:
        version = f"{VERSION}:{timezone.now():%Y-%m-%d}"
    else:
        cited = cited.filter(read_outcome="")
    reads = Job.objects.filter(kind="read", key__endswith=f":{version}")
    with transaction.atomic():
        n_before = reads.count()
        owe("read", cited.values_list("pk", flat=True), version=version)
        return reads.count() - n_before


def owe_checks(articles: Iterable[Article]) -> None:
    """Owe looking up the evidence that cites these articles and was not looked up in what they say now."""
    for article in articles:
        tried = [(row.pk, wording.sha256) for row, wording in _untried(article)]
        if tried and article.latest_id:
            digest = sha256_hex(repr(sorted(tried)).encode())[:16]
            owe("cite", [article.pk], version=f"{article.latest_id}:{digest}")


def cited_and_read() -> Iterable[Article]:
    """Return articles that were read from their page while evidence still names only their address."""
    open_evidence = Evidence.objects.filter(revision=None)
    named = Q(pk__in=open_evidence.exclude(article=None).values("article"))
    alone = {
        article_key(url) for url in open_evidence.filter(article=None).values_list("cited_url", flat=True)
    }
    return Article.objects.filter(
        named | Q(key__in=alone), latest__text_from=Article.Text.PAGE
    ).select_related("latest")


def run(jobs: Sequence[Job]) -> Iterator[Result]:
    """Looking up is quick and must see what people changed, so all of it happens where it is stored."""
    for job in jobs:
        yield Done(job, partial(check_article, job.subject_id))


def check_article(article_id: int) -> None:
    """Look for the words of the evidence that cites an article in what its page says."""
    article = Article.objects.select_related("latest").filter(pk=article_id).first()
    if article is None or article.latest is None:
        return
    for evidence, wording in _untried(article):
        trial = try_words(article.latest.text, wording)
        if trial.span is None or _make_span(evidence, article.latest, trial.span):
            _note(evidence, article.latest, wording, trial)


def _untried(article: Article) -> list[tuple[Evidence, Wording]]:
    """Return the cited evidence of an article with words to look for, unless that was done before.

    What was found once and is cited again was taken back by a person.
    """
    latest = article.latest
    if latest is None or latest.text_from != Article.Text.PAGE:
        return []
    if article.status != Article.Status.USABLE or article.hold_id is not None:
        return []
    worded = [(row, wording) for row in _citing(article) if (wording := wording_of(row))]
    if not worded:
        return []
    checks = EvidenceCheck.objects.filter(evidence__in=[row for row, _ in worded])
    done = set(
        checks.filter(Q(revision=latest) | Q(outcome=Found.FOUND)).values_list("evidence", "words_sha256")
    )
    return [(row, wording) for row, wording in worded if (row.pk, wording.sha256) not in done]


def _citing(article: Article) -> list[Evidence]:
    """Return the evidence that names an article, or its address alone, and no span yet."""
    alone = (
        Q(article=None, cited_url__icontains=registrable_domain(article.url)) if article.url else Q(pk=None)
    )
    rows = Evidence.objects.filter(Q(article=article) | alone, revision=None)
    rows = rows.select_related("claim").prefetch_related("quantities").order_by("pk")
    return [row for row in rows if row.article_id or article_key(row.cited_url) == article.key]


def wording_of(evidence: Evidence) -> Wording | None:
    """Return the words that must stand in the text for evidence to be a span of it; None where it has none."""
    if quoted := evidence.quoted.strip():
        return Wording((quoted,), is_quotation=True)
    words: tuple[str, ...] = ()
    fewest = FEWEST_WORDS
    if evidence.field == "quantities":
        fewest = FEWEST_WORDS_OF_NUMBER
        words = tuple(dict.fromkeys(number.as_worded.strip() for number in evidence.quantities.all()))
    elif evidence.field in AS_WORDED:
        words = (str(getattr(evidence.claim, evidence.field)).strip(),)
    # every number that rests on this address must be supported, not only those whose words we have
    is_telling = bool(words) and all(len(each) >= SHORTEST and len(each.split()) >= fewest for each in words)
    return Wording(words, is_quotation=False) if is_telling else None


def try_words(text: str, wording: Wording) -> Trial:
    """Decide whether a text supports a wording: a value in, a value out.

    A quotation is supported by the place where it first stands; words by the one sentence that holds them. Words that
    stand in several places may mean something else in each, so a person has to say which.
    """
    if wording.is_quotation:
        span = find_quotation(text, wording.words[0])
        return Trial(Found.FOUND, span) if span else _not_found(text, wording.words[0])
    spans: list[Span] = []
    for words in wording.words:
        places = places_of(text, words)
        if not places:
            return _not_found(text, words)
        if len(places) > 1:
            return Trial(Found.MANY, note=f"“{words}” stands in {len(places)} places.")
        spans += places
    start, end = min(spans)[0], max(end for _, end in spans)
    if end - start > LONGEST_SENTENCE:
        return Trial(Found.MANY, note="The words stand too far apart for one sentence.")
    return Trial(Found.FOUND, sentence_around(text, start, end, LONGEST_SENTENCE))


def _not_found(text: str, words: str) -> Trial:
    near = nearest_passage(text, words)
    if near is None:
        return Trial(Found.ABSENT)
    return Trial(Found.NEAR, note=f"The text says: “{text[slice(*near)][:LONGEST_NOTE]}”")


def _make_span(evidence: Evidence, revision: Revision, span: Span) -> bool:
    """Make evidence a span, unless it was changed since it was looked at; return whether it was made one."""
    same = Evidence.objects.filter(
        pk=evidence.pk,
        revision=None,
        article=evidence.article_id,
        field=evidence.field,
        quoted=evidence.quoted,
        cited_url=evidence.cited_url,
    )
    start, end = span
    made = same.update(
        article=revision.article_id, revision=revision, start=start, end=end, quoted=revision.text[start:end]
    )
    return made == 1


def _note(evidence: Evidence, revision: Revision, wording: Wording, trial: Trial) -> None:
    check = EvidenceCheck(
        evidence=evidence,
        revision=revision,
        words=wording.text,
        words_sha256=wording.sha256,
        outcome=trial.outcome,
        note=trial.note,
    )
    EvidenceCheck.objects.bulk_create([check], ignore_conflicts=True)


CITE = Step(kind="cite", queue="analyse", batch=BATCH, run=run)
