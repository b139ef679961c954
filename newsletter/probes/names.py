"""Looking up names: all addresses of a host, or that the DNS knows of none.

The DNS is asked itself (dnspython) rather than the operating system, whose answer does not tell a
name that does not exist from a network that is down: on macOS and Windows both are "unknown", and
a train journey would turn every link into an error.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING

from newsletter.probes.addresses import IPAddress
from newsletter.probes.answer import Failure
from newsletter.probes.url import RefusedError

if TYPE_CHECKING:
    from dns.asyncresolver import Resolver

LookUp = Callable[[str], Awaitable[tuple[IPAddress, ...]]]
"""From a host name to all its addresses; raises ``RefusedError``."""

SECONDS = 4.0
"""A name that takes longer is not looked up; connecting has 5 seconds in all."""


async def look_up(host: str, *, resolver: Resolver | None = None) -> tuple[IPAddress, ...]:
    """All addresses of a host, IPv4 first.

    Args:
        host: A name in ASCII, taken as it is: nothing is put behind it.
        resolver: Whom to ask; None for the machine's own name servers.

    Raises:
        RefusedError: There is no such name (``NO_SUCH_HOST``), or the DNS does not say
            (``NAME_TROUBLE``).
    """
    import dns.asyncresolver
    import dns.exception
    import dns.name
    import dns.resolver

    try:
        asked = resolver or dns.asyncresolver.get_default_resolver()
        name = dns.name.from_text(f"{host}.")
    except dns.exception.DNSException as error:
        raise RefusedError(Failure.NAME_TROUBLE) from error
    answers = await asyncio.gather(
        *(asked.resolve(name, kind, lifetime=SECONDS, search=False) for kind in ("A", "AAAA")),
        return_exceptions=True,
    )
    found: list[IPAddress] = []
    is_sure = True
    for answer in answers:
        if isinstance(answer, dns.resolver.Answer):
            found.extend(ip_address(record.address) for record in answer)
        elif isinstance(answer, (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer)):
            pass  # only both together mean something: RFC 4074 section 4.2
        elif isinstance(answer, (dns.exception.DNSException, OSError)):
            is_sure = False
        else:
            raise answer
    if not found:
        raise RefusedError(Failure.NO_SUCH_HOST if is_sure else Failure.NAME_TROUBLE)
    return tuple(found)
