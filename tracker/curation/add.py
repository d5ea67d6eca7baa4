"""Adding one article by hand: by its address, or with its text pasted. What is here already is found, not doubled."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from tracker import search
from tracker.curation.subject import note_ruling
from tracker.models import (
    Article,
    Revision,
    Signature,
    Source,
    SubjectRuling,
    article_key,
    owe,
    public_id_of,
)
from tracker.text.clean import one_line, safe_text, tidy_paragraphs
from tracker.text.hashing import text_hash
from tracker.text.urls import canonical_url, registrable_domain

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

RULE = "added by hand"
MAX_TEXT = 1_000_000
MAX_TITLE, MAX_OUTLET = 1000, 200
_DAY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """What a person gave: an address, or a title and a text, or both."""

    url: str = ""
    title: str = ""
    text: str = ""
    outlet: str = ""
    published: str = ""  # 2026, 2026-04 or 2026-04-23
    kind: str = Article.Kind.NEWS


@dataclass(frozen=True, slots=True)
class Filed:
    """The article, and whether it is new; `why` says how one that was here was recognised."""

    article: Article
    is_new: bool
    why: str = ""


def find_article(draft: ArticleDraft) -> Filed | None:
    """Return the article that this is already: the same address, or the same words."""
    if draft.url:
        known = Article.objects.select_related("source").filter(key=article_key(draft.url)).first()
        if known is not None:
            return Filed(known, is_new=False, why="address")
    text = tidy_paragraphs(draft.text, MAX_TEXT)
    if not text:
        return None
    title = one_line(draft.title, MAX_TITLE)
    rows = Article.objects.select_related("source")
    same = (
        rows.filter(key=_key_of_text(text)).first()
        or rows.filter(
            pk__in=Revision.objects.filter(text_sha256=text_hash(f"{title}\n{text}")).values("article")
        ).first()
        or rows.filter(pk__in=Signature.objects.filter(text_sha256=text_hash(text)).values("article")).first()
    )
    return Filed(same, is_new=False, why="words") if same is not None else None


def file_article(draft: ArticleDraft, user: AbstractBaseUser | AnonymousUser | None) -> Filed:
    """Store an article that a person brings, and owe its reading; one that is here already is returned as it is.

    A person who adds it says that it is on the subject. With a pasted text that text is what is read, and no page is
    fetched; without one the page is.
    """
    with transaction.atomic():
        known = find_article(draft)
        if known is not None:
            return known
        article = _article(draft, user)
        Article.objects.bulk_create([article], ignore_conflicts=True)
        stored = Article.objects.select_related("source").get(key=article.key)
        is_new = stored.added_by_id == article.added_by_id and stored.first_seen_at == article.first_seen_at
        if is_new:
            Article.history.bulk_history_create([stored], default_change_reason=RULE)
            owe("read", [stored.pk], version="first")
        return Filed(stored, is_new=is_new, why="" if is_new else "address")


def put_on_subject(article: Article, user: AbstractBaseUser | AnonymousUser | None = None) -> bool:
    """Rule that an article is about the subject: it is read if it never was, and placed on the timeline.

    Returns:
        Whether it was done: what is held, or was kept out by a person, waits for a word about that first.
    """
    with transaction.atomic():
        row = Article.objects.select_for_update(of=("self",)).get(pk=article.pk)
        if row.hold_id is not None or row.status != Article.Status.USABLE:
            return False
        row.is_on_subject = row.is_relevance_decided = True
        fields = ["is_on_subject", "is_relevance_decided"]
        if row.text_from == Article.Text.CITED:
            row.text_from = Article.Text.NONE
            fields.append("text_from")
        row.save(update_fields=fields)
        note_ruling([row.pk], SubjectRuling.Label.ON, user)
        search.put("article", [row.pk])
        if row.text_from == Article.Text.NONE:
            owe("read", [row.pk], version="first")
        owe("place", [row.pk], version=f"add:{timezone.now().isoformat()}")
    return True


def read_day(given: str) -> tuple[dt.datetime | None, str]:
    """Return the first moment (UTC) of a year, month or day and its precision.

    Raises:
        ValueError: it is none of them.
    """
    text = given.strip()
    if not text:
        return None, ""
    match = _DAY.fullmatch(text)
    if match is None:
        raise ValueError(text)
    at = dt.datetime(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1), tzinfo=dt.UTC)
    return at, "day" if match["day"] else "month" if match["month"] else "year"


def _article(draft: ArticleDraft, user: AbstractBaseUser | AnonymousUser | None) -> Article:
    text = tidy_paragraphs(draft.text, MAX_TEXT)
    key = article_key(draft.url) if draft.url else _key_of_text(text)
    published_at, precision = read_day(draft.published)
    source = _source_of(draft.url)
    outlet = one_line(draft.outlet, MAX_OUTLET)
    is_own_words = bool(outlet) and source is not None and outlet.casefold() != source.name.casefold()
    return Article(
        key=key,
        public_id=public_id_of(key),
        url=canonical_url(draft.url) if draft.url else "",
        source=None if is_own_words else source,
        outlet=outlet or ("" if source else registrable_domain(draft.url)),
        kind=draft.kind,
        # the page's own headline is better than what a browser calls its tab
        title=one_line(draft.title, MAX_TITLE) if text else "",
        feed_text=safe_text(text, MAX_TEXT),
        is_whole=bool(text),
        published_at=published_at,
        published_precision=precision,
        published_rule=RULE if published_at else "",
        is_on_subject=True,
        is_relevance_decided=True,
        relevance_rule=RULE,
        added_by_id=user.pk if user is not None and user.is_authenticated else None,
    )


def _key_of_text(text: str) -> str:
    return article_key("", item_id=f"pasted:{text_hash(text)}")


def _source_of(url: str) -> Source | None:
    """Return the source of the address's domain where there is exactly one; a wrong name would be worse than none."""
    domain = registrable_domain(url) if url else ""
    found = (
        list(Source.objects.filter(domain=domain).exclude(category=Source.Category.AGGREGATOR)[:2])
        if domain
        else []
    )
    return found[0] if len(found) == 1 else None
