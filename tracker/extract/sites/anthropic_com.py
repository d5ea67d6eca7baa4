"""Anthropic: news posts; names of classes carry a hash that changes, so only their stems are asked for."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

PATH = r"/(?:news|research)/"

SITES.register("anthropic.com")(
    SiteRule(
        domains=("anthropic.com",),
        path=PATH,
        fetched=Period(dt.date(2025, 6, 1)),
        title="[class*='PostDetail-module'][class*='__header'] h1",
        date="[class*='PostDetail-module'][class*='__header'] h1 ~ div",
        body="[class*='Body-module'][class*='__body']",
    )
)
SITES.register("anthropic.com until 2025")(
    SiteRule(
        domains=("anthropic.com",),
        path=PATH,
        fetched=Period(dt.date(2024, 1, 1), dt.date(2025, 12, 31)),
        title="[class*='PostDetail_post-heading'] h1",
        date="[class*='PostDetail_post-timestamp']",
        body="[class*='PostDetail_post-detail'] > article",
        remove="[class*='PostDetail_b-social-share']",
    )
)
