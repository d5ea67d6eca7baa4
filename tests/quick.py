"""A limit on work that must grow in proportion to its input, which other programs on the machine cannot exhaust."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def cpu_below(limit_s: float) -> Iterator[None]:
    """Fail when the block takes `limit_s` seconds of this thread's processor or more.

    Elapsed time would also count the waiting for a busy machine. Limits are set ten times above what is
    usual: they catch work that grows with the square of its input, and benchmarks measure the rest.
    """
    started = time.thread_time()
    yield
    spent = time.thread_time() - started
    assert spent < limit_s, f"{spent:.2f} s of processor time, and less than {limit_s} s was expected"
