"""The timeline: rule 6 for every number on it, paging, filters and what a row says."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from bs4 import BeautifulSoup, Tag
from django.test import Client
from lxml import html

from tests import factories as make
from tests.web.conftest import Newsroom
from tracker import models

pytestmark = pytest.mark.django_db
STARTS = [
    "/",
    "/?lane=responses",
    "/?entity=quillmark&source=gazette",
    "/?from=2025-03&to=2026-02-10&review=machine",
    "/?kind=government&kind=news",
    "/?from=2026-04-01&to=2026-04-23",
    "/?entity=fernlight&entity=quillmark",
]


def soup(client: Client, url: str) -> BeautifulSoup:
    response = client.get(url)
    assert response.status_code == 200
    return BeautifulSoup(response.content.decode(), "lxml")


def list_length(client: Client, url: str) -> int:
    """Count the rows of a list by walking all of its pages."""
    n, link = 0, url
    while link:
        page = html.document_fromstring(client.get(link).content.decode())
        (results,) = page.xpath("//*[@id='results']")
        n += len(results.xpath(".//*[@data-row]"))
        link = "".join(results.xpath(".//a[@rel='next']/@href"))
    return n


def numbers(page: BeautifulSoup) -> list[tuple[str, int]]:
    """Return address and number of every counted link of the timeline."""
    found = []
    counted = ".c-facets a.n, .c-month a, .c-lanes a, .t-tally a, .t-sub a, .t-numbers td a, .c-chart svg a"
    for link in page.select(counted):
        words = str(link.get("aria-label") or link.get_text(" "))
        numbers_in = re.findall(r"(?<![\d-])\d+", words.rsplit(":", 1)[-1])
        found.append((str(link["href"]), int(numbers_in[0])))
    return found


@pytest.mark.slow
@pytest.mark.parametrize("start", STARTS)
def test_every_number_is_the_length_of_the_list_it_opens(
    start: str, newsroom: Newsroom, client: Client
) -> None:
    lengths: dict[str, int] = {}
    found = numbers(soup(client, start))
    assert len(found) > 8
    for url, n in found:
        if url not in lengths:
            lengths[url] = list_length(client, url)
        assert lengths[url] == n, (start, url)


def test_row_numbers_are_the_lengths_of_the_lists_on_the_entry_page(
    newsroom: Newsroom, client: Client
) -> None:
    page = soup(client, "/?from=2026-04-23&to=2026-04-23")
    row = page.select_one("[data-row]:has(a[href='/entries/quillmark-fernlight/'])")
    assert isinstance(row, Tag)
    found = [int(cell.get_text(" ").split()[0]) for cell in row.select(".c-n")]
    entry = soup(client, "/entries/quillmark-fernlight/")
    assert found == [
        len(entry.select("#answers .e-answers")[0].select("tbody tr")),
        len(entry.select(".e-outlets li")),
        len(entry.select("#articles .c-tree > li")),
    ]


def test_paging_shows_every_entry_once_and_leads_back(newsroom: Newsroom, client: Client) -> None:
    make.EntryFactory.create_batch(40, happened_at=dt.datetime(2026, 1, 5, tzinfo=dt.UTC))
    seen: list[str] = []
    link, pages = "/", []
    while link:
        pages.append(link)
        page = soup(client, link)
        seen += [str(a["href"]) for a in page.select("#results a[data-open]")]
        older = page.select_one('#results a[rel="next"]')
        link = str(older["href"]) if older else ""
    assert len(seen) == len(set(seen)) == models.Entry.objects.public().count()
    newer = soup(client, pages[-1]).select_one('#results a[rel="prev"]')
    assert newer is not None
    back = soup(client, str(newer["href"]))
    before = soup(client, pages[-2])
    assert [a["href"] for a in back.select("a[data-open]")] == [
        a["href"] for a in before.select("a[data-open]")
    ]


@pytest.mark.parametrize(
    "cursor", ["x", "-", "1-", "99999999999999999-1", "63900000000000000-999999999999999999"]
)
def test_a_tampered_cursor_gives_a_page(cursor: str, newsroom: Newsroom, client: Client) -> None:
    for name in ("older", "newer"):
        assert client.get("/", {name: cursor}).status_code == 200
    assert client.get("/", {"older": "x"}).context["t"].n_rows == models.Entry.objects.public().count()


def test_filters_can_be_removed_one_by_one(newsroom: Newsroom, client: Client) -> None:
    page = soup(client, "/?entity=quillmark&lane=allegations&from=2026")
    chips = {chip.get_text(" ", strip=True): str(chip["href"]) for chip in page.select(".c-drop")}
    assert chips == {
        "Names: Quillmark Systems": "/?lane=allegations&from=2026",
        "Lane: Allegations": "/?entity=quillmark&from=2026",
        "2026 to now": "/?entity=quillmark&lane=allegations",
    }


def test_an_empty_list_says_what_dropping_a_filter_brings_back(newsroom: Newsroom, client: Client) -> None:
    page = soup(client, "/?from=1999&to=1999&entity=quillmark")
    ways = {link.get_text(): str(link["href"]) for link in page.select(".c-empty li a")}
    assert ways == {"Drop the dates": "/?entity=quillmark"}
    listed = re.search(r"Drop the dates: (\d+)", page.select(".c-empty")[0].get_text())
    assert listed
    assert int(listed[1]) == list_length(client, "/?entity=quillmark")


def test_a_row_says_who_accuses_whom_and_who_reviewed_it(newsroom: Newsroom, client: Client) -> None:
    page = soup(client, "/?from=2026-04-23&to=2026-04-23")
    words = page.select("[data-row]:has(a[href='/entries/quillmark-fernlight/'])")[0].get_text(
        " ", strip=True
    )
    for part in (
        "Allegation",
        "Quillmark Systems",
        "accuses",
        "Fernlight",
        "entities abroad",
        "1 answer",
        "Compiled by the project",
        "Primary document",
        "First: Harbour Dispatch",
        "cited address, not archived",
    ):
        assert part in words
    machine = soup(client, "/?review=machine")
    assert len(machine.select("[data-row] .is-draft")) == len(machine.select("[data-row]"))


def test_a_vague_date_is_shown_as_vague(newsroom: Newsroom, client: Client) -> None:
    page = soup(client, "/?lane=official_actions")
    assert "month only" in page.get_text(" ")
    assert soup(client, "/").select(".vague")


def test_a_timeline_without_entries_says_so(client: Client) -> None:
    assert "No entries yet" in client.get("/").content.decode()


def test_entities_join_by_and_sources_by_or(newsroom: Newsroom, client: Client) -> None:
    assert client.get("/?entity=fernlight&entity=quillmark").context["t"].total.n == 1
    one = client.get("/?source=harbour").context["t"].total.n
    both = client.get("/?source=harbour&source=gazette").context["t"].total.n
    assert both > one > 0
