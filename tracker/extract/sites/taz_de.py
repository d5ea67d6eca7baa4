"""taz: the article in the shape that the site has since October 2024."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("taz.de")(
    SiteRule(
        domains=("taz.de",),
        fetched=Period(dt.date(2024, 10, 15)),
        body="article > p.typo-r-subline-detail, .main-article-corpus p.paragraph, .main-article-corpus h2",
    )
)
