"""After an upgrade the texts that an older language stage read are read again, in portions and once each."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests import factories as make
from tracker.models import Job, Revision
from tracker.pipeline.gazetteer import analyser

pytestmark = pytest.mark.django_db
OLD = "en_core_web_sm-3.0.0 gazetteer.v1+0 1steps+0 relevance.v1"


def run(*arguments: str) -> str:
    """Return what the command printed."""
    out = io.StringIO()
    call_command("reanalyse", *arguments, stdout=out)
    return out.getvalue()


def a_text(analysed_by: str = OLD) -> Revision:
    return make.RevisionFactory(analysed_by=analysed_by)


def owed() -> list[int]:
    return list(Job.objects.filter(kind="analyse").order_by("pk").values_list("subject_id", flat=True))


def test_old_texts_are_owed_newest_first_in_portions_and_once() -> None:
    texts = [a_text() for _ in range(3)]
    assert run("--most", "2").startswith("2 texts will be analysed again; 1 more")
    assert owed() == [texts[2].pk, texts[1].pk]
    run()
    assert run().startswith("0 texts will be analysed again; 0 more")
    assert owed() == [text.pk for text in reversed(texts)]


def test_texts_of_this_version_hidden_ones_and_old_revisions_are_left_alone() -> None:
    model, _names, rest = analyser().version.split(" ", 2)
    a_text(f"{model} gazetteer.v1+othernames {rest}")
    a_text("")
    Revision.objects.filter(pk=a_text().pk).update(
        redacted_at=timezone.now(), redaction_reason="on request", text="", title="", byline=""
    )
    make.RevisionFactory(article=a_text().article, text="New words.", analysed_by=analyser().version)
    assert run().startswith("0 texts")
    assert owed() == []
