"""Ways to log in: what is said first, and what is answered to each challenge (RFC 4954)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Callable, Generator
from dataclasses import dataclass

Conversation = Generator[bytes | None, bytes, None]
"""Yields what goes with the AUTH command, None for nothing, then the answer to each challenge."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """One way to log in.

    Attributes:
        name: Its name in EHLO and AUTH.
        converse: What is said, for a user and a password; not yet in base64.
    """

    name: str
    converse: Callable[[str, str], Conversation]


def _plain(user: str, password: str) -> Conversation:
    yield f"\0{user}\0{password}".encode()  # RFC 4616


def _login(user: str, password: str) -> Conversation:
    yield None
    yield user.encode()  # no standard, but some servers know nothing else
    yield password.encode()


def _cram_md5(user: str, password: str) -> Conversation:
    challenge = yield None
    digest = hmac.new(password.encode(), challenge, hashlib.md5).hexdigest()  # RFC 2195
    yield f"{user} {digest}".encode()


def _xoauth2(user: str, token: str) -> Conversation:
    yield f"user={user}\1auth=Bearer {token}\1\1".encode()
    yield b""  # a challenge means "no"; an empty answer asks for the reply that says so


PLAIN = Mechanism("PLAIN", _plain)
LOGIN = Mechanism("LOGIN", _login)
CRAM_MD5 = Mechanism("CRAM-MD5", _cram_md5)
XOAUTH2 = Mechanism("XOAUTH2", _xoauth2)

MECHANISMS = {mechanism.name.lower(): mechanism for mechanism in (PLAIN, LOGIN, CRAM_MD5, XOAUTH2)}
"""What the option ``auth`` may name."""


def mechanisms(name: str, offered: frozenset[str], *, encrypted: bool) -> list[Mechanism]:
    """The mechanisms to try, the best first.

    Args:
        name: The only one to use, or empty.
        offered: What the server offers.
        encrypted: Whether nobody can listen; else the one that hides the password comes first.
    """
    if name:
        usable = [MECHANISMS[name]]
    elif encrypted:
        usable = [PLAIN, LOGIN, CRAM_MD5]
    else:
        usable = [CRAM_MD5, PLAIN, LOGIN]
    return [mechanism for mechanism in usable if mechanism.name in offered]


def encoded(answer: bytes) -> bytes:
    """An answer as it goes over the wire."""
    return base64.b64encode(answer)


def decoded(challenge: str) -> bytes:
    """A challenge; empty if it is not in base64."""
    try:
        return base64.b64decode(challenge.encode(), validate=True)
    except (binascii.Error, ValueError):
        return b""
