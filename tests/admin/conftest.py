"""Thirty rows of everything that has an admin, and a signed-in curator."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.auth.models import Group, User

from tracker.models import (
    Article,
    Backfill,
    BackfillSlice,
    Candidate,
    Claim,
    Endpoint,
    EndpointDay,
    Entity,
    Entry,
    EntryAddress,
    Evidence,
    EvidenceCheck,
    FetchAttempt,
    Hold,
    Job,
    Notice,
    Preview,
    PrintedRole,
    QuantityMention,
    Quote,
    Revision,
    Source,
    Storyline,
    SubjectModel,
    SubjectRuling,
    Technique,
    TimeMention,
    WhatIf,
)

if TYPE_CHECKING:
    from django.test import Client

MONDAY = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
N_ROWS = 30


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    """Return a browser in which a curator is signed in."""
    client.force_login(User.objects.create_superuser("curator", "curator@example.com", "a long password"))
    return client


@pytest.fixture
def row(db: None) -> Row:
    """Return a maker of rows."""
    return Row()


class Row:
    """Makes one row of a kind, with what it hangs on."""

    def __init__(self) -> None:
        self._number = 0

    def next(self) -> int:
        """Return the next number."""
        self._number += 1
        return self._number

    def source(self) -> Source:
        """Make a source with an endpoint and a try."""
        n = self.next()
        source = Source.objects.create(slug=f"source-{n}", name=f"Sample Source {n}")
        endpoint = Endpoint.objects.create(source=source, url=f"https://example.com/{n}.xml")
        FetchAttempt.objects.create(endpoint=endpoint, key=f"poll:{n}", outcome="ok")
        EndpointDay.objects.create(endpoint=endpoint, day=MONDAY.date(), n_good=1, outcome="ok")
        Notice.objects.create(endpoint=endpoint, kind="held", text="More than usual.")
        Hold.objects.create(endpoint=endpoint, reason="storm", explanation="More than usual.")
        Preview.objects.create(endpoint=endpoint, url=endpoint.url)
        past = Backfill.objects.create(endpoint=endpoint, start=MONDAY.date(), end=MONDAY.date())
        BackfillSlice.objects.create(
            backfill=past, address=endpoint.url, first_day=past.start, last_day=past.end
        )
        return source

    def article(self, **fields: object) -> Article:
        """Make a public article with a revision."""
        n = self.next()
        values: dict[str, Any] = {
            "title": f"Sample headline {n}",
            "is_on_subject": True,
            "published_at": MONDAY,
        }
        made = Article.objects.create(
            public_id=f"a{n}", key=f"key-{n}", **values | {"source": self.source()} | fields
        )
        made.latest = Revision.objects.create(
            article=made,
            text_sha256=f"{n:064}",
            text="A text.",
            text_from="page",
            extractor="t 1",
            fetched_at=MONDAY,
        )
        made.save()
        self.findings(made.latest, n)
        SubjectRuling.objects.create(article=made, label="on_subject")
        SubjectModel.objects.create(version=f"subject.{n}", n_labels=40)
        WhatIf.objects.create(proposal={"on_subject_from": 0.5}, result={"n": 0, "n_ruled": 0, "moves": {}})
        return made

    def findings(self, revision: Revision, n: int) -> None:
        """Make one of everything that may be found in a text, and a name that no entity has."""
        span: dict[str, Any] = {
            "revision": revision,
            "start": 0,
            "end": 6,
            "model": "test 1",
            "words": "A text",
        }
        Quote.objects.create(kind="direct", **span)
        QuantityMention.objects.create(metric="other", comparator="=", value=1, unit="text", **span)
        TimeMention.objects.create(on="2026", **span)
        PrintedRole.objects.create(person_name="Sample Person", **span)
        Candidate.objects.create(key=f"sample {n}", name=f"Sample {n}", label="ORG", n_articles=1)

    def entity(self, name: str = "", *aliases: str) -> Entity:
        """Make an entity."""
        n = self.next()
        made = Entity.objects.create(slug=f"entity-{n}", name=name or f"Sample Lab {n}", type="organisation")
        for alias in aliases:
            made.aliases.create(text=alias)
        return made

    def entry(self, *articles: Article, **fields: object) -> Entry:
        """Make an entry of articles."""
        n = self.next()
        values: dict[str, Any] = {
            "title": f"Sample event {n}",
            "happened_at": MONDAY,
            "n_articles": len(articles),
        }
        made = Entry.objects.create(public_id=f"e{n}", **values | fields)
        for article in articles:
            made.members.create(article=article)
        return made

    def claim(self, entry: Entry) -> Claim:
        """Make a draft with evidence, status and quantity."""
        n = self.next()
        technique = Technique.objects.create(slug=f"technique-{n}", label=f"Technique {n}", version="1")
        made = Claim.objects.create(
            public_id=f"c{n}",
            entry=entry,
            kind="action",
            stated_by_name="unknown",
            gist="It acted.",
            technique=technique,
        )
        evidence = Evidence.objects.create(claim=made, cited_url=f"https://example.com/{n}")
        if revision := Revision.objects.first():
            EvidenceCheck.objects.create(
                evidence=evidence, revision=revision, words="a text", words_sha256=f"{n:064}", outcome="near"
            )
        made.statuses.create(status="announced", on=MONDAY.date())
        made.quantities.create(
            metric="accounts", comparator="~", value=1, unit="accounts", as_worded=f"about {n}"
        )
        return made


@pytest.fixture
def full(row: Row) -> Row:
    """Fill every table of the admin with thirty rows."""
    for n in range(N_ROWS):
        article = row.article()
        entry = row.entry(article)
        row.claim(entry)
        row.entity("", f"alias {n}")
        EntryAddress.objects.create(public_id=f"old-{n}", entry=entry)
        Storyline.objects.create(slug=f"story-{n}", title=f"Story {n}")
        Job.objects.create(kind="read", subject_id=n, key=f"read:{n}", state="failed", attempts=6)
        User.objects.create_user(f"reader{n}")
        Group.objects.create(name=f"group {n}")
    return row
