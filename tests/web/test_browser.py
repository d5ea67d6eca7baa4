"""The pages in a real browser: accessible, nothing from another host, nothing against the policy, no script needed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests import factories as make
from tests.web.conftest import Newsroom
from tracker import models, search
from tracker.text import when

Scheme = Literal["light", "dark"]
CHROMIUM = Path("/usr/bin/chromium")
AXE = next((Path(__file__).parent.parent / "data" / "vendor").glob("axe-*.min.js"))
EVERY_RULE: dict[str, object] = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}
COLOURS: dict[str, object] = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
]
SIZES = {"wide": (1440, 1000), "phone": (390, 844), "small": (320, 700)}
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="chromium is not installed"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # Playwright's own loop runs in this thread; Django would take every query in it for one made inside a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield found
        found.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def site(newsroom: Newsroom, live_server: LiveServer) -> tuple[str, dict[str, str]]:
    """Return the address of the running pages and one path of each kind."""
    search.rebuild()
    make.EntryFactory.create_batch(4, lane="reporting")
    return live_server.url, newsroom.paths


class Watch:
    """Keeps what a page asked for and what it complained about."""

    def __init__(self, context: BrowserContext, host: str) -> None:
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        self.host = host
        context.on("request", self._request)
        context.on("console", lambda message: self._note(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _request(self, request: Any) -> None:  # noqa: ANN401 - playwright's Request
        if urlsplit(request.url).netloc != self.host:
            self.foreign.append(request.url)

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and "404 (Not Found)" not in text:
            self.complaints.append(text)


def open_context(browser: Browser, size: str, scheme: Scheme, *, has_script: bool = True) -> BrowserContext:
    width, height = SIZES[size]
    return browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=has_script
    )


def faults(page: Page, only: dict[str, object] = EVERY_RULE) -> list[str]:
    """Return axe's findings on the page as it stands."""
    if not page.evaluate("() => Boolean(window.axe)"):
        # run in the page's own world by the debugger, so that the strict policy stays as it is
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate("only => axe.run(document, {runOnly: only})", only)
    return [
        f"{found['id']}: {node['html'][:160]} ({node.get('failureSummary', '')[:200]})"
        for found in result["violations"]
        for node in found["nodes"]
    ]


def look_in(page: Page, scheme: Scheme) -> None:
    """Show the page in a theme, at once: colours fade over, and half-way ones are nobody's."""
    page.emulate_media(color_scheme=scheme)
    page.evaluate("() => document.getAnimations().forEach(one => one.finish())")


def sideways(page: Page) -> int:
    """Return by how many px the page is wider than its window."""
    return int(
        page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    )


