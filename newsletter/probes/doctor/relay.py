"""The relay: whether it is there, encrypts, lets us in, and takes letters of this size.

Nothing is said to it but EHLO, STARTTLS, AUTH and QUIT: no letter, and no address of a reader.
"""

from __future__ import annotations

import contextlib
import datetime
import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.probes.doctor.checkup import Checkup, Group, Level
from newsletter.probes.doctor.lookups import LookUps
from newsletter.probes.doctor.relay_login import log_in
from newsletter.probes.doctor.relay_words import refused, trouble, unreachable

SECONDS = 10.0
"""How long each step may take."""
WHOLE = 60.0
"""How long all steps together may take."""
SOON = datetime.timedelta(days=21)
"""A certificate that runs out within so long should have been renewed: most are a third of their
life before the end."""


@dataclass(frozen=True, slots=True)
class Relay:
    """Who takes the letters.

    Attributes:
        host: Name or address.
        port: TCP port.
        hello: How we introduce ourselves.
        user: Login name, or empty.
        password: Password or token.
        tls: How its certificate is verified; None for a connection in the clear.
        tls_first: Encrypted from the first byte, not by STARTTLS.
        auth: The only way to log in that may be used, such as ``xoauth2``; empty for the best.
        is_here: Whether it is this machine.
    """

    host: str
    port: int
    hello: str
    user: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    tls_first: bool = False
    auth: str = ""
    is_here: bool = False

    def __str__(self) -> str:
        """``smtp.example.org:587``."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(slots=True)
class _Visit:
    """What is found out, step by step."""

    relay: Relay
    now: datetime.datetime
    found: list[Checkup] = field(default_factory=list)

    def say(self, what: str, level: Level, said: str, hint: str = "") -> None:
        self.found.append(Checkup(what, level, said, hint, Group.RELAY))


def check_relay(
    relay: Relay,
    message_size: int | None,
    lookups: LookUps,
    now: datetime.datetime,
    *,
    seconds: float = SECONDS,
) -> list[Checkup]:
    """Visit the relay.

    Args:
        relay: Who takes the letters.
        message_size: Octets of the latest letter; None if there is none.
        lookups: The DNS, asked only when the machine does not find the relay.
        now: The time, with its zone.
        seconds: How long each step may take.
    """
    visit = _Visit(relay, now)
    try:
        with _connected(relay, seconds) as smtp, _watched(smtp):
            visit.say("reachable", Level.OK, f"{relay} answers")
            _introduce(smtp)
            if _encrypt(smtp, visit):
                _log_in(smtp, visit)
                _size(smtp, visit, message_size)
    except ssl.SSLError as error:
        visit.say("encryption", *trouble(str(relay), relay.host, error))
    except smtplib.SMTPResponseException as error:
        text = refused(error, relay.user, relay.password)
        level = Level.UNCHECKED if error.smtp_code // 100 == 4 else Level.ERROR
        hint = "Try again later." if level is Level.UNCHECKED else "Ask whoever runs the relay."
        visit.say("dialogue", level, f"{relay} says: {text}", hint)
    except smtplib.SMTPException as error:
        # smtplib calls everything that ends a conversation the same; what it was stands behind.
        is_late = isinstance(error.__context__, TimeoutError)
        said = f"{relay} broke off the conversation"
        if is_late:
            said = f"{relay} did not answer within {seconds:.0f} s"
        visit.say("dialogue", Level.UNCHECKED, said, "Is that the right port? Try again later.")
    except (OSError, ValueError) as error:
        visit.say("reachable", *unreachable(relay.host, relay.port, error, lookups, seconds))
    return visit.found


@contextlib.contextmanager
def _connected(relay: Relay, seconds: float) -> Iterator[smtplib.SMTP]:
    if relay.tls_first:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            relay.host, relay.port, relay.hello, timeout=seconds, context=relay.tls
        )
    else:
        smtp = smtplib.SMTP(relay.host, relay.port, relay.hello, timeout=seconds)
    try:
        yield smtp
        with contextlib.suppress(smtplib.SMTPException, OSError):
            smtp.quit()
    finally:
        smtp.close()


@contextlib.contextmanager
def _watched(smtp: smtplib.SMTP) -> Iterator[None]:
    """Hang up on a relay that always says a little, and never enough."""

    def hang_up() -> None:
        with contextlib.suppress(OSError):
            if smtp.sock:
                smtp.sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _introduce(smtp: smtplib.SMTP) -> None:
    code, said = smtp.ehlo()
    if code != 250:
        raise smtplib.SMTPResponseException(code, said)


def _encrypt(smtp: smtplib.SMTP, visit: _Visit) -> bool:
    """Whether the login may be said now."""
    relay = visit.relay
    if relay.tls is None:
        if relay.is_here:
            visit.say("encryption", Level.OK, "not needed on this machine")
        else:
            said = f"letters and readers' addresses go to {relay.host} in the clear"
            visit.say("encryption", Level.WARNING, said, "Take ?security=none out of transport.")
        return True
    if not relay.tls_first:
        if not smtp.has_extn("starttls"):
            said = f"{relay} offers no encryption (STARTTLS), so nothing is sent to it"
            hint = "Is that the right port? 587 is usual for smtp://, 465 for smtps://."
            visit.say("encryption", Level.ERROR, said, hint)
            return False
        code, answer = smtp.starttls(context=relay.tls)
        if code != 220:
            raise smtplib.SMTPResponseException(code, answer)
        _introduce(smtp)
    certificate, version = _certificate(smtp)
    ends_at = datetime.datetime.fromtimestamp(
        ssl.cert_time_to_seconds(str(certificate["notAfter"])), datetime.UTC
    )
    day = f"{ends_at:%Y-%m-%d}"
    if ends_at - visit.now < SOON:
        said = f"the certificate of {relay.host} runs out on {day}"
        visit.say("encryption", Level.WARNING, said, "Whoever runs the relay has to renew it.")
    else:
        said = f"{version}, certificate for {relay.host} until {day}"
        visit.say("encryption", Level.OK, said)
    return True


def _certificate(smtp: smtplib.SMTP) -> tuple[Mapping[str, Any], str]:
    if not isinstance(smtp.sock, ssl.SSLSocket):
        raise smtplib.SMTPServerDisconnected("not encrypted")
    return smtp.sock.getpeercert() or {}, smtp.sock.version() or "TLS"


def _log_in(smtp: smtplib.SMTP, visit: _Visit) -> None:
    relay = visit.relay
    if not relay.user:
        visit.say("login", Level.OK, "none is set up: the relay has to know this machine")
        return
    where = "Correct the user in transport, or the password (NEWSLETTER_TRANSPORT_PASSWORD)."
    if not relay.password:
        said = f"there is no password for {relay.user}"
        hint = "Set NEWSLETTER_TRANSPORT_PASSWORD, or name a file in transport_password_file."
        visit.say("login", Level.ERROR, said, hint)
        return
    try:
        is_encrypted = relay.tls is not None
        log_in(smtp, relay.user, relay.password, auth=relay.auth, is_encrypted=is_encrypted)
    except smtplib.SMTPNotSupportedError:
        said = f"{relay} offers no way to log in that this program knows"
        visit.say("login", Level.ERROR, said, "Is that the right port? 587 and 465 are usual.")
    except smtplib.SMTPResponseException as error:
        text = refused(error, relay.user, relay.password)
        if error.smtp_code // 100 == 4:
            said = f"the relay takes no login now: {text}"
            visit.say("login", Level.UNCHECKED, said, "Try again later.")
        else:
            visit.say("login", Level.ERROR, f"the relay refuses {relay.user}: {text}", where)
    else:
        visit.say("login", Level.OK, f"{relay.user} is let in")


def _size(smtp: smtplib.SMTP, visit: _Visit, message_size: int | None) -> None:
    written = smtp.esmtp_features.get("size", "").strip()
    limit = int(written) if written.isascii() and written.isdigit() else 0
    if not limit:
        said = "the relay does not say how large a letter may be"
        visit.say("size", Level.OK, said)
    elif message_size is None:
        visit.say("size", Level.OK, f"letters of up to {limit:,} octets are taken")
    elif message_size > limit:
        said = f"the latest letter has {message_size:,} octets; the relay takes up to {limit:,}"
        hint = "Make its pictures smaller, or host them: newsletter assets build."
        visit.say("size", Level.ERROR, said, hint)
    else:
        said = f"the latest letter has {message_size:,} octets of {limit:,}"
        visit.say("size", Level.OK, said)
