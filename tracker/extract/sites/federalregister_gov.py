"""US Federal Register: the page of a document, without the marks that are not printed."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

SITES.register("federalregister.gov")(
    SiteRule(
        domains=("federalregister.gov",),
        path=r"/documents/\d{4}/\d{2}/\d{2}/",
        fetched=Period(dt.date(2016, 1, 1)),
        title="#metadata_content_area > h1",
        body="#fulltext_content_area",
        remove=".unprinted-element, .unprinted-element-wrapper, .printed-page, .document-clipping-actions, svg",
    )
)
