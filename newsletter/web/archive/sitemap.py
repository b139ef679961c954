"""What search engines read: sitemap.xml (sitemaps.org 0.9) and robots.txt (RFC 9309)."""

from __future__ import annotations

from newsletter.web.archive import names
from newsletter.web.archive.addresses import Addresses
from newsletter.web.archive.atom import moment
from newsletter.web.archive.collection import Collection, latest_change
from newsletter.web.archive.entry import Entry
from newsletter.web.archive.xml import Element, document, element

_NAMESPACES = {
    "xmlns": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "xmlns:xhtml": "http://www.w3.org/1999/xhtml",
}


def sitemap(collection: Collection, addresses: Addresses) -> bytes:
    """All pages that may be found, each with its other languages."""
    lists = [
        element(
            "url",
            None,
            element("loc", text=addresses.at(names.index(language))),
            element("lastmod", text=moment(latest_change(collection.of(language)))),
        )
        for language in ("", *collection.extra_languages())
    ]
    issues = [_issue(entry, collection, addresses) for entry in collection.listed]
    return document(element("urlset", _NAMESPACES, *lists, *issues))


def _issue(entry: Entry, collection: Collection, addresses: Addresses) -> Element:
    siblings = collection.siblings(entry)
    ways = [
        element(
            "xhtml:link",
            {
                "rel": "alternate",
                "hreflang": other.language,
                "href": addresses.issue(other.slug),
            },
        )
        for other in ((entry, *siblings) if siblings else ())
    ]
    return element(
        "url",
        None,
        element("loc", text=addresses.issue(entry.slug)),
        element("lastmod", text=moment(entry.updated)),
        *ways,
    )


def robots(addresses: Addresses) -> bytes:
    """Everybody may read everything; what shall not be found says so on its own page."""
    lines = ["User-agent: *", "Disallow:"]
    if addresses.root:
        lines += ["", f"Sitemap: {addresses.at(names.SITEMAP)}"]
    return ("\n".join(lines) + "\n").encode()
