"""Query parameters that say how a reader arrived and never which document is meant.

Only names that are certain stand here: a parameter dropped by mistake makes two documents one, a parameter
kept by mistake is noticed later as a duplicate.
"""

from __future__ import annotations

PREFIXES = (
    "utm_",
    "at_",
    "mtm_",
    "hsa_",
    "gca-",
    "__hs",
    "_hs",
    "guce_",
    "pk_camp",
    "pk_kwd",
    "matomo_",
    "vero_",
)

NAMES = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "gbraid",
        "wbraid",
        "gclsrc",
        "gad_source",
        "gad_campaignid",
        "msclkid",
        "yclid",
        "twclid",
        "ttclid",
        "igsh",
        "igshid",
        "li_fat_id",
        "li_gid",
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "wickedid",
        "_ga",
        "_gl",
        "epik",
        "s_kwcid",
        "ef_id",
        "rb_clickid",
        "irclickid",
        "hsctatracking",
        "ns_campaign",
        "ns_mchannel",
        "ns_source",
        "ns_linkname",
        "ns_fee",
        "pk_source",
        "pk_medium",
        "pk_content",
        "pk_cid",
        "xtor",
        "wt_mc",
        "wt.mc_id",
        "wt_mc_id",
        "ncid",
        "sr_share",
        "ocid",
        "guccounter",
        "ftag",
        "smid",
        "smtyp",
        "ref_src",
        "ref_url",
        "taid",
        "gnt-cfr",
        "fb_action_ids",
        "fb_action_types",
        "fb_source",
        "fb_ref",
        "mbid",
        "cmpid",
        "icid",
        "intcid",
        "scid",
        "recruiter",
        "trk",
        "trkcampaign",
        "trackingid",
        "lipi",
        "trk_contact",
        "trk_msg",
        "trk_module",
        "trk_sid",
        "ml_subscriber",
        "ml_subscriber_hash",
        "ck_subscriber_id",
        "action_object_map",
        "action_type_map",
        "__twitter_impression",
        "spm",
        "share_source",
        "showwelcomeonshare",
        "triedredirect",
        "isfreemail",
        "yptr",
        "sfnsn",
        "mibextid",
        "rss_source",
    ]
)

# Names that track on these sites only; elsewhere the same name may choose the document.
NAMES_BY_DOMAIN: dict[str, frozenset[str]] = {
    "wsj.com": frozenset({"mod", "reflink", "st"}),
    "barrons.com": frozenset({"mod", "reflink", "st"}),
    "marketwatch.com": frozenset({"mod", "reflink", "st"}),
    "nytimes.com": frozenset(
        [
            "partner",
            "emc",
            "campaign_id",
            "instance_id",
            "segment_id",
            "regi_id",
            "user_id",
            "te",
            "nl",
            "referringsource",
            "unlocked_article_code",
            "algo",
            "block",
            "imp_id",
            "pgtype",
            "rref",
        ]
    ),
    "washingtonpost.com": frozenset({"itid", "tid", "wpisrc", "wpmm", "pml", "pwapi_token"}),
    "bloomberg.com": frozenset({"srnd", "sref", "leadsource"}),
    "theguardian.com": frozenset({"cmp", "amp", "inarticle"}),
    "ft.com": frozenset({"ftcamp", "segmentid", "sharetype", "accesstoken"}),
    "economist.com": frozenset({"fsrc"}),
    "cnbc.com": frozenset({"__source", "par"}),
    "reuters.com": frozenset({"feedtype", "feedname", "rpc"}),
    "bbc.co.uk": frozenset(
        {"pinned_post_locator", "pinned_post_asset_id", "pinned_post_type", "intlink_from_url"}
    ),
    "bbc.com": frozenset(
        {"pinned_post_locator", "pinned_post_asset_id", "pinned_post_type", "intlink_from_url"}
    ),
    "dailymail.co.uk": frozenset({"ito"}),
    "medium.com": frozenset({"source", "sk"}),
    "substack.com": frozenset({"r", "publication_id", "post_id"}),
    "youtube.com": frozenset({"feature", "si", "pp"}),
    "youtu.be": frozenset({"feature", "si"}),
    "twitter.com": frozenset({"s", "t"}),
    "x.com": frozenset({"s", "t"}),
    "google.com": frozenset({"usp", "ouid", "rtpof", "sd", "oc"}),
    "yahoo.com": frozenset({".tsrc", "soc_src", "soc_trk"}),
}

# These names are ambiguous; only with these values do they certainly say where the reader came from.
AMBIGUOUS_NAMES = frozenset({"ref", "referrer", "referer", "source", "src", "from", "via", "cmp", "cid"})
ARRIVAL_VALUES = frozenset(
    [
        "rss",
        "rssfeed",
        "rss-feed",
        "feed",
        "feeds",
        "atom",
        "twitter",
        "facebook",
        "linkedin",
        "newsletter",
        "email",
        "hackernews",
        "googlenews",
    ]
)


def is_tracking(name: str, value: str, registrable: str) -> bool:
    """Whether a query parameter only tracks.

    Args:
        name: decoded parameter name, lower-case.
        value: decoded value, lower-case.
        registrable: registrable domain of the address.
    """
    if name.startswith(PREFIXES) or name in NAMES:
        return True
    if name in NAMES_BY_DOMAIN.get(registrable, frozenset()):
        return True
    return name in AMBIGUOUS_NAMES and value in ARRIVAL_VALUES
