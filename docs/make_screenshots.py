#!/usr/bin/env python3
"""Takes a picture of each kind of page of a running site: wide light (no suffix), wide dark, and 390 px wide.

Usage: python docs/make_screenshots.py [http://localhost:8000] [--out docs/screenshots] [--session KEY] [--full]

The pages are found by following links from the timeline, so it works on any database. `--session` is the value
of a staff member's session cookie; with it the jobs page is taken too. Needs playwright and Debian's chromium.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-default-apps",
    "--hide-scrollbars",
    "--font-render-hinting=none",
]
SHOTS: tuple[tuple[str, int, int, Literal["light", "dark"]], ...] = (
    ("", 1440, 1600, "light"),
    ("-dark", 1440, 1600, "dark"),
    ("-390", 390, 1400, "light"),
    ("-390-dark", 390, 1400, "dark"),
)


def find_pages(page: Page, base: str) -> dict[str, str]:
    """Return the path of one page of each kind, by following links."""
    paths = {"timeline": "/", "entities": "/entities/", "sources": "/sources/", "about": "/about/"}
    page.goto(base + "/")
    rows = page.locator("a[data-open]")
    if rows.count():
        with_claims = page.locator("[data-row]:has(details) a[data-open]")
        paths["entry"] = (with_claims if with_claims.count() else rows).first.get_attribute("href") or "/"
    chips = page.locator("a.c-chip[href^='/entities/']")
    if chips.count():
        paths["entity"] = chips.first.get_attribute("href") or "/"
        paths["timeline-filtered"] = "/?entity=" + paths["entity"].rstrip("/").rsplit("/", 1)[1]
    if "entry" in paths:
        page.goto(base + paths["entry"])
        articles = page.locator("a[href^='/articles/']")
        if articles.count():
            paths["article"] = articles.last.get_attribute("href") or "/"
    paths["search"] = "/search/?q=distillation"
    paths["search-error"] = '/search/?q=distillation+OR+"free+riding'
    paths["timeline-empty"] = "/?from=1999&to=1999&lane=litigation"
    paths["not-found"] = "/nothing-here/"
    return paths


def shoot(browser: Browser, base: str, *, out: Path, session: str, is_full: bool) -> list[Path]:
    """Write the pictures and return their paths."""
    out.mkdir(parents=True, exist_ok=True)
    written = []
    paths: dict[str, str] = {}
    for name, width, height, scheme in SHOTS:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        if session:
            host = urlsplit(base).hostname or "localhost"
            context.add_cookies([{"name": "sessionid", "value": session, "domain": host, "path": "/"}])
        page = context.new_page()
        if not paths:
            paths = find_pages(page, base)
            if session:
                paths["jobs"] = "/jobs/"
        for kind, path in paths.items():
            page.goto(base + path, wait_until="networkidle")
            target = out / f"{kind}{name}.png"
            page.screenshot(path=str(target), full_page=is_full)
            written.append(target)
        context.close()
    return written


def main() -> None:
    """Read the command line and take the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("base", nargs="?", default="http://localhost:8000")
    parser.add_argument("--out", type=Path, default=Path(__file__).resolve().parent / "screenshots")
    parser.add_argument("--session", default="")
    parser.add_argument("--full", action="store_true", help="the whole page, not only what is in sight")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        written = shoot(
            browser, options.base.rstrip("/"), out=options.out, session=options.session, is_full=options.full
        )
        browser.close()
    print(f"{len(written)} pictures in {options.out}")  # noqa: T201 - a script says what it did


if __name__ == "__main__":
    main()
