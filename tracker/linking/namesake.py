"""Namesakes: which of several a shared name means, whose surname a title tells, and who only has the same name.

Promises that context decides or nobody: the body, the title, a related entity named in the same text, the country.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from tracker.linking.knowledge import Knowledge, Owner, Post
from tracker.linking.short import BY_TITLE, MODEL
from tracker.linking.title import GOVERNMENT, Likeness, Title, compare, title_of, topic_words
from tracker.records import FoundMention, FoundRole, Span

SHARED = "shared alias"
_BY_CONTEXT = "shared alias, context"
_APART = "namesake, role of another"
_SCORE = 0.8
_UNIQUE = frozenset(
    {
        "president",
        "secretary",
        "attorney general",
        "chief executive",
        "director",
        "under secretary",
        "prime minister",
    }
    | {"assistant secretary", "minister", "chair", "ranking member", "deputy secretary"}
)


def settle(
    text: str, mentions: Sequence[FoundMention], roles: Sequence[FoundRole], known: Knowledge
) -> list[FoundMention]:
    """Return the mentions with shared names and bare surnames decided, and mere namesakes without an entity."""
    text_roles = Roles(text, mentions, roles, known)
    named = {m.entity_id for m in mentions if m.entity_id is not None}
    decided = [_decided(m, text_roles, named, known) for m in mentions]
    decided += _beside_titles(text, decided, roles)
    text_roles = Roles(text, decided, roles, known)
    decided = [_by_title(m, text_roles, known) for m in decided]
    apart = _namesakes(decided, text_roles, named, known)
    settled = [
        replace(m, entity_id=None, rule=_APART, score=min(m.score, 0.5)) if m.entity_id in apart else m
        for m in decided
    ]
    return sorted(settled, key=lambda m: (m.start, m.end))


class Roles:
    """The printed roles of one text, to be asked by the place of a name."""

    def __init__(
        self, text: str, mentions: Sequence[FoundMention], roles: Sequence[FoundRole], known: Knowledge
    ) -> None:
        self._text = text
        self._known = known
        self._mentions = sorted(mentions, key=lambda m: m.start)
        self._starts = [m.start for m in self._mentions]
        self._of: dict[int, list[FoundRole]] = {}
        for role in roles:
            mention = self._at(role.person)
            if mention is not None:
                self._of.setdefault(mention.start, []).append(role)

    def of(self, mention: FoundMention) -> list[FoundRole]:
        """Return the roles printed beside this very name."""
        return self._of.get(mention.start, [])

    def body_of(self, role: FoundRole) -> tuple[int | None, str, str]:
        """Return entity, words and label of the body that a role names; nothing, '' and '' for none."""
        if role.body is None:
            return None, "", ""
        mention = self._at(role.body)
        if mention is None:
            return None, self._text[slice(*role.body)], ""
        return mention.entity_id, mention.surface, mention.label

    def likeness(self, role: FoundRole, post: Post) -> Likeness:
        """Return how a printed role compares with a post on file."""
        body_id, words, _ = self.body_of(role)
        return likeness(role.words, body_id, words, post=post, known=self._known)

    def _at(self, span: Span) -> FoundMention | None:
        at = bisect_left(self._starts, span[1]) - 1
        for mention in self._mentions[max(0, at - 1) : at + 1][::-1]:
            if mention.end > span[0]:
                return mention
        return None


def likeness(words: str, body_id: int | None, body_words: str, *, post: Post, known: Knowledge) -> Likeness:
    """Compare a role as printed, with the body it names, with a post on file."""
    printed, held = title_of(words), title_of(post.title)
    own = topic_words(body_words) | printed.topic
    theirs = topic_words(post.body_name) | held.topic
    same_body: bool | None = None
    if body_words:
        same_body = bool(topic_words(body_words) & theirs)
        if body_id is not None and post.body_id is not None:
            same_body = same_body or known.are_related(body_id, post.body_id)
    return compare(_with_topic(printed, own), _with_topic(held, theirs), same_body=same_body)


def _with_topic(title: Title, topic: frozenset[str]) -> Title:
    return replace(title, topic=topic)


def _decided(mention: FoundMention, roles: Roles, named: set[int], known: Knowledge) -> FoundMention:
    """Return a mention of a name that several entities have, with the one that the text speaks for."""
    if mention.entity_id is not None or mention.rule != SHARED:
        return mention
    points = {owner: _points(owner, mention, roles, named, known) for owner in known.owners(mention.surface)}
    best = max(points.values(), default=0)
    winners = [owner for owner, n in points.items() if n == best]
    if best <= 0 or len(winners) != 1:
        return mention
    label = "PERSON" if winners[0].type == "person" else mention.label
    return replace(mention, entity_id=winners[0].entity_id, rule=_BY_CONTEXT, score=_SCORE, label=label)


def _points(owner: Owner, mention: FoundMention, roles: Roles, named: set[int], known: Knowledge) -> int:
    """Return how loudly a text speaks for one owner of a name: its role, its relations, its country."""
    facts = known.facts(owner.entity_id)
    found = [roles.likeness(role, post) for role in roles.of(mention) for post in facts.posts]
    points = 8 * (Likeness.SAME in found) - 8 * (bool(roles.of(mention)) and owner.type != "person")
    for role in roles.of(mention):
        body_id, _, _ = roles.body_of(role)
        points += 4 * (body_id is not None and body_id in known.bodies(owner.entity_id))
    related = known.family(owner.entity_id) | known.bodies(owner.entity_id)
    points += 2 * any(entity in named for entity in related - {owner.entity_id})
    country = facts.country
    return points + (bool(country) and _names_country(country, named, known))


def _names_country(country: str, named: set[int], known: Knowledge) -> bool:
    places = (known.facts(entity) for entity in named)
    return any(place.type == "place" and place.country == country for place in places)


def _beside_titles(
    text: str, mentions: Sequence[FoundMention], roles: Sequence[FoundRole]
) -> list[FoundMention]:
    """Return the names that stand beside a title and that nothing marked."""
    spans = sorted((m.start, m.end) for m in mentions)
    added: dict[Span, FoundMention] = {}
    for role in roles:
        at = bisect_left(spans, (role.person[1], 0)) - 1
        if at >= 0 and spans[at][1] > role.person[0]:
            continue
        surface = text[slice(*role.person)]
        added[role.person] = FoundMention(
            *role.person, surface, "PERSON", 0.6, MODEL, None, "name beside a title"
        )
    return [added[span] for span in sorted(added)]


def _by_title(mention: FoundMention, roles: Roles, known: Knowledge) -> FoundMention:
    """Return a surname that stands alone with the one whose post on file is the title beside it."""
    if mention.entity_id is not None or mention.rule == SHARED or len(mention.surface.split()) > 1:
        return mention
    owners = [owner for owner in known.owners(mention.surface) if owner.type == "person"]
    if len(owners) != 1:
        return mention
    facts = known.facts(owners[0].entity_id)
    for role in roles.of(mention):
        printed = title_of(role.words)
        if not printed.offices & _UNIQUE or printed.is_former:
            continue
        has_topic = bool(printed.topic or roles.body_of(role)[1]) or "president" in printed.offices
        if has_topic and any(roles.likeness(role, post) is Likeness.SAME for post in facts.posts):
            return replace(
                mention, entity_id=owners[0].entity_id, rule=BY_TITLE, score=_SCORE, label="PERSON"
            )
    return mention


def _namesakes(mentions: Sequence[FoundMention], roles: Roles, named: set[int], known: Knowledge) -> set[int]:
    """Return the persons on file whose name the text gives to somebody else.

    It does where every role printed beside the name is of another body or trade than all their posts, and nothing
    they are known with is named. A wrong title in the right body, or in another office of government, is none.
    """
    apart: set[int] = set()
    agreeing: set[int] = set()
    for mention in mentions:
        entity = mention.entity_id
        if entity is None or mention.label != "PERSON" or not roles.of(mention):
            continue
        if any(_is_anothers(role, entity, roles, named, known) for role in roles.of(mention)):
            apart.add(entity)
        else:
            agreeing.add(entity)
    return apart - agreeing


def _is_anothers(role: FoundRole, entity: int, roles: Roles, named: set[int], known: Knowledge) -> bool:
    posts = [post for post in known.facts(entity).posts if post.body_id is not None or post.body_name]
    body_id, words, label = roles.body_of(role)
    if not posts or not words or label == "PUBLIC_BODY" or title_of(role.words).offices & GOVERNMENT:
        return False
    if body_id is not None and known.facts(body_id).type == "public_body":
        return False
    if any(roles.likeness(role, post) is Likeness.SAME for post in posts):
        return False
    bodies = known.bodies(entity)
    related = frozenset().union(*(known.family(body) for body in bodies)) if bodies else frozenset()
    if (body_id is not None and body_id in related) or any(body in named for body in bodies):
        return False
    return not any(topic_words(words) & topic_words(post.body_name) for post in posts)
