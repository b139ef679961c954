"""Who takes the messages: one adapter a file, found by the scheme of its address."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import TransportConfigurationError

if TYPE_CHECKING:
    from newsletter.delivery.transports.base import Transport

TRANSPORTS = {
    "maildir": "newsletter.delivery.transports.maildir",
    "smtp": "newsletter.delivery.transports.smtp",
    "smtps": "newsletter.delivery.transports.smtp",
    "ses": "newsletter.delivery.transports.ses",
    "postmark": "newsletter.delivery.transports.postmark",
    "mailgun": "newsletter.delivery.transports.mailgun",
    "sendgrid": "newsletter.delivery.transports.sendgrid",
    "brevo": "newsletter.delivery.transports.brevo",
    "resend": "newsletter.delivery.transports.resend",
}
"""Scheme → module with ``open_url(url, surroundings)``; imported only when it is used.

The module of mail relays has ``open_urls``, too, for several that share the work.
"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a transport may need besides its address.

    Attributes:
        root: Folder that relative paths start from.
        password: Password of the login, or empty.
        hello: How we introduce ourselves: the sender's domain, never the machine's name.
        allow_plaintext: Whether a host that is not this machine may be used without TLS.
    """

    root: Path
    password: str = field(repr=False)
    hello: str
    allow_plaintext: bool


def open_transport(
    url: str, *, root: Path, password: str = "", hello: str, allow_plaintext: bool = False
) -> Transport:
    """The transport at an address; nothing is connected yet.

    Args:
        url: ``maildir:outbox``, ``smtp://user@host:587``, ``smtps://user@host:465``; several
            relays with white space between them.
        root: The project's folder.
        password: Password of the login, or empty.
        hello: The sender's domain.
        allow_plaintext: Whether ``?security=none`` is allowed for a host elsewhere.

    Raises:
        TransportConfigurationError: The address is wrong, or unsafe.
    """
    from newsletter.delivery.transports.url import TransportUrl

    first, *others = urls = [TransportUrl.parse(part) for part in _parts(url)]
    if first.scheme not in TRANSPORTS:
        raise TransportConfigurationError(
            f"transport: there is no transport {first.scheme!r}",
            f"Transports are: {', '.join(TRANSPORTS)}.",
        )
    module = importlib.import_module(TRANSPORTS[first.scheme])
    surroundings = Surroundings(root, password, hello, allow_plaintext)
    transport: Transport
    if others:
        transport = module.open_urls(urls, surroundings)
    else:
        transport = module.open_url(first, surroundings)
    return transport


def _parts(url: str) -> list[str]:
    """Several addresses have white space between them; in the name of a folder it is a part."""
    parts = url.split()
    if len(parts) < 2 or not any("://" in part for part in parts):
        return [url]
    if not all(part.lower().startswith(("smtp://", "smtps://")) for part in parts):
        raise TransportConfigurationError(
            "transport: only mail relays can stand next to one another",
            "Write them with a space between: smtp://a.example.org smtp://b.example.org.",
        )
    return parts
