"""The phrases by which residue is known, one alternative a line; the rules that use them are in `residue`."""

from __future__ import annotations

import re


def _any(lines: str) -> str:
    """Join alternatives that stand one a line."""
    return "(?:" + "|".join(line.strip() for line in lines.strip().splitlines()) + ")"


_LINK_CAPS = _any(r"""
    (?:READ|SEE|WATCH|LISTEN|VIEW) (?:ALSO|MORE|NEXT)
    ALSO (?:READ|SEE|WATCH)
    RELATED(?: (?:STORIES|STORY|ARTICLES?|NEWS|POSTS?|COVERAGE|CONTENT|READING|TOPICS|VIDEOS?))?
    RECOMMENDED(?: (?:FOR YOU|READING|STORIES))?
    MORE (?:FROM|ON|NEWS)
    TRENDING(?: NOW)?
    DON[’']T MISS
    MUST READ
    EDITOR[’']S PICKS?
    TOP STORIES
    YOU MAY (?:ALSO )?LIKE
    UP NEXT
    WATCH
    FURTHER READING
    MOST (?:READ|POPULAR)
    IN CASE YOU MISSED IT
""")
_LINK_OTHER = _any(r"""
    Siehe auch
    Lesen Sie (?:auch|mehr)
    Mehr zum Thema
    Lire aussi
    À lire aussi
    Lea también
    Lee(?:r más| también)
    Leggi anche
    Leia também
    Lees ook
    Читайте также
    (?:关联|相关|延伸)阅读
    相关新闻
    関連記事
    관련 ?기사
""")
LINK_LINE = re.compile(
    rf"^\W{{0,3}}(?:{_LINK_CAPS}\b\W|(?i:{_LINK_CAPS})\s*(?:[:：|»>→–—]|$)|{_LINK_OTHER}\s*(?:[:：]|$))"
)
"""A line that only leads elsewhere: in capitals, or in any case before a colon, or alone."""
LINK_INLINE = re.compile(
    r"(?<=\s)[(\[]?(?:(?:READ|SEE) (?:ALSO|MORE)|ALSO READ|RELATED(?: STORY| ARTICLE)?)\s*[:：–—]\s*"
    r"|(?<=\s)(?:READ ALSO|ALSO READ)\s+(?=[A-Z])"
)
"""The same in the middle of a paragraph; what follows may be prose again."""
LINK_BRACKET = re.compile(rf"\s*[(\[](?i:{_LINK_CAPS})\s*[:：–—]\s*[^()\[\]\n]{{1,200}}[)\]]")
"""The same in brackets, which say where it ends."""

_NETWORKS = "facebook|twitter|x|linkedin|whatsapp|email|reddit|telegram"
_BUTTON = (
    rf"(?:share|tweet|pin it|e-?mail|print|copy link|link copied|copied|save|bookmark|comments?|{_NETWORKS})"
)
_PRINTED_DATE = (
    r"(?:\w{3,9},? )?(?:\d{1,2}\.? \w{3,9}\.?,? \d{4}|\w{3,9}\.? \d{1,2},? \d{4}|\d{4}-\d\d-\d\d).{0,30}"
)
_WIDGET = _any(rf"""
    advertis(?:e?ment|ing)(?:\s*[-:–—].{{0,60}})?
    sponsored(?: content)?
    (?:story|article) continues below.{{0,40}}
    (?:continue|keep) reading(?: below)?.{{0,40}}
    scroll (?:down )?to continue.{{0,40}}
    loading
    please wait
    (?:click|tap) (?:here )?to (?:expand|share|copy|play|unmute|enlarge|view).{{0,60}}
    share(?: (?:this|on|via|to|with|article|story|post|page|{_NETWORKS}))*
    {_BUTTON}(?:(?:\s|[|,·•/])+{_BUTTON})*
    listen to (?:this )?(?:article|story).{{0,40}}
    (?:play|pause|mute|unmute|replay|skip ad|close|dismiss|menu|search)
    (?:please )?enable javascript.{{0,120}}
    (?:your|this) browser does(?: not|n['’]t) support.{{0,120}}
    this (?:video|content|embed|media) (?:is not|cannot be|could not be).{{0,100}}
    view (?:this post|profile|more)(?: on)?(?: (?:instagram|twitter|x|facebook|tiktok))?
    a post shared by.{{0,120}}
    powered by .{{1,40}}
    accept (?:all )?cookies.{{0,60}}
    we use cookies.{{0,300}}
    all rights reserved
    (?:©|\(c\)|copyright (?:©|\(c\)|\d{{4}})).{{0,160}}
    (?:first |last )?(?:published|posted|updated|modified)(?: on| at)?\s*:?\s+{_PRINTED_DATE}
    \d{{1,3}} (?:min(?:ute)?s? read|comments?|shares?)
    back to top
    skip to .{{0,30}}
""")
WIDGET_LINE = re.compile(rf"^\W{{0,3}}{_WIDGET}\W{{0,3}}$", re.IGNORECASE)
"""A line that is a button, a label of advertising or a notice of the page's own software."""
WIDGET_INLINE = re.compile(
    r"(?<=[\s.,;])(?:ADVERTISEMENT|Advertisement(?=\s+[a-z])|STORY CONTINUES BELOW(?: ADVERTISEMENT)?"
    r"|SCROLL TO CONTINUE(?: WITH CONTENT)?|SPONSORED CONTENT)(?:\W(?=\s)|(?=\s))"
)

