"""The command plans once, shows how far it is, goes on where it stopped, and says what is wrong with what was typed."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.factories import ArticleFactory, ClaimFactory, EndpointFactory, EvidenceFactory
from tests.pipeline.test_backfill import SPRING, URL, documents, months, tell_spring
from tests.pipeline.test_backfill import address as address_of
from tests.pipeline.test_cite import BODY, PAGE
from tracker.fetch.memory import MemoryFetcher
from tracker.models import Article, Backfill, BackfillSlice, Endpoint, Job, article_key
from tracker.pipeline import door
from tracker.records import FetchRequest, FetchResult

pytestmark = pytest.mark.django_db
RANGE = ("--from", SPRING[0].isoformat(), "--to", SPRING[1].isoformat())
TODAY = timezone.now().date()


class Impatient(MemoryFetcher):
    """Answers until somebody presses Ctrl-C."""

    n_left = 1

    def fetch(self, request: FetchRequest) -> FetchResult:
        """Interrupt once the answers are used up."""
        if not self.n_left:
            raise KeyboardInterrupt
        self.n_left -= 1
        return super().fetch(request)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> MemoryFetcher:
    """Return the fetcher through which every fetch of the test goes."""
    fetcher = MemoryFetcher()
    monkeypatch.setattr(door, "_chosen", [fetcher])
    return fetcher


@pytest.fixture
def register() -> Endpoint:
    """Return an endpoint whose kind looks into the past."""
    return EndpointFactory(kind="federal_register", url=URL, name="Notices")


def backfill(*words: str) -> None:
    call_command("backfill", *words)


def test_here_the_command_does_the_work_and_tells_what_came(
    web: MemoryFetcher, register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_spring(web)
    backfill("federal_register", *RANGE, "--here")
    out = capsys.readouterr().out
    assert "Notices, 2026-03-01 to 2026-05-31: 3 slices, 3 to ask." in out
    assert "3 of 3 slices asked, 6 items, 6 new" in out
    assert Article.objects.count() == 6


def test_a_second_run_adds_nothing(
    web: MemoryFetcher, register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_spring(web)
    backfill("federal_register", *RANGE, "--here")
    backfill("federal_register", *RANGE, "--here")
    assert "3 slices, 0 to ask." in capsys.readouterr().out
    assert len(web.requests) == 3


def test_the_plan_can_be_left_to_the_workers(
    web: MemoryFetcher, register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    backfill("federal_register", *RANGE, "--no-wait")
    assert Job.objects.filter(kind="backfill", state="ready").count() == 3
    assert not web.requests
    assert "The workers ask them" in capsys.readouterr().out


def test_an_interrupted_run_goes_on_where_it_stopped(
    monkeypatch: pytest.MonkeyPatch, register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    web = Impatient()
    monkeypatch.setattr(door, "_chosen", [web])
    tell_spring(web)
    backfill("federal_register", *RANGE, "--here")
    assert "still owed" in capsys.readouterr().out
    assert BackfillSlice.objects.open().exists()
    Job.objects.filter(state="leased").update(leased_until=timezone.now() - dt.timedelta(seconds=1))
    web.n_left = 10
    backfill("federal_register", *RANGE, "--here")
    assert not BackfillSlice.objects.open().exists()
    assert Article.objects.count() == 6


def test_what_cannot_be_had_is_told_with_its_reason_and_tried_again_when_asked(
    web: MemoryFetcher, register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    tell_spring(web)
    april = address_of(*months()[1])
    web._told.pop(april)
    backfill("federal_register", *RANGE, "--here")
    out = capsys.readouterr().out
    assert "1 failed" in out
    assert "2026-04-01 to 2026-04-30: http 4xx. register.example has nothing at this address (404)" in out
    assert "--again" in out
    backfill("federal_register", *RANGE, "--here")
    assert "3 slices, 0 to ask." in capsys.readouterr().out
    web.answer(april, documents(months()[1][0]))
    backfill("federal_register", *RANGE, "--here", "--again")
    assert "3 of 3 slices asked" in capsys.readouterr().out


def test_status_shows_every_backfill(
    web: MemoryFetcher, register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    backfill("--status")
    assert "Nothing was backfilled yet" in capsys.readouterr().out
    backfill("federal_register", *RANGE, "--no-wait")
    capsys.readouterr()
    backfill("--status")
    assert "Notices, 2026-03-01 to 2026-05-31: 0 of 3 slices asked" in capsys.readouterr().out
    backfill("federal_register", "--status")
    assert "0 of 3 slices asked" in capsys.readouterr().out


def test_one_endpoint_is_chosen_by_number_or_address(web: MemoryFetcher, register: Endpoint) -> None:
    EndpointFactory(kind="federal_register", url=f"{URL}?other=1")
    backfill("federal_register", *RANGE, "--no-wait", "--endpoint", URL)
    assert set(Backfill.objects.values_list("endpoint", flat=True)) == {register.pk}
    backfill("federal_register", *RANGE, "--no-wait", "--endpoint", str(register.pk))
    assert Backfill.objects.count() == 1
    backfill("federal_register", *RANGE, "--no-wait")
    assert Backfill.objects.count() == 2


def test_an_endpoint_that_has_no_past_is_left_out_with_a_word(
    register: Endpoint, capsys: pytest.CaptureFixture[str]
) -> None:
    inspection = "https://register.example/api/v1/public-inspection-documents.json"
    EndpointFactory(kind="federal_register", url=inspection, name="Inspection")
    backfill("federal_register", *RANGE, "--no-wait")
    assert "Inspection: this address lists what is there now; it has no past." in capsys.readouterr().err
    assert Backfill.objects.count() == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "Name what to collect"),
        (["nonsense", *RANGE], "no kind of endpoint called 'nonsense'"),
        (["feed", *RANGE], "'feed' cannot be asked for the past. .*federal_register"),
        (["federal_register"], "--from"),
        (["federal_register", "--from", "2026-03-01"], "--to"),
        (["federal_register", "--from", "2026-13-01", "--to", "2026-03-01"], "'2026-13-01'.*YYYY-MM-DD"),
        (["federal_register", "--from", "1st of May", "--to", "2026-03-01"], "'1st of May'.*YYYY-MM-DD"),
        (
            ["federal_register", "--from", "2026-03-02", "--to", "2026-03-01"],
            "2026-03-02 is after 2026-03-01",
        ),
        (["federal_register", "--from", "2026-03-02", "--to", "2999-03-01"], "2999-03-01 is in the future"),
        (["federal_register", "--from", "1999-03-02", "--to", "2026-03-01"], "20 years"),
        (["federal_register", *RANGE], "no endpoint of the kind 'federal_register'"),
        (["federal_register", *RANGE, "--endpoint", "77"], "no endpoint 77"),
        (["federal_register", *RANGE, "--endpoint", "https://x.example/"], "no endpoint https://x.example/"),
        (["federal_register", *RANGE, "--endpoint", "9" * 40], "no endpoint 9"),
        (["cited", *RANGE], "take no --from"),
    ],
)
def test_bad_input_is_a_sentence(words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        backfill(*words)


def test_endpoints_that_are_off_are_named(register: Endpoint) -> None:
    Endpoint.objects.update(is_enabled=False)
    with pytest.raises(CommandError, match=f"switched off.*--endpoint {register.pk}"):
        backfill("federal_register", *RANGE)
    backfill("federal_register", *RANGE, "--no-wait", "--endpoint", str(register.pk))
    assert Backfill.objects.count() == 1


def test_an_endpoint_of_another_kind_is_refused(register: Endpoint) -> None:
    other = EndpointFactory()
    with pytest.raises(CommandError, match="is of the kind 'feed'"):
        backfill("federal_register", *RANGE, "--endpoint", str(other.pk))


def test_when_no_endpoint_has_a_past_that_is_the_answer() -> None:
    EndpointFactory(
        kind="federal_register", url="https://register.example/v1/public-inspection-documents.json"
    )
    with pytest.raises(CommandError, match="has no past"):
        backfill("federal_register", *RANGE)


def test_today_is_no_future(web: MemoryFetcher, register: Endpoint) -> None:
    backfill("federal_register", "--from", TODAY.isoformat(), "--to", TODAY.isoformat(), "--no-wait")
    assert Backfill.objects.get().end == TODAY


def test_cited_addresses_are_read_and_what_came_is_told(
    web: MemoryFetcher, capsys: pytest.CaptureFixture[str]
) -> None:
    claim = ClaimFactory()
    for url in (PAGE, "https://ledger.example/gone"):
        article = ArticleFactory(url=url, key=article_key(url), text_from="cited", is_relevance_decided=True)
        EvidenceFactory(claim=claim, article=article, cited_url=url, quoted="names Fernlight as the buyer")
    EvidenceFactory(
        claim=claim, article=Article.objects.get(url=PAGE), cited_url=PAGE, field="x", quoted="Not there"
    )
    web.answer(PAGE, BODY)
    backfill("cited", "--here")
    out = capsys.readouterr().out
    assert "2 pages to read that were not asked for before." in out
    assert "1 of 2 cited addresses read, 1 could not be read, 0 not tried yet; 1 of 3 pieces" in out
    assert "Not read: https://ledger.example/gone (http 4xx). ledger.example has nothing at this" in out
    assert "“Not there”. Not found." in out
    backfill("cited", "--here")
    assert "0 pages to read" in capsys.readouterr().out
    backfill("cited", "--status")
    assert "1 of 2 cited addresses read" in capsys.readouterr().out
    assert len([request for request in web.requests if request.url == PAGE]) == 1
