"""OpenAI: news posts; what stands beside the article is named by its place alone."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("openai.com")(
    SiteRule(
        domains=("openai.com",),
        path=r"/(?:index|global-affairs|research)/",
        fetched=Period(dt.date(2024, 10, 1)),
        byline="[data-testid='author-list'] a",
        body="#main article",
        remove="#main article > :has(h1), #citations, #main article > :last-child:not(:first-child)",
    )
)
