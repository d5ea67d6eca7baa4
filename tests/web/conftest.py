"""A small invented newsroom for the pages."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make
from tests.web.kept import Kept
from tracker import models
from tracker.web import gaps

DRAFT = "Whispered draft wording nobody may read"
MANY_ENTRIES = 13


@pytest.fixture(autouse=True)
def _nothing_kept() -> None:
    """Let no test see the coverage of another one's days."""
    gaps.forget()


def soup(client: Client, url: str) -> BeautifulSoup:
    """Return a page that answers well, parsed."""
    response = client.get(url)
    assert response.status_code == 200, url
    return BeautifulSoup(response.content.decode(), "lxml")


@dataclass
class Newsroom:
    """What the fixture made, by name."""

    quillmark: models.Entity
    fernlight: models.Entity
    entry: models.Entry
    machine: models.Entry
    article: models.Article
    hidden: models.Article
    source: models.Source
    failed: models.Job
    paths: dict[str, str] = field(default_factory=dict)


def _newsroom() -> Newsroom:
    quillmark = make.EntityFactory(slug="quillmark", name="Quillmark Systems")
    fernlight = make.EntityFactory(slug="fernlight", name="Fernlight", country="CN")
    person = make.EntityFactory(slug="ada-holm", name="Ada Holm", type="person")
    body = make.EntityFactory(slug="office", name="Office of Model Safety", type="public_body")
    make.EntityFactory(slug="secret", name="Unlisted Person", is_public=False)
    make.AliasFactory(entity=fernlight, text="蕨光科技", kind="legal", language="zh")
    make.ExternalIdFactory(entity=fernlight)
    make.AffiliationFactory(child=fernlight, parent=quillmark)
    make.PositionFactory(person=person, body=body, title="Director")
    make.PositionFactory(person=person, body=body, title="Unseen post", is_shown=False)
    source = make.SourceFactory(slug="harbour", name="Harbour Dispatch")
    state = make.SourceFactory(
        slug="gazette", name="State Gazette", category="government", is_state_media=True
    )
    make.EndpointFactory(
        source=source, last_outcome="timeout", last_reason="Reason for staff", failure_streak=3
    )
    make.EndpointFactory(
        source=state, last_outcome="ok", last_success_at=dt.datetime(2026, 4, 23, tzinfo=dt.UTC)
    )
    entry = _compiled_entry(quillmark, fernlight)
    article = make.ArticleFactory(source=source, title="Fernlight copied us, says Quillmark 蕨光")
    revision = make.RevisionFactory(article=article, rules={"title": "json-ld headline"})
    make.MentionFactory(revision=revision, entity=quillmark)
    make.MentionFactory(revision=revision, entity=fernlight, start=26, end=35)
    make.MentionFactory(revision=revision, entity=None, start=58, end=67)
    make.EntryArticleFactory(
        entry=entry, article=article, role="primary", is_first_report=True, reason="same words"
    )
    make.count_articles(entry)
    machine = _machine_entries(quillmark, source, state)
    hidden = make.ArticleFactory(title="Off the subject", is_on_subject=False)
    failed = make.JobFactory(
        state="failed", attempts=6, error_class="timeout", error="No answer within 30 s."
    )
    make.JobFactory(state="ready")
    room = Newsroom(quillmark, fernlight, entry, machine, article, hidden, source, failed)
    room.paths = _paths(room)
    return room


_kept = Kept(_newsroom)


@pytest.fixture
def newsroom(db: None) -> Newsroom:
    return _kept()


def _paths(room: Newsroom) -> dict[str, str]:
    """Return one path of each kind of page."""
    endpoint = room.source.endpoints.get().get_absolute_url()
    return {
        "timeline": "/",
        "filtered": "/?entity=fernlight&entity=quillmark&lane=allegations&from=2026",
        "empty": "/?from=1999&to=1999",
        "entry": room.entry.get_absolute_url(),
        "machine entry": room.machine.get_absolute_url(),
        "article": room.article.get_absolute_url() + "?q=copying",
        "entities": "/entities/",
        "entities filtered": "/entities/?q=蕨光",
        "entity": room.fernlight.get_absolute_url(),
        "accuser": room.quillmark.get_absolute_url(),
        "entity articles": room.fernlight.get_absolute_url() + "articles/",
        "search": "/search/",
        "search hits": "/search/?q=Quillmark",
        "search error": '/search/?q=(quillmark+OR+"free',
        "search nothing": "/search/?q=zyzzyva",
        "sources": "/sources/",
        "source": "/sources/harbour/",
        "endpoint": endpoint,
        "endpoint items": endpoint + "items/",
        "coverage": "/coverage/?from=2026-04",
        "about": "/about/",
        "not found": "/nothing-here/",
    }


