"""Logging in at a relay once, to see whether it lets us in (RFC 4954)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import smtplib
from collections.abc import Callable, Iterator

Answers = Iterator[bytes]
"""What is answered to each challenge, the first of which may go with the command."""

_ENCRYPTED = ("PLAIN", "LOGIN", "CRAM-MD5")
_IN_THE_CLEAR = ("CRAM-MD5", "PLAIN", "LOGIN")  # the one that hides the password comes first
_AT_ONCE = frozenset({"PLAIN", "XOAUTH2"})

_OTHER_WAY = frozenset({504, 534})
"""Replies that refuse the way to log in, not the password: "unknown", "too weak"."""


def log_in(
    smtp: smtplib.SMTP, user: str, password: str, *, auth: str = "", is_encrypted: bool = True
) -> None:
    """Log in, in the first way that the relay offers; a refused password is not tried again.

    Some providers lock an account after a few wrong passwords, so each way would be one of them.

    Args:
        smtp: After EHLO.
        user: Login name.
        password: Password, or token.
        auth: The only way to use, such as ``xoauth2``; empty for the best one.
        is_encrypted: Whether nobody can listen.

    Raises:
        smtplib.SMTPNotSupportedError: The relay offers no such way.
        smtplib.SMTPResponseException: It says no.
    """
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    wanted = (auth.upper(),) if auth else _ENCRYPTED if is_encrypted else _IN_THE_CLEAR
    ways = [name for name in wanted if name in offered and name in _WAYS]
    if not ways:
        raise smtplib.SMTPNotSupportedError("no way to log in")
    code, said = 0, b""
    for name in ways:
        code, said = _converse(smtp, name, user, password)
        if code == 235:
            return
        if code not in _OTHER_WAY:
            break
    raise smtplib.SMTPAuthenticationError(code, said)


def _converse(smtp: smtplib.SMTP, name: str, user: str, password: str) -> tuple[int, bytes]:
    challenge = b""
    answers = _WAYS[name](user.encode(), password.encode(), lambda: challenge)
    first = f" {_encoded(next(answers))}" if name in _AT_ONCE else ""
    code, said = smtp.docmd(f"AUTH {name}{first}")
    while code == 334:
        challenge = _decoded(said)
        answer = next(answers, None)
        if answer is None:
            return smtp.docmd("*")  # more is asked than there is to say: break it off
        code, said = smtp.docmd(_encoded(answer))
    return code, said


def _plain(user: bytes, password: bytes, _: Callable[[], bytes]) -> Answers:
    yield b"\0" + user + b"\0" + password  # RFC 4616


def _login(user: bytes, password: bytes, _: Callable[[], bytes]) -> Answers:
    yield user
    yield password


def _cram_md5(user: bytes, password: bytes, challenge: Callable[[], bytes]) -> Answers:
    digest = hmac.new(password, challenge(), hashlib.md5).hexdigest()  # RFC 2195
    yield user + b" " + digest.encode()


def _xoauth2(user: bytes, token: bytes, _: Callable[[], bytes]) -> Answers:
    yield b"user=" + user + b"\1auth=Bearer " + token + b"\1\1"
    yield b""  # a challenge means no, and an empty answer asks for the reply that says so


_WAYS = {"PLAIN": _plain, "LOGIN": _login, "CRAM-MD5": _cram_md5, "XOAUTH2": _xoauth2}


def _encoded(answer: bytes) -> str:
    return base64.b64encode(answer).decode()


def _decoded(challenge: bytes) -> bytes:
    try:
        return base64.b64decode(challenge, validate=True)
    except binascii.Error:
        return b""
