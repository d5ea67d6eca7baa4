"""Redaction: what an article said is hidden for good. That it said something, its hash, who hid it and why, stay.

The text and everything that repeats its words goes: mentions, names that only it held, grouping words, quotations of
evidence, facts and notes read out of it, the feed's text. What an editor wrote in own words about it stays, and so do
headline and link; withhold the article to hide these. The raw bytes leave the archive after the rows are stored, unless
a row that is not redacted names them too; the archive then refuses to take the same bytes in again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tracker import search
from tracker.errors import RetortError
from tracker.fetch.archive import FileArchive
from tracker.models import (
    Article,
    Candidate,
    EditNotice,
    Endpoint,
    Evidence,
    EvidenceCheck,
    FetchAttempt,
    Job,
    Mention,
    PrintedRole,
    QuantityMention,
    Quote,
    Recheck,
    Revision,
    Signature,
    Standing,
    TimeMention,
    owe,
)
from tracker.text.clean import safe_text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

REDACTED = "[redacted]"
"""What stands where words stood."""
MAX_REASON = 2000
_MOST_REASON_OF_HISTORY = 100


class RedactionError(RetortError):
    """A redaction that cannot be carried out; the sentence says what is missing."""


@dataclass(frozen=True, slots=True)
class Redaction:
    """What was hidden, and what a person should know of it."""

    n_revisions: int
    n_quotations: int
    n_raw_kept: int  # raw bytes that stay, because other rows name them


def redact_article(article: Article, user: User, why: str) -> Redaction:
    """Hide everything an article said, in every revision and as its feed gave it.

    Args:
        article: whose text goes. The machine does not take its text again from a feed.
        user: who hides it.
        why: the reason, which staff see.

    Raises:
        RedactionError: there is no reason.
    """
    why = _reason(why)
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=article.pk)
        done = _redact(article, list(article.revisions.order_by("pk")), user, why)
        article.text_from = Article.Text.REDACTED
        _empty(article, user, why, ["text_from"])
        Recheck.objects.filter(article=article).delete()
        owed = Job.objects.filter(kind="read", subject_id=article.pk, state=Job.State.READY)
        owed.update(state=Job.State.DONE, finished_at=timezone.now())
        _follow(article)
    return done


def redact_revision(revision: Revision, user: User, why: str) -> Redaction:
    """Hide what one revision said; the article's other revisions stay, and it is read again as before.

    Args and errors: as for `redact_article`.
    """
    why = _reason(why)
    with transaction.atomic():
        article = Article.objects.select_for_update(of=("self",), no_key=True).get(pk=revision.article_id)
        revision = Revision.objects.get(pk=revision.pk)
        is_feed = revision.text == article.feed_text
        done = _redact(article, [revision], user, why)
        if article.latest_id == revision.pk or is_feed:
            _empty(article, user, why)
        _follow(article)
    return done


def _reason(why: str) -> str:
    why = safe_text(why, MAX_REASON).strip()
    if not why:
        msg = "A redaction needs its reason. Say in a sentence why the text must not be kept."
        raise RedactionError(msg)
    return why


def _redact(article: Article, revisions: Sequence[Revision], user: User, why: str) -> Redaction:
    """Empty the revisions that are not redacted yet; erase the raw bytes of all, should an earlier try have failed."""
    fresh = [revision for revision in revisions if revision.redacted_at is None]
    for revision in fresh:
        revision.text, revision.turns, revision.redacted_at = "", [], timezone.now()
        revision.redacted_by, revision.redaction_reason = user, why
        revision.rules = {name: rule for name, rule in revision.rules.items() if name != "notes"}
    fields = ["text", "turns", "rules", "redacted_at", "redacted_by", "redaction_reason"]
    Revision.objects.bulk_update(fresh, fields, batch_size=100)
    _owe_first_appearances(fresh)
    names = _names_of(fresh)
    for kind in (Mention, PrintedRole, Quote, QuantityMention, TimeMention):
        kind.objects.filter(revision__in=fresh).delete()
    _forget(names)
    if any(revision.pk == article.latest_id for revision in fresh) or not revisions:
        Signature.objects.filter(article=article).delete()
    quotations = Evidence.objects.filter(revision__in=fresh)
    EvidenceCheck.objects.filter(evidence__in=quotations).update(words=REDACTED, note="")
    EvidenceCheck.objects.filter(revision__in=fresh).update(note="")
    Standing.objects.filter(evidence__in=quotations).delete()  # there are no words any more to look for
    Standing.objects.filter(revision__in=fresh).update(sentence="")
    notices = EditNotice.objects.filter(revision__in=fresh).exclude(kind=EditNotice.Kind.HEADLINE)
    notices.update(sentence=REDACTED)
    n_quotations = quotations.update(quoted=REDACTED)
    hashes = {revision.raw_sha256 for revision in revisions} - {""}
    kept = {sha for sha in hashes if _is_still_named(sha)}
    transaction.on_commit(partial(_erase, sorted(hashes - kept)))
    return Redaction(len(fresh), n_quotations, len(kept))


def _owe_first_appearances(revisions: Sequence[Revision]) -> None:
    """Owe the analysis of texts that print a quotation first seen here: it finds what is the first of them now."""
    hung = Quote.objects.filter(first__revision__in=revisions).exclude(revision__in=revisions)
    texts = sorted(set(hung.values_list("revision_id", flat=True)))
    owe("analyse", texts, version=f"redacted:{timezone.now().isoformat()}")


def _names_of(revisions: Sequence[Revision]) -> set[str]:
    named = Mention.objects.filter(revision__in=revisions).exclude(name_key="")
    return set(named.values_list("name_key", flat=True))


def _forget(names: Collection[str]) -> None:
    """Forget names nobody ruled on that no text holds any more; have the others counted anew.

    Whoever holds rows of candidates takes them in this order.
    """
    rows = Candidate.objects.filter(key__in=sorted(names)).order_by("pk").select_for_update(no_key=True)
    held = dict(rows.values_list("pk", "key"))
    left = set(Mention.objects.filter(name_key__in=sorted(names)).values_list("name_key", flat=True))
    Candidate.objects.filter(pk__in=held).update(counted_at=None, forms={})
    gone = [pk for pk, key in held.items() if key not in left]
    Candidate.objects.filter(pk__in=gone, state=Candidate.State.OPEN).delete()


def _is_still_named(sha: str) -> bool:
    """Whether a row that is not redacted names these bytes."""
    return (
        Revision.objects.filter(raw_sha256=sha, redacted_at=None).exists()
        or FetchAttempt.objects.filter(body_sha256=sha).exists()
        or Endpoint.objects.filter(body_sha256=sha).exists()
    )


def _erase(hashes: Iterable[str]) -> None:
    archive = FileArchive(settings.ENV.archive_dir)
    for sha in hashes:
        archive.erase(sha)


def _empty(article: Article, user: User, why: str, fields: Sequence[str] = ()) -> None:
    """Empty what repeats the text on the article itself and in its history; `fields` are stored with it."""
    article.feed_text, article.relevance_why, article.facts = "", {}, {}
    article.is_relevance_decided = True  # with no text left, the machine would rule anew and wrongly
    article._history_user = user  # type: ignore[attr-defined]  # noqa: SLF001 - simple-history's way
    reason = f"redacted: {why}"[:_MOST_REASON_OF_HISTORY]
    article._change_reason = reason  # type: ignore[attr-defined]  # noqa: SLF001 - as above
    article.save(update_fields=["feed_text", "relevance_why", "facts", "is_relevance_decided", *fields])
    Article.history.filter(id=article.pk).update(relevance_why={}, facts={})


def _follow(article: Article) -> None:
    """Bring the index up to date, and have the names on its entries counted anew."""
    search.put("article", [article.pk])
    owe("place", [article.pk], version=f"redacted:{timezone.now().isoformat()}")
