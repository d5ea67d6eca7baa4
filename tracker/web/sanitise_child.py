"""Run as a program of its own: HTML in, HTML out that loads nothing and runs nothing. Its time and memory are limited.

It is a process because the sanitiser's time grows with the square of the attributes of one tag: a hostile page costs
its own few seconds, never a web thread.
"""

from __future__ import annotations

import resource
import sys

import nh3

CPU_S = 5
MEMORY_BYTES = 1 << 30
_TAG_NAMES = (
    "a abbr address article aside b bdi bdo blockquote br caption center cite code col colgroup dd del details dfn "
    "div dl dt em figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li main mark nav ol p pre q "
    "rp rt ruby s samp section small span strong sub summary sup table tbody td tfoot th thead time tr tt u ul var "
    "wbr"
)
TAGS = frozenset(_TAG_NAMES.split())
DROPPED = frozenset({"script", "style", "iframe", "object", "noscript", "template", "title"})
ATTRIBUTES = {
    "*": {"lang", "dir", "title", "datetime", "id"},
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start", "reversed"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
}


def keep(tag: str, name: str, value: str) -> str | None:
    """Return the value of an attribute, or None for what would be loaded from elsewhere."""
    is_data = value.lstrip().lower().startswith("data:")
    if tag == "img" and name == "src":
        return value if value.lstrip().lower().startswith("data:image/") else None
    return None if is_data else value


def clean(markup: str) -> str:
    """Return what may be shown of a page."""
    return nh3.clean(
        markup,
        tags=set(TAGS),
        clean_content_tags=set(DROPPED),
        attributes=ATTRIBUTES,
        attribute_filter=keep,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    )


def main() -> None:
    """Clean what stands on the standard input."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    markup = sys.stdin.buffer.read().decode("utf-8", "replace")
    sys.stdout.buffer.write(clean(markup).encode("utf-8", "replace"))


if __name__ == "__main__":
    main()
