"""Mail addresses as they stand in prose, in headers and in the fields of reports."""

from __future__ import annotations

import re

_LOCAL = r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}"
_DOMAIN = r"(?:[^\W_](?:[\w-]{0,62}[^\W_])?\.){1,10}[^\W\d_][\w-]{0,61}[^\W_]"
ADDRESS = re.compile(rf"(?<![\w@.+=-])(?:\"[^\"\s@]{{1,62}}\"|{_LOCAL})@{_DOMAIN}(?![\w@])")
_ANGLED = re.compile(r"<([^<>\s]{1,250}@[^<>\s]{1,255})>")  # VERP can be longer than it should
_VERP = re.compile(
    r"[+-]([\w.!#$%&'*/^`{|}~-]{1,64}(?:\+[\w.-]{1,64})?)=([\w-]{1,63}(?:\.[\w-]{1,63}){1,8})@"
)
_LEAD = re.compile(r"^['`*.=/]+(?=[^'`*.=/@])")
_UNTYPED = re.compile(
    r"\s{0,9}(?:rfc-?822|smtp|utf-8|unknown|internet|local|x-local-user|system)\s{0,9};", re.I
)


def tidy(address: str) -> str:
    """An address without its wrapping, its domain in lower case; empty if it is none."""
    address = address.strip().strip("<>[](){}:;,\"' \t")
    for prefix in ("smtp:", "smtp=", "mailto:", "rfc822;", "rfc822:"):
        if address.lower().startswith(prefix):
            address = address[len(prefix) :].strip(" <>")
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(address) > 320:
        return ""
    if any(char.isspace() or ord(char) < 33 for char in domain):
        return ""
    return f"{local}@{domain.lower().rstrip('.')}"


def in_text(text: str) -> list[str]:
    """The addresses in a text, in order, each once."""
    if "@" not in text:
        return []
    found = (tidy(_LEAD.sub("", match.group())) for match in ADDRESS.finditer(text[:20000]))
    return list(dict.fromkeys(address for address in found if address))


def first_in(text: str) -> str:
    """The first address in a header; the one in angle brackets is preferred."""
    angled = _ANGLED.search(text)
    if angled and (address := tidy(angled[1])):
        return address
    return next(iter(in_text(text)), "")


def in_field(value: str) -> str:
    """The address in a recipient field of a report, `rfc822; reader@example.org` (RFC 3464 §2.3.2).

    Misshapen fields are common: without a type, without brackets, X.400 names, cut off.
    """
    value = _UNTYPED.sub("", value, count=1)
    if address := first_in(value):
        return address
    return tidy(value.split(";")[-1].split()[0]) if value.split(";")[-1].split() else ""


def in_verp(address: str) -> str:
    """The reader that a return address names as `list-bounces+reader=example.org@…`, or nothing."""
    match = _VERP.search(address)
    return tidy(f"{match[1]}@{match[2]}") if match else ""


def same(one: str, other: str) -> bool:
    """Whether two addresses reach the same mailbox, as far as case goes."""
    return one.casefold() == other.casefold()
