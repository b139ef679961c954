"""How many forms are acted upon: in all, and from one network. Nothing of it is ever written down.

Networks are known by a hash alone, under a key that is made anew each hour and never leaves this
program's memory.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.types import Scope

HOUR = 3600.0


class Caps:
    """Counts forms; may be asked by several threads.

    Args:
        in_all: Forms in an hour.
        per_network: Forms in an hour from one network.
        clock: Seconds that only grow.
    """

    def __init__(
        self, in_all: int, per_network: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._in_all = in_all
        self._per_network = per_network
        self._clock = clock
        self._lock = threading.Lock()
        self._begin()

    def _begin(self) -> None:
        self._since = self._clock()
        self._key = secrets.token_bytes(32)
        self._sum = 0
        self._networks: Counter[bytes] = Counter()

    def take(self, network: str) -> bool:
        """Count a form; False if it is one too many.

        Args:
            network: From ``network_of``; empty if it is not known.
        """
        with self._lock:
            if self._clock() - self._since >= HOUR:
                self._begin()
            if self._sum >= self._in_all:
                return False
            if network:
                name = hmac.digest(self._key, network.encode(), "sha256")[:16]
                if self._networks[name] >= self._per_network:
                    return False
                self._networks[name] += 1
            self._sum += 1
            return True


def network_of(scope: Scope) -> str:
    """The network that a request comes from: IPv4 /24, IPv6 /48; empty if nobody can tell.

    Only a proxy on this machine is believed, and only the last address that it names: those before
    it may be anybody's invention. Readers who come through Tor all come from this machine.
    """
    client = scope.get("client")
    if client is None or _is_here(client[0]):  # None: a socket in the file system
        forwarded = Headers(scope=scope).get("x-forwarded-for", "")
        return _network(forwarded.rpartition(",")[2].strip())
    return _network(client[0])


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _network(host: str) -> str:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    size = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, size), strict=False))
