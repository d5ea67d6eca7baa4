"""Metro: the article stands between video carousels and links to other stories."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("metro.co.uk")(
    SiteRule(
        domains=("metro.co.uk",),
        fetched=Period(dt.date(2023, 1, 1)),
        body="article .article-body > p, article .article-body > h2",
    )
)
