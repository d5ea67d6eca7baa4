"""Rows for tests: small, valid, and public unless a test says otherwise."""

from __future__ import annotations

import datetime as dt
import hashlib
import importlib
from typing import Any, Generic, TypeVar

from django.db.models import Model
from factory.django import DjangoModelFactory

from tracker import models

UTC = dt.UTC
build: Any = importlib.import_module("factory")  # half of it has no types
RowT = TypeVar("RowT", bound=Model)


class Maker(Generic[RowT]):
    """A factory whose rows have their type."""

    def __init__(self, model: type[RowT], rows: type[DjangoModelFactory[RowT]]) -> None:
        self.model = model
        self.rows = rows

    def __call__(self, **fields: Any) -> RowT:  # noqa: ANN401 - the fields of any model
        """Return one stored row."""
        row: RowT = self.rows.create(**fields)
        return row

    def create_batch(self, n: int, **fields: Any) -> list[RowT]:  # noqa: ANN401 - as above
        """Return `n` stored rows."""
        return [self(**fields) for _ in range(n)]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _latest(row: models.Revision, create: bool, _extracted: object, **_kwargs: object) -> None:
    if create:
        row.article.latest = row
        row.article.save()


def _with_articles(row: models.Entry, create: bool, extracted: int | None, **_kwargs: object) -> None:
    if not create:
        return
    for _ in range(1 if extracted is None else extracted):
        EntryArticleFactory(entry=row)
    count_articles(row)


def _published(row: models.Claim, create: bool, extracted: bool | None, **_kwargs: object) -> None:
    if create and extracted:
        publish_claim(row)


class _Source(DjangoModelFactory[models.Source]):
    class Meta:
        model = models.Source
        skip_postgeneration_save = True

    slug = build.Sequence(lambda n: f"source-{n}")
    name = build.Sequence(lambda n: f"Harbour Dispatch {n}")
    category = "news"


class _Endpoint(DjangoModelFactory[models.Endpoint]):
    class Meta:
        model = models.Endpoint

    source = build.SubFactory(_Source)
    url = build.Sequence(lambda n: f"https://feeds.example/{n}.xml")


class _FetchAttempt(DjangoModelFactory[models.FetchAttempt]):
    class Meta:
        model = models.FetchAttempt

    endpoint = build.SubFactory(_Endpoint)
    key = build.Sequence(lambda n: f"attempt-{n}")
    outcome = "ok"


class _EndpointDay(DjangoModelFactory[models.EndpointDay]):
    class Meta:
        model = models.EndpointDay

    endpoint = build.SubFactory(_Endpoint)
    day = dt.date(2026, 4, 23)
    n_good = 1
    outcome = "ok"


class _Notice(DjangoModelFactory[models.Notice]):
    class Meta:
        model = models.Notice

    endpoint = build.SubFactory(_Endpoint)
    kind = "failing"
    text = "3 tries in a row failed. No answer within 30 s."


class _Hold(DjangoModelFactory[models.Hold]):
    """A waiting hold; its items are articles made with `hold=`."""

    class Meta:
        model = models.Hold

    endpoint = build.SubFactory(_Endpoint)
    reason = "storm"
    explanation = "61 new items at once; 6 would be many for this endpoint."


class _Entity(DjangoModelFactory[models.Entity]):
    class Meta:
        model = models.Entity

    slug = build.Sequence(lambda n: f"entity-{n}")
    name = build.Sequence(lambda n: f"Quillmark Systems {n}")
    type = "organisation"


class _Alias(DjangoModelFactory[models.Alias]):
    class Meta:
        model = models.Alias

    entity = build.SubFactory(_Entity)
    text = build.Sequence(lambda n: f"Quillmark {n}")


class _ExternalId(DjangoModelFactory[models.ExternalId]):
    class Meta:
        model = models.ExternalId

    entity = build.SubFactory(_Entity)
    scheme = "wikidata"
    value = build.Sequence(lambda n: f"Q{n}")


