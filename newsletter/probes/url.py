"""Web addresses, taken apart strictly: what cannot be understood in one way only is not asked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

from newsletter.probes.addresses import is_public_name, literal
from newsletter.probes.answer import Failure

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_KEPT = "!$%&'()*+,-./:;=?@[]_|~"  # besides letters and digits; all else is percent-encoded
_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x20\x7f]")


class RefusedError(Exception):
    """An address is not asked; ``failure`` says why."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


@dataclass(frozen=True, slots=True)
class Url:
    """A web address that may be asked, as far as its spelling goes.

    Attributes:
        scheme: ``http`` or ``https``.
        host: Name (IDNA, lower case, no dot at the end) or IP address (without brackets).
        port: Any port. Servers are never told more than a path, without a body, and only on
            public addresses; so a port by itself opens no door.
        target: Path and query, percent-encoded, with ``/`` at the beginning.
    """

    scheme: str
    host: str
    port: int
    target: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take an address apart; what follows ``#`` is dropped, since no server sees it.

        Raises:
            RefusedError: It is not ``http://`` or ``https://``, names a user, has a host that is
                not public by its name, or is not an address at all.
        """
        try:
            parts = urlsplit(text)
            port = parts.port
            host = _ascii(parts.hostname or "")
        except ValueError as error:
            raise RefusedError(Failure.NOT_A_WEB_ADDRESS) from error
        if parts.scheme not in _PORTS or _CONTROL.search(text.strip()) or port == 0:
            raise RefusedError(Failure.NOT_A_WEB_ADDRESS)
        if "@" in parts.netloc:
            raise RefusedError(Failure.HAS_USER)
        if literal(host) is None:
            if not is_public_name(host):
                raise RefusedError(Failure.NOT_PUBLIC)
            if len(host) > 253 or not all(map(_LABEL.fullmatch, host.split("."))):
                raise RefusedError(Failure.NOT_A_WEB_ADDRESS)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        return cls(parts.scheme, host, port or _PORTS[parts.scheme], quote(target, safe=_KEPT))

    def join(self, location: str) -> Self:
        """Where a redirect leads.

        Raises:
            RefusedError: To an address that is not asked.
        """
        try:
            return self.parse(urljoin(str(self), location.strip()))
        except ValueError as error:
            raise RefusedError(Failure.NOT_A_WEB_ADDRESS) from error

    @property
    def authority(self) -> str:
        """Host and port as the ``Host`` header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def _ascii(host: str) -> str:
    """A host as the DNS has it.

    Raises:
        ValueError: No name can be spelt like that.
    """
    host = host.lower().removesuffix(".")
    if not host:
        raise ValueError("no host")
    if host.isascii():
        return host
    import idna

    return idna.encode(host, uts46=True).decode("ascii")  # IDNAError is a ValueError
