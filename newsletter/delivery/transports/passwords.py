"""Which password belongs to which relay, when a transport has several."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError

_HINT = (
    "In NEWSLETTER_TRANSPORT_PASSWORD, or in the file that transport_password_file names, write "
    "a line for each relay: its host, a space, its password."
)
_NAMES_A_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d+)?\s+\S")
"""How a line for some relay begins; a pass phrase may look like it, too."""


def relay_passwords(text: str, relays: Sequence[TransportUrl]) -> tuple[str, ...]:
    """The password of each relay; empty for one without a user.

    The text is one password if there is one relay to log in to. Otherwise it has a line for each:
    ``HOST PASSWORD``, or ``HOST:PORT PASSWORD`` where a host has several; lines that begin with
    ``#`` are remarks. A password is never given to a relay whose line it does not stand in.

    Args:
        text: From the environment or the file.
        relays: Addresses of all relays of the transport.

    Raises:
        TransportConfigurationError: A relay has no password; a line has none, or names the relay
            of another one; neither is repeated.
    """
    text = text.strip("\r\n")
    with_user = [url for url in relays if url.user]
    if not with_user:
        return ("",) * len(relays)
    if not text:
        raise _missing(with_user[0], alone=len(with_user) == 1)
    if len(with_user) == 1 and not _is_table(text, with_user[0]):
        return tuple(text if url.user else "" for url in relays)
    table = _read(text)
    return tuple(_find(table, url) if url.user else "" for url in relays)


def _is_table(text: str, only: TransportUrl) -> bool:
    """Whether a text for one relay is lines; if in doubt it is, since then nothing leaks."""
    return "\n" in text or _first_word(text) in _names(only) or bool(_NAMES_A_HOST.match(text))


def _read(text: str) -> Mapping[str, str]:
    table: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        host, *password = line.split(maxsplit=1)
        if not password:
            raise TransportConfigurationError(
                f"transport: line {number} of the passwords is not a host and its password", _HINT
            )
        if host.lower() in table:
            raise TransportConfigurationError(
                f"transport: line {number} of the passwords is for a host that has one already",
                "Write HOST:PORT where several relays are on one host.",
            )
        table[host.lower()] = password[0].rstrip()
    return table


def _find(table: Mapping[str, str], url: TransportUrl) -> str:
    found = next((table[name] for name in _names(url) if name in table), "")
    if not found:
        raise _missing(url, alone=False)
    return found


def _names(url: TransportUrl) -> tuple[str, ...]:
    """What a line for a relay may begin with, the most exact first."""
    hosts = (f"[{url.host}]", url.host) if ":" in url.host else (url.host,)
    return (f"{hosts[0]}:{url.mail_port}", *hosts)


def _first_word(text: str) -> str:
    word, *rest = text.split(maxsplit=1) or [""]
    return word.lower() if rest else ""


def _missing(url: TransportUrl, *, alone: bool) -> TransportConfigurationError:
    usual = "Set NEWSLETTER_TRANSPORT_PASSWORD, or name a file in transport_password_file."
    return TransportConfigurationError(
        f"transport: there is no password for {url.user} at {url.host}", usual if alone else _HINT
    )
