"""TechRadar: the article stands between offers, newsletters and lists of what else to read."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("techradar.com")(
    SiteRule(
        domains=("techradar.com",),
        fetched=Period(dt.date(2023, 1, 1)),
        body="article header .strapline, #article-body > p, #article-body > h2, #article-body > h3,"
        " #article-body > ul > li",
        remove=".vanilla-image-block, .newsletter-form__wrapper, aside",
    )
)
