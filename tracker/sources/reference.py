"""The page docs/reference/kinds.md: every kind of endpoint as it explains itself.

Printed by `python -m tracker.sources.reference`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tracker.sources.kind import KINDS, UNVERIFIED, SourceKind

if TYPE_CHECKING:
    from tracker.sources.kind import Option

_HEAD = """# Kinds of endpoint

Printed by `python -m tracker.sources.reference`; do not edit by hand.

An endpoint has one kind, which says how its answers are read. Its settings are text. A setting that is missing or
cannot be used stops the poll with a sentence that says which one and what to write; one that the kind does not know is
a warning.
"""


def reference_page() -> str:
    """Return docs/reference/kinds.md as Markdown."""
    kinds = [kind for _, kind in KINDS]
    index = [
        "| kind | reads | looks into the past | shape of the answers |",
        "| --- | --- | --- | --- |",
        *(
            f"| [`{kind.name}`](#{kind.name}) | {_cell(kind.title)} | {'yes' if _has_past(kind) else 'no'} "
            f"| {_cell(_shape(kind))} |"
            for kind in kinds
        ),
    ]
    return "\n".join([_HEAD, *index, "", *(_section(kind) for kind in kinds)])


def _section(kind: SourceKind) -> str:
    lines = [f"## {kind.name}", "", f"**{kind.title}.** {kind.about}", "", f"Shape: {_shape(kind)}."]
    if kind.max_pages > 1:
        lines.append(f"At most {kind.max_pages} addresses are asked in one poll.")
    if kind.pause_s:
        lines.append(f"At least {kind.pause_s:g} s pass between two requests to its host.")
    lines.append("")
    if kind.options:
        lines += [
            "| setting | what it is for | example |",
            "| --- | --- | --- |",
            *map(_row, kind.options),
            "",
        ]
    else:
        lines += ["It has no settings.", ""]
    return "\n".join(lines)


def _row(option: Option) -> str:
    needed = " **Required.**" if option.is_required else ""
    example = f"`{_one_row(option.example)}`" if option.example else ""
    return f"| `{option.name}` | {_cell(option.what)}{needed} | {example} |"


def _shape(kind: SourceKind) -> str:
    if kind.shape == UNVERIFIED:
        return f"**{UNVERIFIED}**: nobody has seen a real answer yet, so its endpoints ship switched off"
    return kind.shape


def _has_past(kind: SourceKind) -> bool:
    return type(kind).past is not SourceKind.past


def _cell(text: str) -> str:
    return _one_row(text).replace("<", "&lt;")


def _one_row(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")


if __name__ == "__main__":
    sys.stdout.write(reference_page())
