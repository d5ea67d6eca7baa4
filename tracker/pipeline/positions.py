"""Printed roles held against the posts on file for the day of the article: a difference is a flag, no correction.

Posts that are not shown count too, but readers are told only of those that are: a difference that rests on nothing
they may see is no flag.

It is part of every analysis of a revision; a post that is corrected later is seen with the next analysis of the text.
"""

from __future__ import annotations

from collections import defaultdict

from tracker.linking.knowledge import Knowledge, Post
from tracker.linking.tenure import Printed, Verdict, judged
from tracker.models import Affiliation, Position, PrintedRole, Revision
from tracker.pipeline.knowledge import post_of


def check_roles(revision: Revision) -> None:
    """Write the verdict on each role of a revision that no person decided, in the caller's transaction."""
    roles = list(revision.roles.filter(decided_by="rule", person__isnull=False))
    if not roles:
        return
    posts: dict[int, list[Post]] = defaultdict(list)
    people = {role.person_id for role in roles}
    rows = Position.objects.filter(person_id__in=people).select_related("body")
    for position in rows.order_by("start", "pk"):
        posts[position.person_id].append(post_of(position))
    known = Knowledge((), affiliations=Affiliation.objects.values_list("child_id", "parent_id"))
    published = revision.article.published_at
    day = published.date() if published else None
    for role in roles:
        printed = Printed(role.words, role.body_id, role.body_name)
        on_file = posts[role.person_id or 0]
        verdict, _ = judged(printed, on_file, day, known)
        _, role.held = judged(printed, [post for post in on_file if post.is_shown], day, known)
        if verdict is Verdict.DIFFERS and not role.held:
            verdict = Verdict.UNKNOWN
        role.verdict = PrintedRole.Verdict(verdict.value)
    PrintedRole.objects.bulk_update(roles, ["verdict", "held"])
