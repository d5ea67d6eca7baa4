"""Who states what a sentence says: subjects of verbs of saying, 'according to', and what goes on to hold after them.

It needs names and no parse: the words between a name and the verb must be such as stand between subject and verb.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.nlp.quantities.names import WHO, Name, Names
from tracker.nlp.quantities.sentences import Stretch

_SAYS = (
    r"said|says|say|told|tells|wrote|writes|stated|states|announced|announces|estimated|"
    r"estimates|estimate|believe|warn|note|noted|notes|argued|argues|"
    r"argue|warned|warns|added|adds|asserted|asserts|contends|contended|maintains|maintained|"
    r"explained|explains|testified|"
    r"acknowledged|admitted|confirmed|confirms|believes|calculated|calculates|counts|counted|"
    r"predicts|predicted|insisted|"
    r"measured|measures|tested|replied|responded|posted|cited|cites|declared|concluded|"
    r"concludes|suggested|suggests|shows|showed"
)
_ACCUSES = (
    r"accused|accuses|accuse|accusing|alleged|alleges|allege|alleging|claimed|claims|claim|claiming|reported|reports|"
    r"disclosed|discloses|revealed|reveals|identified|identifies|detected|detects|uncovered|"
    r"uncovers|documented|documents|"
    r"attributed|attributes|blamed|blames|charged|charges|sued|sues|exposed|flagged|described|"
    r"describes|detailed|details|"
    r"traced|observed|discovered|discovers|found|finds|published|publishes|named|names|"
    r"tracked|caught|linked|called|calls"
)
_VERB = re.compile(rf"\b(?P<verb>(?P<says>{_SAYS})|(?P<accuses>{_ACCUSES}))\b", re.IGNORECASE)
_ACCORDING = re.compile(
    r"\b(?:according[ \n]to|as[ \n]per|per|based[ \n]on|citing|cited[ \n]by)[ \n]", re.IGNORECASE
)
_BY = re.compile(
    r"[ \n]+(?:publicly |first |jointly |earlier |recently )?by[ \n]+(?:the[ \n]|researchers at[ \n])?",
    re.IGNORECASE,
)
_BETWEEN_WORDS = re.compile(r"(?:[ \n]*[\u2019']s?)?(?:[ \n]+[\w.-]+){0,6}[ \n]*", re.IGNORECASE)
_NOT_BETWEEN = re.compile(
    r"\b(?:that|who|which|whom|and|or|but|by|against|to|with|from|while|when|after|before|"
    r"because|as|if|is|are|was|were|be|been|"
    r"not|never|did|does|do|can|could|would|will|should|may|might)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"\b(?:report|blog|post|blog post|analysis|complaint|lawsuit|suit|filing|letter|memo|"
    r"memorandum|statement|announcement|"
    r"findings|paper|study|researchers|team|investigation|investigators|lawyers?|attorneys?|"
    r"indictment|spokes\w+|executives|"
    r"disclosure|data|figures|estimates?|accusations?|allegations?|claims?|release|research|counsel|officials?)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(
    r"\b(?P<word>it|he|she|they|we|(?:federal[ \n])?prosecutors|the[ \n](?:[\w-]+[ \n])?(?:company|"
    r"lab|firm|start-?up|developer|maker|report|post|blog|"
    r"blog[ \n]post|complaint|lawsuit|suit|filing|memo|letter|indictment|prosecutors?|"
    r"prosecution|government|paper|study|document|disclosure|statement|"
    r"agency|department|bureau|committee|outlet|newspaper))"
    r"(?:[ \n](?:also|has|had|have|further|then|later|separately|now|publicly|first|specifically|itself))*[ \n]*$",
    re.IGNORECASE,
)
_COURT_WORDS = re.compile(
    r"\b(?:indictment|prosecutors?|prosecution|government|charging[ \n]documents|"
    r"court[ \n](?:documents|records)|evidence[ \n](?:presented[ \n])?at[ \n]trial|trial[ \n]evidence|"
    r"grand[ \n]jury)\b",
    re.IGNORECASE,
)
_JUSTICE = re.compile(r"department of justice|justice department|\bdoj\b|attorney's office", re.IGNORECASE)
_HE = frozenset({"he", "she"})
_ALLEGED = re.compile(r"\b(?:alleged(?:ly)?|accused[ \n]of)\b", re.IGNORECASE)
_ABOUT_CLAIM = re.compile(
    r"distill|accus|alleg|fraud|fake|\bbogus|campaign|attack|extract|scrap|siphon|illicit|"
    r"stole|copied|harvest|violat|"
    r"\u84b8\u998f|\u6307\u63a7|\u865a\u5047|\u653b\u51fb",
    re.IGNORECASE,
)
_NO_SUBJECT = re.compile(r"\b(?:was|were|been|being|be|is|are|to|an?|the|of|its|their|his|her|this)[ \n]$")
_WE = re.compile(r"(?<![\"'\w])(?:[Ww]e|[Oo]ur)(?= )")
_SPEAKS_AS_ONE, _HEAD = 4, 20_000
_PLURAL_TOO = re.compile(
    r"counts|claims|claim|reports|notes|note|names|charges|calls|estimates|estimate|details|finds|documents|shows|links|"
    r"states|blames|traces|warns",
    re.IGNORECASE,
)
"""Verbs that read the same as nouns in the plural: 'on seven counts'."""
_LONGEST_QUOTE = 2_000
_DOMINANT = 3  # times that a text lets somebody accuse before all its claimed numbers are theirs
_LONGEST_GAP = 110
_INVERTED = re.compile(r"[ \n](?:(?:[a-z][\w-]*|[A-Z]{2,5}|[A-Z]\w+)[ \n]){0,5}$")
_HAN_SAYS = re.compile(
    r"[^\u3002\n\uff1b]{0,8}?(?:\u79f0|\u7a31|\u8868\u793a|\u6307\u63a7|\u58f0\u79f0|\u8072\u7a31|"
    r"\u62ab\u9732|\u6307\u51fa|\u900f\u9732|\u5ba3\u5e03|\u53d1\u73b0|\u8ba4\u4e3a|\u8aaa|"
    r"\u8bf4|\u6307\u8d23|\u62a5\u9053|\u63ed\u9732|\u770b\u6765)"
)
_HAN_ACCORDING = re.compile(r"(?:\u6839\u636e|\u6309\u7167|\u636e|\u64da|\u5728)$")


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who states something: the name, and the part of the text that is on their word."""

    name: Name
    verb: int  # where the verb of saying begins
    start: int  # what it covers
    end: int
    is_accusing: bool


