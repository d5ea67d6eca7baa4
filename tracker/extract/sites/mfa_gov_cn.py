"""The foreign ministry of China: press conferences and remarks, in English and Chinese, under both its domains."""

from __future__ import annotations

import datetime as dt

from tracker.extract.sites.rule import SITES, Period, SiteRule

DOMAINS = ("mfa.gov.cn", "fmprc.gov.cn")
ZONE = "Asia/Shanghai"

SITES.register("mfa.gov.cn")(
    SiteRule(
        domains=DOMAINS,
        path=r"/eng/",
        fetched=Period(dt.date(2024, 1, 1)),
        title=".news_header_title",
        date=".news_header_time .xltime, .xltime",
        zone=ZONE,
        body=".content_text",
    )
)
SITES.register("mfa.gov.cn Chinese")(
    SiteRule(
        domains=DOMAINS,
        path=r"/(?:web|mfa_chn)/",
        fetched=Period(dt.date(2015, 1, 1)),
        title="#News_Body_Title",
        date="#News_Body_Time, .time span",
        zone=ZONE,
        body="#News_Body_Txt_A",
    )
)
SITES.register("mfa.gov.cn until 2023")(
    SiteRule(
        domains=DOMAINS,
        path=r"/mfa_eng/",
        fetched=Period(dt.date(2015, 1, 1), dt.date(2023, 12, 31)),
        title=".content_mod h2.title",
        date="#News_Body_Time",
        zone=ZONE,
        body=".content_mod div.content",
    )
)