_OFFERED = _any(r"""
    newsletters?
    inbox
    briefings?
    our (?:daily|weekly|free|channel|mailing)
    updates
    alerts
    free trial
    unlimited
    premium
    today for
    whatsapp
    telegram
    channel
    podcast
""")
_PITCHES = _any(rf"""
    (?:subscribe|sign up|register|join)\b.{{0,80}}\b{_OFFERED}\b
    subscribe (?:now|today|here|to (?:read|continue|unlock|keep|our|the \w+|get|support))\b
    (?:already a (?:subscriber|member)|not a (?:subscriber|member) yet)\b
    (?:become|be) a (?:paid |paying |premium )?(?:member|subscriber|supporter|patron)\b
    (?:support|fund) (?:our|independent|quality|local) (?:\w+ )?(?:journalism|reporting|work|newsroom)\b
    (?:get|enjoy|unlock) (?:unlimited|full|instant|exclusive) (?:\w+ )?access\b
    (?:get|receive|have) .{{0,60}}\b(?:delivered|sent|straight|directly) (?:\w+ )?to your (?:inbox|phone|e-?mail)\b
    (?:click|tap) here to (?:subscribe|sign up|join|follow|download|read|donate|get)\b
    follow us\b
    follow .{{1,40}} for (?:more|the latest|updates|news)\b
    follow .{{1,30}} on (?:twitter|x|facebook|instagram|linkedin|telegram|whatsapp|google news|threads|bluesky)\b
    (?:like|find|join) us on (?:facebook|twitter|instagram|telegram|whatsapp|linkedin)\b
    download (?:our|the) (?:\w+ ){{0,3}}app\b
    (?:enter|provide) your e-?mail\b
    (?:log|sign) in to (?:continue|read|comment|your)\b
    (?:this|the rest of this) (?:article|story|post) is (?:\w+ )?(?:for|available to) (?:\w+ )?(?:subscribers|members)\b
    (?:start|try) your (?:free )?(?:trial|subscription)\b
    thank you for (?:reading|subscribing|signing up)\b
    by (?:signing|clicking|subscribing|submitting)\b.{{0,60}}\byou agree\b
    you can unsubscribe\b
    unsubscribe (?:at any|any) ?time\b
""")
PITCH = re.compile(rf"^\W{{0,3}}(?:please |to read (?:more|the full \w+),? )?{_PITCHES}", re.IGNORECASE)
"""A sentence that asks the reader for money, an address or a click."""
PITCH_WORDS = (
    *(
        "subscri",
        "sign up",
        "newsletter",
        "click here",
        "follow ",
        "download",
        "become a",
        "support",
        "access",
    ),
    *("inbox", "email", "e-mail", "log in"),
)
"""A paragraph without any of these, in small letters, holds no pitch."""
CREDIT_LINE = re.compile(
    r"^\W{0,2}(?:SOURCE\s*[:：]?\s+\S.{0,120}|Sources?\s*[:：]\s*\S.{0,100}"
    r"|(?:来源|來源|出典|출처|Quelle|Fuente|Bron)\s*[:：]\s*\S.{0,60}"
    r"|(?:This|The) (?:article|story|post|piece|report|commentary|essay|text) "
    r"(?:was |has been |is )?(?:first |originally |also |re)"
    r"(?:published|appeared|posted|ran) (?:(?:at|by|in|on|from|with)\b|here).{1,240}"
    r"|(?:First|Originally|Re)[- ]?published (?:at|by|in|on|from|with)\b (?!\d).{1,160}"
    r"|(?:Reprinted|Republished|Syndicated) (?:with permission|from|by|under)\b.{1,160}"
    r"|Dieser (?:Artikel|Text|Beitrag) (?:ist|erschien) (?:zuerst|zunächst|ursprünglich)\b.{1,200}"
    r"|(?:本文|此文)(?:首发|原载|转载|轉載|原載).{1,80})$"
)
"""A line that names where the text came from, or first appeared."""
_AGENCIES = (
    "Reuters|AP|Associated Press|AFP|Agence France-Presse|Bloomberg|UPI|dpa|ANSA|EFE|Xinhua|TASS"
    "|Kyodo(?: News)?|Yonhap|PTI|CNA|ANI|IANS|Interfax|Press Association|PA Media|AAP|Sample Wire"
)
WIRE_DATELINE = re.compile(
    rf"^(?:[^\W\d_][^\n()–—]{{0,50}})?\((?P<agency>{_AGENCIES})\)\s*(?:[-–—:]|\s)", re.UNICODE
)
"""The agency that the first line names: 'WASHINGTON (Reuters) - '. It is printed, and stays in the text."""