class Voices:
    """Who speaks in each sentence of a text.

    Args:
        text: made plain, offsets as in the text itself.
        stretches: its sentences.
        names: its names.
    """

    def __init__(self, text: str, stretches: Sequence[Stretch], names: Names) -> None:
        self._text, self._names, self._stretches = text, names, stretches
        self.by_stretch: list[list[Voice]] = []
        self._about: dict[int, bool] = {}
        self._alleged: dict[int, bool] = {}
        self._self = self._find_self()
        self._last: Name | None = None
        self._last_person: Name | None = None
        self._last_organisation: Name | None = None
        self._justice = next(
            (n for n in names.all if n.label in WHO and _JUSTICE.search(text[n.start : n.end])), None
        )
        for stretch in stretches:
            found = self._of(stretch)
            self.by_stretch.append(found)
            for voice in found:
                self._remember(voice.name)
        self._stretches = stretches
        self._first = {v.name.who: v.name for found in reversed(self.by_stretch) for v in reversed(found)}
        everyone = Counter(v.name.who for found in self.by_stretch for v in found)
        accusing = Counter(v.name.who for found in self.by_stretch for v in found if v.is_accusing)
        self.only = next(iter(everyone)) if len(everyone) == 1 else ""
        ranked = accusing.most_common(2)
        is_clear = len(ranked) == 1 or (len(ranked) > 1 and ranked[0][1] > ranked[1][1])
        self.accuser = ranked[0][0] if ranked and is_clear else ""
        self._is_dominant = bool(self.accuser) and ranked[0][1] >= _DOMINANT

    def of(self, stretch: int, start: int, end: int) -> Name | None:
        """Return who states what stands at [start, end) of a sentence, as the sentence itself says."""
        covering = [v for v in self.by_stretch[stretch] if v.start <= start and end <= v.end]
        before = [v for v in covering if v.verb < start]
        if before:
            return before[-1].name
        return covering[-1].name if covering else None

    def accuser_before(self, stretch: int, *, is_claim: bool) -> Name | None:
        """Return the accuser that goes on to hold in a sentence without a voice of its own; None where it is unsure.

        Where the sentence or one beside it speaks of what is alleged, it is the last accuser before, else the one of
        the whole text; elsewhere only an accuser a few sentences before.
        """
        if is_claim and self._is_dominant:
            return self._nearest(stretch)
        is_about = any(self._is_about(at) for at in (stretch - 1, stretch, stretch + 1))
        reach = 40 if is_about else 4
        found = self._nearest(stretch, reach)
        return found or (self.first(self.accuser) if self.accuser and is_about else None)

    def _is_about(self, stretch: int) -> bool:
        """Return whether a sentence speaks of what is alleged; each is looked through once."""
        if not 0 <= stretch < len(self._stretches):
            return False
        if stretch not in self._about:
            one = self._stretches[stretch]
            self._about[stretch] = _ABOUT_CLAIM.search(self._text, one.start, one.end) is not None
        return self._about[stretch]

    def _nearest(self, stretch: int, reach: int = 40) -> Name | None:
        """Return the accuser named last before a sentence; the text's own, where it has one."""
        for found in reversed(self.by_stretch[max(0, stretch + 1 - reach) : stretch + 1]):
            for voice in reversed(found):
                if voice.is_accusing and (not self.accuser or voice.name.who == self.accuser):
                    return voice.name
        return self.first(self.accuser) if self.accuser and reach >= 40 else None  # noqa: PLR2004 - as far as it goes

    def quoted(self, stretch: int, at: int) -> Name | None:
        """Return who speaks at a place inside quotation marks: the voice of its paragraph, before or after."""
        here = self._stretches[stretch]
        begin = max(here.paragraph, at - _LONGEST_QUOTE)
        if self._text.count('"', begin, at) % 2 == 0:
            return None
        for other in (stretch - 1, stretch - 2, stretch + 1):
            if 0 <= other < len(self._stretches) and self._stretches[other].paragraph == here.paragraph:
                said = self.by_stretch[other]
                if said:
                    return said[-1].name
        return None

    def first(self, who: str) -> Name | None:
        """Return the first voice of somebody."""
        return self._first.get(who)

    def is_alleged(self, stretch: int) -> bool:
        """Return whether a sentence itself says that what it states is alleged."""
        if stretch not in self._alleged:
            one = self._stretches[stretch]
            self._alleged[stretch] = _ALLEGED.search(self._text, one.start, one.end) is not None
        return self._alleged[stretch]

    def _remember(self, name: Name) -> None:
        self._last = name
        if name.label == "PERSON":
            self._last_person = name
        else:
            self._last_organisation = name

    def _of(self, stretch: Stretch) -> list[Voice]:
        text, end = self._text, stretch.end
        names = [n for n in self._names.within(stretch.start, end) if n.label in WHO or n.label == "GPE"]
        found = [
            *self._according(stretch, names),
            *self._han(stretch, names),
            *self._in_brackets(stretch, names),
        ]
        for match in _VERB.finditer(text, stretch.start, min(end, stretch.start + 3_000)):
            name, is_behind = self._subject(match, stretch, names)
            if name is None:
                continue
            is_tail = is_behind or (
                name.start > stretch.start + 20 and not text[match.end() : end].strip(" .\"'\n,")
            )
            start = stretch.start if is_tail else match.end()
            found.append(
                Voice(
                    name,
                    match.start(),
                    start,
                    end,
                    is_accusing=match["accuses"] is not None and name.label in WHO,
                )
            )
            self._remember(name)
        return sorted(found, key=lambda voice: voice.verb)

    def _according(self, stretch: Stretch, names: Sequence[Name]) -> list[Voice]:
        found, text = [], self._text
        for match in _ACCORDING.finditer(text, stretch.start, stretch.end):
            name = next((n for n in names if match.end() <= n.start <= match.end() + 80), None)
            if name and name.label == "GPE":
                name = None
            if name and re.search(r"[.;:]|, (?!the|a)", text[match.end() : name.start]):
                name = None
            if name is None:
                said = text[match.end() : match.end() + 60]
                name = self._stand_in(said.split(",")[0])
            if name is None:
                continue
            start, end = stretch.start, stretch.end
            if re.search(r"\b(?:that|which|who)[ \n,]*$", text[max(0, match.start() - 8) : match.start()]):
                comma = text.find(",", name.end, end)
                start, end = match.start(), comma if comma > 0 else end
            found.append(Voice(name, match.start(), start, end, is_accusing=False))
        return found

    def _in_brackets(self, stretch: Stretch, names: Sequence[Name]) -> list[Voice]:
        """Return who stands as the source in brackets: 'a $35B valuation (Bloomberg)', not '(BIS)' after its name."""
        found, text = [], self._text
        for name in names:
            before = text[max(stretch.start, name.start - 24) : name.start]
            is_source = (
                re.search(r"\b[a-z]{3,}[\"']? \((?:via |per |source: |according to )?$", before) is not None
            )
            if (
                is_source
                and name.label in WHO
                and re.match(r"(?: reports?| data)?\)", text[name.end : name.end + 9])
            ):
                found.append(Voice(name, name.end, stretch.start, name.end, is_accusing=False))
        return found

    def _han(self, stretch: Stretch, names: Sequence[Name]) -> list[Voice]:
        found = []
        for name in names:
            said = _HAN_SAYS.match(self._text, name.end, min(stretch.end, name.end + 14))
            if said or _HAN_ACCORDING.search(self._text[max(stretch.start, name.start - 2) : name.start]):
                at = said.end() if said else name.end
                found.append(Voice(name, name.end, at, stretch.end, is_accusing=True))
        return found

    def _subject(
        self, match: re.Match[str], stretch: Stretch, names: Sequence[Name]
    ) -> tuple[Name | None, bool]:
        """Return whose verb this is, and whether the name stands behind it."""
        text, at = self._text, match.start()
        by = _BY.match(text, match.end(), min(stretch.end, match.end() + 50))
        if by:
            return next((n for n in names if by.end() <= n.start <= by.end() + 30), None), True
        before = [n for n in names if n.end <= at]
        pronoun = _PRONOUN.search(text, max(stretch.start, at - 60), at)
        if pronoun and not (
            before and before[-1].end > pronoun.start()
        ):  # 'the Justice Department' is a name
            return self._meant(pronoun["word"].lower(), names), False
        is_noun = _PLURAL_TOO.fullmatch(match["verb"]) and not (before and self._is_close(before[-1], at))
        if is_noun or _NO_SUBJECT.search(text[max(0, at - 8) : at]):
            return None, False
        if before and self._is_subject(before, at):
            return before[-1], False
        if apart := self._beyond_apposition(before, at):
            return apart, False
        return (self._behind(match, stretch, names) if match["says"] else None), True

    def _behind(self, match: re.Match[str], stretch: Stretch, names: Sequence[Name]) -> Name | None:
        """Return the name of '"...", said NAME'."""
        behind = next((n for n in names if n.start > match.end()), None)
        lead = self._text[max(stretch.start, match.start() - 3) : match.start()].rstrip()
        is_inverted = behind and _INVERTED.match(self._text[match.end() : behind.start])
        return behind if is_inverted and lead.endswith(('"', ",", "'")) else None

    def _is_close(self, name: Name, at: int) -> bool:
        """Return whether nothing but an adverb stands between a name and what may be its verb, or a plural noun."""
        return re.fullmatch(r"[ \n]+(?:(?:also|now|\w+ly)[ \n]+)?", self._text[name.end : at]) is not None

    def _is_subject(self, before: Sequence[Name], at: int) -> bool:
        """Return whether the last name before a verb is its subject, or owns the document that is."""
        name, text = before[-1], self._text
        gap = text[name.end : at]
        if len(gap) > _LONGEST_GAP:
            return False
        if _is_object(text, name.start):
            return (
                _DOCUMENT.search(text[max(0, name.start - 30) : name.start]) is not None and not gap.strip()
            )
        is_owner = gap.lstrip()[:1] in {"'", "\u2019"} or _DOCUMENT.match(gap.lstrip()) is not None
        if is_owner and _DOCUMENT.search(gap) is None:
            return False
        if "," in gap or "(" in gap:
            return False
        return _BETWEEN_WORDS.fullmatch(gap) is not None and _NOT_BETWEEN.search(gap) is None

    def _beyond_apposition(self, before: Sequence[Name], at: int) -> Name | None:
        """Return the name before 'NAME, the chief of ANOTHER, said'."""
        for name in reversed(before[-4:]):
            gap = self._text[name.end : at]
            if len(gap) > _LONGEST_GAP or ";" in gap:
                return None
            inner = gap.strip()
            if inner.startswith("(") and inner.endswith(")") and inner.count("(") == 1:
                return name
            is_apart = inner.startswith(",") and inner.endswith(",") and inner.count(",") == 2  # noqa: PLR2004 - one apposition
            is_linked = re.match(r", (?:and|but|or|while)\b", inner) is not None
            if is_apart and not is_linked and not _is_object(self._text, name.start):
                return name
            if re.fullmatch(r",[ \n]+(?:who|which)(?:[ \n]+[\w-]+){0,3}", inner):
                return name
        return None

    def _find_self(self) -> Name | None:
        """Return who 'we' is: in a text that speaks as one, the body named most that is in no list of others."""
        if len(_WE.findall(self._text[:_HEAD])) < _SPEAKS_AS_ONE:
            return None
        listed = {
            one.who
            for first, second in pairwise(self._names.all)
            if re.fullmatch(r",? (?:and )?|, ", self._text[first.end : second.start])
            for one in (first, second)
        }
        bodies = Counter(n.who for n in self._names.all if n.label == "ORG" and n.who not in listed)
        who = max(bodies, key=lambda one: bodies[one], default="")
        return next((n for n in self._names.all if n.who == who), None)

    def _meant(self, word: str, names: Sequence[Name]) -> Name | None:
        if word == "we":
            return self._self
        if word in _HE:
            return self._last_person
        if _COURT_WORDS.search(word):
            return self._justice
        if word == "they":
            return None
        if word == "it":
            here = [n for n in names if n.label in WHO and n.label != "PERSON"]
            return self._last_organisation or (here[0] if here else None)
        return self._last_organisation

    def _stand_in(self, words: str) -> Name | None:
        """Return who stands behind 'the indictment', 'the company', 'its report'."""
        if _COURT_WORDS.search(words):
            return self._justice
        if re.match(r"(?:the|its|this|that|a)[ \n](?:[\w-]+[ \n]?){0,3}", words, re.IGNORECASE) and (
            _DOCUMENT.search(words) or re.search(r"\b(?:company|lab|firm|start-?up)\b", words)
        ):
            return self._last_organisation
        return None


def _is_object(text: str, start: int) -> bool:
    """Return whether a preposition stands right before a name."""
    before = text[max(0, start - 24) : start]
    return (
        re.search(
            r"\b(?:of|from|to|with|by|against|at|in|on|for|about|via|through|into|like|"
            r"than|including|and|or)[ \n](?:the[ \n])?$",
            before,
            re.IGNORECASE,
        )
        is not None
    )