class _Position(DjangoModelFactory[models.Position]):
    class Meta:
        model = models.Position

    person = build.SubFactory(_Entity, type="person")
    title = build.Sequence(lambda n: f"Director {n}")
    body = build.SubFactory(_Entity, type="public_body")
    is_shown = True


class _Affiliation(DjangoModelFactory[models.Affiliation]):
    class Meta:
        model = models.Affiliation

    child = build.SubFactory(_Entity)
    parent = build.SubFactory(_Entity)


class _Article(DjangoModelFactory[models.Article]):
    class Meta:
        model = models.Article
        skip_postgeneration_save = True

    public_id = build.Sequence(lambda n: f"a{n:07d}")
    key = build.Sequence(lambda n: _sha256(f"article {n}"))
    url = build.Sequence(lambda n: f"https://news.example/{n}")
    source = build.SubFactory(_Source)
    title = build.Sequence(lambda n: f"Report number {n} on copied weights")
    published_at = dt.datetime(2026, 4, 23, 9, 30, tzinfo=UTC)
    published_precision = "minute"
    text_from = "page"
    is_on_subject = True


class _Revision(DjangoModelFactory[models.Revision]):
    """A revision that becomes the latest one of its article."""

    class Meta:
        model = models.Revision
        skip_postgeneration_save = True

    article = build.SubFactory(_Article)
    text = "Quillmark Systems accuses Fernlight of copying its model.\nFernlight did not answer."
    text_sha256 = build.LazyAttribute(lambda o: _sha256(o.text))
    text_from = "page"
    extractor = "test 1.0"
    fetched_at = dt.datetime(2026, 4, 23, 10, 0, tzinfo=UTC)

    latest = build.post_generation(_latest)


class _Mention(DjangoModelFactory[models.Mention]):
    class Meta:
        model = models.Mention

    revision = build.SubFactory(_Revision)
    start = 0
    end = 17
    surface = build.LazyAttribute(lambda o: o.revision.text[o.start : o.end])
    label = "ORG"
    model = "test-model 1.0"
    entity = build.SubFactory(_Entity)


class _Entry(DjangoModelFactory[models.Entry]):
    """A public entry; `with_articles=n` gives it articles and the counts that go with them."""

    class Meta:
        model = models.Entry
        skip_postgeneration_save = True

    public_id = build.Sequence(lambda n: f"e-{n:06d}")
    title = build.Sequence(lambda n: f"Quillmark accuses Fernlight, part {n}")
    happened_at = dt.datetime(2026, 4, 23, tzinfo=UTC)
    lane = "allegations"

    with_articles = build.post_generation(_with_articles)


class _EntryArticle(DjangoModelFactory[models.EntryArticle]):
    class Meta:
        model = models.EntryArticle

    entry = build.SubFactory(_Entry)
    article = build.SubFactory(_Article)


class _EntryEntity(DjangoModelFactory[models.EntryEntity]):
    class Meta:
        model = models.EntryEntity

    entry = build.SubFactory(_Entry)
    entity = build.SubFactory(_Entity)
    n_articles = 1


class _Storyline(DjangoModelFactory[models.Storyline]):
    class Meta:
        model = models.Storyline

    slug = build.Sequence(lambda n: f"story-{n}")
    title = build.Sequence(lambda n: f"Quillmark and Fernlight {n}")


class _StorylineEntry(DjangoModelFactory[models.StorylineEntry]):
    class Meta:
        model = models.StorylineEntry

    storyline = build.SubFactory(_Storyline)
    entry = build.SubFactory(_Entry)


class _Technique(DjangoModelFactory[models.Technique]):
    class Meta:
        model = models.Technique

    slug = build.Sequence(lambda n: f"technique_{n}")
    label = build.Sequence(lambda n: f"Distillation {n}")
    version = "test"


