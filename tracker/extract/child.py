"""Reads pages in a process of their own with limits, one per worker process, safe between threads.

Promises an article or an ExtractError whatever the bytes are: a page takes at most ten seconds of processor time and
512 MB of memory, and never harms the worker or the next page. While a page is read other threads go on fetching.
"""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

from tracker.child.driver import Child, ChildError, Limit
from tracker.errors import ExtractError
from tracker.extract.article import with_language
from tracker.extract.pdf_page import extract_pdf
from tracker.extract.wire import from_plain
from tracker.records import Page, ParsedArticle
from tracker.text.pdf import is_pdf

MOST_CPU_S = 10.0
MOST_MEMORY = 480_000_000
"""Bytes of data; with the code of the process itself that is 512 MB."""
DEADLINE_S = 40.0
"""Longer than the processor time, as a busy machine gives it in small pieces."""

_WORK = Path(__file__).with_name("page_child.py")
_log = logging.getLogger(__name__)


class PageChild(Child):
    """One process that reads pages.

    Args:
        deadline_s: seconds one page may take, start of a new process included.
        cpu_s: seconds of processor time one page may take.
        memory_bytes: data the process may hold.
        recycle_kb: peak resident kilobytes above which the process is replaced.
    """

    def __init__(
        self,
        *,
        deadline_s: float = DEADLINE_S,
        cpu_s: float = MOST_CPU_S,
        memory_bytes: int = MOST_MEMORY,
        recycle_kb: int = 250_000,
    ) -> None:
        super().__init__(
            _WORK, memory_bytes=memory_bytes, deadline_s=deadline_s, cpu_s=cpu_s, recycle_kb=recycle_kb
        )

    def read(self, page: Page, now: dt.datetime) -> ParsedArticle:
        """Do what `extract_article` does, within limits; a PDF has a process of its own.

        Raises:
            ExtractError: no article, or the page met a limit or broke the reader; the words say which.
        """
        if is_pdf(page.body, page.content_type):
            return extract_pdf(page, now)
        request = {
            "url": page.final_url,
            "content_type": page.content_type,
            "fetched_at": page.fetched_at.isoformat(),
            "now": now.isoformat(),
        }
        try:
            answer = self.ask(request, page.body)
        except ChildError as error:
            _log.warning("page_not_read url=%s limit=%s detail=%s", page.final_url, error.limit, error.detail)
            raise ExtractError(self._words(error)) from None
        if "refused" in answer:
            raise ExtractError(answer["refused"])
        return with_language(from_plain(answer["article"]))

    def _words(self, error: ChildError) -> str:
        return {
            Limit.TIME: f"the page took longer to read than the {self.deadline_s:g} seconds that are allowed",
            Limit.PROCESSOR: f"the page needs more than the {self.cpu_s:g} seconds of processor time that are allowed",
            Limit.MEMORY: "the page needs more than the 512 MB of memory that are allowed",
            Limit.DEATH: "the page stopped the process that reads pages; it was started anew",
            Limit.ERROR: "the page is broken in a way that the reader cannot get past",
        }[error.limit]


_shared = PageChild()


def read_article(page: Page, now: dt.datetime) -> ParsedArticle:
    """Return the article that a page holds, read in the one child of this process; see `PageChild.read`."""
    return _shared.read(page, now)


def shared_child() -> PageChild:
    """Return the one child of this process."""
    return _shared
