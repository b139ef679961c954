"""A mail relay that is a program of its own: it counts copies on the disk, and misbehaves as told.

Run as a script, it prints the port it listens on, one line, and serves until it is killed. What it
takes and refuses is in the file of records before it answers, so that it may be killed with -9 and
started again on the same port and file. It needs nothing but Python.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import struct
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TAKEN, REFUSED = b"taken", b"refused"

REPLIES = {
    "greeting": b"220 relay.example.org ESMTP",
    "EHLO": b"250-relay.example.org\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 PIPELINING",
    "MAIL": b"250 2.1.0 Sender OK",
    "RCPT": b"250 2.1.5 Recipient OK",
    "DATA": b"354 Go ahead",
    "end": b"250 2.0.0 Queued",
    "RSET": b"250 2.0.0 Forgotten",
    "QUIT": b"221 2.0.0 Goodbye",
}


@dataclass(frozen=True, slots=True)
class Manners:
    """How the relay behaves.

    Attributes:
        every: Misbehave each time that this many commands of stage ``at`` have come; 0 for never.
        at: ``greeting``, ``EHLO``, ``MAIL``, ``RCPT``, ``DATA`` or ``end`` (the final dot).
        do: ``drop`` closes the connection, ``reset`` tears it, ``silence`` never answers again;
            everything else is a reply. Only a reply that begins with 4 or 5 says at the final dot
            that the message was not taken; in every other case it was.
        greylist: Refuse each recipient with 451 at first sight.
        connections: How many there may be at the same time, others are greeted with 421; 0 for
            no limit.
        messages: How many a connection may carry until it is closed with 421; 0 for no limit.
        tarpit: Recipients at this domain are never answered.
    """

    every: int = 0
    at: str = "end"
    do: str = "drop"
    greylist: bool = False
    connections: int = 0
    messages: int = 0
    tarpit: str = ""


class Records:
    """What became of each message, one line each: what was done, reader, Message-ID, MAIL FROM.

    Args:
        path: The file; it is added to.
    """

    def __init__(self, path: Path) -> None:
        before = path.read_bytes().splitlines() if path.exists() else []
        self.refused = {line.split(b"\t")[1] for line in before if line.startswith(REFUSED)}
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def add(self, what: bytes, reader: bytes, message_id: bytes, mail_from: bytes) -> None:
        """Write a line. It is the kernel's then, and outlives this program."""
        os.write(self._file, b"\t".join((what, reader, message_id, mail_from)) + b"\n")
        if what == REFUSED:
            self.refused.add(reader)


class Relay:
    """What all connections share."""

    def __init__(self, manners: Manners, records: Records) -> None:
        self.manners, self.records = manners, records
        self.open = 0
        self._seen: Counter[str] = Counter()

    def misbehaves(self, stage: str) -> bool:
        """Whether this is the one command in so many."""
        manners = self.manners
        if not manners.every or stage != manners.at:
            return False
        self._seen[stage] += 1
        return self._seen[stage] % manners.every == 0


