"""From the settings to the keys that sign."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.delivery.address import AddressError, wire_address
from newsletter.errors import ConfigurationError

if TYPE_CHECKING:
    from newsletter.delivery.dkim.keys import SigningKey
    from newsletter.delivery.dkim.options import DkimOptions


def configured_keys(
    options: DkimOptions, *, from_domain: str, root: Path
) -> tuple[SigningKey, ...]:
    """The keys that the settings name, RSA first; none if they name none.

    Args:
        options: The table ``[dkim]``.
        from_domain: Domain of the ``From`` address.
        root: Folder that relative paths start from.

    Raises:
        ConfigurationError: A key is missing, unsafe or of the wrong kind, has no selector, or the
            domain does not align with the ``From`` address.
    """
    o = options
    if o.selector and o.selector.lower() == o.ed25519_selector.lower():
        raise ConfigurationError(
            f"dkim.ed25519_selector: {o.selector} is the name of the RSA key already",
            "Each key has a name of its own in the DNS.",
        )
    domain = signing_domain(o.domain, from_domain)
    both = (
        _key("", o.selector, o.key, o.key_file, domain, root),
        _key("ed25519_", o.ed25519_selector, o.ed25519_key, o.ed25519_key_file, domain, root),
    )
    return tuple(key for key in both if key is not None)


def signing_domain(domain: str, from_domain: str) -> str:
    """Who signs: the domain that is wished for, or without one that of the ``From`` address.

    Receivers believe a signature only if its domain belongs to the ``From`` address (DMARC calls it
    "aligned", RFC 9989 §4.4). We take the same domain, its parents and its parts. Two parts of one
    domain may align, too, but only the DNS can tell (§4.10), and a sending must not stop because
    it does not answer; their parent serves as well. ``newsletter doctor`` asks the DNS.

    Raises:
        ConfigurationError: It is not a domain name, or does not align.
    """
    from_domain = from_domain.lower()
    if not domain:
        return from_domain
    try:
        wished = wire_address(f"x@{domain}").partition("@")[2].lower()
    except AddressError as error:
        raise ConfigurationError(
            f"dkim.domain: {domain!r} is not a domain name",
            f'Write it like this: domain = "{from_domain}".',
        ) from error
    shorter, longer = sorted((wished, from_domain), key=len)
    if shorter != longer and not (longer.endswith(f".{shorter}") and "." in shorter):
        raise ConfigurationError(
            f"dkim.domain: {wished} does not belong to the address in from (@{from_domain})",
            "Receivers would take the letter for a forgery. Sign as that domain, or its parent.",
        )
    return wished


def _key(
    prefix: str, selector: str, pem: str, file: str, domain: str, root: Path
) -> SigningKey | None:
    if not (selector or pem or file):
        return None
    variable = f"NEWSLETTER_DKIM_{prefix.upper()}KEY"
    if not selector:
        raise ConfigurationError(
            f"dkim.{prefix}selector is not set, but there is a key",
            "It is the name that stands before ._domainkey in the DNS.",
        )
    if not (pem or file):
        raise ConfigurationError(
            f"dkim.{prefix}selector is set, but there is no key",
            f"Name its file in {prefix}key_file, or set {variable}.",
        )
    from newsletter.delivery.dkim.key_file import read_key_file
    from newsletter.delivery.dkim.keys import parse_key

    source = variable if pem else str(root / file)
    text = pem.encode() if pem else read_key_file(root / file)
    key = parse_key(text, domain=domain, selector=selector, source=source)
    if key.is_ed25519 is not bool(prefix):
        kind, other = ("an Ed25519", "ed25519_") if key.is_ed25519 else ("an RSA", "")
        raise ConfigurationError(
            f"{source}: this is {kind} key",
            f"It belongs to dkim.{other}selector and dkim.{other}key_file.",
        )
    return key
