"""What text about a reader may hold, and how a message shows it."""

from __future__ import annotations

import re

from newsletter.errors import AudienceError

# Control characters could start a header or an SMTP command of their own (RFC 5322 §2.2, RFC 5321
# §4.1.1); line separators break lines in some mail clients; lone surrogates are no characters.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

_LONGEST_SHOWN = 60


def clean(text: str, what: str) -> str:
    """``text`` without space around it.

    Args:
        text: One value, as typed or imported.
        what: What it is, for the message: ``name``.

    Raises:
        AudienceError: It holds a line break or another control character.
    """
    text = text.strip(" \t\u00a0")
    if found := _FORBIDDEN.search(text):
        raise AudienceError(
            f"{what} {quoted(text)} has {_named(found[0])} in it",
            "Write it on one line, in plain characters.",
        )
    return text


def quoted(text: str) -> str:
    """``text`` in quotes for a message: shortened, with nothing that could steer a terminal.

    What has straight quotes in it stands in curly ones, so that one sees where it ends.
    """
    text = shown(text)
    return f"“{text}”" if '"' in text else f'"{text}"'


def shown(text: str) -> str:
    """``text`` for the end of a message: shortened, with nothing that could steer a terminal."""
    if len(text) > _LONGEST_SHOWN:
        text = text[:_LONGEST_SHOWN] + "…"
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _named(character: str) -> str:
    if character in "\r\n\u2028\u2029":
        return "a line break"
    return f"a control character (U+{ord(character):04X})"
