"""`evaluate linking`: which entity a marked name got, what 'the company' was taken for, and roles as printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tracker.management.evaluate.gold import GoldText, Register, gold_set, register
from tracker.management.evaluate.kinds import KINDS, OURS, Asked, Report
from tracker.management.evaluate.reading import analysed, same_party
from tracker.nlp.model import load_model
from tracker.records import Analysis, FoundMention, FoundRole, Span

THEIRS = "spaCy, exact names"
COLUMNS = ("texts", "marked", "found", "right", "false", "unmarked", "precision", "recall", "f1", "all links")
FLOORED = ("precision", "recall", "f1")
_WIDE = 70  # code points of a text on either side of an error
_NOTE = """names: marked is every name whose entity the register has; found, those that got an entity; false, those that
got another than marked, or one where none is marked; precision is right of right and false. unmarked: links of
spans that are no marked name; 'all links' is precision with these counted as wrong.
descriptions: 'the company' and the like, right when they stand for the organisation that is marked.
roles: right when the words, an article aside, and the person are as marked.
spaCy, exact names: the same model alone, a name of it linked when it is one on file, to the letter."""


@dataclass(slots=True)
class Count:
    """What one system made of some texts, in one table."""

    n_texts: int = 0
    n_marked: int = 0
    n_met: int = 0  # marked ones that are right
    n_right: int = 0  # found ones that are right
    n_false: int = 0
    n_unmarked: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, float | None]:
        """Return the columns of one row."""
        found = self.n_right + self.n_false
        precision = self.n_right / found if found else None
        recall = self.n_met / self.n_marked if self.n_marked else None
        both = (precision or 0) + (recall or 0)
        is_whole = precision is not None and recall is not None
        return {
            "texts": self.n_texts,
            "marked": self.n_marked,
            "found": found,
            "right": self.n_right,
            "false": self.n_false,
            "unmarked": self.n_unmarked,
            "precision": precision,
            "recall": recall,
            "f1": (2 * (precision or 0) * (recall or 0) / both if both else 0.0) if is_whole else None,
            "all links": self.n_right / (found + self.n_unmarked) if found + self.n_unmarked else None,
        }


@KINDS.register("linking")
def evaluate_linking(asked: Asked) -> Report:
    """Measure links, descriptions and roles in the gold texts that can be read."""
    report = Report(COLUMNS, FLOORED)
    gold, names = gold_set(asked.corpus, asked.half), register()
    report.notes = [*gold.notes, _NOTE]
    for name, texts in gold.halves().items():
        if not texts or (asked.sets and name not in asked.sets):
            continue
        links, theirs, descriptions, roles = Count(), Count(), Count(), Count()
        for text, analysis in analysed(texts, names):
            _count_links(links, text, _linked(analysis), names)
            _count_descriptions(descriptions, text, analysis, names)
            _count_roles(roles, text, analysis, names)
        for text, mentions in _exact(texts, names):
            _count_links(theirs, text, mentions, names)
        report.figures[name] = {OURS: links.figures(), THEIRS: theirs.figures()}
        report.figures[f"{name}: descriptions"] = {OURS: descriptions.figures()}
        report.figures[f"{name}: roles"] = {OURS: roles.figures()}
        errors = [*links.errors, *descriptions.errors, *roles.errors]
        if errors and asked.shows_errors_of(texts[0].half):
            report.errors[name] = sorted(errors)
    return report


def _linked(analysis: Analysis) -> list[FoundMention]:
    return [m for m in analysis.mentions if m.entity_id is not None and m.form != "description"]


def _exact(texts: Sequence[GoldText], names: Register) -> Iterator[tuple[GoldText, list[FoundMention]]]:
    """Yield the names of the model alone that are a name on file, to the letter."""
    owners: dict[str, set[int]] = {}
    for alias in names.aliases:
        owners.setdefault(alias.text, set()).add(alias.entity_id)
    pipeline = load_model()
    for text in texts:
        (answer,) = pipeline.read([(text.text, 0)], is_parsed=False)
        found = []
        for name in answer.names:
            surface = text.text[name.start : name.end].removeprefix("the ").removesuffix("'s")
            known = owners.get(surface, set())
            if len(known) == 1:
                entity = next(iter(known))
                found.append(
                    FoundMention(name.start, name.end, surface, name.label, 1, "", entity, "exact name")
                )
        yield text, found


def _count_links(count: Count, text: GoldText, linked: Sequence[FoundMention], names: Register) -> None:
    known = set(names.slugs.values())
    count.n_texts += 1
    met: set[Span] = set()
    for mention in linked:
        slug = names.slugs[mention.entity_id or 0]
        here = [one for one in text.mentions if one.start < mention.end and mention.start < one.end]
        right = [one for one in here if one.entity == slug]
        met.update((one.start, one.end) for one in right)
        is_described = any(_overlap(row, mention) for row in text.anaphora)
        if right:
            count.n_right += 1
        elif here:
            count.n_false += 1
            said = f"false link {slug} by {mention.rule}, is {here[0].entity}"
            count.errors.append(_line(text, (mention.start, mention.end), said))
        elif not is_described:
            count.n_unmarked += 1
            said = f"link of what is no marked name: {slug} by {mention.rule}"
            count.errors.append(_line(text, (mention.start, mention.end), said))
    for one in text.mentions:
        if one.entity in known:
            count.n_marked += 1
            count.n_met += (one.start, one.end) in met
            if (one.start, one.end) not in met:
                count.errors.append(_line(text, (one.start, one.end), f"missing link {one.entity}"))


def _count_descriptions(count: Count, text: GoldText, analysis: Analysis, names: Register) -> None:
    count.n_texts += 1
    count.n_marked += len(text.anaphora)
    met = set()
    for mention in analysis.mentions:
        row = next((row for row in text.anaphora if _overlap(row, mention)), None)
        if mention.form != "description" and (row is None or mention.entity_id is None):
            continue
        said = names.slugs[mention.entity_id] if mention.entity_id is not None else mention.full_name
        if row is not None and same_party(said, str(row["entity"])):
            count.n_right += 1
            met.add(row["start"])
        else:
            count.n_false += 1
            marked = row["entity"] if row else "nothing"
            told = f"description {said} by {mention.rule}, is {marked}"
            count.errors.append(_line(text, (mention.start, mention.end), told))
    count.n_met += len(met)
    for row in text.anaphora:
        if row["start"] not in met:
            count.errors.append(
                _line(text, (row["start"], row["end"]), f"missing description {row['entity']}")
            )


def _overlap(row: dict[str, object], mention: FoundMention) -> bool:
    start, end = int(str(row["start"])), int(str(row["end"]))
    return start < mention.end and mention.start < end


def _count_roles(count: Count, text: GoldText, analysis: Analysis, names: Register) -> None:
    count.n_texts += 1
    count.n_marked += len(text.roles)
    by_place = {(m.start, m.end): m for m in analysis.mentions}
    person_of = _person_namer(by_place, analysis, text, names)
    met = set()
    for role in analysis.roles:
        row = next((row for row in text.roles if _same_words(text, row, role)), None)
        said = person_of(role)
        if row is not None and same_party(said, str(row["person"])):
            count.n_right += 1
            met.add(row["start"])
        else:
            count.n_false += 1
            marked = row["person"] if row else "no marked role"
            told = f"role of {said} by {role.rule}, is {marked}"
            count.errors.append(_line(text, (role.start, role.end), told))
    count.n_met += len(met)
    for row in text.roles:
        if row["start"] not in met:
            count.errors.append(_line(text, (row["start"], row["end"]), f"missing role of {row['person']}"))


def _person_namer(
    by_place: dict[Span, FoundMention], analysis: Analysis, text: GoldText, names: Register
) -> Callable[[FoundRole], str]:
    def name(role: FoundRole) -> str:
        inside = [m for m in analysis.mentions if m.start < role.person[1] and role.person[0] < m.end]
        mention = by_place.get(role.person) or (inside[0] if inside else None)
        if mention is None:
            return text.text[slice(*role.person)]
        if mention.entity_id is not None:
            return names.slugs[mention.entity_id]
        return mention.full_name or mention.surface

    return name


def _same_words(text: GoldText, row: dict[str, object], role: FoundRole) -> bool:
    start, end = int(str(row["start"])), int(str(row["end"]))
    if not (start < role.end and role.start < end):
        return False
    return _bare(text.text[start:end]) == _bare(text.text[role.start : role.end])


def _bare(words: str) -> str:
    bare = " ".join(words.split()).casefold().strip(" .,")
    for article in ("a ", "an ", "the "):
        bare = bare.removeprefix(article)
    return bare


def _line(text: GoldText, span: Span, said: str) -> str:
    before = text.text[max(0, span[0] - _WIDE) : span[0]]
    after = text.text[span[1] : span[1] + _WIDE]
    return f"{text.id} {said}: " + " ".join(f"{before}[{text.text[slice(*span)]}]{after}".split())
