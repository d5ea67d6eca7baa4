"""Congress.gov: the text of a bill, as plain text or as the page makes it."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("congress.gov")(
    SiteRule(
        domains=("congress.gov",),
        path=r"/bill/[\w-]+/[\w-]+/\w+/text",
        fetched=Period(dt.date(2019, 1, 1)),
        body="#billTextContainer",
    )
)
