"""Taipei Times: the article stands between shares, photographs and the headlines of the day."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("taipeitimes.com")(
    SiteRule(
        domains=("taipeitimes.com",),
        path=r"/News/",
        fetched=Period(dt.date(2020, 1, 1)),
        byline=".archives .name",
        body=".archives > p",
    )
)
