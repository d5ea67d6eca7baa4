"""The White House: news and presidential actions in the shape that the site has since January 2025."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("whitehouse.gov")(
    SiteRule(
        domains=("whitehouse.gov",),
        fetched=Period(dt.date(2025, 1, 20)),
        title="h1.wp-block-whitehouse-topper__headline",
        date=".wp-block-post-date time",
        body=".entry-content",
        remove=".wp-block-whitehouse-topper",
    )
)
