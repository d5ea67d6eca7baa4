"""Runs feed parsing in a long-lived child process, one per worker process, safe between threads.

Promises an answer or a FeedError within the deadline, whatever the bytes are.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tracker.child.driver import Child, ChildError, Limit
from tracker.errors import FeedError

_WORK = Path(__file__).with_name("feed_child.py")
_MEMORY = 1_500_000_000
_STOPPED = "the feed stopped the parser (too much memory or time); the parser was started anew"


class FeedChild(Child):
    """One parsing process and the pipes to it.

    Args:
        deadline_s: seconds one feed may take, start of a new process included.
        recycle_after: feeds after which the process is replaced.
        recycle_kb: peak resident kilobytes above which it is replaced.
    """

    def __init__(
        self, *, deadline_s: float = 20.0, recycle_after: int = 500, recycle_kb: int = 400_000
    ) -> None:
        super().__init__(
            _WORK,
            memory_bytes=_MEMORY,
            deadline_s=deadline_s,
            recycle_after=recycle_after,
            recycle_kb=recycle_kb,
        )

    def parse(self, body: bytes, *, final_url: str, content_type: str, max_items: int) -> dict[str, Any]:
        """Return what feedparser read, as the values that `feed_child.parse` describes.

        Raises:
            FeedError: the feed took too long, too much memory, or broke the parser.
        """
        request = {"final_url": final_url, "content_type": content_type, "max_items": max_items}
        try:
            return self.ask(request, body)
        except ChildError as error:
            raise FeedError(self._words(error)) from None

    def _words(self, error: ChildError) -> str:
        if error.limit is Limit.TIME:
            return f"the feed took longer than {self.deadline_s:g} seconds to parse"
        if error.limit is Limit.MEMORY:
            return (
                "the feed needs more memory to parse than is allowed; the publisher should list fewer items"
            )
        if error.limit is Limit.ERROR:
            kind = error.detail.partition(":")[0]
            return f"the feed is broken in a way that the parser cannot get past ({kind})"
        return _STOPPED


_shared = FeedChild()


def shared_child() -> FeedChild:
    """Return the one child of this process."""
    return _shared
