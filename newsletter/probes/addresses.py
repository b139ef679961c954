"""Which machines may be asked: those on the public internet, and no others.

A draft comes from anywhere, and so do its links and what they redirect to. A link to a router, a
printer or a cloud's metadata service must not make this program fetch it (CWE-918, server-side
request forgery). Names are looked up first and the addresses judged, since any name can lead
anywhere.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address

# IANA IPv4 Special-Purpose Address Registry and multicast, as of 2026-11. A list of our own, since
# ``is_global`` differs between releases of Python.
_NOT_PUBLIC_4 = tuple(
    ip_network(block)
    for block in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # shared by a provider's customers (RFC 6598)
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local; 169.254.169.254 is the clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
_GLOBAL_6 = ip_network("2000::/3")  # all that IANA has handed out
_NOT_PUBLIC_6 = tuple(
    ip_network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: an IPv4 address in disguise
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# RFC 6052: a network without IPv4 puts every IPv4 address behind this prefix.
_NAT64 = ip_network("64:ff9b::/96")

# RFC 6761, 6762, 7686, 8375, 9476 and ICANN's "internal" (2024): no name below them is public.
# fmt: off
_NOT_PUBLIC_NAMES = frozenset({
    "alt", "arpa", "corp", "example", "home", "internal", "invalid", "lan", "local", "localdomain",
    "localhost", "onion", "test",
})
# fmt: on


def is_public(address: IPAddress) -> bool:
    """Whether an address belongs to a machine on the public internet.

    IPv4 addresses in the clothes of IPv6 (mapped, compatible, 6to4, Teredo) are not: no public
    name has them. Those behind the prefix of NAT64 are as public as the address inside.
    """
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _NOT_PUBLIC_4)
    if address.scope_id is not None:
        return False
    if address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _GLOBAL_6 and not any(address in block for block in _NOT_PUBLIC_6)


def literal(host: str) -> IPAddress | None:
    """The address that a host is written as, or None if it is a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def is_public_name(host: str) -> bool:
    """Whether a name may exist on the public internet.

    Args:
        host: In lower case, in ASCII, without a dot at the end; not an address.

    Returns:
        False for names without a dot, for names below ``.local``, ``.onion`` and their kin, and
        for numbers: browsers read ``2130706433`` and ``0177.0.0.1`` as 127.0.0.1 (WHATWG URL,
        "ends in a number").
    """
    *rest, last = host.split(".")
    is_number = re.fullmatch(r"\d+|0x[0-9a-f]*", last) is not None
    return bool(rest) and not is_number and last not in _NOT_PUBLIC_NAMES
