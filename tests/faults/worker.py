"""A warm worker that tries each fault in a fresh copy of itself: one JSON line in, one JSON line out."""

from __future__ import annotations

import json
import os
import sys
import traceback
import urllib.request
from dataclasses import asdict
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connections  # noqa: E402 - Django first

from tests.faults.matrix import BY_NAME, FETCH_S, PARSE_S, Place  # noqa: E402
from tests.faults.trial import make_door, try_fault  # noqa: E402
from tracker.extract.language import detect_language  # noqa: E402
from tracker.pipeline.door import use_door  # noqa: E402
from tracker.pipeline.turns import DatabaseSlots  # noqa: E402
from tracker.sources.child import shared_child  # noqa: E402


def attempt(order: dict[str, Any]) -> dict[str, Any]:
    """Try the fault that is ordered and return what came of it."""
    fault, place = (
        BY_NAME[order["fault"]],
        Place(**(order["place"] | {"secret": Path(order["place"]["secret"])})),
    )
    shared_child().deadline_s = PARSE_S
    use_door(make_door(fault, place, order["good"], DatabaseSlots(), deadline_s=FETCH_S))

    def heal() -> None:
        with urllib.request.urlopen(f"http://{order['good']}/heal", timeout=5) as answer:
            answer.read()
        use_door(make_door(fault, place, order["good"], DatabaseSlots(), deadline_s=FETCH_S))

    return asdict(try_fault(fault, place, order["good"], heal=heal))


def main() -> None:
    """Answer orders until the input ends; each in a process of its own, forked from this warm one."""
    detect_language("Some words, so that what reads languages is loaded before anybody measures.", "")
    for line in sys.stdin:
        order = json.loads(line)
        connections.close_all()
        sys.stdout.flush()
        if os.fork() == 0:
            try:
                answer = attempt(order)
            except Exception:  # noqa: BLE001 - the test shows it
                answer = {"broke": traceback.format_exc()}
            finally:
                shared_child().close()
                connections.close_all()
            print(json.dumps(answer), flush=True)  # noqa: T201 - this is how it answers
            os._exit(0)
        os.wait()


if __name__ == "__main__":
    main()
