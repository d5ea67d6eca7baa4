"""US Department of Justice: press releases in the shape that the site has since 2023; a day is printed, no time."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("justice.gov")(
    SiteRule(
        domains=("justice.gov",),
        path=r"/(?:opa|usao-[a-z]+|[a-z]+)/pr/",
        fetched=Period(dt.date(2023, 5, 1)),
        title="h1.page-title",
        date=".node-press-release time",
        is_day_printed=True,  # its attribute says noon of a day without a time
        body=".node-body",
        remove="figure, iframe",
    )
)
