"""Anthropic: news posts in the shape that the site had until it was made anew in 2025."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("anthropic.com until 2025")(
    SiteRule(
        domains=("anthropic.com",),
        path=r"/(?:news|research)/",
        fetched=Period(dt.date(2024, 1, 1), dt.date(2025, 12, 31)),
        title="[class*='PostDetail_post-heading'] h1",
        date="[class*='PostDetail_post-timestamp']",
        body="[class*='PostDetail_post-detail']",
        remove="[class*='PostDetail_b-social-share'], [class*='PostDetail_post-timestamp'],"
        " [class*='PostDetail_post-heading']",
    )
)
