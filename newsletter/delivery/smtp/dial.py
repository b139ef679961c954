"""Connecting to a relay, at whichever of its addresses answers first."""

from __future__ import annotations

import asyncio
import socket
import ssl

from newsletter.delivery.smtp.relay import Relay


async def dial(relay: Relay, protocol: asyncio.BufferedProtocol) -> None:
    """Connect; with TLS from the first byte if the relay wants it so.

    asyncio switches off Nagle's algorithm for every TCP connection: commands are not held back.

    Raises:
        OSError: Nobody answers there in time, or the TLS handshake failed; of several addresses
            that failed it is the first one's error.
    """
    loop, first_error = asyncio.get_running_loop(), None
    tls = relay.tls if relay.tls_first else None
    async with asyncio.timeout(relay.timeouts.connect):
        for *_, place in await loop.getaddrinfo(relay.host, relay.port, type=socket.SOCK_STREAM):
            try:
                await loop.create_connection(
                    lambda: protocol,
                    str(place[0]),
                    relay.port,
                    ssl=tls,
                    server_hostname=relay.host if tls else None,
                    ssl_shutdown_timeout=relay.timeouts.quit if tls else None,
                )
            except ssl.SSLError:
                raise
            except OSError as error:
                first_error = first_error or error
            else:
                return
    raise first_error or OSError("the host has no address")
