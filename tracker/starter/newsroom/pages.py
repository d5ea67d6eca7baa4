"""Makes HTML pages of the sample's articles, with the boilerplate and the dirt that real pages have."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.starter.newsroom.content import Outlet, Story

TEMPLATES = Path(__file__).parent / "templates"
N_RELATED = 4

_MARK = re.compile(r"\[\[([a-z-]+)(?:: ([^\]|]+?))?(?: \| ([^\]]+))?\]\]")
# What stands on the page for a mark; {text} and {href} come from the mark itself.
_DIRT = {
    "ad": '<span class="ad-slot" data-unit="mid-1"><script>'
    'adslot.push({{"unit": "mid-1", "lazy": true}});</script></span>',
    "read-also": '<strong>READ ALSO:</strong> <a href="{href}">{text}</a>',
    "widget": '<span class="poll-widget" id="poll-77"><script>(function(d){{var s=d.createElement("script");'
    's.src="/static/poll.js";d.head.appendChild(s);}})(document);</script><noscript>Enable scripts to vote'
    "</noscript></span>",
    "repeat": '<a href="#follow">{text}</a> <a href="#follow">{text}</a> <a href="#follow">{text}</a>',
    "glued": "<br><strong>{text}</strong>",
    "machine": "Certainly! Here is a rewritten version of the article in a neutral tone:",
    "pitch": "Subscribe to our newsletter and get the morning letter in your inbox.",
    "related": "RELATED STORIES: {text} | {href}",
    "headline": '<a href="#">{text}</a> ',
    "credit": "This article was first published in {text} and is used here with permission.",
    "source": "SOURCE: {text}",
}
# The same as it comes out when somebody selects the page, copies it and pastes it.
_PASTED = {
    **_DIRT,
    "ad": ' adslot.push({{"unit": "mid-1", "lazy": true}}); ',
    "read-also": "READ ALSO: {text}",
    "widget": '(function(d){{var s=d.createElement("script");s.src="/static/poll.js";}})(document);',
    "repeat": "{text} {text} {text}",
    "glued": "{text}",
    "headline": "{text} ",
}


def article_page(story: Story, outlet: Outlet, *, origin: str, related: Sequence[Story]) -> bytes:
    """Return the page of an article in UTF-8; `origin` is scheme, host and port of the server."""
    html = _template(outlet.template).substitute(
        title=escape(story.title),
        title_json=json.dumps(story.title),
        byline=escape(story.byline),
        byline_json=json.dumps(story.byline),
        outlet=escape(outlet.full_name),
        slug=outlet.slug,
        url=f"{origin}{story.path}",
        teaser=escape(story.teaser),
        published_iso=f"{story.published_at:%Y-%m-%dT%H:%M:%SZ}",
        published_human=f"{story.published_at.day} {story.published_at:%B %Y}",
        published_day=f"{story.published_at:%Y-%m-%d}",
        body=body_html(story.body, has_dirt=True),
        related="\n".join(
            f'<li><a href="{each.path}">{escape(each.title)}</a></li>' for each in related[:N_RELATED]
        ),
    )
    return html.encode()


def body_html(body: str, *, has_dirt: bool) -> str:
    """Return paragraphs and headings as HTML; marks become dirt, or nothing."""
    blocks = []
    for block in re.split(r"\n{2,}", body):
        heading = block.removeprefix("## ")
        if heading != block:
            blocks.append(f"<h2>{escape(heading)}</h2>")
            continue
        text = _MARK.sub(_dirt if has_dirt else "", escape(block, quote=False)).strip()
        if text:
            blocks.append(f"<p>{text}</p>")
    return "\n".join(blocks)


def pasted_text(story: Story) -> str:
    """Return the article as pasted from its page: every mark is dirt, and no markup tells it from the text."""
    text = re.sub(r"(?m)^## ", "", story.body)
    text = _MARK.sub(lambda found: _PASTED[found[1]].format(text=found[2] or "", href=found[3] or ""), text)
    return "\n".join(line for line in (" ".join(line.split()) for line in text.splitlines()) if line)


def _dirt(found: re.Match[str]) -> str:
    return _DIRT[found[1]].format(text=found[2] or "", href=found[3] or "#")


@cache
def _template(name: str) -> Template:
    return Template((TEMPLATES / f"{name}.html").read_text(encoding="utf-8"))


def front_page(outlet: Outlet, stories: Sequence[Story]) -> bytes:
    """Return the outlet's list of articles."""
    items = "\n".join(
        f'<li><a href="{each.path}">{escape(each.title)}</a></li>' for each in stories if each.has_link
    )
    name = escape(outlet.full_name)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<link rel="alternate" type="application/xml" href="/{outlet.slug}/feed.xml"></head>'
        f"<body><h1>{name}</h1><ul>\n{items}\n</ul></body></html>\n"
    ).encode()


def index_page(outlets: Sequence[Outlet]) -> bytes:
    """Return the list of outlets."""
    links = [f'<li><a href="/{each.slug}/">{escape(each.full_name)}</a></li>' for each in outlets]
    lines = [
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">',
        "<title>Sample newsroom, invented</title></head>",
        "<body><h1>Sample newsroom, invented</h1><ul>",
        *links,
        "</ul></body></html>\n",
    ]
    return "\n".join(lines).encode()
