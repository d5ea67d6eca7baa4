"""The simulated month: the real road over invented publishers, with a clock that jumps from one poll to the next.

Usage: make month, or python -m tests.month.run [--days 30] [--endpoints 200]

Everything between the fetch and the database is the product's own: the sweep, the job table, polling, reading. The
language work is left out; what is owed to it counts as done at the end of each day. Paces are 1 to 12 hours rather
than half an hour, so that the month is some 35,000 polls and takes minutes, and the clock moves at least ten
minutes a step. Tries are kept for 10 days and finished jobs for 7, so that forgetting is seen. It ends with a
report, and with 1 and what did not hold unless everything held.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
import tempfile
from pathlib import Path


def main() -> None:
    """Live through the days in a database of their own and report."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--endpoints", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="retort-month-") as folder:
        os.environ.update(
            DJANGO_SETTINGS_MODULE="tracker.settings",
            TRACKER_DATA_DIR=folder,
            TRACKER_SECRET_KEY="0123456789 abcdefghij ABCDEFGHIJ of a month",
            TRACKER_LOG_LEVEL="ERROR",
            TRACKER_ATTEMPT_KEEP_DAYS="10",
            TRACKER_JOB_KEEP_DAYS="7",
            DATABASE_URL="",
        )
        import django  # noqa: PLC0415 - the variables above come first

        django.setup()
        logging.disable(logging.WARNING)
        sys.exit(_month(Path(folder), options.endpoints, options.days))


def _month(folder: Path, n_endpoints: int, days: int) -> int:
    import time_machine  # noqa: PLC0415 - as above
    from django.core.management import call_command  # noqa: PLC0415 - as above

    from tests.month.life import START, live, planned  # noqa: PLC0415 - as above
    from tests.month.report import report  # noqa: PLC0415 - as above
    from tests.month.verdict import problems  # noqa: PLC0415 - as above
    from tracker.pipeline.door import use_door  # noqa: PLC0415 - as above

    call_command("migrate", verbosity=0)
    random.seed(days)  # the jitter of the schedule
    life = planned(n_endpoints, days, folder / "diary")
    use_door(life.web)
    with time_machine.travel(START, tick=False) as clock:
        live(life, clock.move_to, _show)
        wrong = list(problems(life))
        for line in report(life):
            _show(line)
    life.web.close()
    for problem in wrong:
        _show(f"DOES NOT HOLD: {problem}")
    _show("Everything held." if not wrong else f"{len(wrong)} things did not hold.")
    return 1 if wrong else 0


def _show(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
