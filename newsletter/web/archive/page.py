"""The last touch on every page: a strict policy, quiet links, no pictures from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.etree import Element

_ELSEWHERE = re.compile(r"(?i)(?:[a-z][a-z0-9+.-]*:|//)")


def keep_to_itself(root: Element, *, hosts: Collection[str] = (), forms: bool = False) -> str:
    """Let a page ask nobody but its own server for anything, and tell nobody who reads it.

    Links that lead away carry ``noreferrer``; a picture on a host that is not the newsroom's own
    becomes a link with its description as words.

    Args:
        root: The page, with the policy that ``newsletter.render.web_page.protect`` gave it.
        hosts: Hosts whose pictures may be shown beside the page's own.
        forms: Whether it has a form that asks its own server.

    Returns:
        Its Content-Security-Policy (level 3); empty if its template left it without a head.
    """
    for link in root.iter("a"):
        if _ELSEWHERE.match(link.get("href") or ""):
            link.set("rel", " ".join(dict.fromkeys([*(link.get("rel") or "").split(), *_QUIET])))
    for picture in list(root.iter("img")):
        url = urlsplit(picture.get("src") or "")
        if url.netloc and (url.hostname or "") not in hosts:
            _replace_by_link(picture)
    policy = next((m for m in root.iter("meta") if _is_policy(m)), None)
    if policy is None:
        return ""
    sources = " ".join(["'self'", "data:", *(f"https://{host}" for host in sorted(hosts))])
    said = (policy.get("content") or "").replace(
        "img-src 'self' https: data:", f"img-src {sources}"
    )
    if forms:
        said = said.replace("form-action 'none'", "form-action 'self'")
    policy.set("content", said)
    return said


_QUIET = ("noopener", "noreferrer")


def _is_policy(meta: Element) -> bool:
    return (meta.get("http-equiv") or "").lower() == "content-security-policy"


def _replace_by_link(picture: Element) -> None:
    parent = picture.getparent()
    if parent is None:
        return
    src = picture.get("src") or ""
    inside = any(above.tag == "a" for above in picture.iterancestors())
    words = picture.makeelement("span" if inside else "a")
    words.set("class", "elsewhere")
    if not inside:
        words.set("href", src)
        words.set("rel", " ".join(_QUIET))
    words.text = picture.get("alt") or src
    words.tail = picture.tail
    parent.replace(picture, words)
