"""What changes in a text without saying anything: typography, counters, ages, calls to subscribe.

Promises that two texts with the same `noise_free` form say the same. Words and numbers inside sentences always count;
what is taken for noise is a whole short line, or the age of the text ("updated 3 minutes ago") at the edge of a line.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_NOISE = 120
"""Code points of a line that may be noise as a whole."""

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u0060\u00b4\u2039\u203a", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
_DASH_SPACES = re.compile(" ?- ?")
_UNIT = r"(?:sec(?:ond)?s?|min(?:ute)?s?|hours?|hrs?|days?|weeks?|months?|years?|[smhdw])"
_AGO = rf"(?:(?:about |over |almost )?(?:\d+|an?|one|a few|few) ?{_UNIT} ago|just now|moments ago|yesterday|today)"
_CLOCK = r"\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?\(?[a-z]{2,5}\)?)?"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_DAY = (
    rf"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? )?(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? {_MONTH},? ?(?:\d{{4}})?|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? ?(?:\d{{4}})?)"
)
_MOMENT = rf"(?:{_AGO}|{_DAY}(?:,? (?:at )?{_CLOCK})?|{_CLOCK}(?:,? (?:on )?{_DAY})?)"
_STAMP = (
    r"(?:(?:last |first )?(?:updated|modified|published|posted|edited|refreshed|checked)(?: on| at)?:? ?)"
)
_COUNTED = (
    r"(?:views?|reads?|comments?|shares?|likes?|reactions?|replies|followers|claps?|votes?"
    r"|people(?: have)? [a-z ]{3,40}|readers?(?: have)? [a-z ]{3,40})"
)
_NUMBER = r"\d[\d,. ]*[km]?"
_LINES = re.compile(
    "|".join(
        (
            rf"{_STAMP}{_MOMENT}(?: ?[|-] ?{_STAMP}?{_MOMENT})*",
            rf"{_AGO}",
            rf"{_NUMBER} ?{_COUNTED}(?: ?[|,-] ?{_NUMBER} ?{_COUNTED})*",
            rf"{_COUNTED}:? ?\(?{_NUMBER}\)?",
            rf"(?:about )?{_NUMBER} ?min(?:ute)?s?(?: to)? read|reading time:? ?{_NUMBER} ?min(?:ute)?s?",
            r"advertise?ment|\(?(?:story|article) continues below(?: advertisement)?\)?",
            r"sponsored(?: content)?|promoted",
            r"loading\.*|read more|show more|share(?: this(?: article| story)?)?|print|e-?mail|copy link|save",
            r"(?:sign up|subscribe)(?: now| here| today| for [a-z' ]{3,60}| to [a-z' ]{3,60})?",
            r"(?:本文)?(?:最后)?(?:更新|发布|發布)(?:时间|時間|于|於)?[:\uff1a]?[\d年月日时時分秒:/. -]+",
            r"(?:阅读|閱讀|浏览|瀏覽|评论|評論|点赞|點讚|分享)(?:量|数|數|次数)?[:\uff1a]?[\d,.万萬 ]*",
            r"[\d,.万萬]+(?:次)?(?:阅读|閱讀|浏览|瀏覽|评论|評論)",
            r"\d+ ?(?:分钟|分鐘|小时|小時|天)前",
        )
    )
)
_EDGE = re.compile(rf"^{_STAMP}{_AGO}(?: ?[.:|-]+ ?| (?=[a-z])|$)|(?:[(|-] ?)?{_STAMP}{_AGO}\)?\.?$")


def noise_free(text: str) -> str:
    """Return `text` without what changes by itself: one line, in plain typography and lower case."""
    folded = unicodedata.normalize("NFKC", text.translate(_PLAIN)).casefold()
    lines = (_line(" ".join(line.split())) for line in folded.split("\n"))
    return _DASH_SPACES.sub("-", " ".join(line for line in lines if line))


def _line(line: str) -> str:
    bare = line.strip(" .:|-*\u2022")
    if len(bare) <= LONGEST_NOISE and _LINES.fullmatch(bare):
        return ""
    return _EDGE.sub("", line).strip()
