"""Onion addresses: names in Tor's network, which authenticates and encrypts by the name itself.

A name of version 3 is the service's public key, so nobody else can answer to it, and the way to it
is encrypted from end to end: there https adds nothing (Tor, rend-spec-v3 section 6; RFC 7686).
"""

from __future__ import annotations

import base64
import hashlib
from urllib.parse import urlsplit

_VERSION = b"\x03"
_LENGTH = 56
"""Characters of a name: base32 of a key (32 octets), its checksum (2), and the version (1)."""


def is_onion_host(host: str) -> bool:
    """Whether a host is below ``.onion``, right or wrong."""
    return host.lower().rstrip(".").rpartition(".")[2] == "onion"


def is_valid_onion(host: str) -> bool:
    """Whether a host is an onion service of version 3, or a name below one; its checksum fits."""
    labels = host.lower().split(".")
    if len(labels) < 2 or labels[-1] != "onion" or len(labels[-2]) != _LENGTH:
        return False
    try:
        octets = base64.b32decode(labels[-2].upper())
    except ValueError:
        return False
    key, checksum, version = octets[:32], octets[32:34], octets[34:]
    digest = hashlib.sha3_256(b".onion checksum" + key + version).digest()
    return version == _VERSION and digest[:2] == checksum


def leads_to_onion(url: str) -> bool:
    """Whether a web address is that of an onion service of version 3."""
    return is_valid_onion(_host(url))


def is_misspelled_onion(url: str) -> bool:
    """Whether a web address names an onion service that cannot exist."""
    host = _host(url)
    return is_onion_host(host) and not is_valid_onion(host)


def is_private_in_transit(url: str) -> bool:
    """Whether nobody on the way can read or change what is fetched: https, or an onion service."""
    return url.lower().startswith("https://") or leads_to_onion(url)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
