"""An address as it may stand in an SMTP command and in a header."""

from __future__ import annotations

import functools
import re

# What RFC 5322 §3.2.3 calls a dot-atom, with UTF-8 as RFC 6531 §3.3 allows; quoted local parts
# ("a b"@example.org) are refused: nobody has one, and parsers disagree about them.
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f-\x9f()<>@,;:\\\"\[\]]+")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_-]+)*")

LOCAL_OCTETS = 64
DOMAIN_OCTETS = 255
PATH_OCTETS = 254  # 256 with the angle brackets, RFC 5321 §4.5.3.1.3


class AddressError(ValueError):
    """Not an address that can be mailed; says why without repeating the address."""


@functools.lru_cache(maxsize=512)  # asked when a message is made, and again when it is sent
def wire_address(address: str) -> str:
    """The address as it goes over the wire: local part as it is, domain as A-label.

    Nothing is repaired: what comes back names the same mailbox, or the address is refused.

    Raises:
        AddressError: Control characters, spaces, brackets, a second ``@``, no domain, or longer
            than RFC 5321 §4.5.3.1 allows.
    """
    local, at, domain = address.partition("@")
    if not at:
        raise AddressError("the address has no @")
    if not _LOCAL.fullmatch(local):
        raise AddressError("the part before the @ is empty or holds a character that must not")
    if not domain.isascii():
        domain = _a_label(domain)
    if not _DOMAIN.fullmatch(domain):
        raise AddressError("the part behind the @ is not a domain name")
    try:
        octets = len(local.encode())
    except UnicodeEncodeError as error:
        raise AddressError("the part before the @ is not Unicode text") from error
    if octets > LOCAL_OCTETS or len(domain) > DOMAIN_OCTETS:
        raise AddressError("the address is too long")
    if octets + 1 + len(domain) > PATH_OCTETS:
        raise AddressError("the address is too long")
    return f"{local}@{domain}"


def _a_label(domain: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(f"x@{domain}", check_deliverability=False)
    except EmailNotValidError as error:
        raise AddressError("the part behind the @ is not a domain name") from error
    return checked.ascii_domain
