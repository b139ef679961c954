"""Looking up names at a DNS server on loopback that says what it is told."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator

import dns.asyncresolver
import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from newsletter.probes.answer import Failure
from newsletter.probes.names import look_up
from newsletter.probes.url import RefusedError

Zone = dict[tuple[str, str], str]
"""From name and type to an address, or the name of a response code."""


@pytest.fixture
def resolver() -> Iterator[Callable[[Zone], dns.asyncresolver.Resolver]]:
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    zone: Zone = {}

    def serve() -> None:
        while True:
            wire, client = server.recvfrom(4096)
            if wire == b"stop":
                return
            query = dns.message.from_wire(wire)
            question = query.question[0]
            kind = dns.rdatatype.to_text(question.rdtype)
            said = zone.get((question.name.to_text(omit_final_dot=True), kind), "NOERROR")
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            if said.isupper():
                answer.set_rcode(dns.rcode.from_text(said))
            else:
                answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", kind, said))
            server.sendto(answer.to_wire(), client)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()

    def make(of: Zone) -> dns.asyncresolver.Resolver:
        zone.update(of)
        made = dns.asyncresolver.Resolver(configure=False)
        made.nameservers = ["127.0.0.1"]
        made.port = server.getsockname()[1]
        return made

    yield make
    server.sendto(b"stop", server.getsockname())
    thread.join()
    server.close()


Make = Callable[[Zone], dns.asyncresolver.Resolver]
HOST = "www.example.org"


def test_all_addresses_of_a_host_are_found(resolver: Make) -> None:
    zone = {(HOST, "A"): "192.0.2.1", (HOST, "AAAA"): "2001:db8::1"}
    found = asyncio.run(look_up(HOST, resolver=resolver(zone)))
    assert [str(address) for address in found] == ["192.0.2.1", "2001:db8::1"]


@pytest.mark.parametrize("other", ["NXDOMAIN", "NOERROR", "SERVFAIL", "REFUSED"])
def test_one_kind_of_address_is_enough(resolver: Make, other: str) -> None:
    # Servers that deny the name when asked for AAAA are many (RFC 4074 section 4.2).
    zone = {(HOST, "A"): "192.0.2.1", (HOST, "AAAA"): other}
    assert len(asyncio.run(look_up(HOST, resolver=resolver(zone)))) == 1


@pytest.mark.parametrize(
    ("four", "six", "failure"),
    [
        ("NXDOMAIN", "NXDOMAIN", Failure.NO_SUCH_HOST),
        ("NOERROR", "NOERROR", Failure.NO_SUCH_HOST),
        ("NXDOMAIN", "SERVFAIL", Failure.NAME_TROUBLE),
        ("SERVFAIL", "NXDOMAIN", Failure.NAME_TROUBLE),
        ("REFUSED", "REFUSED", Failure.NAME_TROUBLE),
    ],
)
def test_only_a_clear_no_means_that_there_is_no_such_host(
    resolver: Make, four: str, six: str, failure: Failure
) -> None:
    asked = resolver({(HOST, "A"): four, (HOST, "AAAA"): six})
    with pytest.raises(RefusedError) as refused:
        asyncio.run(look_up(HOST, resolver=asked))
    assert refused.value.failure is failure


def test_a_machine_without_a_name_server_knows_nothing() -> None:
    silent = dns.asyncresolver.Resolver(configure=False)
    silent.nameservers = []
    with pytest.raises(RefusedError) as refused:
        asyncio.run(look_up(HOST, resolver=silent))
    assert refused.value.failure is Failure.NAME_TROUBLE


def test_a_name_that_is_too_long_is_no_answer(resolver: Make) -> None:
    with pytest.raises(RefusedError):
        asyncio.run(look_up("a" * 64 + ".example.org", resolver=resolver({})))
