"""What changed between two revisions is told in words; readers see the changes, staff the whole."""

from __future__ import annotations

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make
from tests.web.conftest import Newsroom, soup
from tracker.models import Article, EditNotice, Recheck, Revision, Standing

FILLER = "\n".join(f"Paragraph {n} of the story says what it said before, word for word." for n in range(8))
OLD = f"{FILLER}\nQuillmark said Fernlight used about 24,000 accounts.\n<b>Bold</b> words stay."
NEW = (
    OLD.replace("24,000", "25,000") + "\nCorrection: An earlier version of this article gave a wrong number."
)


@pytest.fixture
def edited(newsroom: Newsroom) -> tuple[Article, Revision, Revision]:
    """Return the newsroom's article with two revisions, the later one corrected."""
    article = newsroom.article
    before = make.RevisionFactory(article=article, text=OLD, title="Old headline")
    after = make.RevisionFactory(
        article=article, text=NEW, title="New headline", fetched_at=dt.datetime(2026, 4, 24, 9, tzinfo=dt.UTC)
    )
    sentence = NEW.rsplit("\n", 1)[1]
    EditNotice.objects.create(
        article=article, revision=after, before=before, kind="correction", sentence=sentence, made_by="t",
        noticed_at=after.fetched_at,
    )  # fmt: skip
    article.refresh_from_db()
    return article, before, after


def test_readers_see_the_change_and_not_the_text(
    client: Client, edited: tuple[Article, Revision, Revision]
) -> None:
    page = soup(client, edited[0].get_absolute_url() + "changes/")
    assert [tag.get_text() for tag in page.select("#changes del")] == ["24,000"]
    assert page.select("#changes ins")[0].get_text() == "25,000"
    assert "Old" in page.select_one("section del").get_text()  # type: ignore[union-attr]
    assert "Paragraph 3" not in page.get_text()
    assert "gave a wrong number" in page.get_text()


def test_staff_see_the_whole_with_what_is_unchanged_folded(
    client: Client, edited: tuple[Article, Revision, Revision]
) -> None:
    client.force_login(User.objects.create_superuser("ada"))
    page = soup(client, edited[0].get_absolute_url() + "changes/")
    assert "Paragraph 3" in page.select_one("#changes details").get_text()  # type: ignore[union-attr]
    assert "8 paragraphs unchanged" in page.get_text()
    assert page.select("#changes b") == []


def test_any_two_can_be_compared_and_a_wrong_address_says_so(
    client: Client, edited: tuple[Article, Revision, Revision]
) -> None:
    article, before, after = edited
    base = article.get_absolute_url() + "changes/"
    back = soup(client, f"{base}?from={after.text_sha256[:12]}&to={before.text_sha256[:12]}")
    assert [tag.get_text() for tag in back.select("#changes ins")] == ["24,000"]
    for wrong in ("?from=ffffffffffff", "?to=nonsense", "?from=%00", "?to=../../"):
        assert "Choose two below" in soup(client, base + wrong).get_text()


def test_a_redacted_text_is_not_told(client: Client, edited: tuple[Article, Revision, Revision]) -> None:
    user = User.objects.create_superuser("ada")
    Revision.objects.filter(pk=edited[1].pk).update(
        text="", redacted_at=edited[2].fetched_at, redacted_by=user, redaction_reason="why"
    )
    page = soup(client, edited[0].get_absolute_url() + "changes/")
    assert "was redacted" in page.get_text()
    assert page.select("#changes") == []


def test_nobody_sees_the_changes_of_what_is_hidden(client: Client, newsroom: Newsroom) -> None:
    assert client.get(newsroom.hidden.get_absolute_url() + "changes/").status_code == 404
    only = soup(client, newsroom.article.get_absolute_url() + "changes/")
    assert "nothing to compare" in only.get_text()


def test_article_and_entry_say_what_was_corrected_and_link_to_it(
    client: Client, newsroom: Newsroom, edited: tuple[Article, Revision, Revision]
) -> None:
    for path in (newsroom.article.get_absolute_url(), newsroom.entry.get_absolute_url()):
        page = soup(client, path)
        assert "Corrected after first publication" in page.get_text()
        link = next(a["href"] for a in page.select("a") if a.get_text() == "what changed")
        assert "24,000" in soup(client, str(link)).get_text()


def test_a_withdrawn_article_stays_citable_and_says_so(client: Client, newsroom: Newsroom) -> None:
    article = newsroom.article
    words = "accuses Fernlight of copying its model"
    assert article.latest is not None
    start = article.latest.text.index(words)
    claim = newsroom.entry.claims.filter(kind="allegation").first()
    make.EvidenceFactory(
        claim=claim, revision=article.latest, start=start, end=start + len(words), quoted=words, cited_url=""
    )
    Article.objects.filter(pk=article.pk).update(status="withdrawn")
    Recheck.objects.create(article=article, gone_at=dt.datetime(2026, 5, 2, tzinfo=dt.UTC))
    for path in (article.get_absolute_url(), newsroom.entry.get_absolute_url()):
        page = soup(client, path).get_text()
        assert "Withdrawn by its source, 2 May 2026" in page
        assert words in page


def test_staff_see_on_the_claim_that_its_evidence_is_gone(client: Client, newsroom: Newsroom) -> None:
    revision = newsroom.article.latest
    assert revision is not None
    claim = newsroom.entry.claims.filter(state="published").first()
    evidence = make.EvidenceFactory(
        claim=claim, revision=revision, start=0, end=9, quoted="Quillmark", cited_url=""
    )
    Standing.objects.create(evidence=evidence, revision=revision, verdict="gone", made_by="t")
    path = newsroom.entry.get_absolute_url()
    assert "evidence gone" not in soup(client, path).get_text()
    client.force_login(User.objects.create_superuser("ada"))
    assert "evidence gone" in soup(client, path).get_text()
    listed = client.get("/admin/tracker/claim/?shaken=1").content.decode()
    assert "altered or gone (1)" in listed
    assert "1 claim" in listed
