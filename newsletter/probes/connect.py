"""Connections that lead where they may, and to the very address that was judged.

A name is looked up once, every address of it is judged, and the connection is made to one of
those addresses. There is no second look-up that could give another answer (DNS rebinding). The
name stays what it was for TLS and for the ``Host`` header.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import httpcore

from newsletter.probes.addresses import IPAddress, literal
from newsletter.probes.answer import Failure
from newsletter.probes.names import LookUp
from newsletter.probes.url import RefusedError

TRIES = 3
"""At most so many addresses of a host are tried."""

SocketOption = httpcore.SOCKET_OPTION


class JudgedBackend(httpcore.AsyncNetworkBackend):
    """The network as httpcore sees it.

    Args:
        look_up: From a name to all its addresses.
        is_allowed: Whether an address may be connected to.
    """

    def __init__(self, look_up: LookUp, is_allowed: Callable[[IPAddress], bool]) -> None:
        self._look_up = look_up
        self._is_allowed = is_allowed
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to one of the host's addresses, all of which must be allowed.

        Raises:
            RefusedError: The name leads nowhere or the DNS does not say, or to an address that is
                not allowed.
            httpcore.ConnectError: No address takes the connection.
            httpcore.ConnectTimeout: Nor within ``timeout`` seconds, shared by the tries.
        """
        written = literal(host)
        addresses = (written,) if written else await self._look_up(host)
        if not all(map(self._is_allowed, addresses)):
            raise RefusedError(Failure.NOT_PUBLIC)
        tried = _mixed(addresses)[:TRIES]
        share = None if timeout is None else timeout / len(tried)
        for number, address in enumerate(tried, 1):
            try:
                return await self._network.connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if number == len(tried):
                    raise
        raise RefusedError(Failure.NO_SUCH_HOST)  # a look-up without any address


def _mixed(addresses: Iterable[IPAddress]) -> list[IPAddress]:
    """The first IPv4 address, the first IPv6 address, then the others: one kind may have no way."""
    by_version: dict[int, list[IPAddress]] = {4: [], 6: []}
    for address in addresses:
        by_version[address.version].append(address)
    four, six = by_version[4], by_version[6]
    return [*four[:1], *six[:1], *four[1:], *six[1:]]