@pytest.mark.parametrize("size", ["wide", "phone"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_page_is_accessible_and_keeps_to_itself(
    browser: Browser, site: tuple[str, dict[str, str]], size: str, scheme: Scheme
) -> None:
    """A page is opened in one theme and looked at in both; the other theme changes nothing but colours."""
    base, paths = site
    context = open_context(browser, size, scheme)
    watch = Watch(context, urlsplit(base).netloc)
    page = context.new_page()
    found: list[str] = []
    for name, path in sorted(paths.items())[SCHEMES.index(scheme) :: len(SCHEMES)]:
        page.goto(base + path)
        page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
        for look, rules in ((scheme, EVERY_RULE), (SCHEMES[SCHEMES.index(scheme) - 1], COLOURS)):
            look_in(page, look)
            found += [f"{name} in {look}: {fault}" for fault in faults(page, rules)]
            found += [f"{name} in {look}: {sideways(page)} px too wide"] if sideways(page) > 0 else []
        look_in(page, scheme)
    context.close()
    assert found == []
    assert watch.foreign == []
    assert watch.complaints == []


def test_pages_for_staff_are_accessible(
    browser: Browser,
    site: tuple[str, dict[str, str]],
    staff_client: Any,  # noqa: ANN401 - django's Client
) -> None:
    base, paths = site
    endpoint = models.Endpoint.objects.get(last_outcome="timeout")
    today = when.utc_day(timezone.now())
    for n, (good, failed, new) in enumerate([(9, 0, 2), (9, 0, 0), (5, 3, 0), (0, 4, 0)]):
        make.EndpointDayFactory(
            endpoint=endpoint, day=today - dt.timedelta(days=n), n_good=good, n_failed=failed, n_new=new
        )
    make.FetchAttemptFactory(endpoint=endpoint, n_refused=1, refusals=[{"title": "A", "reason": "no link"}])
    hold = make.HoldFactory(endpoint=endpoint)
    make.ArticleFactory(endpoint=endpoint, hold=hold)
    for kind in ("failing", "held"):
        make.NoticeFactory(endpoint=endpoint, kind=kind)
    staff_paths = ["/jobs/?live=1", paths["endpoint"], "/sources/notices/", "/holds/", f"/holds/{hold.pk}/"]
    for size, scheme in (("wide", "light"), ("phone", "dark")):
        context = open_context(browser, size, scheme)  # type: ignore[arg-type]
        context.add_cookies(
            [{"name": "sessionid", "value": staff_client.cookies["sessionid"].value, "url": base}]
        )
        page = context.new_page()
        for path in staff_paths:
            page.goto(base + path)
            page.evaluate("() => document.querySelectorAll('details').forEach(one => one.open = true)")
            assert faults(page) == [], path
            assert sideways(page) <= 0, path
        context.close()


def test_no_page_scrolls_sideways_at_320_px(browser: Browser, site: tuple[str, dict[str, str]]) -> None:
    base, paths = site
    context = open_context(browser, "small", "light")
    page = context.new_page()
    for name, path in paths.items():
        page.goto(base + path)
        assert sideways(page) <= 0, name
    context.close()


def test_everything_works_without_script(browser: Browser, site: tuple[str, dict[str, str]]) -> None:
    base, _ = site
    context = open_context(browser, "phone", "light", has_script=False)
    page = context.new_page()
    page.goto(base + "/")
    page.get_by_role("link", name="Filters").click()
    page.locator("#filters").get_by_text("Dates", exact=True).click()
    page.get_by_label("From").fill("2026-04")
    page.get_by_label("Allegations", exact=True).check()
    page.get_by_role("button", name="Apply filters").click()
    assert "lane=allegations" in page.url
    assert "from=2026-04" in page.url
    page.locator("[data-row] summary").first.click()
    assert page.get_by_text("It says its answers were used for training.").first.is_visible()
    page.get_by_role("link", name="Quillmark accuses Fernlight of distillation").click()
    assert page.locator("h1").inner_text() == "Quillmark accuses Fernlight of distillation"
    page.get_by_label("Search entries, articles and entities").fill("quillmark")
    page.get_by_role("button", name="Search", exact=True).click()
    assert page.locator("mark").count() > 0
    context.close()


def test_bars_and_keys_lead_on(browser: Browser, site: tuple[str, dict[str, str]]) -> None:
    base, _ = site
    context = open_context(browser, "wide", "light")
    page = context.new_page()
    page.goto(base + "/")
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.id") == "q"
    page.locator("h1").click()
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row] a[data-open]").nth(1).get_attribute("href")
    page.keyboard.press("o")
    page.wait_for_url(base + str(second))
    page.goto(base + "/")
    page.keyboard.press("?")
    assert page.locator("[data-keys]").is_visible()
    page.keyboard.press("Escape")
    page.locator(".c-chart-wide svg a").last.click()
    assert "from=" in page.url
    context.close()


def test_the_skip_link_leads_to_the_content(browser: Browser, site: tuple[str, dict[str, str]]) -> None:
    base, _ = site
    context = open_context(browser, "wide", "light")
    page = context.new_page()
    page.goto(base + "/")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Skip to content"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    assert models.Entry.objects.public().count() > 4
    context.close()
