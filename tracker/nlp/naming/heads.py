"""Longer names that a word inside them shows: committees, courts, universities, companies, laws, lakes."""

from __future__ import annotations

import re

from tracker.nlp.labels import GPE, LAW, ORG, PERSON, PRODUCT, PUBLIC_BODY
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.ground import Ground, Span
from tracker.nlp.naming.runs import PLAIN
from tracker.nlp.naming.words import FUNCTION_WORDS, is_common

_MOST_WORDS = 12
_NEXT_TO = frozenset({" ", ". ", " & "})
_OF = frozenset({"of", "for", "on", "against"})
_LEGAL = lexicon.words("legal_form")
_FORM = lexicon.words("company_form")
_OWNED = lexicon.words("owned_head")
_OF_ORGANISATIONS = lexicon.words("head_of")
_POSSESSIVES = frozenset({"'s ", "\u2019s ", "s' ", "s\u2019 "})
_POSSESSORS = lexicon.words("possessor")
_WEAK_HEADS = lexicon.words("weak_head")
_OF_PLACES = lexicon.words("place_head_of")
_FIRST_IN_PLACES = frozenset({"lake", "mount", "port", "cape"})
_YEAR = re.compile(r"(?:19|20)\d\d$")


class HeadFinder(Ground):
    """Finds names around their head words."""

    def around_head(self, i: int, label: str) -> Span | None:
        """Return the longer name around the head word at `i`, or None where it stands alone."""
        words = self.words
        low = words[i].low
        if self.known[i] >= 0 and self.labels[self.known[i]] in {ORG, PUBLIC_BODY, LAW, PERSON}:
            return None
        if low == "team" and i and self.known[i - 1] >= 0 and words[i].gap == " ":
            return Span(i - 1, i + 1, ORG, "head word") if self.labels[self.known[i - 1]] == PRODUCT else None
        left = self._left_of(i, label)
        if label == ORG and low in _WEAK_HEADS and self._is_plain_left(left, i):
            return None
        right = i + 1
        if self._takes_of(low, label):
            right = self._right_of(i, label)
        elif low in _FIRST_IN_PLACES and right < len(words) and self.is_plain_capital(right):
            right += 1
        if left == i and right == i + 1:
            return None
        if (
            label == LAW
            and right + 1 < len(words)
            and words[right].low == "of"
            and _YEAR.match(words[right + 1].text)
        ):
            right += 2
        inner = words[left:right]
        if (
            all(word.low in FUNCTION_WORDS or word.low in lexicon.heads() for word in inner[:-1])
            and right == i + 1
        ):
            return None
        is_heading = inner[0].line != PLAIN
        is_sure = (
            right > i + 1
            or low in _LEGAL
            or any(not is_common(words[at].text) for at in range(left, i) if self.known[at] < 0)
        )
        base = (
            self.known[left]
            if all(self.known[at] == self.known[left] or words[at].low in _FORM for at in range(left, right))
            else -1
        )
        return Span(left, right, label, "head word", base, is_weak=is_heading and not is_sure)

    def _left_of(self, i: int, label: str) -> int:
        words = self.words
        left = i
        if words[i].gap == ", " and words[i].low in _LEGAL and i and words[i - 1].is_capital:
            left = i - 1
        elif words[i].gap not in _NEXT_TO and words[i].gap not in _POSSESSIVES:
            return i
        while (
            left > 0
            and i - left < _MOST_WORDS
            and words[left].gap in _NEXT_TO
            and self._extends(left - 1, i, label)
        ):
            left -= 1
        if left < i and label in {PUBLIC_BODY, LAW}:
            left = self._over_and(left)
        if (
            words[left].gap in _POSSESSIVES
            and left
            and words[left - 1].low in _POSSESSORS
            and words[left - 1].is_capital
        ):
            left -= 1
            while left and words[left].gap == " " and self._extends(left - 1, i, label):
                left -= 1
        while left < i and self._is_no_beginning(left):
            left += 1
        return left

    def _over_and(self, left: int) -> int:
        """Return where 'Securities and Exchange Commission' begins, given where 'Exchange Commission' does."""
        words = self.words
        at = left - 2
        if (
            at < 0
            or words[left].gap != " "
            or words[left - 1].low not in {"and", "of"}
            or words[left - 1].gap != " "
        ):
            return left
        while at >= 0 and words[at].is_capital and self.known[at] < 0 and is_common(words[at].text):
            if words[at].is_first or words[at].low in FUNCTION_WORDS:
                break
            if at == 0 or words[at].gap != " " or not words[at - 1].is_capital or self.breaks(at - 1):
                return at
            at -= 1
        return left

    def _extends(self, i: int, head: int, label: str) -> bool:  # noqa: PLR0911 - one return for each kind of word
        word = self.words[i]
        if not word.is_capital and not re.match(r"\d+(?:st|nd|rd|th)$", word.low):
            return False
        if word.low in lexicon.words("calendar") or (word.low in FUNCTION_WORDS and label != LAW):
            return False
        if word.low in lexicon.words("never") and word.low != "ai":
            return False
        if word.low in lexicon.words("title") and not (
            label == PUBLIC_BODY and word.low in {"attorney", "general"}
        ):
            return False
        if word.low in lexicon.words("demonym"):
            return label in {LAW, ORG} and self.words[head].low in _OF_ORGANISATIONS | {
                "news",
                "times",
                "post",
                "daily",
                "act",
            }
        if self.known[i] < 0:
            return True
        known = self.labels[self.known[i]]
        if known == GPE:
            return self.words[head].low not in {
                "government",
                "military",
                "police",
                "court",
                "courts",
                "army",
                "customs",
                "ai",
            }
        if known in {ORG, PERSON}:
            if label == ORG and self.labels[self.known[i]] == ORG and self.words[head].low in _LEGAL:
                return True
            return label == LAW or (
                label == ORG and self.words[head].low in (_OWNED if known == ORG else _OF_ORGANISATIONS)
            )
        return label == LAW or (label == PUBLIC_BODY and known == PUBLIC_BODY)

    def _is_plain_left(self, left: int, head: int) -> bool:
        """Return whether only ordinary words stand before a head that many ordinary phrases end with."""
        is_outlet = self.words[head].low in {"news", "press", "review", "bank"}
        return all(
            is_common(self.words[at].text) and not (is_outlet and self.known[at] >= 0)
            for at in range(left, head)
        )

    def _is_no_beginning(self, i: int) -> bool:
        word = self.words[i]
        return word.low in FUNCTION_WORDS or word.low in lexicon.words("title_part") & lexicon.words("title")

    def _takes_of(self, low: str, label: str) -> bool:
        return label == PUBLIC_BODY or low in _OF_ORGANISATIONS or (label == GPE and low in _OF_PLACES)

    def _right_of(self, i: int, label: str) -> int:
        words = self.words
        at = i + 1
        if at + 1 >= len(words) or words[at].gap != " " or words[at].low not in _OF:
            return i + 1
        at += 1
        if words[at].low == "the" and words[at].gap == " " and at + 1 < len(words):
            at += 1
        end = self._capitals_from(at)
        if end == at:
            return i + 1
        if label != PUBLIC_BODY:
            return end
        return self._over_list(end)

    def _over_list(self, end: int) -> int:
        """Return where 'of Energy, Science and Technology' ends, given where 'Energy' does."""
        words = self.words
        at = end
        while at < len(words) - 1 and at - end < _MOST_WORDS:
            if words[at].gap == ", " and words[at].is_capital and self._is_common_name(at):
                at = self._capitals_from(at, is_list=True)
                continue
            if words[at].low == "and" and words[at].gap in {" ", ", "} and self._is_common_name(at + 1):
                last = self._capitals_from(at + 1)
                return last if last > at + 1 and words[last - 1].low not in lexicon.heads() else end
            break
        return end

    def _is_common_name(self, i: int) -> bool:
        word = self.words[i]
        return word.is_capital and self.known[i] < 0 and is_common(word.text) and not self.breaks(i)

    def _capitals_from(self, i: int, *, is_list: bool = False) -> int:
        words = self.words
        at = i
        while (
            at < len(words) and words[at].is_capital and (words[at].gap in _NEXT_TO or (is_list and at == i))
        ):
            if (
                words[at].low in lexicon.words("title")
                or words[at].low in FUNCTION_WORDS
                or at - i > _MOST_WORDS
            ):
                break
            at += 1
            if (
                at + 1 < len(words)
                and words[at].low == "of"
                and words[at].gap == " "
                and words[at + 1].is_capital
            ):
                at += 1
        return at
