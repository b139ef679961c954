"""The address of a transport: ``maildir:outbox``, ``smtp://user@host:587``."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qsl, unquote, urlsplit

from newsletter.errors import TransportConfigurationError


@dataclass(frozen=True, slots=True)
class TransportUrl:
    """A parsed address; never holds a password.

    Attributes:
        scheme: Which transport.
        user: Login name, or empty.
        host: Host name in lower case, or empty.
        port: Port, or 0 for the scheme's own.
        path: What follows host and port, or the whole of ``maildir:outbox`` behind the colon.
        options: What follows the question mark.
    """

    scheme: str
    user: str
    host: str
    port: int
    path: str
    options: Mapping[str, str]

    @classmethod
    def parse(cls, url: str) -> Self:
        """Parse an address.

        Raises:
            TransportConfigurationError: It is not one, or holds a password.
        """
        hint = "Write maildir:outbox, smtp://user@host:587 or smtps://user@host:465."
        try:
            parts = urlsplit(url.strip())
            port = parts.port or 0
            options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        except ValueError as error:
            message = "transport: that is not the address of a transport"
            raise TransportConfigurationError(message, hint) from error
        if parts.password is not None:
            raise TransportConfigurationError(
                "transport: a password must not stand in the address",
                "Set NEWSLETTER_TRANSPORT_PASSWORD, or name a file in transport_password_file.",
            )
        if not parts.scheme:
            raise TransportConfigurationError(
                "transport: the address does not start with the kind of transport", hint
            )
        return cls(
            scheme=parts.scheme,
            user=unquote(parts.username or ""),
            host=(parts.hostname or "").lower(),
            port=port,
            path=unquote(parts.path),
            options=options,
        )

    @property
    def is_loopback(self) -> bool:
        """Whether the host is this machine."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def mail_port(self) -> int:
        """The port of a mail relay: the one that is named, or the usual one (RFC 8314, 6409)."""
        if self.port:
            return self.port
        if self.scheme == "smtps":
            return 465
        return 25 if self.options.get("security") == "none" else 587

    def allow_options(self, *names: str) -> None:
        """Refuse options that the transport does not know.

        Raises:
            TransportConfigurationError: There is one.
        """
        for name in self.options:
            if name not in names:
                known = ", ".join(names) or "none"
                raise TransportConfigurationError(
                    f"transport: {self.scheme} has no option {name!r}", f"Options are: {known}."
                )

    def number(self, name: str, usual: int, *, least: int, most: int) -> int:
        """An option that is a whole number.

        Raises:
            TransportConfigurationError: It is not, or out of bounds.
        """
        text = self.options.get(name)
        if text is None:
            return usual
        if not (text.isascii() and text.isdigit() and len(text) < 10) or not (
            least <= int(text) <= most
        ):
            raise TransportConfigurationError(
                f"transport: {name}={text} is not a number from {least} to {most:,}",
                f"Leave it out for {usual}.",
            )
        return int(text)
