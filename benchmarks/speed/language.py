#!/usr/bin/env python3
"""Prints how fast one process reads texts, beside spaCy with all its components on the same texts in the same run.

Usage: make bench-language, or python benchmarks/speed/language.py [--corpus FOLDER] [--articles 10000]

Ours is the whole language stage: relevance, names, roles, dates, quotes, quantities, and linking. Texts on the subject
are parsed; general ones are read for names. Both systems take turns; the figures are medians of processor time. Without
a folder of captured texts the invented ones of the project are read, over and over. Last comes the memory of a process
that reads many articles: the longest whole, then the beginnings of all of them, over and over.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402 - the path comes first

django.setup()

from tracker.linking.link import linked  # noqa: E402 - as above
from tracker.management.evaluate.gold import gold_set, register  # noqa: E402 - as above
from tracker.management.evaluate.reading import knowledge  # noqa: E402 - as above
from tracker.nlp.analyse import Analyser  # noqa: E402 - as above
from tracker.nlp.model import DEFAULT_MODEL  # noqa: E402 - as above
from tracker.records import TextToRead  # noqa: E402 - as above

CORPUS = ROOT.parent / "shared" / "corpus"
ROUNDS = 3
MOST = 100  # texts of a set; of a larger one every so many-th is read
FEWEST = 40  # texts of a set; a smaller one is repeated
BEGINNING = (
    1_500  # code points read of each article of the measure of memory, after the longest were read whole
)
MEGABYTE = 1024


def main() -> None:
    """Read each set with both, then many articles in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="Folder with topic/*.jsonl.")
    parser.add_argument(
        "--articles", type=int, default=10_000, help="Articles of the measure of memory; 0 leaves it out."
    )
    parser.add_argument("--only-memory", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    sets = texts_by_set(options.corpus)
    if options.only_memory:
        memory([text for texts in sets.values() for text in texts], options.articles)
        return
    for name, texts in sets.items():
        compare(name, texts)
    if options.articles:
        again = [sys.executable, __file__, "--only-memory", "--articles", str(options.articles)]
        command = [*again, "--corpus", str(options.corpus)]
        subprocess.run(command, check=True)  # noqa: S603 - this file, with our own options


def texts_by_set(corpus: Path) -> dict[str, list[TextToRead]]:
    """Return the captured texts by set, or the invented ones where there are none; Chinese ones are left out."""
    found = {}
    for name, file in (("on the subject", "on_subject"), ("general", "unlabelled")):
        path = corpus / "topic" / f"{file}.jsonl"
        if path.is_file():
            rows = (json.loads(line) for line in path.read_text("utf-8").splitlines())
            texts = [TextToRead(row["title"], row["text"], row.get("language") or "en") for row in rows]
            found[name] = [text for text in texts if _is_latin(text.text)]
    if not found:
        found["invented"] = [text.source for text in gold_set(None).texts]
    found = {name: texts[:: -(-len(texts) // MOST)] for name, texts in found.items()}
    return {
        name: list(itertools.islice(itertools.cycle(texts), max(FEWEST, len(texts))))
        for name, texts in found.items()
    }


def _is_latin(text: str) -> bool:
    return sum(ord(c) < 0x250 for c in text) > 0.95 * len(text)  # noqa: PLR2004 - the end of the Latin blocks


def compare(name: str, texts: Sequence[TextToRead]) -> None:
    """Print the speed of both on one set."""
    import spacy  # noqa: PLC0415 - the memory of our process is measured without it

    plain = spacy.load(DEFAULT_MODEL)
    names = register()
    analyser, known = Analyser(names.aliases), knowledge(names)

    def ours(some: Iterable[TextToRead]) -> None:
        some = list(some)
        for text, analysis in zip(some, analyser.analyse(some), strict=True):
            linked(analysis, text.text, known)

    def theirs(some: Iterable[TextToRead]) -> None:
        for _ in plain.pipe(text.text for text in some):
            pass

    ours(texts[:4])
    theirs(texts[:4])
    times: dict[Callable[[Iterable[TextToRead]], None], list[float]] = {ours: [], theirs: []}
    for turn in range(ROUNDS):
        for system in (ours, theirs) if turn % 2 else (theirs, ours):
            began = time.process_time()
            system(texts)
            times[system].append(time.process_time() - began)
    n_words = sum(len(text.text.split()) for text in texts)
    taken = {system: statistics.median(seconds) for system, seconds in times.items()}
    print(f"{name}: {len(texts)} texts, {n_words} words")
    for system, label in ((ours, "retort, everything"), (theirs, "spaCy, all components")):
        print(
            f"  {label:26}{len(texts) / taken[system]:8.1f} articles/s {n_words / taken[system]:10.0f} words/s"
        )
    print(f"  {'speed, of spaCy alone':26}{taken[theirs] / taken[ours]:8.2f}", flush=True)


def memory(texts: Sequence[TextToRead], n_articles: int) -> None:
    """Print what a process keeps resident while it reads many articles."""
    names = register()
    analyser, known = Analyser(names.aliases), knowledge(names)
    began = time.process_time()
    whole = sorted(texts, key=lambda text: -len(text.text))[:FEWEST]  # the longest need most
    rest = itertools.cycle(replace(text, text=text.text[:BEGINNING]) for text in texts)
    many = itertools.islice(itertools.chain(whole, rest), n_articles)
    batches = iter(lambda: list(itertools.islice(many, 16)), [])
    n_read = 0
    for batch in batches:
        for text, analysis in zip(batch, analyser.analyse(batch), strict=True):
            linked(analysis, text.text, known)
        n_read += len(batch)
        if n_read in {48, 1008, 4000} or n_read == n_articles:
            used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE
            print(
                f"after {n_read} articles: {used:.0f} MB resident at most, {time.process_time() - began:.0f} s",
                flush=True,
            )


if __name__ == "__main__":
    main()
