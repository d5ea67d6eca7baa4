"""One text to its quotations, in the order in which they stand."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.nlp.parse import Sentence
from tracker.nlp.quotes.attribute import Attribution, attribution_of, owner_of_words
from tracker.nlp.quotes.blocks import Block, given_in, turns_in
from tracker.nlp.quotes.channel import UNKNOWN, channel_in
from tracker.nlp.quotes.han import HanReader, is_han
from tracker.nlp.quotes.judge import is_alone, is_quote, kind_of
from tracker.nlp.quotes.marks import Marked
from tracker.nlp.quotes.phrase import Party, party_of
from tracker.nlp.quotes.scene import Place, Scene
from tracker.nlp.quotes.skeleton import Name, Names, Pieces
from tracker.nlp.quotes.subject import Grammar, main_phrase, phrase_after
from tracker.nlp.quotes.words import english
from tracker.records import FoundMention, FoundQuote, FoundRole

MODEL = "quotes.v1"
_LONGEST_SIGNATURE = 16  # pieces


@dataclass(frozen=True, slots=True)
class _Last:
    """The quotation before: who spoke, where, and through what."""

    place: Place
    party: Party
    channel: str
    is_open: bool


def quotes_in(
    text: str,
    mentions: Sequence[FoundMention],
    sentences: Sequence[Sentence] = (),
    roles: Sequence[FoundRole] = (),
) -> list[FoundQuote]:
    """Return the quotations of a text, by start.

    Args:
        text: any text, parsed or not.
        mentions: the names found in it.
        sentences: its parse, where there is one.
        roles: the roles that are printed beside names.
    """
    scene = Scene(text, Names(text, mentions), Grammar(sentences))
    reader = _Reader(scene, roles)
    turns = turns_in(scene)
    ends = {turn.end for turn in turns}  # inside a turn marks hold what its speaker quotes
    free = [n for n in scene.with_marks() if scene.blocks[n][1] not in ends]
    marked = [quote for paragraph in free for quote in reader.paragraph(paragraph)]
    given = [] if turns else list(given_in(scene))
    blocks = [reader.block(block) for block in [*turns, *given]]
    return sorted([*marked, *blocks], key=lambda quote: quote.start)


class _Reader:
    """Reads the paragraphs with marks in order and keeps in mind who spoke last.

    Args:
        scene: the text.
        roles: printed roles.
    """

    def __init__(self, scene: Scene, roles: Sequence[FoundRole]) -> None:
        self._scene = scene
        self._roles = _roles_by_paragraph(scene, roles)
        self._han = HanReader(scene.text, list(scene.names))
        n_single = sum(marked.is_single for marked in scene.marked)
        # words that single marks need to be speech: where speech has double ones, these hold terms
        self._fewest_in_single = (
            1 if n_single == len(scene.marked) else 3 if n_single * 2 > len(scene.marked) else None
        )
        self._last: _Last | None = None
        self._interviewed: set[str] = set()

    def paragraph(self, paragraph: int) -> Iterator[FoundQuote]:
        """Yield the quotations of one paragraph."""
        for s, sentence in enumerate(self._scene.sentences(paragraph)):
            for i, piece in enumerate(sentence):
                if piece.quote >= 0:
                    quote = self._quote(sentence, Place(paragraph, s, i))
                    if quote is not None:
                        yield quote

    def block(self, block: Block) -> FoundQuote:
        """Return the quotation that a span without marks is."""
        channel = block.channel or UNKNOWN
        if block.rule == "given":
            before = bisect_right([start for start, _ in self._scene.blocks], block.start) - 2
            sentences = self._scene.sentences(max(0, before))
            channel = block.channel or (
                channel_in(sentences[-1], len(sentences[-1])) if sentences else UNKNOWN
            )
        found = Attribution(block.party, block.rule, score=0.8)
        marked = Marked(block.start, block.end, (block.start, block.end))
        return self._row(marked, block.party, channel, found, kind="block")

    def _quote(self, sentence: Pieces, place: Place) -> FoundQuote | None:
        marked = self._scene.marked[sentence[place.piece].quote]
        if is_han(self._scene.text, marked):
            return self._han_quote(marked, place)
        found = attribution_of(self._scene, place)
        if marked.is_single and (found is None or found.rule != "after") and not self._may_be_single(marked):
            return None
        is_said = is_quote(sentence, place.piece, found, is_open=marked.is_open)
        if found is None:
            found = self._goes_on(sentence, place)
            if not is_said and found is None:
                return None
            found = found or self._from_before(sentence, place)
        elif not is_said:
            return None
        channel = self._channel(sentence, place, found)
        party = self._with_role(found.party, place) if found else Party()
        self._keep(place, party, channel, is_open=marked.is_open)
        return self._row(marked, party, channel, found, kind=kind_of(sentence, place.piece, found))

    def _may_be_single(self, marked: Marked) -> bool:
        n_words = len(self._scene.text[marked.start : marked.end].split())
        return self._fewest_in_single is not None and n_words >= self._fewest_in_single

    def _han_quote(self, marked: Marked, place: Place) -> FoundQuote | None:
        found, channel = self._han.attribution_of(marked)
        if found is None:
            if not self._han.is_alone(marked):
                return None
            last = self._last
            is_more = last is not None and last.is_open and last.party.name is not None
            found = Attribution(last.party, "goes on", score=0.8) if last is not None and is_more else None
        party = found.party if found else Party()
        self._keep(place, party, channel, is_open=marked.is_open)
        is_direct = found is None or found.rule != "before" or self._han.is_near(marked)
        return self._row(marked, party, channel, found, kind="direct" if is_direct else "fragment")

    def _row(
        self, marked: Marked, party: Party, channel: str, found: Attribution | None, *, kind: str
    ) -> FoundQuote:
        name = party.name
        return FoundQuote(
            start=marked.start,
            end=marked.end,
            words=self._scene.text[marked.start : marked.end],
            kind=kind,
            speaker=(name.start, name.end) if name else None,
            speaker_words=party.words[:300] or (name.text if name else ""),
            role=party.role[:300],
            channel=channel,
            score=found.score if found and name else 0.5,
            model=MODEL,
            rule=found.rule if found else "nobody named",
        )

    def _with_role(self, party: Party, place: Place) -> Party:
        """Return the party with the role that this sentence or the last prints beside the name."""
        if party.role or party.name is None or party.name.kind != "person":
            return party
        first = self._scene.sentences(place.paragraph)[max(0, place.sentence - 1)][0].start
        start, role = self._roles.get((place.paragraph, _key(party.name)), (-1, ""))
        return replace(party, role=role) if start >= first else party

    def _keep(self, place: Place, party: Party, channel: str, *, is_open: bool) -> None:
        if party.name is not None:
            self._scene.said[(place.paragraph, place.sentence)].append(party)
            if channel == "interview":
                self._interviewed.add(_key(party.name))
        self._last = _Last(place, party, channel, is_open)

    def _goes_on(self, sentence: Pieces, place: Place) -> Attribution | None:
        """Return the speaker of the quotation before, where this one is more of the same speech."""
        last = self._last
        if last is None or last.party.name is None:
            return None
        is_bare = all(piece.quote >= 0 or piece.is_mark for piece in sentence)
        if last.place.paragraph == place.paragraph:
            is_next = last.place.sentence in {place.sentence, place.sentence - 1}
            starts = all(p.quote >= 0 or p.is_mark for p in sentence[: place.piece])
            is_more = is_next and (is_bare or (starts and is_alone(sentence, place.piece)))
        else:
            is_next = last.place.paragraph == place.paragraph - 1
            is_more = last.is_open or (
                is_next and is_bare and is_alone(sentence, place.piece) and self._ends_there(last)
            )
        return Attribution(last.party, "goes on", score=0.85) if is_more else None

    def _ends_there(self, last: _Last) -> bool:
        """Whether the paragraph of the last quotation ends with its sentence."""
        return last.place.sentence >= len(self._scene.sentences(last.place.paragraph)) - 1

    def _from_before(self, sentence: Pieces, place: Place) -> Attribution | None:
        """Return the speaker that the sentence before gives: 'X was not impressed. "..."'; 'X wrote:'."""
        is_bare = all(piece.quote >= 0 or piece.is_mark for piece in sentence)
        if not is_bare:
            return None
        signed = self._from_below(place)
        found = self._sentence_before(place)
        if signed is not None or found is None:
            return signed
        before, where = found
        owner = owner_of_words(before) if before[-1].text == ":" else None
        if owner is not None:
            return Attribution(Party(owner, owner.text), "sentence before", score=0.7)
        phrases = main_phrase(before, len(before))
        name = phrases[0][-1].name if phrases else None
        if phrases is None or (name is not None and name.kind != "person" and before[-1].text != ":"):
            return None
        party = self._scene.meant(party_of(self._scene.text, *phrases), where)
        return Attribution(party, "sentence before", score=0.7) if party.name is not None else None

    def _sentence_before(self, place: Place) -> tuple[Pieces, Place] | None:
        """Return the sentence before, where it may lead to this one, and the place of its end."""
        paragraph, last = place.paragraph, place.sentence - 1
        if last < 0:
            if not paragraph:
                return None
            paragraph -= 1
            last = len(self._scene.sentences(paragraph)) - 1
            if last < 0 or self._scene.sentences(paragraph)[last][-1].text != ":":
                return None
        before = self._scene.sentences(paragraph)[last]
        return before, Place(paragraph, last, len(before))

    def _from_below(self, place: Place) -> Attribution | None:
        """Return who signs a quotation in the paragraph after it: a dash, a name, perhaps a title."""
        if place.sentence or place.paragraph + 1 >= len(self._scene.blocks):
            return None
        start, _ = self._scene.blocks[place.paragraph + 1]
        if self._scene.text[start : start + 1] not in {"\u2014", "\u2013", "-"}:
            return None
        below = self._scene.sentences(place.paragraph + 1)[0]
        phrases = phrase_after(below, 1)
        if phrases is None or phrases[0][-1].name is None or len(below) > _LONGEST_SIGNATURE:
            return None
        return Attribution(party_of(self._scene.text, *phrases), "signed", score=0.8)

    def _channel(self, sentence: Pieces, place: Place, found: Attribution | None) -> str:
        party = found.party if found else Party()
        if party.channel:
            return party.channel
        channel = channel_in(sentence, place.piece)
        if channel != UNKNOWN or party.name is None:
            return channel
        last = self._last
        if last is not None and last.party.name is not None and _same(last.party.name, party.name):
            is_near = last.place.paragraph == place.paragraph or (
                found is not None and found.rule == "goes on"
            )
            if is_near and last.channel != UNKNOWN:
                return last.channel
        if place.sentence and found is not None and found.rule != "according":
            before = self._scene.sentences(place.paragraph)[place.sentence - 1]
            phrases = main_phrase(before, len(before))
            subject = phrases[0][-1].name if phrases else None
            if subject is not None and _same(subject, party.name):
                channel = channel_in(before, len(before))
        if channel == UNKNOWN and _key(party.name) in self._interviewed:
            return "interview"
        if channel == UNKNOWN and found is not None and found.verb in english().pleading:
            return self._pleaded(party.name, place)
        return channel

    def _pleaded(self, name: Name, place: Place) -> str:
        """Return 'court' where a sentence before tells of a suit and names who alleges, else 'unknown'."""
        for pieces, _ in self._scene.back(place):
            lows = {piece.low for piece in pieces}
            if lows & english().suits and any(p.name is not None and _same(p.name, name) for p in pieces):
                return "court"
        return UNKNOWN


def _roles_by_paragraph(scene: Scene, roles: Sequence[FoundRole]) -> dict[tuple[int, str], tuple[int, str]]:
    """Return the printed role of each person of each paragraph, by the person's last word."""
    starts = [start for start, _ in scene.blocks]
    return {
        (bisect_right(starts, role.person[0]) - 1, scene.text[slice(*role.person)].split()[-1].lower()): (
            role.person[0],
            role.words,
        )
        for role in roles
        if scene.text[slice(*role.person)].strip()
    }


def _key(name: Name) -> str:
    return name.text.split()[-1].lower()


def _same(one: Name, other: Name) -> bool:
    return one.text == other.text or _key(one) == _key(other)
