"""What the process does in which pages are read: raw bytes in, the article as plain values out.

Run by `child.loop`, never imported: it makes this project importable for its isolated interpreter, and keeps numpy out
(the language of a text is told by the one who asked). A request holds url, content_type, fetched_at and now.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.modules["py3langid"] = None  # type: ignore[assignment]  # what Python documents: its import fails

from tracker.errors import ExtractError  # noqa: E402 - importable only now
from tracker.extract.article import parse_page  # noqa: E402 - as above
from tracker.extract.wire import to_plain  # noqa: E402 - as above
from tracker.records import Page  # noqa: E402 - as above


def parse(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    """Return `article`, or `refused` with the reason in words."""
    now = dt.datetime.fromisoformat(request["now"])
    headers = {"content-type": request["content_type"]}
    fetched_at = dt.datetime.fromisoformat(request["fetched_at"])
    page = Page(request["url"], request["url"], 200, headers, body, fetched_at, 0.0)
    try:
        return {"article": to_plain(parse_page(page, now))}
    except ExtractError as error:
        return {"refused": str(error)}
