"""Knows the headlines of pages that say that there is no page, or that no machine may see it."""

from __future__ import annotations

import re

_NOT_FOUND = re.compile(
    r"""
      (?:(?:error|http|fehler|erreur|ошибка|错误|錯誤)[\s:-]*)?(?:404|410)(?:\b.{0,60})?
    | (?:.{0,20}\b)?(?:page|article|story|content|document|file|site)\s(?:was\s|is\s|could\s)?not\s(?:be\s)?found.{0,40}
    | (?:.{0,20}\b)?(?:page|article|story|content)\s(?:is\s)?(?:no\slonger|not)\savailable.{0,20}
    | (?:oops|sorry)\b.{0,60}(?:find|found|exist|gone|missing).{0,40}
    | not\sfound
    | (?:die\s)?seite\s(?:wurde\s)?nicht\sgefunden.{0,20}
    | (?:la\s)?page\s(?:est\s)?(?:introuvable|non\strouvée).{0,20}
    | (?:la\s)?página\sno\s(?:fue\s)?encontrada.{0,20} | página\snão\sencontrada.{0,20}
    | pagina\snon\strovata.{0,20} | страница\sне\sнайдена.{0,20}
    | .{0,10}(?:页面|頁面|网页|網頁|您访问的页面).{0,6}(?:不存在|未找到|找不到).{0,20}
    | (?:お探しの)?ページが?(?:は)?(?:見つかりません|存在しません).{0,20} | 페이지를\s찾을\s수\s없습니다.{0,20}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BLOCKED = re.compile(
    r"""
      (?:403\b.{0,30}|forbidden|access\s(?:to\sthis\spage\shas\sbeen\s)?denied.{0,30})
    | just\sa\smoment\W* | attention\srequired.{0,40} | are\syou\s(?:a\s)?(?:human|robot).{0,20}
    | (?:please\s)?verify\s(?:that\s)?you\sare\s(?:a\s)?human.{0,20} | security\scheck.{0,30}
    | (?:pardon\sour\sinterruption|request\sunsuccessful|bot\sverification).{0,20}
    """,
    re.IGNORECASE | re.VERBOSE,
)
_BROKEN = re.compile(
    r"(?:50[0234]\b.{0,40}|(?:internal\s)?server\serror.{0,20}|bad\sgateway|service\s(?:temporarily\s)?unavailable.{0,20}"
    r"|(?:site\s)?(?:under|down\sfor)\smaintenance.{0,20}|database\serror.{0,20})",
    re.IGNORECASE,
)
_PARTED = re.compile(r"\s+[|»·•—–-]\s+|\s*[|｜]\s*")


def error_kind(headline: str) -> str:
    """Return what kind of failure a headline announces, in words; empty for any other headline."""
    line = " ".join(headline.split())[:200]
    for part in dict.fromkeys((line, *_PARTED.split(line))):
        for kind, pattern in (
            ("a page that is not there", _NOT_FOUND),
            ("a gate against machines", _BLOCKED),
            ("a failure of the site", _BROKEN),
        ):
            if pattern.fullmatch(part.strip(" .!?…")):
                return kind
    return ""
