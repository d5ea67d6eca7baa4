"""Turns a mark file, in which spans are named by their words, into a gold file with offsets.

A mark file is JSON: {"id", "half", "event", "label", "from": FILE of the corpus or null, and for an invented text
"title", "text", "published", "outlet", "language"; then lists:
  "mentions":   [[words, type, entity or null], or [words, type, entity or null, [numbers of occurrences]]]
  "anaphora":   [[words, number, entity]]
  "roles":      [[words, number, person]]
  "quotes":     [{"text", "nth"?, "kind", "speaker", "role"?, "channel"?}]
  "quantities": [{"text", "nth"?, "metric", "comparator", "value", "high"?, "unit", "party"?, "stated_by"?}]
  "dates":      [{"text", "nth"?, "from", "expected"?}]
  "claims":     [{"text", "nth"?, "kind", "stated_by", "about", ...}]
A mention without numbers is marked wherever its words stand as whole words and no longer marked name covers them.
Numbers count from 1. White space in words matches any white space, so that a line break does not matter.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path
from typing import Any

GOLD = Path(__file__).parent / "gold"
LISTS = ("quotes", "quantities", "dates", "claims")


def main() -> int:
    """Write one gold file a mark file; say what cannot be found and fail."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("marks", type=Path, nargs="+")
    parser.add_argument("--corpus", type=Path, default=Path("../shared/corpus"))
    parser.add_argument("--show", action="store_true", help="Print the text with its marks.")
    asked = parser.parse_args()
    is_good = True
    for path in asked.marks:
        try:
            gold, text = compiled(json.loads(path.read_text("utf-8")), asked.corpus)
        except (LookupError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            is_good = False
            continue
        target = GOLD / gold["half"] / f"{gold['id']}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(gold, ensure_ascii=False, indent=1) + "\n", "utf-8")
        if asked.show:
            print(shown(gold, text))
        print(f"{target.name}: " + ", ".join(f"{len(gold[name])} {name}" for name in ("mentions", *LISTS)))
    return 0 if is_good else 1


def compiled(marks: dict[str, Any], corpus: Path) -> tuple[dict[str, Any], str]:
    """Return the gold file of a mark file, and the text; LookupError names words that do not stand in it."""
    base = text_of(marks, corpus)
    text = base["text"]
    gold: dict[str, Any] = {name: marks.get(name) for name in ("id", "half", "event", "label", "from")}
    gold |= {name: base.get(name, "") for name in ("published", "language")}
    gold["text_sha256"] = hashlib.sha256(text.encode()).hexdigest()
    if not gold["from"]:
        gold |= {"outlet": base.get("outlet", ""), "title": base["title"], "text": text}
    gold["mentions"] = mentions_in(text, marks.get("mentions", []))
    gold["anaphora"] = [
        {**span(text, words, nth), "entity": entity} for words, nth, entity in marks.get("anaphora", [])
    ]
    gold["roles"] = [
        {**span(text, words, nth), "person": person} for words, nth, person in marks.get("roles", [])
    ]
    for name in LISTS:
        rows = []
        for row in marks.get(name, []):
            rest = {key: value for key, value in row.items() if key not in {"text", "nth"}}
            rows.append({**span(text, row["text"], row.get("nth", 1)), **rest})
        gold[name] = sorted(rows, key=lambda row: (row["start"], row["end"]))
    return gold, text


def text_of(marks: dict[str, Any], corpus: Path) -> dict[str, Any]:
    """Return title, text, day and language of the article that is marked."""
    if not marks.get("from"):
        return marks
    for line in (corpus / marks["from"]).read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["id"] == marks["id"]:
            return {**row, "published": row.get("date") or "", "language": row.get("lang") or ""}
    msg = f"'{marks['id']}' does not stand in {marks['from']}"
    raise LookupError(msg)


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Return every place of the words as whole words; LookupError when there is none."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    before = r"(?<![A-Za-z0-9])" if words[0].isalnum() and words[0].isascii() else ""
    after = r"(?![A-Za-z0-9])" if words[-1].isalnum() and words[-1].isascii() else ""
    found = [match.span() for match in re.finditer(before + pattern + after, text)]
    if not found:  # glued to its neighbour, as in text taken from a broken page
        found = [match.span() for match in re.finditer(pattern, text)]
    if not found:
        msg = f"these words do not stand in the text: {words!r}"
        raise LookupError(msg)
    return found


def span(text: str, words: str, nth: int) -> dict[str, Any]:
    """Return the span of the nth place of the words."""
    found = places(text, words)
    if not 1 <= nth <= len(found):
        msg = f"{words!r} stands {len(found)} times in the text, {nth} was asked for"
        raise LookupError(msg)
    start, end = found[nth - 1]
    return {"start": start, "end": end}


def mentions_in(text: str, listed: list[list[Any]]) -> list[dict[str, Any]]:
    """Return the marked names by start; the longer of two that overlap is kept."""
    taken: list[tuple[int, int]] = []
    rows = []
    for words, kind, entity, *only in sorted(listed, key=lambda row: (-len(row[0]), len(row) < 4)):  # noqa: PLR2004
        found = places(text, words)
        chosen = [found[n - 1] for n in only[0]] if only else found
        for start, end in chosen:
            if any(start < high and low < end for low, high in taken):
                continue
            taken.append((start, end))
            rows.append({"start": start, "end": end, "type": kind, "entity": entity})
    return sorted(rows, key=lambda row: row["start"])


def shown(gold: dict[str, Any], text: str) -> str:
    """Return the text with names in brackets and the other marks listed below it."""
    pieces, at = [], 0
    for row in gold["mentions"]:
        pieces += [
            text[at : row["start"]],
            f"[{text[row['start'] : row['end']]}|{row['entity'] or row['type']}]",
        ]
        at = row["end"]
    pieces.append(text[at:])
    lines = ["".join(pieces), ""]
    for name in ("anaphora", "roles", *LISTS):
        for row in gold[name]:
            said = {key: value for key, value in row.items() if key not in {"start", "end"}}
            lines.append(f"{name}: {' '.join(text[row['start'] : row['end']].split())!r} {said}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
