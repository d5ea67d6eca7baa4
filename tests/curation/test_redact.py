"""What is redacted is nowhere any more; that it was there, its hash, who hid it and why, stay."""

from __future__ import annotations

import dataclasses
import io
import json
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from tests import factories as make
from tracker import models, search
from tracker.curation.redact import REDACTED, RedactionError, redact_article, redact_revision
from tracker.fetch.archive import FileArchive, RedactedError

pytestmark = pytest.mark.django_db
SECRET = "Zyzzyva Street 12"
TEXT = f"The engineer lives at {SECRET}, it says.\nFernlight did not answer."
WHY = "A private address."
STATES = ("open", "ignored")


@pytest.fixture
def archive(tmp_path: Path, settings: Settings) -> FileArchive:
    settings.ENV = dataclasses.replace(settings.ENV, archive_dir=tmp_path)
    return FileArchive(tmp_path)


@pytest.fixture
def editor() -> User:
    return User.objects.create_user("editor")


def revision_of(archive: FileArchive, **fields: object) -> models.Revision:
    """Make a revision that is quoted, tagged, indexed and archived."""
    values: dict[str, object] = {"text": TEXT, "raw_sha256": archive.put(TEXT.encode())}
    made = make.RevisionFactory(**values | fields)
    article = made.article
    article.feed_text, article.relevance_why, article.facts = TEXT, {"a": [SECRET]}, {"place": SECRET}
    article.save()  # with a row of history
    models.Revision.objects.filter(pk=made.pk).update(rules={"title": "h1", "notes": f"left out: {SECRET}"})
    make.MentionFactory(revision=made, start=22, end=39, surface=SECRET, entity=None, name_key=SECRET.lower())
    models.Candidate.objects.create(key=SECRET.lower(), name=SECRET, label="ORG", forms={SECRET: 1})
    quoted = make.EvidenceFactory(
        revision=made, article=article, start=22, end=39, quoted=SECRET, cited_url="", claim__published=True
    )
    models.EvidenceCheck.objects.create(
        evidence=quoted, revision=made, words=SECRET, words_sha256="0" * 64, outcome="found", note=SECRET
    )
    models.EditNotice.objects.create(
        article=article, revision=made, kind="correction", sentence=SECRET, made_by="test 1"
    )
    models.Standing.objects.create(
        evidence=make.EvidenceFactory(), revision=made, verdict="altered", sentence=SECRET, made_by="test 1"
    )
    models.Standing.objects.create(evidence=quoted, revision=made, verdict="stands", made_by="test 1")
    models.Recheck.objects.create(article=article, next_at=made.fetched_at)
    models.Signature.objects.create(
        article=article, happened_at=made.fetched_at, words=["zyzzyva"], lead=[SECRET]
    )
    search.put("article", [article.pk])
    assert search.search("zyzzyva").counts["article"] >= 1
    return made


