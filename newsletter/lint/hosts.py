"""The hosts of a newsletter, and those that stand for others."""

from __future__ import annotations

from newsletter.lint.addresses import host_of
from newsletter.lint.context import Context

SHORTENERS = frozenset(
    {"bit.ly", "bitly.com", "t.co", "tinyurl.com", "ow.ly", "is.gd", "buff.ly", "goo.gl"}
    | {"youtu.be", "rb.gy", "cutt.ly", "t.ly", "shorturl.at", "tiny.cc", "rebrand.ly", "lnkd.in"}
    | {"dlvr.it", "amzn.to", "fb.me", "wp.me", "trib.al", "clck.ru", "vk.cc", "goo.su", "u.to"}
    | {"s.id", "v.gd", "da.gd"}
)
"""Hosts whose addresses say nothing of where they lead, as known in 2026; not complete."""


def own_hosts(context: Context) -> frozenset[str]:
    """The hosts that the settings call the newsletter's own, in lower case."""
    publication = context.publication
    addresses = (
        context.headers.get("base_url", ""),
        publication.archive_url,
        publication.assets_url,
    )
    named = map(host_of, addresses)
    return frozenset(host for host in named if host) | frozenset(
        host.lower() for host in context.options.own_hosts
    )