class _Claim(DjangoModelFactory[models.Claim]):
    """A draft allegation; `published=True` gives it the evidence that the database asks for."""

    class Meta:
        model = models.Claim
        skip_postgeneration_save = True

    public_id = build.Sequence(lambda n: f"claim/{n}")
    kind = "allegation"
    entry = build.SubFactory(_Entry)
    stated_by_name = "Quillmark Systems"
    stated_on = dt.date(2026, 4, 23)
    accused_name = "Fernlight"
    accused_as_worded = "Fernlight"
    relation = "is"
    origin = "compiled"

    published = build.post_generation(_published)


class _Evidence(DjangoModelFactory[models.Evidence]):
    class Meta:
        model = models.Evidence

    claim = build.SubFactory(_Claim)
    cited_url = build.Sequence(lambda n: f"https://cited.example/{n}")


class _ClaimStatus(DjangoModelFactory[models.ClaimStatus]):
    class Meta:
        model = models.ClaimStatus

    claim = build.SubFactory(_Claim)
    status = "alleged"
    on = dt.date(2026, 4, 23)


class _ActionIdentifier(DjangoModelFactory[models.ActionIdentifier]):
    class Meta:
        model = models.ActionIdentifier

    claim = build.SubFactory(_Claim, kind="action", title="Sample Weights Act")
    scheme = "bill"
    value = build.Sequence(lambda n: f"H.R. {n}")


class _Quantity(DjangoModelFactory[models.Quantity]):
    class Meta:
        model = models.Quantity

    claim = build.SubFactory(_Claim)
    metric = "accounts"
    comparator = "~"
    value = 24_000
    unit = "accounts"
    as_worded = build.Sequence(lambda n: f"about 24,000 ({n})")


class _Job(DjangoModelFactory[models.Job]):
    class Meta:
        model = models.Job

    kind = "poll"
    subject_id = build.Sequence(int)
    key = build.Sequence(lambda n: f"poll:{n}:")


SourceFactory = Maker(models.Source, _Source)
EndpointFactory = Maker(models.Endpoint, _Endpoint)
FetchAttemptFactory = Maker(models.FetchAttempt, _FetchAttempt)
EndpointDayFactory = Maker(models.EndpointDay, _EndpointDay)
NoticeFactory = Maker(models.Notice, _Notice)
HoldFactory = Maker(models.Hold, _Hold)
EntityFactory = Maker(models.Entity, _Entity)
AliasFactory = Maker(models.Alias, _Alias)
ExternalIdFactory = Maker(models.ExternalId, _ExternalId)
PositionFactory = Maker(models.Position, _Position)
AffiliationFactory = Maker(models.Affiliation, _Affiliation)
ArticleFactory = Maker(models.Article, _Article)
RevisionFactory = Maker(models.Revision, _Revision)
MentionFactory = Maker(models.Mention, _Mention)
EntryFactory = Maker(models.Entry, _Entry)
EntryArticleFactory = Maker(models.EntryArticle, _EntryArticle)
EntryEntityFactory = Maker(models.EntryEntity, _EntryEntity)
StorylineFactory = Maker(models.Storyline, _Storyline)
StorylineEntryFactory = Maker(models.StorylineEntry, _StorylineEntry)
TechniqueFactory = Maker(models.Technique, _Technique)
ClaimFactory = Maker(models.Claim, _Claim)
EvidenceFactory = Maker(models.Evidence, _Evidence)
ClaimStatusFactory = Maker(models.ClaimStatus, _ClaimStatus)
ActionIdentifierFactory = Maker(models.ActionIdentifier, _ActionIdentifier)
QuantityFactory = Maker(models.Quantity, _Quantity)
JobFactory = Maker(models.Job, _Job)


def publish_claim(claim: models.Claim) -> models.Claim:
    """Give a claim its evidence and publish it."""
    claim.lead_evidence = EvidenceFactory(claim=claim)
    claim.state = "published"
    claim.save()
    return claim


def count_articles(entry: models.Entry) -> None:
    """Store the numbers of an entry's public articles and outlets."""
    articles = models.Article.objects.public().filter(memberships__entry=entry)
    entry.n_articles = articles.count()
    entry.n_outlets = len({article.source_id or article.outlet for article in articles})
    entry.save()
