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
}
"""Scheme → module with ``open_url(url, surroundings)``; imported only when it is used."""


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
        url: ``maildir:outbox``, ``smtp://user@host:587``, ``smtps://user@host:465``.
        root: The project's folder.
        password: Password of the login, or empty.
        hello: The sender's domain.
        allow_plaintext: Whether ``?security=none`` is allowed for a host elsewhere.

    Raises:
        TransportConfigurationError: The address is wrong, or unsafe.
    """
    from newsletter.delivery.transports.url import TransportUrl

    parsed = TransportUrl.parse(url)
    if parsed.scheme not in TRANSPORTS:
        raise TransportConfigurationError(
            f"transport: there is no transport {parsed.scheme!r}",
            f"Transports are: {', '.join(TRANSPORTS)}.",
        )
    module = importlib.import_module(TRANSPORTS[parsed.scheme])
    transport: Transport = module.open_url(
        parsed, Surroundings(root, password, hello, allow_plaintext)
    )
    return transport
