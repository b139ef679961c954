"""Email addresses: told apart from everything else at the door."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass

from newsletter.audience.text import clean, quoted
from newsletter.errors import AudienceError

LONGEST = 254
"""Characters of the longest address: a path of 256 without its brackets (RFC 5321 §4.5.3.1.3)."""

# What nearly all addresses look like: a dot-atom of ASCII (RFC 5322 §3.2.3) before the @.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN = re.compile(rf"((?=.{{1,64}}@){_ATOM}(?:\.{_ATOM})*)@([A-Za-z0-9.-]+)")


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox.

    Attributes:
        email: As it goes on the wire: an international domain as A-label (``xn--…``) whenever the
            part before the @ is ASCII; otherwise in Unicode, which needs SMTPUTF8 (RFC 6531).
        key: Folded, to compare by: two spellings of one mailbox have the same key.
    """

    email: str
    key: str


def parse(text: str) -> Address:
    """The address that was typed; space around it does not matter. Nothing is looked up.

    Raises:
        AudienceError: It is not exactly one address, or not one that can get mail.
    """
    text = clean(text, "address")
    if not text:
        raise AudienceError("there is no email address", "Write one like ann@example.com.")
    if len(text) > LONGEST:
        raise AudienceError(
            f"{quoted(text)} is too long for an email address",
            f"The longest has {LONGEST} characters, this one {len(text)}.",
        )
    if "<" in text or ">" in text:
        raise AudienceError(
            f"{quoted(text)} is not an email address",
            "Write the address alone, without a name or angle brackets.",
        )
    try:
        if plain := _PLAIN.fullmatch(text):
            local, domain = plain[1], _ascii_domain(plain[2])
            return Address(email=f"{local}@{domain}", key=f"{local.lower()}@{domain}")
        return _unusual(text)
    except ValueError as error:  # email-validator's are
        raise AudienceError(f"{quoted(text)} is not an email address", str(error)) from None


def _unusual(text: str) -> Address:
    from email_validator import validate_email

    valid = validate_email(text, check_deliverability=False, strict=True)
    # Only the part before the @ is folded: folding would take straße.de for strasse.de.
    local = unicodedata.normalize("NFC", valid.local_part.casefold())
    return Address(email=valid.ascii_email or valid.normalized, key=f"{local}@{valid.ascii_domain}")


@functools.lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    # A list has many readers and few domains. Checking a domain takes 15 us of the 22 us that an
    # address takes (email-validator 2.4), so a million readers are imported in half the time.
    from email_validator import validate_email

    return validate_email(f"a@{domain}", check_deliverability=False).ascii_domain
