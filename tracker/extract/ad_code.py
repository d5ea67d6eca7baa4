"""Finds program text that a page left in the middle of its prose.

A trigger (a call or assignment that no sentence contains) opens a stretch; brackets and quotes are then
followed until the statement ends. Pure and linear in the length of what it reads.
"""

from __future__ import annotations

import re

MAX_STRETCH = 4000
"""Code points one stretch of code may span."""

_NAMES = (
    r"googletag|adsbygoogle|_taboola|taboola|OBR|outbrain|fbq|gtag|_gaq|dataLayer|apstag|pbjs|criteo|Criteo|twttr|"
    r"instgrm|jQuery|jwplayer|videojs|_sf_async_config|yaContextCb|Ya\.adfoxCode|AdSlot|adthrive|freestar|ezstandalone|"
    r"OneSignal|mc4wp|hbspt|disqus_\w+|__tcfapi|NREUM|Raven|Sentry"
)
_CSS_NAME = r"[.\#][A-Za-z_][\w-]*"
_TRIGGER = re.compile(
    rf"""
      # (adsbygoogle = ...
      \(\s*(?:window\.)?(?:{_NAMES})\s*=
      # window._taboola = ..., document.write(
    | \b(?:window|document|self|top)(?:\.\w+|\[['"]\w+['"]\])+\s*(?:=(?!=)|\(|\.push\()
      # googletag.cmd.push(, fbq(
    | \b(?:{_NAMES})\b(?:\.\w+)*\s*(?:=(?!=)\s*[\w(\[{{'"]|\(|\.push\()
      # adslot.push({{, slots.refresh()
    | \b[A-Za-z_$][\w$]*(?:\.\w+)*\.(?:push|defineSlot|enableServices|addService|refresh|display|init)
      \(\s*(?:[\[{{'")])
      # !function(d,s,id){{, (function(){{
    | [!(+]\s*function\s*\w*\s*\([\w\s,$]*\)\s*\{{
    | \bfunction\s+\w*\s*\([\w\s,$]*\)\s*\{{
      # var slot = {{
    | \b(?:var|let|const)\s+[\w$]+\s*=\s*(?:[\[{{('"]|function|new\b|window|document|\d)
      # $(document).ready(
    | \$\(\s*(?:document|window|['"][^'"\n]{{1,80}}['"])\s*\)\s*\.\w+\(
      # an object of JSON-LD
    | \{{\s*"@(?:context|type)"\s*:
      # .ad-slot {{ display: none
    | (?:{_CSS_NAME}|@media[^{{\n]{{1,80}})(?:[\s,.>:]+[.\#]?[A-Za-z][\w:-]*){{0,4}}\s*
      \{{\s*(?:[a-z-]+\s*:\s*[^;{{}}\n]{{1,80}};?|[.\#@])
    """,
    re.VERBOSE,
)
_CALL = re.compile(r"\((?<=[\w$\])]\()")
"""A bracket that follows a name without a space, as in no prose."""
_OPEN, _CLOSE = "([{", ")]}"
_CONTINUES = re.compile(r"\s*(?:[;,.(\[{=+|&?:]|\|\|)")
_COMMENT = re.compile(r"<!--.*?-->|/\*.*?\*/|<\?php.*?\?>", re.DOTALL)
_HTML_LEFT = re.compile(
    r"</?(?:script|style|ins|iframe|noscript|div|span|img|amp-ad|a|p|br)\b[^<>\n]{0,500}>", re.IGNORECASE
)


def remove_code(text: str) -> str:
    """Return `text` without stretches of program text; the prose on both sides is joined by one space."""
    text = _HTML_LEFT.sub(" ", _COMMENT.sub(" ", text)) if "<" in text or "/*" in text else text
    if "=" not in text and "{" not in text and not _CALL.search(text):
        return text  # no trigger is without one of these, and to look for triggers takes a millisecond
    parts: list[str] = []
    position = 0
    while match := _TRIGGER.search(text, position):
        end = _code_end(text, match.start())
        parts.append(text[position : match.start()].rstrip(" "))
        while (following := _TRIGGER.match(text, _skip_spaces(text, end))) is not None:
            end = _code_end(text, following.start())
        position = end
        parts.append(_joint(text, match.start(), end))
    if not parts:
        return text
    parts.append(text[position:].lstrip(" "))
    return "".join(parts)


def _joint(text: str, start: int, end: int) -> str:
    is_at_start = start == 0 or text[start - 1] == "\n"
    is_at_end = end >= len(text) or text[end] == "\n"
    rest = text[end : end + 2].lstrip(" ")
    return "" if is_at_start or is_at_end or rest[:1] in {".", ",", ";", ":", "!", "?", ")"} else " "


def _skip_spaces(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _code_end(text: str, start: int) -> int:
    """Return where the statement that begins at `start` ends, or its line when it never closes."""
    depth, quote, position = 0, "", start
    stop = min(len(text), start + MAX_STRETCH)
    while position < stop:
        char = text[position]
        if quote:
            position += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'`" and depth:
            quote = char
        elif char in _OPEN:
            depth += 1
        elif char in _CLOSE:
            depth -= 1
            if depth <= 0 and not _CONTINUES.match(text, position + 1):
                return position + 1
        elif char == ";" and depth <= 0:
            return position + 1
        elif char == "\n" and depth <= 0:
            return position
        position += 1
    line_end = text.find("\n", start)
    return line_end if line_end >= 0 else len(text)
