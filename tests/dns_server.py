"""A DNS server on loopback that answers from a dict, over UDP and TCP."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

Records = Mapping[str, Sequence["str | tuple[str, ...]"]]
"""From a type to its records; a TXT record of several strings is a tuple of them."""

Zone = dict[str, "Records | str"]
"""From a name to its records, or to a response code for all of them, or to SILENCE."""

SILENCE = "SILENCE"
SOA = "ns.example.org. hostmaster.example.org. 1 7200 3600 1209600 300"

_UDP = 512  # octets of an answer to a question without EDNS (RFC 1035 section 4.2.1)


@dataclass
class DnsServer:
    """Knows what is in ``zone``; every other name does not exist."""

    port: int
    zone: Zone = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    by_tcp: int = 0

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer(self, wire: bytes) -> dns.message.Message | None:
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        kind = dns.rdatatype.to_text(question.rdtype)
        self.asked.append((name, kind))
        known = self.zone.get(name)
        if known == SILENCE:
            return None
        response = dns.message.make_response(query)
        response.flags |= dns.flags.RA
        if isinstance(known, str):
            response.set_rcode(dns.rcode.from_text(known))
            return response
        if known is None and not any(other.endswith(f".{name}") for other in self.zone):
            response.set_rcode(dns.rcode.NXDOMAIN)
        records = [_text(record, kind) for record in (known or {}).get(kind, ())]
        if records:
            response.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, records))
        elif apex := self._apex(name):
            response.authority.append(
                dns.rrset.from_text(dns.name.from_text(apex), 60, "IN", "SOA", SOA)
            )
        return response

    def _apex(self, name: str) -> str:
        """The nearest name upwards that has a SOA record; empty if none has."""
        labels = name.split(".")
        above = (".".join(labels[at:]) for at in range(len(labels)))
        return next((up for up in above if "SOA" in (self.zone.get(up) or ())), "")


def _text(record: str | tuple[str, ...], kind: str) -> str:
    if kind != "TXT":
        assert isinstance(record, str)
        return record
    if isinstance(record, str):
        record = tuple(record[at : at + 255] for at in range(0, len(record), 255))
    escaped = (part.replace("\\", "\\\\").replace('"', '\\"') for part in record)
    return " ".join(f'"{part}"' for part in escaped)


@contextlib.contextmanager
def dns_server(zone: Zone | None = None) -> Iterator[DnsServer]:
    """A server; its ``zone`` may be changed while it runs."""

    class Udp(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            wire, sender = self.request
            if (response := server.answer(wire)) is None:
                return
            try:
                data = response.to_wire(max_size=_UDP)
            except dns.exception.TooBig:
                response.answer.clear()
                response.authority.clear()
                response.flags |= dns.flags.TC
                data = response.to_wire()
            sender.sendto(data, self.client_address)

    class Tcp(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            server.by_tcp += 1
            (length,) = struct.unpack("!H", self.rfile.read(2))
            if (response := server.answer(self.rfile.read(length))) is not None:
                data = response.to_wire()
                self.wfile.write(struct.pack("!H", len(data)) + data)

    udp, tcp = _at_one_port(Udp, Tcp)
    server = DnsServer(udp.server_address[1], zone if zone is not None else {})
    threads = [
        threading.Thread(target=each.serve_forever, args=(0.01,), daemon=True)
        for each in (udp, tcp)
    ]
    for thread in threads:
        thread.start()
    try:
        yield server
    finally:
        for each in (udp, tcp):
            each.shutdown()
            each.server_close()
        for thread in threads:
            thread.join()


def _at_one_port(udp: Any, tcp: Any) -> tuple[socketserver.UDPServer, socketserver.TCPServer]:
    while True:
        first = socketserver.UDPServer(("127.0.0.1", 0), udp)
        try:
            return first, socketserver.TCPServer(first.server_address, tcp)
        except OSError:  # somebody else has the TCP port of that number
            first.server_close()


def closed_port() -> int:
    """A UDP port at which nobody answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
