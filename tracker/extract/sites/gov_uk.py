"""GOV.UK: news and publications; the day of first publication stands in the head alone."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("gov.uk")(
    SiteRule(
        domains=("www.gov.uk",),
        path=r"/government/",
        fetched=Period(dt.date(2020, 1, 1)),
        title="h1.gem-c-heading__text, h1.gem-c-title__text",
        date="meta[name='govuk:first-published-at']",
        body=".gem-c-govspeak",
        remove=".gem-c-contextual-sidebar, .gem-c-published-dates, .gem-c-share-links, .gem-c-attachment",
    )
)
