"""A first-time admin adds a newsroom without a feed in a real browser: by keyboard, without script, and on a phone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from tests import factories as make
from tests.web.test_browser import CHROMIUM, Scheme, Watch, browser, faults, open_context
from tracker import jobs
from tracker.fetch.client import Fetcher
from tracker.fetch.robots import MemoryRobots
from tracker.fetch.throttle import MemorySlots
from tracker.models import Article, Endpoint, Preview
from tracker.pipeline import door

__all__ = ["browser"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]
N_STORIES = 6
PROSE = (
    "The Office of Model Safety, which is invented, said that Quillmark had shown it a table of requests, number {n}. "
    "Fernlight has not answered yet, and a spokesperson could not be reached before this was printed. "
)


def listing() -> str:
    rows = "".join(
        f"<li class='card'><h3><a href='/news/{n}'>The office publishes advisory number {n} on copied answers</a></h3>"
        f"<span class='day'>{n} March 2026</span></li>"
        for n in range(N_STORIES, 0, -1)
    )
    return (
        "<!doctype html><html lang='en'><title>News | Office of Model Safety</title>"
        f"<nav><a href='/'>Home</a></nav><main><h1>News</h1><ul>{rows}</ul></main></html>"
    )


def story(n: int) -> str:
    words = "".join(f"<p>{PROSE.format(n=n * 10 + k)}</p>" for k in range(5))
    head = f"<!doctype html><html lang='en'><title>Advisory {n}</title>"
    return f"{head}<article><h1>Advisory {n}</h1>{words}</article></html>"


class Newsroom(BaseHTTPRequestHandler):
    """An invented office that lists its news on a page and has no feed."""

    def do_GET(self) -> None:
        last = urlsplit(self.path).path.rsplit("/", 1)[-1]
        is_story = last.isdigit() and 1 <= int(last) <= N_STORIES
        body = (story(int(last)) if is_story else listing() if last == "news" else "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Say nothing."""


@pytest.fixture
def office(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Serve the office on loopback, and let the worker's door go there."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Newsroom)
    host = f"127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    rules = replace(door.fetch_settings(), allowed_loopback=(host,), min_delay_s=0.01)
    monkeypatch.setattr(door, "_chosen", [Fetcher(rules, MemorySlots(), MemoryRobots())])
    yield f"http://{host}/news"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)


def signed_in(context: BrowserContext, base: str, client: Client) -> Page:
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base}])
    return context.new_page()


def press_until(page: Page, key: str, name: str, *, most: int = 60) -> None:
    """Press a key until the focused thing is called `name`."""
    script = "() => (document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText || '').trim()"
    for _ in range(most):
        page.keyboard.press(key)
        if page.evaluate(script) == name:
            return
    pytest.fail(f"'{name}' cannot be reached by keyboard")


def let_the_worker_look() -> None:
    """Do what is owed, as the worker would; the page's own request may still be on its way."""
    end = time.monotonic() + 10
    while not Preview.objects.filter(state="done").exists() and time.monotonic() < end:
        jobs.drain(kinds=["preview"])
        time.sleep(0.05)


def test_a_newsroom_without_a_feed_is_added_by_keyboard_alone(
    browser: Browser,
    live_server: LiveServer,
    staff_client: Client,
    office: str,
) -> None:
    base = live_server.url
    context = open_context(browser, "wide", "light")
    watch = Watch(context, urlsplit(base).netloc)
    page = signed_in(context, base, staff_client)
    page.goto(base + "/sources/")
    press_until(page, "Tab", "Add a source")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sources/add/")
    page.keyboard.type(office)
    page.keyboard.press("Enter")
    page.wait_for_url("**/previews/*/")
    found = faults(page)
    let_the_worker_look()
    page.wait_for_selector("#items")
    assert page.locator("#items tbody tr").count() == N_STORIES
    assert "6 items, the newest of 6 Mar 2026" in page.locator(".c-lede").inner_text()
    assert "The Office of Model Safety, which is invented" in page.locator(".p-start").first.inner_text()
    found += faults(page)
    press_until(page, "Tab", "Go on to save")
    page.keyboard.press("Enter")
    press_until(page, "Tab", "Name")
    assert page.evaluate("() => document.activeElement.value") == "Office of Model Safety"
    press_until(page, "Tab", "Save and start collecting")
    page.keyboard.press("Enter")
    page.wait_for_url("**/endpoints/*/")
    context.close()
    endpoint = Endpoint.objects.select_related("source").get()
    assert (endpoint.kind, endpoint.source.name) == ("html_list", "Office of Model Safety")
    jobs.sweep()
    jobs.drain(kinds=["poll", "read"])
    assert Article.objects.filter(endpoint=endpoint, text_from="page").count() == N_STORIES
    assert found == []
    assert watch.foreign == []
    assert watch.complaints == []


def test_it_works_without_script(
    browser: Browser,
    live_server: LiveServer,
    staff_client: Client,
    office: str,
) -> None:
    make.SourceFactory(name="The Office", domain="127.0.0.1")
    context = open_context(browser, "phone", "light", has_script=False)
    page = signed_in(context, live_server.url, staff_client)
    page.goto(live_server.url + "/sources/add/")
    page.get_by_label("Address").fill(office)
    page.get_by_role("button", name="Look at it").click()
    let_the_worker_look()
    page.get_by_role("link", name="Load anew").click()
    page.locator("summary", has_text="Read it in another way").click()
    page.get_by_label("Link", exact=True).fill("h3 a")
    page.get_by_role("button", name="Look again").click()
    Preview.objects.filter(state="done").delete()
    let_the_worker_look()
    page.get_by_role("link", name="Load anew").click()
    page.get_by_role("button", name="Save and start collecting").click()
    context.close()
    endpoint = Endpoint.objects.get()
    assert endpoint.options["link"] == "h3 a"
    assert endpoint.source.name == "The Office"


@pytest.mark.parametrize(("size", "scheme"), [("wide", "dark"), ("phone", "light"), ("small", "light")])
def test_the_pages_of_adding_are_accessible_and_fit(
    browser: Browser,
    live_server: LiveServer,
    staff_client: Client,
    office: str,
    size: str,
    scheme: Scheme,
) -> None:
    make.SourceFactory(name="The Office", domain="127.0.0.1")
    for address in (office, f"{office}/nowhere"):
        staff_client.post(reverse("web:source_add"), {"address": address})
    jobs.drain(kinds=["preview"])
    staff_client.post(reverse("web:source_add"), {"address": f"{office}?waiting"})
    paths = [preview.get_absolute_url() for preview in Preview.objects.all()]
    paths += ["/sources/", "/sources/add/", "/add/", "/sources/transfer/"]
    context = open_context(browser, size, scheme)
    watch = Watch(context, urlsplit(live_server.url).netloc)
    page = signed_in(context, live_server.url, staff_client)
    found: list[str] = []
    for path in paths:
        page.goto(live_server.url + path)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        for way in page.locator("input[value=new]").all():
            way.check()
        found += [f"{path}: {fault}" for fault in faults(page)]
        wide = page.evaluate(
            "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        found += [f"{path}: the page scrolls sideways by {wide} px"] if wide > 0 else []
    context.close()
    assert found == []
    assert watch.foreign == []
    assert watch.complaints == []
