"""An SPF record as text, taken apart (RFC 7208 sections 4.5, 4.6 and 12)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network

IPNetwork = IPv4Network | IPv6Network

ASKING = frozenset({"include", "a", "mx", "ptr", "exists"})
"""Mechanisms that make a receiver ask the DNS; ``redirect`` does so, too (section 4.6.4)."""

_MECHANISM = re.compile(r"([+?~-]?)(all|include|a|mx|ptr|ip4|ip6|exists)(?=$|[:/])(.*)", re.I)
_MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=(.*)", re.I)
_PREFIX = r"(?:/(?P<four>0|[1-9]\d?))?(?://(?P<six>0|[1-9]\d{0,2}))?"
_WITH_PREFIX = re.compile(rf"(?::(?P<target>[^/]+(?:/[^/0-9][^/]*)*))?{_PREFIX}")
_MACRO = r"%\{[slodiphcrtv]\d*r?[.\-+,/_=]*\}|%%|%_|%-"
_MACRO_STRING = re.compile(rf"(?:{_MACRO}|[!-$&-~])*", re.I)
_TOP_LABEL = re.compile(r"(?=[a-z0-9-]*[a-z-])[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?", re.I)


class SpfSyntaxError(ValueError):
    """A record that receivers answer with "permerror"; says which term is wrong."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One of the terms that say who may send.

    Attributes:
        text: As it is written.
        qualifier: ``+`` pass, ``-`` fail, ``~`` softfail, ``?`` neutral.
        name: ``all``, ``include``, ``a`` …, in lower case.
        target: The name that it is about, or empty for the record's own domain.
        network: Of ``ip4`` and ``ip6``.
        prefixes: Bits that count of IPv4 and IPv6 addresses, of ``a`` and ``mx``.
    """

    text: str
    qualifier: str
    name: str
    target: str = ""
    network: IPNetwork | None = None
    prefixes: tuple[int, int] = (32, 128)


@dataclass(frozen=True, slots=True)
class SpfRecord:
    """A whole record.

    Attributes:
        mechanisms: In order.
        redirect: The name whose record is asked when no mechanism matches; empty if none, or if
            there is ``all``, which comes before it (section 6.1).
    """

    mechanisms: tuple[Mechanism, ...]
    redirect: str


def is_spf(text: str) -> bool:
    """Whether a TXT record is an SPF record (section 4.5)."""
    return re.match(r"v=spf1( |$)", text, re.I) is not None


def has_macro(target: str) -> bool:
    """Whether a name is only known when a letter comes in (section 7)."""
    return "%" in target


def parse_spf(text: str) -> SpfRecord:
    """Take a record apart.

    Raises:
        SpfSyntaxError: A term is wrong.
    """
    mechanisms: list[Mechanism] = []
    modifiers: dict[str, str] = {}
    for term in text.split(" ")[1:]:
        if not term:
            continue
        if match := _MECHANISM.fullmatch(term):
            mechanisms.append(_mechanism(term, match[1] or "+", match[2].lower(), match[3]))
        elif match := _MODIFIER.fullmatch(term):
            _modifier(term, match[1].lower(), match[2], modifiers)
        else:
            raise SpfSyntaxError(f"“{term[:60]}” is not a term of SPF")
    has_all = any(mechanism.name == "all" for mechanism in mechanisms)
    return SpfRecord(tuple(mechanisms), "" if has_all else modifiers.get("redirect", ""))


def _modifier(term: str, name: str, value: str, modifiers: dict[str, str]) -> None:
    if not _MACRO_STRING.fullmatch(value):
        raise SpfSyntaxError(f"“{term[:60]}” holds a wrong % or a character that must not be")
    if name in {"redirect", "exp"}:
        if name in modifiers:
            raise SpfSyntaxError(f"{name}= is there twice")
        _must_be_name(term, value)
    modifiers[name] = value


def _mechanism(term: str, qualifier: str, name: str, rest: str) -> Mechanism:
    if name == "all":
        if rest:
            raise SpfSyntaxError(f"“{term[:60]}”: nothing may stand behind all")
        return Mechanism(term, qualifier, name)
    if name in {"ip4", "ip6"}:
        return Mechanism(term, qualifier, name, network=_network(term, name, rest))
    if name in {"a", "mx"}:
        match = _WITH_PREFIX.fullmatch(rest)
        if not match:
            raise SpfSyntaxError(f"“{term[:60]}” is not written {name}:name/24")
        target = match["target"] or ""
        if target:
            _must_be_name(term, target)
        four, six = int(match["four"] or 32), int(match["six"] or 128)
        if four > 32 or six > 128:
            raise SpfSyntaxError(f"“{term[:60]}”: an address does not have so many bits")
        return Mechanism(term, qualifier, name, target, prefixes=(four, six))
    target = rest.removeprefix(":")
    if target or name != "ptr" or rest:  # only ptr may stand alone
        _must_be_name(term, target)
    return Mechanism(term, qualifier, name, target)


def _network(term: str, name: str, rest: str) -> IPNetwork:
    try:
        network = ip_network(rest.removeprefix(":"), strict=False)
    except ValueError:
        network = None
    prefix = rest.partition("/")[2]
    if network is None or network.version != int(name[2]) or (prefix and not prefix.isdigit()):
        kind = "an IPv4" if name == "ip4" else "an IPv6"
        raise SpfSyntaxError(f"“{term[:60]}” does not name {kind} address or network")
    return network


def _must_be_name(term: str, target: str) -> None:
    """A domain-spec: macros, and at the end a top label that is not a number."""
    is_name = _MACRO_STRING.fullmatch(target) is not None
    head, dot, top = target.removesuffix(".").rpartition(".")
    ends_well = target.endswith("}") or (head and dot and _TOP_LABEL.fullmatch(top))
    if not is_name or not ends_well:
        raise SpfSyntaxError(f"“{term[:60]}” does not name a domain")
