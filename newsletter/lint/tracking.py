"""Parameters of web addresses that only say who has clicked, and where.

As known in 2026, and no copy of anybody's list: Firefox, Brave, ClearURLs and AdGuard keep longer
ones, against which this one was not compared entry by entry. Left out is what some site needs to
find its page (``id``, ``ref``, ``source``, ``cid``), and what opens it to all readers (gift links
of newspapers).
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_PREFIXES = (
    *("utm_", "mtm_", "matomo_", "piwik_"),  # Google Analytics, Matomo
    *("hsa_", "_hs", "__hs"),  # HubSpot
    *("bsft_", "oft_", "oly_", "guce_"),  # Blueshift, Omeda, Yahoo
    *("at_custom", "at_link", "__cft__"),  # Piano (AT Internet), Facebook
)
_NAMES = frozenset(
    # Advertisements: Google, Microsoft, Yandex, Meta, X, TikTok, LinkedIn, Pinterest, Reddit …
    {"gclid", "gclsrc", "dclid", "gbraid", "wbraid", "gad_source", "gad_campaignid", "srsltid"}
    | {"_ga", "_gl", "msclkid", "yclid", "ysclid", "ymclid", "yadclid", "_openstat", "fbclid"}
    | {"fb_action_ids", "fb_action_types", "fb_source", "fb_ref", "mibextid", "igshid", "igsh"}
    | {"twclid", "ttclid", "li_fat_id", "epik", "rdt_cid", "sccid", "tblci", "dicbo"}
    | {"rb_clickid", "wickedid", "s_cid", "s_kwcid", "guccounter"}
    # Newsletters: Mailchimp, Marketo, Vero, Drip, MailerLite, Klaviyo, Kit, Bronto, Eloqua …
    | {"mc_cid", "mc_eid", "mkt_tok", "vero_id", "vero_conv", "__s", "ml_subscriber"}
    | {"ml_subscriber_hash", "_kx", "ck_subscriber_id", "_bta_tid", "_bta_c", "dm_i", "vgo_ee"}
    | {"trk_contact", "trk_msg", "trk_module", "trk_sid", "elqtrackid", "elqtrack", "elqaid"}
    | {"elqat", "elqcampaignid", "hsctatracking", "ss_email_id", "ss_campaign_id"}
    # Measuring: Matomo, Piano, Webtrekk, Webtrends.
    | {"pk_campaign", "pk_kwd", "pk_keyword", "pk_source", "pk_medium", "pk_content", "pk_cid"}
    | {"xtor", "at_campaign", "at_medium", "at_creation", "at_emailtype", "at_format"}
    | {"wt_mc", "wt_zmc", "wt.mc_id", "wt.mc_ev"}
)
_SITES = {
    "bbc.co.uk": {"ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "ocid"},
    "bbc.com": {"ns_mchannel", "ns_source", "ns_campaign", "ns_linkname", "ns_fee", "ocid"},
    "facebook.com": {"__tn__", "rdid", "share_url", "refsrc", "hrc", "paipv", "eav"},
    "linkedin.com": {"trk", "trackingid", "lipi", "rcm", "refid"},
    "nytimes.com": {"smid", "smtyp", "emc", "regi_id", "user_id", "segment_id", "instance_id"},
    "open.spotify.com": {"si"},
    "reddit.com": {"share_id", "rdt", "ref_source"},
    "substack.com": {"r", "isfreemail", "triedredirect", "showwelcomeonshare"},
    "theguardian.com": {"cmp"},
    "tiktok.com": {"_r", "_t", "is_from_webapp", "sender_device", "web_id"},
    "twitter.com": {"s", "t", "ref_src", "ref_url", "cxt"},
    "washingtonpost.com": {"itid", "wpisrc", "wpmm"},
    "x.com": {"s", "t", "ref_src", "ref_url", "cxt"},
    "youtu.be": {"si", "pp", "feature"},
    "youtube.com": {"si", "pp", "feature"},
}
"""Names that mean something else elsewhere, by site."""

_IN_FRAGMENTS = frozenset({"echobox"})
_WEB = re.compile(r"(?i)https?://(?:[^/?#@]*@)?([^/?#:]+)")


def tracking_parameters(url: str) -> tuple[str, ...]:
    """The names of such parameters in an address, as typed, each once, in order.

    Args:
        url: An address; one that is not of the web has none.
    """
    site = _site(url)
    if site is None:
        return ()
    _, query, fragment = _apart(url)
    found = [_name(part) for part in query.split("&") if _tracks(part, site)]
    if _is_tracking_fragment(fragment, site):
        found += [_name(part) for part in fragment.split("&")]
    return tuple(dict.fromkeys(found))


def without_tracking(url: str) -> str:
    """An address without them; the rest is left to the letter, in its order."""
    site = _site(url)
    if site is None:
        return url
    page, query, fragment = _apart(url)
    kept = "&".join(part for part in query.split("&") if not _tracks(part, site))
    if fragment and not _is_tracking_fragment(fragment, site):
        fragment = f"#{fragment}"
    else:
        fragment = "#" if url.endswith("#") else ""
    return page + (f"?{kept}" if kept else "") + fragment


def _site(url: str) -> frozenset[str] | None:
    """The names that count on the site of an address besides the usual; None if it has no site."""
    found = _WEB.match(url)
    if found is None:
        return None
    host = found[1].lower()
    own = (names for site, names in _SITES.items() if f".{host}".endswith(f".{site}"))
    return frozenset().union(*own)


def _apart(url: str) -> tuple[str, str, str]:
    rest, _, fragment = url.partition("#")
    page, _, query = rest.partition("?")
    return page, query, fragment


def _name(part: str) -> str:
    return part.partition("=")[0]


def _tracks(part: str, site: frozenset[str]) -> bool:
    name = unquote(_name(part)).lower()
    return name in _NAMES or name in site or name.startswith(_PREFIXES)


def _is_tracking_fragment(fragment: str, site: frozenset[str]) -> bool:
    """Whether what follows ``#`` is parameters of this kind only (``#xtor=RSS-3``)."""
    return all(
        "=" in part and (_tracks(part, site) or _name(part).lower() in _IN_FRAGMENTS)
        for part in fragment.split("&")
    )
