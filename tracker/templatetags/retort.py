"""Small words of the templates: icons, dates, and the language of names in other scripts."""

from __future__ import annotations

import datetime as dt
import re

from django import template
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from tracker.text import when
from tracker.text.figures import exact

register = template.Library()
register.filter("exact", exact)
_KANA = r"\u3040-\u30ff"
_HAN = r"\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HANGUL = r"\u1100-\u11ff\uac00-\ud7af"
_FOREIGN = re.compile(rf"[{_HAN}{_KANA}{_HANGUL}]+(?:[\s·・,，。、]*[{_HAN}{_KANA}{_HANGUL}]+)*")


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the icon `name` of the sprite; it is decoration, so a word must stand beside it."""
    return format_html(
        '<svg class="i" aria-hidden="true"><use href="{}#{}"/></svg>', static("icons.svg"), name
    )


@register.filter
def said(text: object) -> SafeString:
    """Escape a text and give each stretch of Han, kana or Hangul its `lang`."""
    parts: list[SafeString] = []
    place, value = 0, str(text or "")
    for match in _FOREIGN.finditer(value):
        words = match.group()
        parts.append(conditional_escape(value[place : match.start()]))
        parts.append(format_html('<span lang="{}">{}</span>', _language(words), words))
        place = match.end()
    parts.append(conditional_escape(value[place:]))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def day(at: dt.datetime | dt.date | None, precision: str = "day") -> str:
    """Return a date in words, as exact as it is known."""
    return when.day_words(at, precision or "day") if at else "date not known"


@register.filter
def short_day(at: dt.datetime | dt.date | None, precision: str = "day") -> str:
    """Return a date in a few letters."""
    return when.short_day_words(at, precision or "day") if at else "date not known"


@register.filter
def iso_day(at: dt.datetime | dt.date, precision: str = "day") -> str:
    """Return a date for `<time datetime>`: 2026-04-23, 2026-04 or 2026."""
    length = {"month": 7, "season": 7, "year": 4}.get(precision, 10)
    return when.utc_day(at).isoformat()[:length]


@register.filter
def plain(code: str) -> str:
    """Return a code of the taxonomy as words: `convicted_or_liable` is `convicted or liable`."""
    return str(code).replace("_", " ").replace("-", " ")


@register.filter
def age(at: dt.datetime | None, now: dt.datetime) -> str:
    """Return how long before `now` a moment was."""
    return f"{when.age_words((now - at).total_seconds())} ago" if at else "never"


def _language(words: str) -> str:
    if re.search(f"[{_KANA}]", words):
        return "ja"
    return "ko" if re.search(f"[{_HANGUL}]", words) else "zh"
