"""What a page says of its publisher: its name, its language, its terms, and whether scripts make it. Pure text work."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tracker.text.clean import one_line
from tracker.text.decode import decode_html
from tracker.text.html import plain_text
from tracker.text.urls import clean_url

if TYPE_CHECKING:
    from tracker.records import Page

MAX_CHARS = 1_000_000
MAX_NAME = 200
FEW_WORDS = 60
"""A page with fewer readable words, and scripts, is made in the reader's browser."""

# no pattern here looks further than the next bracket, so that each is linear in the page
_TAG = re.compile(r"<(?P<name>meta|a|html|script)\b(?P<rest>[^<>]*)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z][\w:-]*)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
_TITLE = re.compile(r"<title[^<>]*>([^<]{0,1000})</title", re.IGNORECASE)
_TERMS = re.compile(
    r"(?:website |site )?(?:terms(?: (?:of (?:use|service)|and conditions|& conditions))?|conditions of use"
    r"|legal(?: notice)?|使用条款|用户协议|服务条款|法律声明)",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\s+[|»·•—–-]\s+")
_SITE_METAS = ("og:site_name", "application-name")


@dataclass(frozen=True, slots=True)
class Hints:
    """What a page says of its publisher; empty where it says nothing."""

    site_name: str = ""
    title: str = ""
    language: str = ""
    terms_url: str = ""
    reserves_rights: bool = False  # the publisher reserves text and data mining (TDM Reservation Protocol)
    policy_url: str = ""
    is_made_by_script: bool = False


def read_hints(page: Page) -> Hints:
    """Return the hints of an HTML page, and of the headers of anything."""
    headers = page.headers
    reserves = headers.get("tdm-reservation", "").strip() == "1"
    policy = clean_url(headers.get("tdm-policy", "").strip(), page.final_url)
    markup = decode_html(page.body[: 4 * MAX_CHARS], page.content_type)[:MAX_CHARS]
    metas, language, terms, n_scripts = _walk(markup, page.final_url)
    title = _TITLE.search(markup)
    return Hints(
        site_name=next((metas[name] for name in _SITE_METAS if metas.get(name)), ""),
        title=one_line(html.unescape(title[1]), MAX_NAME) if title else "",
        language=language,
        terms_url=terms,
        reserves_rights=reserves or metas.get("tdm-reservation") == "1",
        policy_url=policy or clean_url(metas.get("tdm-policy", ""), page.final_url),
        is_made_by_script=n_scripts > 0 and len(plain_text(markup).split()) < FEW_WORDS,
    )


def name_of_site(title: str) -> str:
    """Return the publisher's part of a page or feed title: what stands last, or the whole where nothing parts it.

    `News | Harbour Dispatch` is Harbour Dispatch; `Harbour Dispatch - News` cannot be told apart and stays whole.
    """
    parts = [part.strip() for part in _SEPARATOR.split(title) if part.strip()]
    generic = {
        "news",
        "newsroom",
        "home",
        "press",
        "press releases",
        "latest",
        "blog",
        "rss",
        "feed",
        "latest news",
    }
    named = [part for part in parts if part.casefold() not in generic]
    return one_line(named[-1] if len(named) == 1 else title, MAX_NAME)


def _walk(markup: str, base: str) -> tuple[dict[str, str], str, str, int]:
    metas: dict[str, str] = {}
    language = terms = ""
    n_scripts = 0
    for match in _TAG.finditer(markup):
        name = match["name"].lower()
        if name == "script":
            n_scripts += 1
            continue
        found = {
            key.lower(): html.unescape(double or single or bare)
            for key, double, single, bare in _ATTRIBUTE.findall(match["rest"][:4000])
        }
        if name == "meta":
            key = (found.get("property") or found.get("name") or "").lower()
            metas.setdefault(key, one_line(found.get("content", ""), MAX_NAME))
        elif name == "html":
            language = language or _language(found.get("lang") or found.get("xml:lang") or "")
        elif not terms:
            words = one_line(html.unescape(markup[match.end() : match.end() + 80].partition("<")[0]), 80)
            terms = clean_url(found.get("href", ""), base) if _TERMS.fullmatch(words) else ""
    return metas, language, terms, n_scripts


def _language(raw: str) -> str:
    code = raw.strip().lower().replace("_", "-").split("-")[0]
    return code if re.fullmatch(r"[a-z]{2,3}", code) else ""
