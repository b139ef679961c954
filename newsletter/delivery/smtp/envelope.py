"""The MAIL and RCPT commands for a message, or why there must be none."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.delivery.address import AddressError, wire_address
from newsletter.delivery.outcome import About, Failed
from newsletter.delivery.smtp.capabilities import Capabilities
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.smtp.wire import WireCheck, sound
from newsletter.delivery.transports.base import Message

_ENVID = re.compile(r"[!-~]{1,100}")
_NOT_XCHAR = re.compile(r"[^!-*,-<>-~]")


@dataclass(frozen=True, slots=True)
class Commands:
    """The two commands that begin a transaction, each with its line end."""

    mail: bytes
    rcpt: bytes


class CommandMaker:
    """Makes the commands for one server.

    Args:
        relay: The server.
        offers: What it offers.
    """

    def __init__(self, relay: Relay, offers: Capabilities) -> None:
        self._relay = relay
        self._takes_size = "SIZE" in offers
        self._size = offers.size
        self._takes_utf8 = "SMTPUTF8" in offers
        self._takes_8bit = "8BITMIME" in offers
        self._reports = "DSN" in offers
        self._wire = WireCheck()
        self._sender = ""

    def commands(self, message: Message) -> Commands | Failed:
        """The commands for a message, or why it cannot be sent: nothing of it was said yet."""
        envelope = message.envelope
        try:
            for address in (envelope.mail_from, envelope.rcpt_to):
                if address and address == self._sender:
                    continue  # most often the same as before
                if wire_address(address) != address:
                    return Failed("the address is not in the form that goes over the wire")
        except AddressError as error:
            return Failed(str(error))
        self._sender = envelope.mail_from
        gist = self._wire.gist(message.stuffed)
        if not sound(gist):
            return Failed("a line of the message does not end in CRLF", About.MESSAGE)
        if 0 < self._size < message.size:
            return Failed(
                f"the message has {message.size:,} octets, {self._relay} takes at most "
                f"{self._size:,} (SIZE)",
                About.MESSAGE,
            )
        mail, rcpt = f"MAIL FROM:<{envelope.mail_from}>", f"RCPT TO:<{envelope.rcpt_to}>"
        if self._takes_size:
            mail += f" SIZE={message.size}"  # RFC 1870
        if not (envelope.rcpt_to.isascii() and envelope.mail_from.isascii()):
            if not self._takes_utf8:
                return Failed(f"{self._relay} does not take addresses like this one (SMTPUTF8)")
            mail += " SMTPUTF8 BODY=8BITMIME"  # RFC 6531 §3.4; the one goes with the other
        elif not gist.isascii():
            if not self._takes_8bit:
                return Failed(f"{self._relay} takes ASCII only (no 8BITMIME)", About.MESSAGE)
            mail += " BODY=8BITMIME"  # RFC 6152
        if envelope.envid and self._reports:
            if not _ENVID.fullmatch(envelope.envid):
                return Failed("the name for delivery reports cannot be sent", About.MESSAGE)
            mail += f" RET=HDRS ENVID={xtext(envelope.envid)}"  # RFC 3461 §4.3, §4.4
            rcpt += " NOTIFY=FAILURE,DELAY"
        return Commands(f"{mail}\r\n".encode(), f"{rcpt}\r\n".encode())


def xtext(text: str) -> str:
    """Text in which ``+``, ``=`` and what is not printable ASCII are written ``+XX``.

    (RFC 3461 §4.)
    """
    return _NOT_XCHAR.sub(lambda match: f"+{ord(match[0]):02X}", text)
