"""Where names may stand: runs of capitalised words, and longer names that a word inside them shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tracker.nlp.labels import GPE, LAW, ORG, PERSON, PRODUCT, PUBLIC_BODY
from tracker.nlp.naming import lexicon
from tracker.nlp.naming.runs import CAPITALS, PLAIN, Word
from tracker.nlp.naming.words import FUNCTION_WORDS, is_common

_MOST_WORDS = 12
_NEXT_TO = frozenset({" ", ". ", " & "})
_OF = frozenset({"of", "for", "on", "against"})
_PARTICLES = frozenset("de da di del della la le du van von der den bin ibn al el ben ter".split())
_LEGAL = frozenset("inc corp llc ltd plc pbc gmbh lp llp co limited incorporated corporation company".split())
_FORM = _LEGAL | frozenset("group holding holdings technology technologies".split())
_OWNED = (
    frozenset(
        "foundation institute university ventures capital labs lab research group holdings cloud".split()
    )
    | _LEGAL
)
_OF_ORGANISATIONS = frozenset(
    "university institute bank association society museum school college academy federation alliance church union "
    "foundation chamber league center centre library hospital".split()
)
_OF_PORTFOLIOS = frozenset({"secretary", "undersecretary", "minister", "ministers", "attorney"})
_POSSESSIVES = frozenset({"'s ", "\u2019s ", "s' ", "s\u2019 "})
_POSSESSORS = frozenset(
    "attorney people women children prosecutor consumer men veteran lord king queen president commissioner".split()
)
_WEAK_HEADS = frozenset(
    "ai intelligence news team research cloud media books records school fund review works energy software group press "
    "company companies technology systems solutions networks capital partners exchange".split()
)
_OF_PLACES = frozenset(
    "city gulf strait republic kingdom bay district province county isle sea state".split()
)
_FIRST_IN_PLACES = frozenset({"lake", "mount", "port", "cape"})
_STEM = re.compile(r"[A-Za-z]{2,}")
_NUMBER = re.compile(r"\d+(?:\.\d+)*[a-zA-Z]{0,2}$")
_LETTER_NUMBER = re.compile(r"[a-zA-Z]{1,2}-?\d+(?:\.\d+)*[a-zA-Z]{0,3}(?:-\w+)?$")
_BILLS = frozenset(
    {"H.R.", "HR", "S", "SB", "AB", "HB", "H.Res", "S.Res", "E.O.", "EO", "A.B.", "S.B.", "H.B."}
)
_ORDERS = frozenset(
    {
        ("executive", "order"),
        ("public", "law"),
        ("house", "bill"),
        ("senate", "bill"),
        ("assembly", "bill"),
        ("house", "resolution"),
        ("senate", "resolution"),
        ("presidential", "directive"),
    }
)
_NAMES_TOO = frozenset({"jun", "christian", "june", "april", "may", "august", "jordan", "german"})
_PARTY = re.compile(r"[RDI]-[A-Z]")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_AFTER_NUMBER = frozenset(
    "million billion trillion thousand hundred percent per years year months month days weeks hours minutes people "
    "am pm a.m p.m pages counts points times cents dollars yuan euros".split()
)
_NUMBERED = frozenset(
    "section figure table chapter step level phase part page article item room title volume vol no number count "
    "appendix exhibit episode season day week year round stage tier top line rule note case docket gen group unit "
    "form class type series point question option plan paragraph grade error code route highway flight area".split()
)


@dataclass(frozen=True, slots=True)
class Span:
    """Words [first, last) that may be a name; a label and a cue where the words themselves tell."""

    first: int
    last: int
    label: str = ""
    cue: str = ""
    base: int = -1  # the curators' name that this one extends, as its place in the list of them
    is_weak: bool = False  # counts only where the same name stands elsewhere


class SpanFinder:
    """Finds the spans of one text.

    Args:
        words: of the text.
        known: for each word the place of the curators' name that holds it in the list of them, or -1.
        labels: of the curators' names.
        known_spans: of the curators' names, in code points.
        model_starts: where names of the language model begin, in code points.
    """

    def __init__(
        self,
        words: Sequence[Word],
        known: Sequence[int],
        labels: Sequence[str],
        known_spans: Sequence[tuple[int, int]] = (),
        model_starts: frozenset[int] = frozenset(),
    ) -> None:
        self._words = words
        self._known = known
        self._labels = labels
        self._known_spans = known_spans
        self._model_starts = model_starts
        self._middle_pairs = {
            (one.text, other.text)
            for one, other in pairwise(words)
            if one.is_capital
            and other.is_capital
            and not one.is_first
            and one.line == PLAIN
            and other.gap == " "
        }

    def structures(self) -> list[Span]:
        """Return the longer names that a word inside shows, by start and without overlaps, the longest first kept."""
        heads = lexicon.heads()
        found = []
        for i, word in enumerate(self._words):
            if not word.is_capital:
                continue
            label = heads.get(word.low)
            if label is not None and (span := self._around_head(i, label)):
                found.append(span)
            if span := self._versioned(i):
                found.append(span)
            if span := self._listed(i):
                found.append(span)
            if span := self._one_word_version(i):
                found.append(span)
            if span := self._numbered_law(i):
                found.append(span)
            if word.text == "X" and self._is_platform(i):
                found.append(Span(i, i + 1, ORG, "platform"))
        found = [span for span in found if not self._is_known(span)]
        found.sort(key=lambda span: (span.first - span.last, span.first, span.cue))
        taken = [False] * len(self._words)
        kept = []
        for span in found:
            if not any(taken[span.first : span.last]):
                taken[span.first : span.last] = [True] * (span.last - span.first)
                kept.append(span)
        return sorted(kept, key=lambda span: span.first)

    def runs(self, structures: Sequence[Span]) -> list[Span]:
        """Return the runs of capitalised words outside the structures and the curators' names."""
        taken = [place >= 0 for place in self._known]
        for span in structures:
            taken[span.first : span.last] = [True] * (span.last - span.first)
        found = []
        i = 0
        while i < len(self._words):
            if taken[i] or not self._opens(i):
                i += 1
                continue
            if self._is_only_beginning(i, taken):
                i += 1
                continue
            last = i + 1
            while last < len(self._words) and last - i < _MOST_WORDS and not taken[last]:
                step = self._joins(last, taken)
                if not step:
                    break
                last += step
            found.append(Span(i, last))
            i = last
        return found

    def _is_known(self, span: Span) -> bool:
        """Return whether one of the curators' names holds the whole span."""
        place = self._known[span.first]
        if place < 0 or any(other != place for other in self._known[span.first : span.last]):
            return False
        start, end = self._known_spans[place]
        return start <= self._words[span.first].start and self._words[span.last - 1].end <= end

    def _opens(self, i: int) -> bool:
        word = self._words[i]
        if i and word.gap == "/" and self._words[i - 1].low in {"r", "u"}:
            return False  # a forum or its member
        if _PARTY.match(word.text):
            return False
        return word.is_capital and not self._breaks(i) and not self._is_heading_word(i)

    def _is_heading_word(self, i: int) -> bool:
        """Return whether a word is written large because its line is, and is no part of a name of the text."""
        word = self._words[i]
        if word.line == PLAIN or not is_common(word.text) or word.low in lexicon.words("first_name"):
            return False
        if i and (self._words[i - 1].text, word.text) in self._middle_pairs:
            return False
        if i and word.gap == " " and self._words[i - 1].low in lexicon.words("first_name"):
            return False
        return i + 1 >= len(self._words) or (word.text, self._words[i + 1].text) not in self._middle_pairs

    def _is_only_beginning(self, i: int, taken: Sequence[bool]) -> bool:
        """Return whether an ordinary word is written large because a sentence begins, before a name that is none."""
        word = self._words[i]
        if i > 1 and self._words[i - 1].low in {"of", "for"} and self._words[i - 2].low in _OF_PORTFOLIOS:
            return is_common(word.text) and word.low not in lexicon.words("first_name")  # Secretary of War X
        after = i + 1
        if not word.is_first or after >= len(self._words) or taken[after] or not self._joins(after, taken):
            return False
        if (
            not is_common(word.text)
            or is_common(self._words[after].text)
            or (word.start in self._model_starts)
        ):
            return False
        if word.low in lexicon.words("first_name") or word.low in lexicon.words("han_surname"):
            return False
        return (word.text, self._words[after].text) not in self._middle_pairs

    def _joins(self, i: int, taken: Sequence[bool]) -> int:
        """Return how many words from `i` on belong to the run before it: 0, 1, or 2 with a particle."""
        word = self._words[i]
        if word.gap not in _NEXT_TO:
            return 0
        if word.is_capital:
            if self._is_heading_word(i):
                return 0
            return 0 if self._breaks(i) and not self._is_suffix(i) else 1
        after = i + 1
        if word.low in _PARTICLES and after < len(self._words) and not taken[after]:
            follower = self._words[after]
            return 2 if follower.gap == " " and follower.is_capital and not self._breaks(after) else 0
        return 0

    def _is_suffix(self, i: int) -> bool:
        """Return whether 'AI' ends a company's name here, as in 'Hollinosk AI'."""
        word, before = self._words[i], self._words[i - 1]
        return word.text == "AI" and before.is_capital and not is_common(before.text) and before.line == PLAIN

    def _breaks(self, i: int) -> bool:
        low = self._words[i].low
        if "-" in low and any(piece in lexicon.words("calendar") for piece in low.split("-")):
            return True
        if low in _NAMES_TOO and self._is_in_persons_name(i):
            return False
        return (
            low in FUNCTION_WORDS
            or low in lexicon.words("never")
            or low in lexicon.words("calendar")
            or low in lexicon.words("demonym")
            or low in lexicon.words("title")
        )

    def _is_in_persons_name(self, i: int) -> bool:
        """Return whether a month or demonym stands in a name: 'Christian Bale', 'Yao Jun'."""
        words = self._words
        if i and words[i].gap == " " and words[i - 1].low in lexicon.words("han_surname"):
            return words[i - 1].is_capital and (i + 1 >= len(words) or not words[i + 1].text[0].isdigit())
        after = i + 1
        if after >= len(words) or words[after].gap != " " or not words[after].is_capital:
            return False
        return words[i].low in lexicon.words("first_name") and not is_common(words[after].text)

    def _around_head(self, i: int, label: str) -> Span | None:
        words = self._words
        low = words[i].low
        if self._known[i] >= 0 and self._labels[self._known[i]] in {ORG, PUBLIC_BODY, LAW, PERSON}:
            return None
        if low == "team" and i and self._known[i - 1] >= 0 and words[i].gap == " ":
            return (
                Span(i - 1, i + 1, ORG, "head word") if self._labels[self._known[i - 1]] == PRODUCT else None
            )
        left = self._left_of(i, label)
        if label == ORG and low in _WEAK_HEADS and self._is_plain_left(left, i):
            return None
        right = i + 1
        if self._takes_of(low, label):
            right = self._right_of(i, label)
        elif low in _FIRST_IN_PLACES and right < len(words) and self._is_plain_capital(right):
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
            or any(not is_common(words[at].text) for at in range(left, i) if self._known[at] < 0)
        )
        base = (
            self._known[left]
            if all(
                self._known[at] == self._known[left] or words[at].low in _FORM for at in range(left, right)
            )
            else -1
        )
        return Span(left, right, label, "head word", base, is_weak=is_heading and not is_sure)

    def _left_of(self, i: int, label: str) -> int:
        words = self._words
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
        words = self._words
        at = left - 2
        if (
            at < 0
            or words[left].gap != " "
            or words[left - 1].low not in {"and", "of"}
            or words[left - 1].gap != " "
        ):
            return left
        while at >= 0 and words[at].is_capital and self._known[at] < 0 and is_common(words[at].text):
            if words[at].is_first or words[at].low in FUNCTION_WORDS:
                break
            if at == 0 or words[at].gap != " " or not words[at - 1].is_capital or self._breaks(at - 1):
                return at
            at -= 1
        return left

    def _extends(self, i: int, head: int, label: str) -> bool:
        word = self._words[i]
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
            return label in {LAW, ORG} and self._words[head].low in _OF_ORGANISATIONS | {
                "news",
                "times",
                "post",
                "daily",
                "act",
            }
        if self._known[i] < 0:
            return True
        known = self._labels[self._known[i]]
        if known == GPE:
            return self._words[head].low not in {
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
            if label == ORG and self._labels[self._known[i]] == ORG and self._words[head].low in _LEGAL:
                return True
            return label == LAW or (
                label == ORG and self._words[head].low in (_OWNED if known == ORG else _OF_ORGANISATIONS)
            )
        return label == LAW or (label == PUBLIC_BODY and known == PUBLIC_BODY)

    def _is_plain_left(self, left: int, head: int) -> bool:
        """Return whether only ordinary words stand before a head that many ordinary phrases end with."""
        is_outlet = self._words[head].low in {"news", "press", "review", "bank"}
        return all(
            is_common(self._words[at].text) and not (is_outlet and self._known[at] >= 0)
            for at in range(left, head)
        )

    def _is_no_beginning(self, i: int) -> bool:
        word = self._words[i]
        return word.low in FUNCTION_WORDS or word.low in lexicon.words("title_part") & lexicon.words("title")

    def _takes_of(self, low: str, label: str) -> bool:
        return label == PUBLIC_BODY or low in _OF_ORGANISATIONS or (label == GPE and low in _OF_PLACES)

    def _right_of(self, i: int, label: str) -> int:
        words = self._words
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
        words = self._words
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
        word = self._words[i]
        return word.is_capital and self._known[i] < 0 and is_common(word.text) and not self._breaks(i)

    def _capitals_from(self, i: int, *, is_list: bool = False) -> int:
        words = self._words
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

    def _is_plain_capital(self, i: int) -> bool:
        word = self._words[i]
        return word.is_capital and word.gap == " " and self._known[i] < 0 and not self._breaks(i)

    def _listed(self, i: int) -> Span | None:
        """Return the longest name from `i` on that everybody knows."""
        words, names = self._words, lexicon.known_names()
        found = None
        text = ""
        for last in range(i, min(i + lexicon.LONGEST, len(words))):
            word = words[last]
            if last > i and word.gap not in _NEXT_TO and word.gap not in _POSSESSIVES:
                break
            text = f"{text}{word.gap}{word.text}".replace("\u2019", "'") if last > i else word.text
            if text in names:
                label = names[text]
            elif (word.line == CAPITALS or words[i].is_first) and text in lexicon.known_capitals():
                label = lexicon.known_capitals()[text]
            else:
                continue
            found = Span(i, last + 1, label, "known name")
        if found is None:
            return None
        if self._known[i] >= 0:
            return found if found.last - found.first > 1 else None
        return self._sure_of(found)

    def _sure_of(self, found: Span) -> Span | None:
        """Return the known name, or None where its one ordinary word is no name here or belongs to a longer one."""
        words = self._words
        if found.last - found.first > 1:
            return found
        word = words[found.first]
        if found.label == GPE and found.last < len(words) and words[found.last].text == "Attorney":
            return None
        if is_common(word.text) and found.label != GPE and not word.text.isupper():
            before = words[found.first - 1] if found.first and word.gap == " " else None
            if word.is_first or (before is not None and before.is_capital and before.low != "the"):
                return self._alone_in_cell(found)
            if word.line != PLAIN and (before is None or before.low != "the"):
                return None
        after = found.last
        if after < len(words) and self._is_plain_capital(after):
            is_word = is_common(word.text) and found.label != GPE and not word.text.isupper()
            if word.low in lexicon.words("first_name") or is_word:
                return None
            if (
                found.label == ORG
                and word.line == PLAIN
                and words[after].low not in lexicon.words("first_name")
            ):
                return None
        if word.gap == " " and found.first and self._is_name_part(found.first - 1):
            return None
        return found

    def _alone_in_cell(self, found: Span) -> Span | None:
        """Return the known name where it is all that stands between two bars, as in a list of outlets."""
        words, last = self._words, found.last
        has_bar_before = "|" in words[found.first].gap
        has_bar_after = last < len(words) and "|" in words[last].gap
        is_end = last >= len(words) or "|" in words[last].gap or "\n" in words[last].gap
        return found if found.label == ORG and is_end and (has_bar_before or has_bar_after) else None

    def _is_name_part(self, i: int) -> bool:
        """Return whether the word before makes a single word the end of somebody's name."""
        word = self._words[i]
        return word.is_capital and self._known[i] < 0 and word.low in lexicon.words("first_name")

    def _versioned(self, i: int) -> Span | None:
        """Return 'Songyan 2', 'Claude 3.5 Sonnet', 'DeepSeek V4' and the like, beginning at `i`."""
        words = self._words
        base = self._known[i]
        first = i
        at = i + 1
        if base >= 0:
            if i and self._known[i - 1] == base:
                return None
            while at < len(words) and self._known[at] == base:
                at += 1
            if self._labels[base] not in {ORG, PRODUCT}:
                return None
        elif (
            words[i].text in _BILLS
            or self._breaks(i)
            or words[i].low in _NUMBERED
            or not words[i].text[0].isalpha()
        ):
            return None
        has_number, end = self._version_from(at)
        if end == at:
            return None
        is_bare = _NUMBER.match(words[end - 1].text) is not None and end == at + 1
        if base >= 0:
            if self._labels[base] == ORG and (not has_number or is_bare):
                return None
        elif (
            not has_number
            or (words[i].is_first and is_common(words[i].text))
            or words[i].line == CAPITALS
            or (words[i].line != PLAIN and is_common(words[i].text))
        ):
            return None
        inner = [self._known[n] for n in range(at, end) if self._known[n] >= 0]
        return Span(first, end, PRODUCT, "model and version", inner[-1] if inner else base)

    def _numbered_law(self, i: int) -> Span | None:
        """Return 'H.R. 8283', 'Executive Order 14110' and the like, beginning at `i`."""
        words = self._words
        at = i + 1
        if at >= len(words) or self._known[i] >= 0:
            return None
        if words[i].text in _BILLS and words[at].gap in {" ", ". ", ".  "} and words[at].text.isdigit():
            is_long = len(words[at].text) > 1 and not _YEAR.match(words[at].text)
            return Span(i, at + 1, LAW, "number of a law") if is_long or words[i].text != "S" else None
        if at + 1 < len(words) and (words[i].low, words[at].low) in _ORDERS and words[at].gap == " ":
            number = words[at + 1]
            if number.gap == " " and number.text[0].isdigit():
                return Span(i, at + 2, LAW, "number of a law")
        return None

    def _is_platform(self, i: int) -> bool:
        """Return whether a lone X is the network of that name: 'a thread on X', 'X, formerly Twitter', 'X/Twitter'."""
        words = self._words
        after = words[i + 1] if i + 1 < len(words) else None
        if (
            after is not None
            and after.low in {"twitter", "formerly"}
            and after.gap in {"/", " (", ", ", " / "}
        ):
            return True
        if after is not None and (after.gap in {"-", "\u00d7"} or (after.gap == " " and after.is_capital)):
            return False
        if i == 0 or words[i].gap != " ":
            return False
        return words[i - 1].low in {"on", "via", "platform", "network", "site"} and words[i].line == PLAIN

    def _one_word_version(self, i: int) -> Span | None:
        """Return 'Qwen2.5-72B' or 'V4-Flash' where the word holds a model's name and more, or a model's bare number."""
        word = self._words[i]
        base = self._known[i]
        if base >= 0:
            if (i and self._known[i - 1] == base) or self._labels[base] not in {ORG, PRODUCT}:
                return None
            has_more = (i + 1 >= len(self._words) or self._known[i + 1] != base) and self._is_longer(
                word, base
            )
            rest = word.text.partition("-")[2] or word.text
            if has_more and (
                any(c.isdigit() for c in rest) or rest.casefold() in lexicon.words("version_word")
            ):
                return Span(i, i + 1, PRODUCT, "model and version", base)
            return None
        stem = _STEM.match(word.text)
        if stem is None or stem.end() == len(word.text):
            return None
        is_family = lexicon.known_names().get(stem.group()) == PRODUCT
        if is_family and (any(c.isdigit() for c in word.text) or word.text[stem.end() :].startswith("-")):
            return Span(i, i + 1, PRODUCT, "model and version", base)
        return None

    def _is_longer(self, word: Word, base: int) -> bool:
        start, end = self._known_spans[base]
        return start == word.start and word.end > end

    def _version_from(self, at: int) -> tuple[bool, int]:
        """Return whether a number is in the version that begins at `at`, and where it ends."""
        words = self._words
        has_number = False
        end = at
        while end < len(words) and end - at < 4 and words[end].gap in {" ", "-"}:  # noqa: PLR2004 - words of a version
            word = words[end]
            if self._known[end] >= 0 and not (
                self._labels[self._known[end]] == PRODUCT and _LETTER_NUMBER.match(word.text)
            ):
                break
            if not has_number and (_NUMBER.match(word.text) or _LETTER_NUMBER.match(word.text)):
                if _YEAR.match(word.text) or self._counts(end):
                    break
                has_number = True
            elif not (word.is_capital and word.low in lexicon.words("version_word")):
                break
            end += 1
        return has_number, end

    def _counts(self, i: int) -> bool:
        """Return whether the number at `i` counts what comes after it."""
        after = i + 1
        return (
            after < len(self._words)
            and self._words[after].gap == " "
            and self._words[after].low in _AFTER_NUMBER
        )