_MACHINE = _any(r"""
    as an ai(?: language)? (?:model|assistant)\b.{0,400}
    i(?:['’]m| am) (?:sorry|unable|only an ai)\b.{0,120}\b(?:ai|language model|browse|real[- ]time|request)\b.{0,200}
    (?:certainly|sure|of course|absolutely)[!,.] (?:here(?:['’]s| is| are)|below is|i(?:['’]ve| have))\b.{0,200}
    here(?:['’]s| is) (?:the|a|your) (?:rewritten|revised|rephrased|paraphrased|updated|improved|polished)\b.{0,160}
    (?:rewritten|revised|paraphrased) (?:article|version|text)\s*:?
    (?:i hope this helps|let me know if you(?:['’]d| would)? (?:like|need|want)|would you like me to)\b.{0,200}
    (?:word count|seo title|meta description|focus keyphrase|image prompt|slug)\s*:.{0,300}
    regenerate response
    (?:my )?knowledge cut-?off\b.{0,160}
    \[(?:insert|your|add|company|name of)\b[^\]]{0,80}\]
""")
MACHINE_LINE = re.compile(rf"^\W{{0,3}}{_MACHINE}\W{{0,3}}$", re.IGNORECASE)
"""A line that a writing machine says of itself or of its task."""
MACHINE_INLINE = re.compile(
    r"\s?:contentReference\[oaicite:\d+\](?:\{index=\d+\})?|\s?【\d+(?::\d+)?†[^】\n]{0,60}】"
    r"|\s?\[oaicite:\d+\]|\s?\b(?:cite)?turn\d+(?:search|news|view)\d+\b|\s?\[\[?INSERT [A-Z ]{1,40}\]\]?"
)
"""Marks for sources that a writing machine leaves inside a sentence."""

_STARTERS = (
    "The|A|An|In|On|At|By|For|From|But|And|It|Its|He|She|They|We|This|That|These|Those|According|While|When"
    "|After|Before|As|However|Although|Since|During|Last|Earlier|Under|With|Some|Many|Both|Another|There|If"
    "|Officials|Researchers|Critics|What|Why|How|Who|Where"
)
# no 'In' or 'On' here: names end so (LinkedIn)
_LONG_STARTERS = (
    "The|He|She|They|This|That|These|Those|According|While|When|After|Before|However|Although|Since|During"
    "|Earlier|Under|Some|Many|Both|Another|There|Officials|Researchers|Critics"
)
GLUED = re.compile(rf"(?<=[a-z]{{3}})(?=(?:{_LONG_STARTERS}) [a-z])")
"""Where a heading ran into a sentence: 'BackgroundThe company'; names like DeepSeek do not match."""
CAPITAL_INSIDE = re.compile(r"[A-Z](?<=[a-z]{3}[A-Z])")
"""What a line must hold before that is looked for; it is found ten times faster."""
GLUED_STOP = re.compile(rf"[.!?](?<=[a-z]{{3}}[.!?])[”\"]?(?=(?:{_STARTERS}) [a-z])")
"""Where a sentence ran into the next."""
HEADLINE_SMALL = frozenset(
    {
        "a",
        "an",
        "and",
        "as",
        "at",
        "by",
        "for",
        "from",
        "in",
        "into",
        "is",
        "its",
        "of",
        "on",
        "or",
        "over",
        "the",
    }
    | {"to", "vs", "with", "after", "amid"}
)
"""Words that a headline in title case leaves small."""