def everything() -> str:
    """Return every value of every table as one text, but of the pages that FTS5 keeps behind its table."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.startswith("search_words_"):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - names of our own tables
            found += [json.dumps(row, default=str) for row in cursor.fetchall()]
    return "\n".join(found)


@pytest.mark.parametrize("is_whole_article", [True, False])
def test_the_words_are_nowhere_any_more(
    archive: FileArchive,
    editor: User,
    is_whole_article: bool,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    revision = revision_of(archive)
    assert SECRET in everything()
    with django_capture_on_commit_callbacks(execute=True):
        if is_whole_article:
            done = redact_article(revision.article, editor, WHY)
        else:
            done = redact_revision(revision, editor, WHY)
    assert SECRET.lower() not in everything().lower()
    assert "zyzzyva" not in everything().lower()
    assert (done.n_revisions, done.n_quotations, done.n_raw_kept) == (1, 1, 0)
    with pytest.raises(RedactedError):
        archive.get(revision.raw_sha256)
    archive.put(TEXT.encode())
    assert not archive.has(revision.raw_sha256)
    out = io.StringIO()
    call_command("archive", "verify", stdout=out, stderr=out)
    assert "0 missing, 1 absent on purpose" in out.getvalue()


def test_hash_and_who_and_when_and_why_stay(archive: FileArchive, editor: User) -> None:
    revision = revision_of(archive)
    redact_article(revision.article, editor, f"  {WHY}\n")
    kept = models.Revision.objects.get(pk=revision.pk)
    assert (kept.text_sha256, kept.raw_sha256) == (revision.text_sha256, revision.raw_sha256)
    assert (kept.redacted_by, kept.redaction_reason) == (editor, WHY)
    assert kept.redacted_at is not None
    article = models.Article.objects.get(pk=revision.article_id)
    assert (article.title, article.text_from) == (revision.article.title, "redacted")
    assert article.is_relevance_decided
    latest = models.Article.history.filter(id=article.pk).first()
    assert (latest.history_user, latest.history_change_reason) == (editor, f"redacted: {WHY}")
    evidence = models.Evidence.objects.get(revision=revision)
    assert (evidence.quoted, evidence.start, evidence.end) == (REDACTED, 22, 39)
    assert models.Job.objects.filter(kind="place", subject_id=article.pk).exists()
    assert not models.Recheck.objects.filter(article=article).exists()


def test_names_that_other_texts_hold_or_a_person_ruled_on_stay(archive: FileArchive, editor: User) -> None:
    revision = revision_of(archive)
    other = make.RevisionFactory()
    for n, key in enumerate(("quill works", "orrin vale")):
        span = {"start": n * 20, "end": n * 20 + 10, "surface": key.upper(), "entity": None, "name_key": key}
        make.MentionFactory(revision=revision, **span)
        if not n:
            make.MentionFactory(revision=other, **span)
        models.Candidate.objects.create(
            key=key, name=key, label="ORG", forms={key: 1}, counted_at=other.fetched_at, state=STATES[n]
        )
    redact_article(revision.article, editor, WHY)
    kept = models.Candidate.objects.values_list("key", "forms", "counted_at")
    assert sorted(kept) == [("orrin vale", {}, None), ("quill works", {}, None)]


def test_the_next_appearance_of_a_quotation_becomes_the_first(archive: FileArchive, editor: User) -> None:
    first, second = make.RevisionFactory(), make.RevisionFactory()
    fields = {"start": 0, "end": 9, "words": "We did it", "kind": "direct", "model": "test"}
    root = models.Quote.objects.create(revision=first, **fields)
    models.Quote.objects.create(revision=second, first=root, **fields)
    redact_article(first.article, editor, WHY)
    assert list(models.Job.objects.filter(kind="analyse").values_list("subject_id", flat=True)) == [second.pk]


def test_one_revision_goes_and_the_others_stay(archive: FileArchive, editor: User) -> None:
    old = revision_of(archive)
    new = make.RevisionFactory(article=old.article, text="A corrected text.")
    redact_revision(old, editor, WHY)
    assert models.Revision.objects.get(pk=new.pk).text == "A corrected text."
    article = models.Article.objects.get(pk=old.article_id)
    assert (article.text_from, article.latest) == ("page", new)
    assert models.Recheck.objects.filter(article=article).exists()


@pytest.mark.parametrize("namer", ["revision", "try", "endpoint"])
def test_bytes_that_another_row_names_stay(
    archive: FileArchive,
    editor: User,
    namer: str,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    revision = revision_of(archive)
    if namer == "revision":
        other = make.RevisionFactory(raw_sha256=revision.raw_sha256)
    elif namer == "try":
        make.FetchAttemptFactory(body_sha256=revision.raw_sha256)
    else:
        make.EndpointFactory(body_sha256=revision.raw_sha256)
    with django_capture_on_commit_callbacks(execute=True):
        assert redact_article(revision.article, editor, WHY).n_raw_kept == 1
    assert archive.has(revision.raw_sha256)
    if namer == "revision":  # and they go with the last of those rows
        with django_capture_on_commit_callbacks(execute=True):
            redact_revision(other, editor, WHY)
        assert not archive.has(revision.raw_sha256)


def test_without_a_reason_nothing_is_redacted(archive: FileArchive, editor: User) -> None:
    revision = revision_of(archive)
    for why in ("", "  \n", "\x00"):
        with pytest.raises(RedactionError, match="reason"):
            redact_article(revision.article, editor, why)
    assert models.Revision.objects.get(pk=revision.pk).text == TEXT


def test_redacting_again_changes_nothing_but_finishes_what_a_crash_left(
    archive: FileArchive,
    editor: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    revision = revision_of(archive)
    redact_article(revision.article, editor, WHY)  # as if the program ended before the file went
    with pytest.raises(CommandError, match="1 problem"):
        call_command("archive", "verify", stdout=(out := io.StringIO()), stderr=io.StringIO())
    assert "and yet there. Redact it again" in out.getvalue()
    with django_capture_on_commit_callbacks(execute=True):
        assert redact_article(revision.article, User.objects.create_user("other"), "Again.").n_revisions == 0
    assert not archive.has(revision.raw_sha256)
    assert models.Revision.objects.get(pk=revision.pk).redacted_by == editor


def test_the_database_takes_no_text_into_a_redacted_revision(archive: FileArchive, editor: User) -> None:
    revision = revision_of(archive)
    redact_article(revision.article, editor, WHY)
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Revision.objects.filter(pk=revision.pk).update(text="back")


def test_an_article_that_was_never_read_loses_its_feed_text(archive: FileArchive, editor: User) -> None:
    article = make.ArticleFactory(feed_text=TEXT, text_from="none")
    models.owe("read", [article.pk], version="first")
    redact_article(article, editor, WHY)
    assert SECRET not in everything()
    assert not models.Job.objects.ready().filter(kind="read").exists()
