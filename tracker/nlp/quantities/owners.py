"""Whose number it is: the party that label, preposition, list or subject gives it to; none rather than a guess.

Two campaigns told side by side must never swap their numbers: a rule looks inside the clause of the number only, and
what stands in the way (another name, another label, a change of subject) ends it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.nlp.parse import Sentence
from tracker.nlp.quantities.amount import Amount
from tracker.nlp.quantities.names import Name, Names
from tracker.nlp.quantities.sentences import Stretch

TOTAL = "total"
CLAIMED = frozenset({"accounts", "exchanges", "prompts", "requests", "tokens"})
_TOGETHER = re.compile(
    r"\b(?:combined|in total|in all|collectively|together|altogether|between them|jointly|"
    r"totall?ing|total of|a total|"
    r"across (?:all )?(?:the )?(?:two|three|four|five|campaigns|labs|companies|firms)|"
    r"(?:the|all) (?:two|three|four|five)|"
    r"all (?:of )?(?:the )?(?:labs|companies|firms))\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:they|the (?:labs|companies|firms|start-?ups|campaigns|groups|operators|attackers|"
    r"developers|defendants|trio|pair|duo)|"
    r"these (?:labs|companies|firms|campaigns|groups)|(?:both|all) (?:labs|companies|firms)|"
    r"(?:three|two|four|five) (?:[\w-]+ ){0,4}"
    r"(?:labs|laboratories|companies|firms|start-?ups|developers|campaigns)|competitors|"
    r"rivals|attackers|operators)\b",
    re.IGNORECASE,
)
_ONE = re.compile(
    r"\b(?:it|he|she|its|his|her|the (?:company|lab|firm|start-?up|developer|group|campaign|"
    r"operation|engineer|defendant))\b",
    re.IGNORECASE,
)
_PASSED_BY = re.compile(
    r"[ \n](?:(?:(?:[a-z]+ed|made|run|sent|used|stolen|set[ \n]up|carried[ \n]out)[ \n])?(?:by|"
    r"(?:attributed|linked|tied|traced|connected|ascribed|belonging|credited)[ \n]to|"
    r"associated[ \n]with|affiliated[ \n]with|controlled[ \n]by))[ \n](?:(?:the|a|an)[ \n])?(?:[a-z"
    r"][\w-]*[ \n]){0,3}$"
)
_FROM = re.compile(r"[ \n](?:from|for)[ \n](?:the[ \n])?$")
_TO = re.compile(r"[ \n]to[ \n](?:the[ \n])?$")
_GIVES = re.compile(r"\b(?:attribut|trac|link|tie|ascrib|assign|credit|connect)\w*\b", re.IGNORECASE)
_CASE_OF = re.compile(r"\b(?:in the case of|as for|in|for|with)[ \n](?:the[ \n])?$", re.IGNORECASE)
_FRONT = re.compile(
    r"[-*\u2022 \n]*(?:In the case of|As for|For|From|At|With|By contrast,)[ \n]", re.IGNORECASE
)
_CLAUSE = re.compile(
    r";|,?[ \n](?:while|whereas|but|and then)[ \n]|,[ \n]and[ \n](?=[A-Z])|[ \n]compared (?:with|"
    r"to)[ \n]|[ \n]versus[ \n]|[ \n]against[ \n](?=[A-Z])"
)
_OBJECT_OF = re.compile(
    r"\b(?:of|from|to|with|at|in|on|against|via|through|into|than|about|for|between|using|"
    r"inside|under)[ \n](?:the[ \n]|its[ \n])?$",
    re.IGNORECASE,
)
_ACCUSED_OF = re.compile(
    r"\b(?:accus\w*|charg\w*|alleg\w*|blam\w*|sued|suing|says?|said|that|by)[ \n](?:the[ \n])?$",
    re.IGNORECASE,
)
_DETECTS = re.compile(
    r"\b(?:detect|identif|found|find|block|ban|observ|uncover|trac|track|document|discover|"
    r"disclos|reveal|report|count|"
    r"see|saw|seen|estimat|attribut|link|publish|accus|alleg|claim|describ|said|says)\w*\b",
    re.IGNORECASE,
)
_LABEL = re.compile(r"[ \n]*(?:\([^()\n]{0,40}\))?\**[ \n]*(?::|\(|\||\u2014|\u2013| - |->|\u2192)[ \n]*")
_LIST = re.compile(r"[ \n]*(?:,|and|&|/|,[ \n]*and|or)[ \n]*(?:the[ \n])?")
_TIED = re.compile(r"\b(?:affiliated with|associated with|linked to|tied to|working for)[ \n](?:the[ \n])?$")
_HEADING_WORDS = 7
_LONGEST_LEAD = 400
_LONGEST_HEADLINE = 90
_WHO = frozenset({"PERSON", "ORG"})


@dataclass(frozen=True, slots=True)
class Owner:
    """Whom a number is given to: a name, all together, or nobody; with the rule."""

    name: Name | None = None
    is_total: bool = False
    rule: str = ""


NOBODY = Owner()


class Owners:
    """Answers whose number an amount is.

    Args:
        text: made plain.
        stretches: its sentences.
        names: its names.
        sentences: their trees; empty where the text is not parsed.
    """

    def __init__(
        self, text: str, stretches: Sequence[Stretch], names: Names, sentences: Sequence[Sentence]
    ) -> None:
        self._text, self._stretches, self._names = text, stretches, names
        self._sentences = sentences
        self._starts = [sentence.start for sentence in sentences]
        self._profiled = self._find_profiled()
        self._last: dict[int, Owner] = {}  # what a sentence was given before, for those after it

    def of(self, amount: Amount, at: int, voice: Name | None) -> Owner:
        """Return whose number this is; `at` numbers its sentence, `voice` is who states it and so is not accused."""
        stretch = self._stretches[at]
        whole = self._names.within(stretch.start, stretch.end)
        names = [n for n in whole if n.label != "GPE"]
        found = (
            self._inside(amount, names, voice)
            or self._in_order(amount, stretch, names)
            or self._by_label(amount, stretch, names, voice)
            or self._by_preposition(amount, stretch, names, voice)
            or self._together(amount, stretch)
            or self._in_front(amount, stretch, names)
            or (None if amount.metric == "organisations" else self._by_subject(amount, at, names, voice))
            or self._of_profile(amount, stretch, voice)
        )
        if found is not None and found.rule != "pronoun":
            self._last[at] = found
        return found or NOBODY

    def _inside(self, amount: Amount, names: Sequence[Name], voice: Name | None) -> Owner | None:
        """'3.4 million Moonshot queries' are Moonshot's; '16 million Claude exchanges' are nobody's."""
        inner = [n for n in names if amount.number < n.start and n.end <= amount.end and n.label == "ORG"]
        is_one = len(inner) == 1 and not _is(inner[0], voice) and amount.metric in CLAIMED | {"other"}
        return Owner(inner[0], rule="name inside") if is_one else None

    def _in_order(self, amount: Amount, stretch: Stretch, names: Sequence[Name]) -> Owner | None:
        """Return the one in the same place of the list: 'A, B and C sent 1, 2 and 3 requests, respectively'."""
        tail = self._text[amount.end : stretch.end]
        if "respectively" not in tail:
            return None
        listed = _longest_list(self._text, [n for n in names if n.end <= amount.start])
        figures = re.findall(r"\d[\d,.]*\d|\d", self._text[listed[-1].end : stretch.end]) if listed else []
        before = re.findall(r"\d[\d,.]*\d|\d", self._text[listed[-1].end : amount.number]) if listed else []
        if len(figures) != len(listed) or len(before) >= len(listed):
            return NOBODY
        return Owner(listed[len(before)], rule="respectively")

    def _by_label(
        self, amount: Amount, stretch: Stretch, names: Sequence[Name], voice: Name | None
    ) -> Owner | None:
        """'A (150,000), B: 3.4 million', a row that begins with a name, a list under a heading that is one."""
        text = self._text
        first = max(0, stretch.start - _LONGEST_LEAD)
        line = (text.rfind("\n", first, amount.start) + 1) or first
        before = [n for n in names if n.end <= amount.start]
        if before and not _is(before[-1], voice) and (found := self._labelled(amount, before, line)):
            return found
        heads = self._names.within(line, amount.start)
        if heads and not _is(heads[0], voice) and (found := self._line_head(line, heads, amount)):
            return found
        is_item = re.match(
            r"[ \t]*(?:[-*\u2022]|\d[.)])[ ]|[ \t]*\**[A-Z][\w ]{1,24}:", text[line : line + 40]
        )
        if is_item and not heads:
            return self._heading(line)
        return None

    def _labelled(self, amount: Amount, before: Sequence[Name], line: int) -> Owner | None:
        """Return the name right before the number that a bracket, colon or cell makes its label."""
        text, name = self._text, before[-1]
        gap = text[name.end : amount.start]
        if len(gap) >= 80 or not _LABEL.match(gap) or re.search(r"[.;][ \n]|\|.*\|", gap[1:]):  # noqa: PLR2004
            return None
        if "(" in gap and ")" in gap and not re.search(r"\)[ \n]*:", gap):
            return None
        if "|" in gap and "|" in text[line : name.start]:  # only the first cell names the row
            return None
        if len(before) > 1 and text[before[-2].end : name.start] == "/":  # 'Lab/Model: 3.4M'
            name = before[-2]
        elif len(_longest_list(text, before)) > 1:  # 'A, B and C (16M exchanges)'
            return Owner(is_total=True, rule="label of a list")
        return Owner(name, rule="label")

    def _line_head(self, line: int, heads: Sequence[Name], amount: Amount) -> Owner | None:
        """Return the name that a line begins with, where it labels all of the line: before a colon or a cell."""
        text, name = self._text, heads[0]
        lead = text[line : name.start]
        if len(lead) > 12 or re.search(r"[A-Za-z]{2}", lead):  # noqa: PLR2004 - a bullet, a number
            return None
        mark = re.match(
            r"[ ]?(?:/[\w .-]{2,20})?(?:\([^()\n]{1,30}\))?\**[ ]?(?P<mark>:|\||\u2014|\u2013|-[ ])",
            text[name.end : name.end + 60],
        )
        if mark is None:
            return None
        others = [n for n in heads[1:] if re.match(r"[ ]?[:(]", text[n.end : n.end + 2])]
        return Owner(name, rule="head of the line") if not others or others[-1].end > amount.start else None

    def _heading(self, line: int) -> Owner | None:
        """Return the name that the last short line above a list is, at most a few items up."""
        text, end = self._text, line - 1
        for _ in range(8):
            if end <= 0:
                return None
            start = text.rfind("\n", max(0, end - 1_000), end) + 1
            words = text[start:end].strip()
            if (
                words
                and not re.match(r"[-*\u2022]|\d[.)]|\**[A-Z][\w ]{1,24}:.", words)
                and len(words.split()) > _HEADING_WORDS
            ):
                return None
            is_item = re.match(r"[-*\u2022]|\d{1,2}[.)]", words) is not None and not words.endswith(":")
            if words and not is_item and len(words.split()) <= _HEADING_WORDS and not words.endswith("."):
                names = [n for n in self._names.within(start, end) if n.label != "GPE"]
                if len(names) == 1 and names[0].label != "PRODUCT":
                    return Owner(names[0], rule="heading")
                if names or not re.match(r"[-*\u2022]|\**[A-Z][\w ]{1,24}:", words):
                    return None
            end = start - 1
        return None

    def _by_preposition(
        self, amount: Amount, stretch: Stretch, names: Sequence[Name], voice: Name | None
    ) -> Owner | None:
        """'3.4 million exchanges to A' after 'attributes', '... by A', '... from A'."""
        text = self._text
        name = next((n for n in names if n.start >= amount.end), None)
        if name is None or name.start - amount.end > 60 or _is(name, voice) or name.label == "PRODUCT":  # noqa: PLR2004
            return None
        gap = text[amount.end : name.start]
        if re.search(r"[.;:,()|]|\d", gap) or text[name.end : name.end + 2] in {"'s", "\u2019s"}:
            return None
        before = text[stretch.start : amount.start]
        is_given = _TO.search(gap) is not None and _GIVES.search(before) is not None
        is_claimed = amount.metric in CLAIMED
        if is_given or _PASSED_BY.match(gap) or (is_claimed and _FROM.match(gap)):
            behind = [n for n in names if n.start >= name.start and not _is(n, voice)]
            listed = _longest_list(text, behind, is_first=True)
            return (
                Owner(is_total=True, rule="list after")
                if len(listed) > 1
                else Owner(name, rule="preposition")
            )
        return None

    def _together(self, amount: Amount, stretch: Stretch) -> Owner | None:
        start = max(stretch.start, amount.start - 60)
        clause = _CLAUSE.split(self._text[start : amount.start])[-1]
        after = _CLAUSE.split(self._text[amount.end : min(stretch.end, amount.end + 110)])[0]
        is_total = re.search(
            r"\b(?:totall?ing|total of|a total|combined|collectively|together|jointly)\b[^.]*$",
            clause,
            re.IGNORECASE,
        )
        if is_total or re.match(
            r"[^.\d]{0,100}\b(?:combined|in total|in all|altogether|between them|across (?:all )?(?:"
            r"the )?(?:two|three|four|five|campaigns))\b",
            after,
            re.IGNORECASE,
        ):
            return Owner(is_total=True, rule="together")
        return None

    def _in_front(self, amount: Amount, stretch: Stretch, names: Sequence[Name]) -> Owner | None:
        """Return the name in front of all: 'In the case of A, researchers counted 150,000 exchanges'."""
        lead = self._text[stretch.start : amount.start]
        front = _FRONT.match(lead)
        if front is None:
            return None
        place = stretch.start + front.end()
        name = next((n for n in names if n.start == place), None)
        others = [n for n in names if name and name.end <= n.start < amount.start]
        if (
            name is None
            or self._text[name.end : name.end + 1] != ","
            or (_CLAUSE.search(lead, front.end() + 30) and others)
        ):
            return None
        return Owner(name, rule="in front")

    def _by_subject(self, amount: Amount, at: int, names: Sequence[Name], voice: Name | None) -> Owner | None:
        tree = self._by_tree(amount, names, voice)
        if tree is not None:
            return tree if tree.name or tree.is_total else None
        stretch = self._stretches[at]
        begin = max(stretch.start, amount.start - _LONGEST_LEAD)
        cuts = [m.end() for m in _CLAUSE.finditer(self._text, begin, amount.start)]
        start = cuts[-1] if cuts else begin
        clause = self._text[start : amount.start]
        inside = [n for n in names if start <= n.start and n.end <= amount.start]
        free = [
            n for n in inside if not _is(n, voice) and self._is_agent(n, is_claimed=amount.metric in CLAIMED)
        ]
        if free:
            listed = _longest_list(self._text, free)
            if len(listed) > 1:
                return Owner(is_total=True, rule="several subjects")
            return Owner(free[-1], rule="name in the clause")
        return self._without_name(amount, at, clause, inside, voice)

    def _without_name(
        self, amount: Amount, at: int, clause: str, inside: Sequence[Name], voice: Name | None
    ) -> Owner | None:
        """Return what a clause without a free name says: 'they', 'it', or the speaker of their own."""
        if _MANY.search(clause):
            return self._many(at, voice) if amount.metric in CLAIMED else None
        has_one = _ONE.search(clause)
        if (
            amount.metric not in CLAIMED
            and voice is not None
            and has_one
            and not inside
            and not _DETECTS.search(clause.rpartition(" it ")[2])
        ):
            return Owner(voice, rule="speaker")
        is_own = any(_is(n, voice) for n in inside)  # 'Lumora said it had banned ...': it is Lumora
        return self._before(at, has_one) if has_one and not is_own else None

    def _before(self, at: int, said: re.Match[str]) -> Owner | None:
        """Return whom a pronoun stands for: whom a sentence just before gave a number to, a person for 'he'."""
        is_person = (
            re.match(r"he\b|she\b|his|her|the (?:engineer|defendant)", said.group(), re.IGNORECASE)
            is not None
        )
        for back in range(at, max(-1, at - 3), -1):
            if back in self._last:
                name = self._last[back].name
                if name is None:
                    return None
                if is_person == (name.label == "PERSON"):
                    return Owner(name, rule="pronoun")
        return None

    def _many(self, at: int, voice: Name | None) -> Owner | None:
        """Return whom 'the operators' or 'the labs' stand for: a list named before, or the only other name near."""
        near = self._names.within(self._stretches[max(0, at - 2)].start, self._stretches[at].end)
        others = [n for n in near if n.label == "ORG" and not _is(n, voice)]
        tied = [n for n in others if _TIED.search(self._text[max(0, n.start - 24) : n.start])]
        if tied:
            return Owner(tied[-1], rule="operators tied to a name")
        if len(_longest_list(self._text, others)) > 1:
            return Owner(is_total=True, rule="all of them")
        whole = {n.who for n in others}
        if len(whole) == 1:
            return Owner(others[-1], rule="only name near")
        return None if others else Owner(is_total=True, rule="all of them")

    def _of_profile(self, amount: Amount, stretch: Stretch, voice: Name | None) -> Owner | None:
        """Return whom a profile is about, for an item or a row of it that names nobody else."""
        if self._profiled is None or amount.metric == "organisations":
            return None
        line = self._text.rfind("\n", max(0, stretch.start - _LONGEST_LEAD), amount.start) + 1
        lead = self._text[line : line + 40]
        is_item = re.match(r"[ \t]*[-*\u2022][ ]|[^|\n]{1,24}[ ]\|", lead) is not None
        others = [n for n in self._names.within(line, amount.start) if n.label in _WHO and not _is(n, voice)]
        if not is_item or any(n.who != self._profiled.who for n in others):
            return None
        return Owner(self._profiled, rule="subject of the profile")

    def _find_profiled(self) -> Name | None:
        """Return the one name in the first line, where the text names nobody more often."""
        end = self._text.find("\n")
        first = [n for n in self._names.within(0, max(end, 0)) if n.label in _WHO]
        if len({n.who for n in first}) != 1 or end > _LONGEST_HEADLINE:
            return None
        counts = Counter(n.who for n in self._names.all if n.label in _WHO)
        return first[0] if counts[first[0].who] == max(counts.values()) else None

    def _is_agent(self, name: Name, *, is_claimed: bool) -> bool:
        """Return whether a name may be the one who does: no object of a preposition, no owner, no product."""
        text = self._text
        if name.label == "PRODUCT" and is_claimed:
            return False  # whose outputs were taken, hardly who took them
        if name.label == "PRODUCT" and _OBJECT_OF.search(text[max(0, name.start - 16) : name.start]):
            return False
        before = text[max(0, name.start - 20) : name.start]
        owned = re.match(r"['\u2019]s?[ \n]+(?:[\w-]+[ \n]+){0,3}", text[name.end : name.end + 60])
        if owned and not re.search(
            r"\b(?:campaigns?|operations?|efforts?|accounts?|attacks?|share|activity|traffic|operators)\b",
            text[name.end : name.end + 60],
        ):
            return False
        if _ACCUSED_OF.search(before):
            return True
        return not _OBJECT_OF.search(before) or (_CASE_OF.search(before) is not None and name.start < 3)  # noqa: PLR2004

    def _by_tree(self, amount: Amount, names: Sequence[Name], voice: Name | None) -> Owner | None:
        """Return the subject of the verb that the number hangs on; None where no tree tells."""
        place = bisect_right(self._starts, amount.number) - 1
        if place < 0:
            return None
        sentence = self._sentences[place]
        at = sentence.token_at(amount.number)
        if at is None:
            return None
        for _ in range(12):
            head = sentence.tokens[at].head
            if head == at:
                return None
            at = head
            if sentence.tokens[at].pos not in {"VERB", "AUX"}:
                continue
            subject = next(
                (c for c in sentence.children[at] if sentence.tokens[c].dep in {"nsubj", "nsubjpass"}), None
            )
            if subject is None or sentence.tokens[subject].start >= amount.start:
                continue
            if sentence.tokens[subject].text.lower() == "who":
                people = [n for n in names if n.label == "PERSON" and n.end <= sentence.tokens[subject].start]
                return Owner(people[-1], rule="tree: who") if people else None
            if sentence.tokens[subject].text.lower() in {"which", "that"}:  # what the clause is about
                subject = sentence.tokens[at].head
            return self._owner_of(sentence, subject, names, voice)
        return None

    def _owner_of(
        self, sentence: Sentence, subject: int, names: Sequence[Name], voice: Name | None
    ) -> Owner | None:
        under = sentence.under(subject)
        start, end = sentence.tokens[under[0]].start, sentence.tokens[under[-1]].end
        inside = [n for n in names if start <= n.start and n.end <= end]
        if not inside or len(under) > 24:  # noqa: PLR2004 - a subject this long is rather a slip of the parser
            return None
        head = sentence.tokens[subject]
        own = [n for n in inside if n.start <= head.start < n.end]
        if own:
            listed = _longest_list(self._text, inside, is_first=True)
            if len(listed) > 1:
                return Owner(is_total=True, rule="tree: several subjects")
            return None if _is(own[0], voice) else Owner(own[0], rule="tree: subject")
        return None


def _is(name: Name, other: Name | None) -> bool:
    return other is not None and name.who == other.who


def _longest_list(text: str, names: Sequence[Name], *, is_first: bool = False) -> list[Name]:
    """Return the names that stand in one list, 'A, B and C': the last such list, or the one that begins first."""
    runs: list[list[Name]] = []
    for name in names:
        if runs and len(gap := text[runs[-1][-1].end : name.start]) < 12 and _LIST.fullmatch(gap):  # noqa: PLR2004
            runs[-1].append(name)
        else:
            runs.append([name])
    if not runs:
        return []
    return runs[0] if is_first else runs[-1]
