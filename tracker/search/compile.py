"""Query tree to what each database understands; pure."""

from __future__ import annotations

from tracker.search.query import Either, Node, Words


def to_fts5(node: Node) -> str:
    """Return the tree as an FTS5 expression; words hold no character that FTS5 would read as syntax."""
    if isinstance(node, Words):
        return f'"{" ".join(node.words)}"' + (" *" if node.is_prefix else "")
    if isinstance(node, Either):
        return "(" + " OR ".join(to_fts5(choice) for choice in node.choices) + ")"
    wanted = "(" + " AND ".join(to_fts5(part) for part in node.wanted) + ")"
    if not node.unwanted:
        return wanted
    unwanted = " OR ".join(to_fts5(part) for part in node.unwanted)
    return f"({wanted} NOT ({unwanted}))"


def to_postgresql(node: Node) -> tuple[str, list[str]]:
    """Return the tree as a condition on `words` (tsvector without places) and `line` (words in order).

    One tsquery finds the rows in the index; where it says less than the tree, as with phrases, the rows are
    checked by the tree itself. The line has no limit on places, a tsvector has.
    """
    query = _tsquery(node)
    if _is_exact(node):
        return "words @@ %s::tsquery", [query]
    check, values = _check(node)
    return f"(words @@ %s::tsquery AND {check})", [query, *values]


def _is_exact(node: Node) -> bool:
    """Whether a tsquery says all of the tree."""
    if isinstance(node, Words):
        return len(node.words) == 1
    parts = node.choices if isinstance(node, Either) else node.wanted + node.unwanted
    return all(_is_exact(part) for part in parts)


def _tsquery(node: Node) -> str:
    """Return a tsquery that holds wherever the tree does."""
    if isinstance(node, Words):
        return "(" + " & ".join(f"'{word}'" for word in node.words) + (":*" if node.is_prefix else "") + ")"
    if isinstance(node, Either):
        return "(" + " | ".join(_tsquery(choice) for choice in node.choices) + ")"
    parts = [_tsquery(part) for part in node.wanted]
    parts += ["!" + _tsquery(part) for part in node.unwanted if _is_exact(part)]
    return "(" + " & ".join(parts) + ")"


def _check(node: Node) -> tuple[str, list[str]]:
    """Return the tree as a condition on a row that was found."""
    if isinstance(node, Words):
        return _check_words(node)
    if isinstance(node, Either):
        return _joined(" OR ", node.choices)
    wanted, values = _joined(" AND ", node.wanted)
    if not node.unwanted:
        return wanted, values
    unwanted, more = _joined(" OR ", node.unwanted)
    return f"({wanted} AND NOT {unwanted})", values + more


def _joined(operator: str, nodes: tuple[Node, ...]) -> tuple[str, list[str]]:
    parts = [_check(node) for node in nodes]
    return "(" + operator.join(sql for sql, _ in parts) + ")", [
        value for _, values in parts for value in values
    ]


def _check_words(leaf: Words) -> tuple[str, list[str]]:
    line = " " + " ".join(leaf.words) + ("" if leaf.is_prefix else " ")
    return "strpos(line, %s) > 0", [line]
