"""Finds the blocks of a page that repeat, each around one link, and a CSS selector that selects them and little else.

Classes that a build tool made up are used by their stable part only, and classes that say how something looks or
that it is the first of its kind are not used at all: they change without the list changing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bs4.element import Tag

from tracker.sources.web_page import Selector, WebPage, attribute, inside, words
from tracker.text.urls import canonical_url

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_LINKS = 3000
MAX_CLIMB = 40
MAX_CONTEXT = 6
"""Elements further out that are looked at for a more telling selector, once one fits."""
MAX_EXTRA = 0.35
"""Share of other elements that a selector may select beside the blocks it was made for."""

_FRAME = frozenset({"nav", "footer", "header", "aside", "form", "menu"})
_FRAME_WORD = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|menu|footer|breadcrumbs?|sidebar|share|social|cookie|pagination|pager|tags?|topics|"
    r"langs?|languages?)(?:$|[-_\s])",
    re.IGNORECASE,
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_ONE_OF_ITS_KIND = re.compile(
    r"(?:^|[-_])(?:active|current|selected|first|last|odd|even|visible|hidden|loaded|lazy|open|featured|hover|"
    r"focus|sticky|new|animate\w*|is-\w+|has-\w+|js-\w+)(?:$|[-_])|\d{2,}$|^\d|-\d+$",
    re.IGNORECASE,
)
_LOOK = re.compile(
    r"^(?:[mp][trblxy]?-|gap-|text-|font-|bg-|border|rounded|shadow|w-|h-|min-|max-|flex|grid|inline|block|items-|"
    r"justify-|self-|order-|col|row|space-|leading-|tracking-|opacity-|z-|absolute|relative|overflow|transition|"
    r"duration|ease|container|clearfix|wrap|margin|padding|line-|no-|group|sm-|md-|lg-|xl-|d-|align)",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[A-Za-z_][\w-]{1,60}")
_MADE_UP = re.compile(
    r"(?P<stable>[A-Za-z][\w-]*?(?:__|--|_))(?P<rest>[A-Za-z0-9]{5,8})(?P<end>(?:__[A-Za-z]+)?)"
)
_ALL_MADE_UP = re.compile(r"^(?:css|sc|jsx|emotion|svelte|e)-[a-z0-9]{4,}$|^_[A-Za-z0-9_-]+$")
_TITLE_WORDS = ("title", "headline", "heading")


@dataclass(frozen=True, slots=True)
class Shape:
    """Blocks that are alike, in the order of the page, each with its one link."""

    blocks: Sequence[Tag]
    links: Sequence[Tag]
    is_link: bool  # the block is the link itself
    link_selector: str  # which link of the block, where it is not the obvious one
    is_in_main: bool
    is_in_frame: bool
    has_headings: bool


def shapes(web: WebPage, base: str, *, least: int) -> list[Shape]:
    """Return the shapes of a page with at least `least` addresses, the most promising first."""
    own = canonical_url(base)
    groups: dict[tuple[str, ...], list[tuple[Tag, str]]] = defaultdict(list)
    for link in web.tree.find_all("a", href=True)[:MAX_LINKS]:
        if isinstance(link, Tag):
            url = canonical_url(attribute(link, "href"), base)
            if url and url != own and not attribute(link, "href").startswith("#"):
                groups[_path(link)].append((link, url))
    found = [_shape(members) for members in groups.values() if len({url for _, url in members}) >= least]
    return sorted(found, key=_promise, reverse=True)


def list_selector(shape: Shape, web: WebPage) -> str:
    """Return a selector for the blocks of a shape, the one that says most about them; "" when none fits."""
    wanted = {id(block) for block in shape.blocks}
    own_forms = _simple_forms(shape.blocks)
    level, suffix = list(shape.blocks), ""
    fitting: list[tuple[int, int, int, int, str]] = []
    for height in range(MAX_CLIMB):
        forms = _simple_forms(level)
        tries = [f"{form} {own}" for form in forms for own in own_forms] if suffix else []
        for selector in [*tries, *(f"{form}{suffix}" for form in forms)]:
            got = Selector("item", selector).all_in(web.tree)
            extra = [tag for tag in got if id(tag) not in wanted]
            if len(got) - len(extra) == len(wanted) and len(extra) <= MAX_EXTRA * len(wanted):
                n_without = sum(
                    1 for tag in extra if inside(tag, "a", having="href") is None and tag.name != "a"
                )
                fitting.append((n_without, _vagueness(selector), height, len(selector), selector))
        if fitting and (min(fitting)[1] == 0 or height > min(fitting)[2] + MAX_CONTEXT):
            break
        suffix = f" > {forms[0]}{suffix}"
        level = list({id(tag.parent): tag.parent for tag in level if tag.parent is not None}.values())
        if not level or any(tag.name in {"html", "[document]"} for tag in level):
            break
    return min(fitting)[-1] if fitting else ""


def title_selector(shape: Shape) -> dict[str, str]:
    """Return the option `title` where the title is neither a heading nor the whole text of the link."""
    n = len(shape.blocks)
    if sum(1 for block in shape.blocks if inside(block, *_HEADINGS) is not None) * 10 >= n * 7:
        return {}
    for word in _TITLE_WORDS:
        selector = f'[class*="{word}" i]'
        if sum(1 for block in shape.blocks if block.select_one(selector) is not None) * 10 >= n * 9:
            return {"title": selector}
    return {}


def stable_classes(tag: Tag) -> list[str]:
    """Return selectors of the classes of an element that will be there tomorrow, the telling ones first."""
    telling: list[str] = []
    looks: list[str] = []
    for name in list(tag.get("class") or [])[:20]:
        made_up = _MADE_UP.fullmatch(name)
        if made_up and re.search(r"\d|[a-z][A-Z]", made_up["rest"]):
            telling.append(f'[class*="{made_up["end"] or made_up["stable"]}"]')
        elif _PLAIN.fullmatch(name) and not _ONE_OF_ITS_KIND.search(name) and not _ALL_MADE_UP.search(name):
            (looks if _LOOK.search(name) else telling).append(f".{name}")
    return [*telling, *looks]


def relative_selector(parts: Sequence[Tag]) -> str:
    """Return a short selector that fits all of `parts`, for use inside a block."""
    forms = _simple_forms(parts)
    return forms[0] if forms else ""


def _vagueness(selector: str) -> int:
    """Return how little a selector says: 0 with a telling class, 1 with one of looks, 2 with a main part, 3 names."""
    classes = re.findall(r"\.([\w-]+)", selector)
    if "[" in selector or "#" in selector or any(not _LOOK.search(name) for name in classes):
        return 0
    return 1 if classes else 2 if re.search(r"\b(?:main|article|tbody|dl)\b", selector) else 3


def _path(link: Tag) -> tuple[str, ...]:
    """Return what a link has in common with the others of its list: the names around it, and the nearest classes."""
    steps: list[str] = []
    for depth, tag in enumerate([link, *link.parents]):
        if tag.name in {"body", "html", "[document]"} or depth > MAX_CLIMB:
            break
        classes = stable_classes(tag)[:1] if depth < 4 else []  # noqa: PLR2004 - link, its box, the card, its row
        steps.append(tag.name + "".join(classes))
    return tuple(steps)


def _shape(members: Sequence[tuple[Tag, str]]) -> Shape:
    links: dict[str, Tag] = {}
    for link, url in members:
        known = links.get(url)
        if known is None or (not words(known) and words(link)):
            links[url] = link
    chosen = list(links.values())
    blocks = _blocks(chosen)
    is_link = all(block is link for block, link in zip(blocks, chosen, strict=True))
    outer = chosen[0]
    around = list(outer.parents)
    is_in_main = any(
        tag.name in {"main", "article"} or tag.get("role") == "main" for tag in [*around, *blocks[:1]]
    )
    return Shape(
        blocks=blocks,
        links=chosen,
        is_link=is_link,
        link_selector="" if is_link else _link_selector(blocks, chosen),
        is_in_main=is_in_main,
        is_in_frame=any(_is_frame(tag) for tag in [outer, *around]) and not _is_article(around, blocks),
        has_headings=sum(1 for block in blocks if inside(block, *_HEADINGS) is not None) * 2 > len(blocks),
    )


def _blocks(links: Sequence[Tag]) -> list[Tag]:
    """Return for each link the largest element around it that holds no other of the links.

    All climb equally far: the blocks of one list are alike.
    """
    taken: dict[int, int] = defaultdict(int)
    for link in links:
        for tag in [link, *link.parents]:
            taken[id(tag)] += 1
    heights = []
    for link in links:
        height = 0
        for tag in link.parents:
            if taken[id(tag)] > 1 or tag.name in {"body", "html", "[document]"}:
                break
            height += 1
        heights.append(height)
    # one lonely link may climb further than its fellows, never the other way round
    height = sorted(heights)[len(heights) // 4]
    return [_climb(link, min(height, own)) for link, own in zip(links, heights, strict=True)]


def _climb(link: Tag, height: int) -> Tag:
    tag = link
    for _ in range(height):
        tag = tag.parent if tag.parent is not None else tag
    return tag


def _link_selector(blocks: Sequence[Tag], links: Sequence[Tag]) -> str:
    """Return which link of a block is meant, unless it is the one in its heading or its first."""
    is_obvious = all(_obvious(block) is link for block, link in zip(blocks, links, strict=True))
    if is_obvious:
        return ""
    for form in _simple_forms(links):
        if all(block.select_one(form) is link for block, link in zip(blocks, links, strict=True)):
            return form
    parents = [link.parent for link in links if link.parent is not None]
    for form in _simple_forms(parents):
        selector = f"{form} > a"
        if all(block.select_one(selector) is link for block, link in zip(blocks, links, strict=True)):
            return selector
    return ""


def _obvious(block: Tag) -> Tag | None:
    heading = inside(block, *_HEADINGS)
    in_heading = inside(heading, "a", having="href") if heading is not None else None
    return in_heading or inside(block, "a", having="href")


def _simple_forms(tags: Sequence[Tag]) -> list[str]:
    """Return selectors of one step that fit all of `tags`, the most telling first."""
    if not tags:
        return []
    names = {tag.name for tag in tags}
    name = names.pop() if len(names) == 1 else "*"
    shared = stable_classes(tags[0])
    for tag in tags[1:]:
        own = set(stable_classes(tag))
        shared = [form for form in shared if form in own]
    forms = [f"{'' if name == '*' else name}{form}" for form in shared[:4]]
    identity = attribute(tags[0], "id")
    if len(tags) == 1 and _PLAIN.fullmatch(identity) and not re.search(r"\d", identity):
        forms.insert(0, f"#{identity}")
    return [*forms, name]


def _is_frame(tag: Tag) -> bool:
    if tag.name in _FRAME:
        return True
    named = f"{attribute(tag, 'class')} {attribute(tag, 'id')} {attribute(tag, 'role')}"
    return _FRAME_WORD.search(named) is not None and tag.name not in {"body", "main"}


def _is_article(around: Sequence[Tag], blocks: Sequence[Tag]) -> bool:
    """Whether the frame is part of each block, as the header of a card is."""
    inner = {id(tag) for block in blocks[:1] for tag in [block, *block.find_all(True)]}
    frames = [tag for tag in around if _is_frame(tag)]
    return bool(frames) and all(id(tag) in inner for tag in frames)


def _promise(shape: Shape) -> float:
    titles = sorted(len(words(link)) for link in shape.links)
    usual = min(titles[len(titles) // 2], 80)
    has_time = inside(shape.blocks[0], "time") is not None
    frame = -200 if shape.is_in_frame else 0
    return (
        usual + 4 * min(len(titles), 12) + (40 if shape.is_in_main else 0) + (60 if has_time else 0) + frame
    )
