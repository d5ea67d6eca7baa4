"""The content words of an article that grouping compares: no names, no stop words, numbers in one form.

Names are left out on purpose: two stories about the same people are not one story. The same text always gives
the same words, whatever else is in the archive.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

_DATA = Path(__file__).parent / "data" / "common_words.json"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_TOKEN = re.compile(f"[{_HAN}]+|\\d[\\d.,]*\\d|\\d|[^\\W\\d_{_HAN}]+(?:['\u2019][^\\W\\d_]+)?")
_IS_HAN = re.compile(f"[{_HAN}]")
_YEAR = re.compile(r"(?:19|20)\d\d")
_POSSESSIVE = re.compile("['\u2019]\\w{0,2}$")
_LEAD_CHARACTERS = 700
_BODY_CHARACTERS = 6_000
_SHORTEST = 3
_ENDINGS = (("ies", "y"), ("ied", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_LONG_ENOUGH = 4  # letters that must remain when an ending is cut off


def grouping_words(title: str, text: str, names: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the content words of the whole article and those of its headline and first paragraphs.

    Args:
        title: headline.
        text: body, paragraphs separated by newlines; only its first six thousand characters are read.
        names: surfaces of the names found in it, in any order.
    """
    name_words = frozenset(word for name in names for word in _tokens(name))
    lead_text = f"{title}\n{_cut(text, _LEAD_CHARACTERS)}"
    body_text = f"{title}\n{_cut(text, _BODY_CHARACTERS)}"
    return _content(body_text, name_words), _content(lead_text, name_words)


@cache
def common_words(kind: str) -> frozenset[str]:
    """Return a fixed list: 'stop' for words that say nothing, 'subject' for those of the whole subject."""
    listed: dict[str, list[str]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return frozenset(stem(word) for word in listed[kind]) | frozenset(listed[kind])


def stem(word: str) -> str:
    """Return `word` without an English ending, as far as a grouping of headlines needs it."""
    for ending, instead in (
        ("ies", "y"),
        ("ied", "y"),
        ("ing", ""),
        ("ed", ""),
        ("es", ""),
        ("s", ""),
        ("e", ""),
    ):
        if ending == "s" and word.endswith("ss"):
            continue
        if word.endswith(ending) and len(word) - len(ending) + len(instead) >= _LONG_ENOUGH:
            return word[: -len(ending)] + instead
    return word


def _content(text: str, name_words: frozenset[str]) -> frozenset[str]:
    stop = common_words("stop")
    return frozenset(
        word
        for word in _tokens(text)
        if word not in name_words
        and word not in stop
        and (len(word) >= _SHORTEST or _is_pair_or_number(word))
    )


def _tokens(text: str) -> set[str]:
    """Return stems, numbers without separators and pairs of Han characters; years are left out."""
    found: set[str] = set()
    for match in _TOKEN.finditer(text.lower()):
        word = match.group()
        if _IS_HAN.match(word):
            found.update(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        elif word[0].isdigit():
            number = word.replace(",", "").rstrip(".")
            if not _YEAR.fullmatch(number):
                found.add(number)
        else:
            found.add(stem(_POSSESSIVE.sub("", word)))
    return found


def _is_pair_or_number(word: str) -> bool:
    return len(word) > 1 and (word[0].isdigit() or _IS_HAN.match(word) is not None)


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = max(text.rfind("\n", 0, limit), text.rfind(" ", 0, limit))
    return text[: end if end > 0 else limit]
