"""US Department of State: releases and briefings, with the day and the office in lines of their own."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("state.gov")(
    SiteRule(
        domains=("state.gov",),
        hosts=("www.state.gov", "state.gov"),
        fetched=Period(dt.date(2020, 1, 1)),
        title="h1.featured-content__headline",
        byline="p.article-meta__author-bureau",
        date="p.article-meta__publish-date",
        body=".entry-content",
        remove=".article-meta, .related-tags, .related-content, .share-this-page, .wp-block-summary-article-index",
    )
)
