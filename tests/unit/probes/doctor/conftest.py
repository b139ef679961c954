from __future__ import annotations

from collections.abc import Iterator

import pytest

from newsletter.probes.doctor.lookups import LookUps
from tests.dns_server import DnsServer, closed_port, dns_server


@pytest.fixture
def dns() -> Iterator[DnsServer]:
    with dns_server() as server:
        yield server


@pytest.fixture
def lookups(dns: DnsServer) -> LookUps:
    """The DNS as the server on loopback knows it."""
    return LookUps.at(dns.place, seconds=2.0)


@pytest.fixture
def silence() -> LookUps:
    """A machine whose name server does not answer."""
    return LookUps.at(f"127.0.0.1:{closed_port()}", seconds=0.1)
