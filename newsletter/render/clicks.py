"""Counting how often links are followed, of all readers together, if a project wants that.

A link then leads over an address of the newsletter's own, which is the same in everybody's letter:
it tells which link was followed, never by whom.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from newsletter.render.merge import Tokens

if TYPE_CHECKING:
    from lxml.etree import Element

_CODE = 12
"""Hexadecimal digits of a link's code: enough to tell the links of one issue apart."""


def count_links(root: Element, clicks_url: str, slug: str, tokens: Tokens) -> dict[str, str]:
    """Let the links to other sites in a tree lead over the page that counts them.

    Args:
        root: A whole HTML document, which is changed.
        clicks_url: Where the page is; empty if nothing is counted.
        slug: The issue.
        tokens: Those of the merge fields; a link with one in it is left as it is.

    Returns:
        The address that each link led to, by its code.
    """
    if not clicks_url:
        return {}
    found = {}
    own = urlsplit(clicks_url).netloc
    for link in root.iter("a"):
        address = (link.get("href") or "").strip()
        if tokens.occur_in(address) or not _leads_away(address, own):
            continue
        code = hashlib.sha256(address.encode()).hexdigest()[:_CODE]
        found[code] = address
        link.set("href", f"{clicks_url}/{quote(slug)}/{code}")
    return found


def _leads_away(address: str, own: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # a bracket that is not closed, say
        return False
    return parts.scheme in {"http", "https"} and parts.netloc != own
