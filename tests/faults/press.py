"""Writes a folder of captured feeds and pages: invented outlets, invented events, the same for the same size."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime
from pathlib import Path
from xml.sax.saxutils import escape

START = dt.datetime(2026, 3, 2, 8, 0, tzinfo=dt.UTC)
MAKERS = ("Halden Systems", "Brightmoor Labs", "Quillon AI", "Tessaly Research", "Ostrava Compute")
RIVALS = ("Meridian Loom", "Farrow Dynamics", "Kestrel Mind", "Pelagia Works", "Nordhavn Logic")
THINGS = (
    "harbour",
    "orchard",
    "lantern",
    "granite",
    "meadow",
    "cobalt",
    "saffron",
    "timber",
    "glacier",
    "willow",
)
PLACES = (
    "hearing",
    "filing",
    "briefing",
    "letter",
    "interview",
    "podcast",
    "memo",
    "panel",
    "summit",
    "court",
)
OUTLETS = ("morning-post", "wire-one", "tech-ledger", "evening-desk", "policy-watch")


def write_press(folder: Path, *, n_events: int) -> int:
    """Write one feed per outlet and one page per article; return the number of articles."""
    for outlet in OUTLETS:
        items = []
        for event in range(n_events):
            url = f"https://{outlet}.example/{event}"
            title, paragraphs = _story(event, outlet)
            moment = START + dt.timedelta(days=3 * event, hours=OUTLETS.index(outlet))
            items.append(
                f"<item><title>{escape(title)}</title><link>{url}</link><guid>{url}</guid>"
                f"<pubDate>{format_datetime(moment)}</pubDate><description>{escape(paragraphs[0])}</description></item>"
            )
            if event % 4 != 3:  # every fourth page is missing, so that its feed text is kept
                _page(folder / outlet / f"{event}.html", url, title, paragraphs)
        (folder / outlet).mkdir(parents=True, exist_ok=True)
        (folder / outlet / "feed.xml").write_text(
            f'<rss version="2.0"><channel><title>{outlet}</title>{"".join(items)}</channel></rss>',
            encoding="utf-8",
        )
    return len(OUTLETS) * n_events


def _story(event: int, outlet: str) -> tuple[str, list[str]]:
    maker, rival = MAKERS[event % 5], RIVALS[(event // 2) % 5]
    thing, place = THINGS[event % 10], PLACES[(event * 3) % 10]
    title = f"{maker} accuses {rival} of distilling its {thing} model at the {place}"
    charge = (
        f"{maker} said in a {place} that {rival} used thousands of fraudulent accounts to distill the {thing} "
        f"language model and train a rival artificial intelligence system on its answers, {outlet} reports."
    )
    detail = (
        f"The company alleged that the {thing} outputs were copied without permission over {event + 2} months "
        f"and said it had closed the accounts after its {place} team traced the {thing} traffic to resellers."
    )
    answer = (
        f"{rival} denied the accusation about the {thing} model and said the {place} rested on a misunderstanding "
        "of how its engineers evaluate competing models before a launch."
    )
    return title, [charge, detail, answer]


def _page(file: Path, url: str, title: str, paragraphs: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    file.write_text(
        f'<!doctype html><html lang="en"><head><title>{escape(title)}</title>'
        f'<link rel="canonical" href="{url}"></head>'
        f"<body><nav><a href='/'>Home</a></nav><main><article><h1>{escape(title)}</h1>{text}</article></main>"
        f"<footer>Subscribe to our newsletter</footer></body></html>",
        encoding="utf-8",
    )
