"""Mail relays as transport: SMTP over several connections at a time (RFC 5321)."""

from __future__ import annotations

import re
import ssl
from collections.abc import Sequence

from newsletter.delivery.smtp.channel import SmtpChannel
from newsletter.delivery.smtp.login import MECHANISMS
from newsletter.delivery.smtp.pool import Pool
from newsletter.delivery.smtp.relay import Relay
from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.passwords import relay_passwords
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError

_HELLO = re.compile(r"[A-Za-z0-9._-]+|\[[A-Za-z0-9.:]+\]")
USUAL_CONNECTIONS = 20
MOST_CONNECTIONS = 100


def open_url(url: TransportUrl, surroundings: Surroundings) -> SmtpTransport:
    """``smtp://user@host:587`` (STARTTLS) or ``smtps://user@host:465``; see ``open_urls``."""
    return open_urls([url], surroundings)


def open_urls(urls: Sequence[TransportUrl], surroundings: Surroundings) -> SmtpTransport:
    """One relay, or several that share the work and stand in for one another.

    Options of each: ``ca=FILE`` trusts the certificates in a file; ``security=none`` sends in the
    clear, to this machine or where ``allow_plaintext`` is set; ``auth=`` names the one login
    mechanism to use (``plain``, ``login``, ``cram-md5``; ``xoauth2`` with an access token as
    password); ``connections=N`` at the same time, 1 to 100; ``messages=N`` over one connection
    (0: no limit); ``weight=N``, its share next to other relays. Several relays with users have
    several passwords, see ``relay_passwords``.

    Raises:
        TransportConfigurationError: No host, no password, no such file, a number or name that is
            not one of those, or unsafe.
    """
    for url in urls:
        _check(url)
    passwords = relay_passwords(surroundings.password, urls)
    return SmtpTransport(
        [_relay(*pair, surroundings) for pair in zip(urls, passwords, strict=True)]
    )


class SmtpTransport:
    """Hands messages to relays; connects when there is something to send.

    Args:
        relays: At least one.
    """

    leaves_machine = True

    def __init__(self, relays: Sequence[Relay]) -> None:
        self._pool = Pool(relays)
        self.connections = sum(relay.connections for relay in relays)

    def describe(self) -> str:
        """``smtp://user@host:587``; several with commas between them."""
        return ", ".join(relay.describe() for relay in self._pool.relays)

    def channel(self) -> SmtpChannel:
        """A new channel; nothing is connected yet."""
        return SmtpChannel(self._pool)


def _check(url: TransportUrl) -> None:
    url.allow_options("security", "ca", "auth", "connections", "messages", "weight")
    if not url.host or url.path.strip("/"):
        raise TransportConfigurationError(
            f"transport: {url.scheme} needs a host and nothing behind it",
            "Write it like this: smtp://user@mail.example.org:587.",
        )


def _relay(url: TransportUrl, password: str, surroundings: Surroundings) -> Relay:
    if not _HELLO.fullmatch(surroundings.hello):
        raise TransportConfigurationError(
            f"transport: {surroundings.hello!r} is not a name to introduce ourselves with",
            "It is the domain of the address in from.",
        )
    in_the_clear = _in_the_clear(url, surroundings)
    return Relay(
        host=url.host,
        port=url.mail_port,
        hello=surroundings.hello,
        user=url.user,
        password=password,
        auth=_auth(url, in_the_clear=in_the_clear),
        tls=None if in_the_clear else _trust(url, surroundings),
        tls_first=url.scheme == "smtps",
        connections=url.number("connections", USUAL_CONNECTIONS, least=1, most=MOST_CONNECTIONS),
        messages=url.number("messages", 0, least=0, most=1_000_000),
        weight=url.number("weight", 1, least=1, most=1_000),
    )


def _in_the_clear(url: TransportUrl, surroundings: Surroundings) -> bool:
    security = url.options.get("security")
    if security is None:
        return False
    if security != "none" or url.scheme != "smtp":
        raise TransportConfigurationError(
            f"transport: {url.scheme} does not know security={security}",
            "smtp:// encrypts by STARTTLS, smtps:// from the start; leave the option out.",
        )
    if not (url.is_loopback or surroundings.allow_plaintext):
        raise TransportConfigurationError(
            f"transport: security=none would send readers' addresses in the clear to {url.host}",
            "Leave it out; or, for a network that you trust, set allow_plaintext = true.",
        )
    return True


def _auth(url: TransportUrl, *, in_the_clear: bool) -> str:
    name = url.options.get("auth", "").lower()
    if name and name not in MECHANISMS:
        raise TransportConfigurationError(
            f"transport: {url.scheme} does not know auth={name}",
            f"It is one of: {', '.join(MECHANISMS)}. Leave it out for the best that is offered.",
        )
    if name and not url.user:
        raise TransportConfigurationError(
            f"transport: auth={name} needs a user", f"Write {url.scheme}://user@{url.host}."
        )
    if name == "xoauth2" and in_the_clear and not url.is_loopback:
        raise TransportConfigurationError(
            f"transport: auth=xoauth2 would send the token in the clear to {url.host}",
            "Leave security=none out: whoever reads the token can use it.",
        )
    return name


def _trust(url: TransportUrl, surroundings: Surroundings) -> ssl.SSLContext:
    file = surroundings.root / url.options["ca"] if "ca" in url.options else None
    try:
        return ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as error:
        raise TransportConfigurationError(
            f"transport: cannot read certificates from {file}: {error.strerror or error}",
            "ca names a PEM file, relative to the project's folder.",
        ) from error
