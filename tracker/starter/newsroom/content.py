"""Reads the sample's articles; their dates count back from a base date, so that the sample never ages."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from tracker.starter.rows import Row, refuse

ARTICLES = Path(__file__).parent / "articles"
_RELATIVE = re.compile(r"\{(weekday|month):(-?\d+)\}")
_MARK = re.compile(r"\[\[(?:(glued): ([^\]]+)|[^\]]*)\]\]")


@dataclass(frozen=True, slots=True)
class Outlet:
    """An invented outlet: how its pages look and in which form its feed comes."""

    slug: str
    name: str
    template: str
    feed: str  # a form known to `feeds`

    @property
    def full_name(self) -> str:
        """Name with the words that say it is a sample."""
        return f"{self.name} (Sample newsroom, invented)"


@dataclass(frozen=True, slots=True)
class Story:
    """One invented article; `body` still holds the marks ([[...]]) that stand for dirt on the page."""

    outlet: str
    slug: str
    title: str
    byline: str
    published_at: dt.datetime
    teaser: str
    tags: tuple[str, ...]
    body: str
    is_gone: bool  # the page answers 404, only the feed has the text
    has_link: bool  # without one, the feed's item carries an id and the text
    same_text_as: str
    later: Story | None = None  # what the page says once it was read; `is_gone` when it was taken down

    @property
    def path(self) -> str:
        """Path of the page on the server."""
        return f"/{self.outlet}/{self.slug}.html"

    @property
    def clean_text(self) -> str:
        """Body as a reader should get it: paragraphs without any mark, separated by one newline."""
        text = re.sub(r"(?m)^## ", "", self.body)
        text = _MARK.sub(lambda found: f" {found[2]} " if found[1] else "", text)
        lines = (" ".join(line.split()) for line in text.splitlines())
        return "\n".join(line for line in lines if line)


OUTLETS = (
    Outlet("ledgerwire", "Ledger Wire", "paper", "atom"),
    Outlet("courier", "Northgate Courier", "paper", "rss-tracked"),
    Outlet("meridian", "Meridian Daily", "paper", "atom-broken"),
    Outlet("circuit", "The Circuit Post", "blog", "rss-relative"),
    Outlet("docketnotes", "Docket Notes", "blog", "atom-full"),
    Outlet("harborbrief", "Harbour Brief", "blog", "rss-full"),
    Outlet("halden", "Halden Systems", "official", "rss-full"),
    Outlet("ocio", "Office of Computing Integrity", "official", "rdf"),
)


def read_stories(base: dt.date, *, folder: Path = ARTICLES) -> tuple[Story, ...]:
    """Return all articles, newest first, dated back from `base`.

    Raises:
        StarterDataError: an article breaks the form; says which and how to mend it.

    """
    paths = sorted(folder.glob("*/*.md"))
    stories = {f"{path.parent.name}/{path.stem}": _story(path, base) for path in paths}
    known = {outlet.slug for outlet in OUTLETS}
    for key, story in stories.items():
        if story.outlet not in known:
            what = f"'{story.outlet}' is not one of the outlets"
            refuse(key, "outlet", what, do="Correct the folder's name.")
        if story.same_text_as:
            original = stories.get(story.same_text_as)
            if original is None:
                what = f"'{story.same_text_as}' is no article"
                refuse(key, "same_text_as", what, do="Write outlet/slug of the original.")
            stories[key] = replace(story, body=original.body)
    return tuple(sorted(stories.values(), key=lambda story: (story.published_at, story.path), reverse=True))


def _story(path: Path, base: dt.date) -> Story:
    name = f"{path.parent.name}/{path.name}"
    _, head, body = [*path.read_text(encoding="utf-8").split("---\n", 2), "", ""][:3]
    row = Row(name, "the head", yaml.safe_load(head))
    day = base - dt.timedelta(days=row.whole("days_ago"))
    clock = dt.time.fromisoformat(row.text("at"))
    story = Story(
        outlet=path.parent.name,
        slug=path.stem,
        title=row.text("title"),
        byline=row.text("byline"),
        published_at=dt.datetime.combine(day, clock, tzinfo=dt.UTC),
        teaser=row.text("teaser"),
        tags=row.texts("tags"),
        body=_RELATIVE.sub(lambda found: _spoken(found, base), body).strip(),
        is_gone=row.flag("is_gone"),
        has_link=not row.flag("has_no_link"),
        same_text_as=row.optional("same_text_as"),
    )
    story = replace(story, later=_later(row, story))
    row.done()
    return story


def _later(row: Row, story: Story) -> Story | None:
    """Return the edited version of an article, where its head says what is edited."""
    title, added = row.optional("later_title"), row.optional("later_add")
    old, new = row.optional("later_old"), row.optional("later_new")
    is_gone = row.flag("later_is_gone")
    if old not in story.body:
        row.refuse("'later_old' does not stand in the text", do="Copy the words from the text.")
    body = story.body.replace(old, new) if old else story.body
    later = replace(story, title=title or story.title, body=f"{body}\n\n{added}".strip(), is_gone=is_gone)
    return later if later != story else None


def _spoken(found: re.Match[str], base: dt.date) -> str:
    """Return the weekday or month that lies the given number of days before `base`."""
    day = base - dt.timedelta(days=int(found[2]))
    return f"{day:%A}" if found[1] == "weekday" else f"{day:%B}"
