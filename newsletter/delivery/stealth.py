"""The outside of a message: what those see who carry it, or look over a shoulder.

Words that must not be seen there are looked for in every header field of every part, in links, in
names of files and in OpenPGP keys; not in what the letter says, for who sees that has opened it.
"""

from __future__ import annotations

import base64
import binascii
import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote

from newsletter.delivery.forbidden_words import found
from newsletter.errors import SendRefusedError

LONGEST_SHOWN = 100
"""Characters of a place that are shown."""

_ENCODED_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?]*\?=")
_LINK = re.compile(
    r"""(?:href|src|action|background|cite)\s*=\s*(?:"([^"]*)"|'([^']*)')"""
    r"""|((?:[a-z][a-z0-9+.-]*://|mailto:|www\.)[^\s"'<>]+)""",
    re.IGNORECASE,
)
_ARMOUR = re.compile(
    r"-----BEGIN PGP ([A-Z ]+)-----\r?\n(.*?)\r?\n\r?\n(.*?)-----END PGP", re.DOTALL
)
_NOISE = re.compile(r"(?:^|(?<=[;\s]))bh?\s*=[^;]*")
"""Hashes and signatures in a DKIM-Signature: in so many letters any short word comes up."""

# What to change in newsletter.toml for each header field that is made from it.
_REMEDIES = {
    "from": "from",
    "reply-to": "reply_to",
    "return-path": "bounce_address",
    "subject": "outer_subject",
    "list-id": "list_id",
    "list-unsubscribe": "base_url, unsubscribe_address",
    "feedback-id": "list_id, or the name of the issue's file",
    "message-id": "the domain in from",
    "dkim-signature": "domain or selector in [dkim]",
    "link": "base_url, archive_url, assets_url, or the link in the issue",
    "preheader": "the first words of the issue",
    "file name": "the name of the picture's file",
    "openpgp key": "the name on the key",
}


@dataclass(frozen=True, slots=True)
class Leak:
    """A word that can be seen from outside.

    Attributes:
        place: Name of the header field, or ``link``, ``file name``, ``OpenPGP key``, ``MIME``.
        word: As it stands among the words that must not be seen.
        shown: What can be read there, decoded.
    """

    place: str
    word: str
    shown: str

    @property
    def remedy(self) -> str:
        """What to change, in a few words; empty if nothing is known."""
        return _REMEDIES.get(self.place.lower(), "")


def leaks(message: bytes, words: Sequence[str]) -> tuple[Leak, ...]:
    """Every place of a message's outside that shows one of the words.

    Args:
        message: Headers and body as they travel.
        words: What must not be seen, in any spelling of ``forbidden_words``.

    Returns:
        One for each place and word.
    """
    seen: dict[tuple[str, str], Leak] = {}
    for place, text in _outside(message_from_bytes(message, policy=policy.compat32)):
        for reading in _readings(text):
            for word in found(words, reading):
                shown = " ".join(reading.split())[:LONGEST_SHOWN]
                seen.setdefault((place, word), Leak(place, word, shown))
    return tuple(seen.values())


def refuse_leaks(found_leaks: Sequence[Leak]) -> None:
    """Pass if there are none.

    Raises:
        SendRefusedError: There are; it says where, and what to change.
    """
    if not found_leaks:
        return
    said = [
        f"{leak.place} would show “{leak.word}”: {leak.shown}"
        + (f" (change {leak.remedy})" if leak.remedy else "")
        for leak in found_leaks
    ]
    raise SendRefusedError(
        "\n".join(said),
        "must_not_reveal in newsletter.toml forbids these words outside the letter.",
    )


def _outside(message: Message) -> Iterator[tuple[str, str]]:
    """Each place that can be seen, and its text."""
    for part in message.walk():
        for name, value in part.raw_items():  # octets beyond ASCII are still there
            yield from _field(name, _as_utf_8(str(value)))
        for header in ("Content-Type", "Content-Disposition"):
            for key, value in part.get_params([], header)[1:]:
                is_name = key.lower() in {"name", "filename"}
                yield "file name" if is_name else header, collapse_rfc2231_value(value)
        for between in (part.preamble, part.epilogue):
            yield "MIME", _as_utf_8(between or "")
        if not part.is_multipart():
            yield from _content(part)


def _as_utf_8(parsed: str) -> str:
    """Text that was parsed as ASCII, read again as what it is today (RFC 6532)."""
    return parsed.encode("ascii", "surrogateescape").decode("utf-8", "replace")


def _field(name: str, value: str) -> Iterator[tuple[str, str]]:
    yield name, name
    if name.lower() == "autocrypt" and (key := re.search(r"keydata=([^;]*)", value)):
        yield "OpenPGP key", _from_base64(key[1])
        value = value.replace(key[1], "")
    yield name, _NOISE.sub("", value) if name.lower() == "dkim-signature" else value


def _content(part: Message) -> Iterator[tuple[str, str]]:
    payload = part.get_payload(decode=True)
    octets = payload if isinstance(payload, bytes) else b""
    if part.get_content_type() == "application/pgp-keys" and b"-----BEGIN" not in octets:
        yield "OpenPGP key", octets.decode("utf-8", "ignore")
    if part.get_content_maintype() not in {"text", "application"}:
        return
    text = octets.decode("utf-8", "replace")
    for kind, headers, body in _ARMOUR.findall(text):
        yield "OpenPGP key", headers
        if kind != "MESSAGE":
            yield "OpenPGP key", _from_base64(body)
    if part.get_content_maintype() == "text":
        for quoted, single, bare in _LINK.findall(text):
            yield "link", html.unescape(quoted or single or bare)


def _from_base64(text: str) -> str:
    """What can be read in base64: names stand in OpenPGP keys as they are (RFC 9580 §5.11)."""
    letters = re.sub(r"\n=[A-Za-z0-9+/]{4}\s*$|\s", "", text).rstrip("=")
    whole = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return base64.b64decode(whole + "=" * (-len(whole) % 4)).decode("utf-8", "ignore")
    except binascii.Error:
        return ""


def _readings(text: str) -> Iterator[str]:
    """A text in every way in which a program would show it."""
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", text)
    readings = [unfolded]
    joined = re.sub(r"(?<=\?=)\s+(?==\?)", "", unfolded)  # RFC 2047 §6.2
    readings.append(_ENCODED_WORD.sub(_decoded, joined))
    readings += [unquote(reading) for reading in readings]
    readings += [unquote(reading) for reading in readings]  # an address inside an address
    readings += [re.sub(r"(?i)\bxn--[a-z0-9-]+", _u_label, reading) for reading in readings]
    yield from dict.fromkeys(readings)


def _decoded(match: re.Match[str]) -> str:
    try:
        octets, charset = decode_header(match[0])[0]
    except (ValueError, binascii.Error):
        return match[0]
    if isinstance(octets, bytes):
        try:
            return octets.decode(charset or "ascii", "ignore")
        except LookupError:
            return octets.decode("utf-8", "ignore")
    return str(octets)


def _u_label(match: re.Match[str]) -> str:
    try:
        return match[0][4:].encode("ascii").decode("punycode")
    except (ValueError, IndexError):  # UnicodeError is one of the first
        return match[0]