def _compiled_entry(quillmark: models.Entity, fernlight: models.Entity) -> models.Entry:
    entry = make.EntryFactory(
        origin="compiled",
        title="Quillmark accuses Fernlight of distillation",
        summary="What was said.",
        read_with_care=["Two numbers are mixed up."],
        public_id="quillmark-fernlight",
    )
    make.EntryEntityFactory(entry=entry, entity=quillmark)
    make.EntryEntityFactory(entry=entry, entity=fernlight)
    claim = make.ClaimFactory(
        entry=entry,
        published=True,
        stated_by=quillmark,
        accused=fernlight,
        technique=make.TechniqueFactory(),
        public_id="quillmark-fernlight/a1",
        gist="It says its answers were used for training.",
    )
    claim.also_techniques.add(make.TechniqueFactory())
    make.ClaimFactory(entry=entry, published=True, accused_as_worded="entities abroad", relation="unnamed")
    make.QuantityFactory(claim=claim)
    make.ClaimStatusFactory(claim=claim)
    answer = make.ClaimFactory(
        entry=entry,
        kind="response",
        stance="denies",
        leads_with=claim,
        stated_by=fernlight,
        stated_by_name="Fernlight",
        gist="It calls this wrong.",
        published=True,
    )
    answer.answers.add(claim)
    make.ClaimFactory(
        entry=entry,
        kind="response",
        stance="none_found",
        leads_with=claim,
        stated_by_name="Fernlight",
        state="published",
        searched_on=dt.date(2026, 4, 24),
        searched_where="coverage of the day",
    )
    action = make.ClaimFactory(
        entry=entry, kind="action", title="Sample Weights Act", action_type="bill", published=True
    )
    action.names_entities.add(fernlight)
    make.ActionIdentifierFactory(claim=action)
    make.ClaimFactory(
        entry=entry,
        gist=DRAFT,
        accused_as_worded=DRAFT,
        stated_by_name=DRAFT,
        stated_by=quillmark,
        accused=fernlight,
        origin="machine",
    )
    make.ClaimFactory(entry=entry, gist=DRAFT, stated_by_name=DRAFT, state="rejected", accused=fernlight)
    return entry


def _machine_entries(quillmark: models.Entity, source: models.Source, state: models.Source) -> models.Entry:
    lanes = models.Lane.values
    story = make.StorylineFactory()
    for n in range(MANY_ENTRIES):
        day = dt.datetime(2024 + n % 3, n % 12 + 1, n % 27 + 1, tzinfo=dt.UTC)
        precision = "month" if n == 7 else "day"
        entry = make.EntryFactory(
            happened_at=day.replace(day=1) if n == 7 else day,
            happened_precision=precision,
            lane=lanes[n % 5],
            with_articles=0,
            is_reviewed=n % 4 == 0,
        )
        make.EntryArticleFactory(entry=entry, article__source=state if n % 3 else source)
        make.count_articles(entry)
        if n % 2:
            make.EntryEntityFactory(entry=entry, entity=quillmark)
        if n < 5:
            make.StorylineEntryFactory(storyline=story, entry=entry)
    make.EntryFactory(title="Entry that is not public", is_public=False)
    return models.Entry.objects.filter(origin="machine", is_reviewed=False, is_public=True).order_by("pk")[1]


@pytest.fixture
def staff(db: None) -> User:
    return User.objects.create_superuser("editor", password="editor-editor-1")


@pytest.fixture
def staff_client(staff: User) -> Client:
    client = Client()
    client.force_login(staff)
    return client
