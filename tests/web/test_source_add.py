"""Adding a source: an address is looked at, shown, looked at in another way, and saved as what was shown."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import get_resolver

from tests import factories as make
from tracker.curation.sources import RESERVED_SLUGS, free_slug, guess_source
from tracker.models import Endpoint, Job, Preview, Source
from tracker.models.preview_result import (
    Choice,
    ItemLook,
    KindNote,
    OptionNote,
    PageLook,
    PreviewResult,
    Problem,
    RefusedLook,
)

pytestmark = pytest.mark.django_db
NEWS = "https://office.example/news"
KINDS = (
    KindNote("feed", "RSS or Atom feed", "Feeds."),
    KindNote(
        "html_list", "Listing page", "Lists.", (OptionNote("item", "The block.", "li", is_required=True),)
    ),
)


def result(**fields: Any) -> PreviewResult:  # noqa: ANN401 - the fields of a result
    page = PageLook(
        is_read=True, language="en", n_chars=1234, start="It begins so.", published="2026-03-02T00:00:00+00:00",
        precision="day", date_rule="json-ld datePublished",
    )  # fmt: skip
    usual: dict[str, Any] = {
        "outcome": "ok",
        "kind": "html_list",
        "url": NEWS,
        "options": {"item": "li.card"},
        "site_name": "Office of Model Safety",
        "language": "en",
        "n_items": 2,
        "n_dated": 1,
        "n_known": 1,
        "newest": "2026-03-02T00:00:00+00:00",
        "items": (
            ItemLook("First <item>", "https://office.example/1", page=page),
            ItemLook("Second", "https://office.example/2", page=PageLook(reason="It is gone.")),
        ),
        "refused": (RefusedLook(3, "Third", "it has neither a link nor an id"),),
        "problems": (Problem("One of 2 items has no date.", "Its page is asked."),),
        "choices": (
            Choice("feed", "https://office.example/feed", title="RSS or Atom feed", why="Named by the page."),
            Choice("html_list", NEWS, {"item": "li.card"}, "Listing page", n_items=2, is_taken=True),
        ),
        "kinds": KINDS,
        "n_fetched": 4,
    }
    return PreviewResult(**(usual | fields))


def done(url: str = NEWS, endpoint: Endpoint | None = None, **fields: Any) -> Preview:  # noqa: ANN401 - as above
    return Preview.objects.create(url=url, state="done", endpoint=endpoint, result=result(**fields).as_json())


def soup(client: Client, path: str) -> BeautifulSoup:
    return BeautifulSoup(client.get(path).content.decode(), "lxml")


def form_of(client: Client, path: str, selector: str) -> dict[str, str]:
    """Return what a browser would send of a form that nobody touched."""
    form = soup(client, path).select_one(selector)
    assert form
    data = {
        str(f["name"]): str(f.get("value", ""))
        for f in form.select("input[name]:not([type=radio], [type=checkbox])")
    }
    data |= {str(f["name"]): str(f["value"]) for f in form.select("input[type=radio][checked]")}
    data |= {str(f["name"]): f.get_text() for f in form.select("textarea")}
    for field in form.select("select"):
        chosen = field.select_one("option[selected]") or field.select("option")[0]
        data[str(field["name"])] = str(chosen.get("value", ""))
    return data


@pytest.mark.parametrize("path", ["/sources/add/", "/previews/1/", "/add/", "/sources/transfer/"])
def test_adding_is_for_staff(client: Client, path: str) -> None:
    assert client.get(path)["Location"].startswith("/admin/login/")
    client.force_login(User.objects.create_user("reader", is_staff=True))
    assert client.get(path).status_code == 403


def test_an_address_is_owed_a_look(staff_client: Client, staff: User) -> None:
    answer = staff_client.post("/sources/add/", {"address": " office.example/news "})
    preview = Preview.objects.get()
    assert answer["Location"] == f"/previews/{preview.pk}/"
    assert (preview.url, preview.kind, preview.created_by) == (NEWS, "", staff)
    assert Job.objects.get(kind="preview").subject_id == preview.pk


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", "No address"),
        ("office", "not an address"),
        ("javascript:alert(1)", "begins with https"),
        ("ftp://office.example/", "begins with https"),
        ("https://", "not an address"),
        ("two words.example", "not an address"),
    ],
)
def test_what_is_no_address_is_told(staff_client: Client, typed: str, expected: str) -> None:
    answer = staff_client.post("/sources/add/", {"address": typed})
    assert answer.status_code == 400
    assert expected in answer.content.decode()
    assert not Preview.objects.exists()


@pytest.mark.parametrize(
    "typed", ["feed://a.example/rss", "feed:https://a.example/rss", "a.example/rss", "//a.example/rss"]
)
def test_addresses_as_people_write_them(staff_client: Client, typed: str) -> None:
    staff_client.post("/sources/add/", {"address": typed})
    assert Preview.objects.get().url == "https://a.example/rss"


def test_an_address_with_a_port_is_one(staff_client: Client) -> None:
    staff_client.post("/sources/add/", {"address": "127.0.0.1:8123/news"})
    assert Preview.objects.get().url == "https://127.0.0.1:8123/news"


def test_a_known_address_is_told_with_its_page(staff_client: Client) -> None:
    endpoint = make.EndpointFactory(url="http://www.office.example/news/")
    page = staff_client.post("/sources/add/", {"address": NEWS}).content.decode()
    assert "collected already" in page
    assert endpoint.get_absolute_url() in page
    assert not Preview.objects.exists()
    assert staff_client.post("/sources/add/", {"address": NEWS, "anyway": "1"}).status_code == 302


def test_a_waiting_look_says_how_far_it_is(staff_client: Client) -> None:
    preview = Preview.objects.create(url=NEWS)
    job = make.JobFactory(kind="preview", subject_id=preview.pk)
    page = staff_client.get(f"/previews/{preview.pk}/").content.decode()
    assert "takes this up in a moment" in page
    assert "Load anew" in page
    assert staff_client.get(f"/previews/{preview.pk}/?part=state").content == b"waiting"
    Job.objects.filter(pk=job.pk).update(state="leased")
    assert "asks the address now" in staff_client.get(f"/previews/{preview.pk}/").content.decode()
    Job.objects.filter(pk=job.pk).update(state="failed", error="The worker stopped.")
    page = staff_client.get(f"/previews/{preview.pk}/").content.decode()
    assert "The worker stopped." in page
    assert "Load anew" not in page


def test_a_result_shows_what_would_come_in(staff_client: Client) -> None:
    page = soup(staff_client, f"/previews/{done().pk}/")
    words = page.get_text(" ", strip=True)
    assert "2 items, the newest of 2 Mar 2026. 1 is here already, 1 would be new." in words
    assert "One of 2 items has no date. Its page is asked." in words
    rows = page.select("#items tbody tr")
    assert "First <item>" in rows[0].get_text()
    assert "page: json-ld datePublished" in rows[0].get_text()
    assert "1,234 characters, en" in rows[0].get_text()
    assert "It begins so." in rows[0].get_text()
    assert "It is gone." in rows[1].get_text()
    assert "it has neither a link nor an id" in words.lower()
    assert [str(field["value"]) for field in page.select("input[name=choice]")] == ["0", "1"]


def test_a_second_way_to_what_is_here_says_so(staff_client: Client) -> None:
    page = soup(staff_client, f"/previews/{done(n_known=2).pk}/")
    assert "All of them are here already; nothing would be new." in page.get_text(" ")


def test_a_result_that_found_nothing_offers_no_saving(staff_client: Client) -> None:
    stop = Problem("No list was recognised.", "Try another page.", is_stop=True)
    preview = done(kind="", options={}, items=(), n_items=0, choices=(), problems=(stop,))
    page = soup(staff_client, f"/previews/{preview.pk}/")
    assert page.select_one("#save") is None
    assert "No list was recognised." in page.get_text()
    assert staff_client.post(f"/previews/{preview.pk}/save/", {}).status_code == 302
    assert not Endpoint.objects.exists()


def test_another_way_is_looked_at(staff_client: Client) -> None:
    preview = done()
    answer = staff_client.post(f"/previews/{preview.pk}/again/", {"choice": "0"})
    new = Preview.objects.get(pk__gt=preview.pk)
    assert answer["Location"] == f"/previews/{new.pk}/"
    assert (new.kind, new.url, new.options) == ("feed", "https://office.example/feed", {})
    assert len(PreviewResult.read(new.result).choices) == 2


def test_settings_are_looked_at_as_edited(staff_client: Client) -> None:
    preview = done()
    data = form_of(staff_client, f"/previews/{preview.pk}/", ".p-change form")
    assert data["option:item"] == "li.card"
    staff_client.post(
        f"/previews/{preview.pk}/again/",
        data | {"option:item": "li.story", "option:nonsense": "x", "kind": "html_list"},
    )
    new = Preview.objects.get(pk__gt=preview.pk)
    assert (new.kind, new.url, new.options) == ("html_list", NEWS, {"item": "li.story"})
    staff_client.post(f"/previews/{preview.pk}/again/", data | {"kind": "telegraph", "address": "a.example"})
    new = Preview.objects.latest("pk")
    assert (new.kind, new.url, new.options) == ("", "https://a.example/", {})


def test_saving_makes_source_and_endpoint_and_polls_at_once(staff_client: Client, staff: User) -> None:
    preview = done()
    data = form_of(staff_client, f"/previews/{preview.pk}/", ".p-save")
    assert data["s-name"] == "Office of Model Safety"
    answer = staff_client.post(
        f"/previews/{preview.pk}/save/",
        data | {"s-country": "us", "s-category": "regulator", "s-tier": "1", "s-is_state_media": "on"},
    )
    endpoint = Endpoint.objects.get()
    assert answer["Location"] == endpoint.get_absolute_url()
    assert (endpoint.url, endpoint.kind, endpoint.options) == (NEWS, "html_list", {"item": "li.card"})
    assert endpoint.is_enabled
    assert Endpoint.objects.due().exists()
    source = endpoint.source
    assert (source.slug, source.name, source.category) == (
        "office-of-model-safety",
        "Office of Model Safety",
        "regulator",
    )
    assert (source.tier, source.country, source.language, source.domain) == (1, "US", "en", "office.example")
    assert source.is_state_media
    assert source.homepage == "https://office.example/"
    assert endpoint.history.get().history_user == staff


def test_saving_twice_makes_one(staff_client: Client) -> None:
    preview = done()
    data = form_of(staff_client, f"/previews/{preview.pk}/", ".p-save")
    for _ in range(2):
        staff_client.post(f"/previews/{preview.pk}/save/", data)
    assert (Endpoint.objects.count(), Source.objects.count()) == (1, 1)
    assert "collected already" in staff_client.get(f"/previews/{preview.pk}/").content.decode()


def test_the_source_of_the_same_domain_is_offered_first(staff_client: Client) -> None:
    source = make.SourceFactory(slug="office", name="The Office", domain="office.example")
    preview = done()
    data = form_of(staff_client, f"/previews/{preview.pk}/", ".p-save")
    assert data["s-owner"] == str(source.pk)
    staff_client.post(
        f"/previews/{preview.pk}/save/", data | {"s-name": "", "s-endpoint_name": "Press releases"}
    )
    endpoint = Endpoint.objects.get()
    assert (endpoint.source, endpoint.name) == (source, "Press releases")
    assert Source.objects.count() == 1


def test_a_form_that_is_wrong_says_so_beside_the_field(staff_client: Client) -> None:
    preview = done()
    data = form_of(staff_client, f"/previews/{preview.pk}/", ".p-save")
    answer = staff_client.post(
        f"/previews/{preview.pk}/save/", data | {"s-name": " ", "s-country": "United States"}
    )
    assert answer.status_code == 400
    page = BeautifulSoup(answer.content.decode(), "lxml")
    field = page.select_one("#id_s-country")
    assert field
    assert field["aria-invalid"] == "true"
    assert [str(each["id"]) for each in page.select("[autofocus]")] == ["id_s-name"]
    described = str(field["aria-describedby"]).split()
    assert all(page.select_one(f"[id='{name}']") for name in described)
    assert "two letters" in page.get_text()
    assert "Give the publisher's name." in page.get_text()
    assert not Endpoint.objects.exists()


def test_a_test_shows_what_would_be_new_and_saves_nothing(staff_client: Client) -> None:
    endpoint = make.EndpointFactory(url=NEWS, kind="html_list", options={"item": "li.card"})
    answer = staff_client.post(f"/sources/{endpoint.source.slug}/endpoints/{endpoint.pk}/test/")
    preview = Preview.objects.get()
    assert answer["Location"] == f"/previews/{preview.pk}/"
    assert (preview.endpoint, preview.kind, preview.options) == (endpoint, "html_list", {"item": "li.card"})
    Preview.objects.filter(pk=preview.pk).update(state="done", result=result().as_json())
    page = soup(staff_client, f"/previews/{preview.pk}/")
    assert "1 would be new" in page.get_text(" ")
    assert page.select_one(".p-save") is None
    assert "Back to the endpoint" in page.get_text()


def test_settings_that_were_tested_can_be_taken_over(staff_client: Client) -> None:
    endpoint = make.EndpointFactory(url=NEWS, kind="feed", etag="old")
    preview = done(endpoint=endpoint)
    answer = staff_client.post(f"/previews/{preview.pk}/save/")
    endpoint.refresh_from_db()
    assert answer["Location"] == endpoint.get_absolute_url()
    assert (endpoint.kind, endpoint.options, endpoint.etag) == ("html_list", {"item": "li.card"}, "")
    assert Endpoint.objects.due().get() == endpoint


def test_an_address_that_another_endpoint_has_is_not_taken_over(staff_client: Client) -> None:
    make.EndpointFactory(url=NEWS)
    endpoint = make.EndpointFactory(url="https://office.example/old")
    preview = done(endpoint=endpoint)
    staff_client.post(f"/previews/{preview.pk}/save/")
    endpoint.refresh_from_db()
    assert endpoint.url == "https://office.example/old"


@pytest.mark.parametrize(
    ("url", "name", "expected"),
    [
        ("https://www.office.gov/news", "", ("government", 1, "US")),
        ("https://minister.go.jp/", "", ("government", 1, "JP")),
        ("https://lab.uni.ac.uk/", "", ("research", 2, "GB")),
        ("https://lab.ai/blog", "Quillmark", ("news", 2, "")),
        ("https://court.example/", "District Court of Harbour", ("court", 1, "")),
        ("https://harbour.de/", "Harbour Dispatch", ("news", 2, "DE")),
        ("http://127.0.0.1:8000/", "", ("news", 2, "")),
    ],
)
def test_what_an_address_tells_of_its_publisher(url: str, name: str, expected: tuple[str, int, str]) -> None:
    guess = guess_source(url, name=name)
    assert (guess.category, guess.tier, guess.country) == expected


def test_no_source_is_called_like_a_page_under_sources() -> None:
    paths = {str(row.pattern) for row in get_resolver("tracker.web.urls").url_patterns}
    fixed = {
        path.split("/")[1] for path in paths if path.startswith("sources/") and "<" not in path.split("/")[1]
    }
    assert fixed - {""} <= RESERVED_SLUGS
    assert free_slug("Transfer", "t.example") == "transfer-2"
    assert free_slug("深度求索", "deep.example") == "deep-example"


def test_saving_over_an_endpoint_is_for_those_who_may_change_it(client: Client) -> None:
    endpoint = make.EndpointFactory(url="https://office.example/old")
    tested, other = done(endpoint=endpoint), done()
    user = User.objects.create_user("adder", is_staff=True)
    client.force_login(user)
    user.user_permissions.set([Permission.objects.get(codename="add_endpoint")])
    for path in ("", "save/", "again/"):
        ask = client.post if path else client.get
        assert ask(f"/previews/{tested.pk}/{path}").status_code == 403, path
        assert ask(f"/previews/{other.pk}/{path}").status_code != 403, path
    user.user_permissions.set([Permission.objects.get(codename="change_endpoint")])
    path = f"/sources/{endpoint.source.slug}/endpoints/{endpoint.pk}/test/"
    assert client.post(path, follow=True).status_code == 200  # who may test may also see what came of it
    assert client.get(f"/previews/{other.pk}/").status_code == 403
    endpoint.refresh_from_db()
    assert endpoint.url == "https://office.example/old"


def test_settings_with_unusable_characters_are_looked_at_without_them(staff_client: Client) -> None:
    data = {"kind": "html_list", "option:item": "li\x00.card", "address": NEWS}
    staff_client.post(f"/previews/{done().pk}/again/", data)
    assert Preview.objects.latest("pk").options == {"item": "li.card"}
