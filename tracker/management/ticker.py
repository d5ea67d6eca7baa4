"""Progress of long work on a terminal: one line that counts, or now and then a line where there is no terminal."""

from __future__ import annotations

import time

from django.core.management.base import OutputWrapper

EVERY_S = 0.2
EVERY_WITHOUT_TERMINAL_S = 10.0


class Ticker:
    """Counts what is done and shows the count, at most five times a second.

    Args:
        out: where to write; the errors' stream, so that results can be piped.
        what: what is counted, in the plural.
    """

    def __init__(self, out: OutputWrapper, what: str) -> None:
        self._out = out
        self._what = what
        self._is_terminal = out.isatty()
        self._every_s = EVERY_S if self._is_terminal else EVERY_WITHOUT_TERMINAL_S
        self._shown_at = time.monotonic()
        self.n_done = 0

    def tick(self, n: int = 1) -> None:
        """Count `n` more."""
        self.n_done += n
        now = time.monotonic()
        if now - self._shown_at >= self._every_s:
            self._shown_at = now
            line = f"{self.n_done:,} {self._what}"
            self._write(f"\r\033[K{line}" if self._is_terminal else f"{line}\n")

    def clear(self) -> None:
        """Take the line away before something else is written."""
        if self._is_terminal:
            self._write("\r\033[K")

    def _write(self, text: str) -> None:
        self._out.write(text, style_func=str, ending="")  # progress is no error, so it is not red
        self._out.flush()