class Dialogue(asyncio.Protocol):
    """One connection. Commands that came together are answered together (RFC 2920)."""

    def __init__(self, relay: Relay) -> None:
        self._relay, self._manners = relay, relay.manners
        self._transport: asyncio.Transport | None = None
        self._input = bytearray()
        self._output = bytearray()
        self._deaf = self._in_message = False
        self._carried = 0
        self._mail_from = self._reader = b""
        self._handlers: dict[bytes, Callable[[bytes], None]] = {
            b"EHLO": self._ehlo,
            b"MAIL": self._mail,
            b"RCPT": self._rcpt,
            b"DATA": self._data,
            b"RSET": self._rset,
            b"QUIT": self._quit,
        }

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._relay.open += 1
        if 0 < self._manners.connections < self._relay.open:
            self._end(b"421 4.7.0 Too many connections")
        else:
            self._reply("greeting")
        self._flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._deaf = True
        self._relay.open -= 1

    def data_received(self, data: bytes) -> None:
        self._input += data
        while not self._deaf and (self._message() if self._in_message else self._command()):
            pass
        self._flush()

    def _command(self) -> bool:
        end = self._input.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self._input[:end])
        del self._input[: end + 2]
        handle = self._handlers.get(line[:4].upper())
        if handle:
            handle(line)
        else:
            self._say(b"502 5.5.1 Not known here")
        return True

    def _message(self) -> bool:
        end = self._input.find(b"\r\n.\r\n")
        if end < 0:
            return False
        message_id = _message_id(bytes(self._input[:end]))
        del self._input[: end + 5]
        self._in_message = False
        self._carried += 1
        odd = self._relay.misbehaves("end")
        what = REFUSED if odd and self._manners.do[0] in "45" else TAKEN
        self._relay.records.add(what, self._reader, message_id, self._mail_from)
        self._misbehave() if odd else self._say(REPLIES["end"])
        return True

    def _ehlo(self, line: bytes) -> None:
        self._reply("EHLO")

    def _rset(self, line: bytes) -> None:
        self._reply("RSET")

    def _mail(self, line: bytes) -> None:
        if 0 < self._manners.messages <= self._carried:
            self._end(b"421 4.7.0 Enough for one connection")
        elif self._reply("MAIL"):
            self._mail_from = _path(line)
            self._reader = b""

    def _rcpt(self, line: bytes) -> None:
        reader = _path(line)
        if self._manners.tarpit and reader.endswith(b"@" + self._manners.tarpit.encode()):
            self._deaf = True
        elif self._manners.greylist and reader not in self._relay.records.refused:
            self._relay.records.add(REFUSED, reader, b"", self._mail_from)
            self._say(b"451 4.7.1 Greylisted, come back later")
        elif self._reply("RCPT"):
            self._reader = reader

    def _data(self, line: bytes) -> None:
        if not self._reader:
            self._say(b"503 5.5.1 Nobody to give it to")
        elif self._reply("DATA"):
            self._in_message = True

    def _quit(self, line: bytes) -> None:
        self._end(REPLIES["QUIT"])

    def _reply(self, stage: str) -> bool:
        """Answer as usual, or misbehave; says which of them."""
        if self._relay.misbehaves(stage):
            self._misbehave()
            return False
        self._say(REPLIES[stage])
        return True

    def _misbehave(self) -> None:
        assert self._transport
        match self._manners.do:
            case "drop":
                self._end()
            case "reset":
                self._flush()
                self._deaf = True
                linger = struct.pack("ii", 1, 0)
                self._transport.get_extra_info("socket").setsockopt(
                    socket.SOL_SOCKET, socket.SO_LINGER, linger
                )
                self._transport.abort()
            case "silence":
                self._deaf = True
            case reply:
                self._say(reply.encode())

    def _say(self, reply: bytes) -> None:
        self._output += reply + b"\r\n"

    def _end(self, reply: bytes = b"") -> None:
        if reply:
            self._say(reply)
        self._flush()
        self._deaf = True
        assert self._transport
        self._transport.close()

    def _flush(self) -> None:
        if self._output and self._transport and not self._transport.is_closing():
            self._transport.write(bytes(self._output))
        self._output.clear()


def _path(line: bytes) -> bytes:
    return line.partition(b"<")[2].partition(b">")[0]


def _message_id(message: bytes) -> bytes:
    start = message.find(b"\r\nMessage-ID:")
    return message[start + 13 : message.find(b"\r\n", start + 2)].strip() if start >= 0 else b""


async def serve(port: int, records: Path, manners: Manners) -> None:
    """Serve for ever; prints the port first."""
    relay = Relay(manners, Records(records))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Dialogue(relay), "127.0.0.1", port, backlog=200)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever started us waits
    await server.serve_forever()


def main() -> None:
    """Read the options: one for each of the manners."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("records", type=Path)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--every", type=int, default=0)
    parser.add_argument("--at", choices=REPLIES, default="end")
    parser.add_argument("--do", default="drop")
    parser.add_argument("--greylist", action="store_true")
    parser.add_argument("--connections", type=int, default=0)
    parser.add_argument("--messages", type=int, default=0)
    parser.add_argument("--tarpit", default="")
    options = vars(parser.parse_args())
    records, port = options.pop("records"), options.pop("port")
    asyncio.run(serve(port, records, Manners(**options)))


if __name__ == "__main__":
    main()
