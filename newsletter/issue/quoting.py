"""Ways to type a text in YAML."""

from __future__ import annotations

import re

from newsletter.errors import NewsletterError

UNPRINTED = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""What no issue may hold (YAML 1.2, section 5.1, and what libyaml takes for the end of a line)."""


def inside(text: str, style: str) -> str:
    """A text as it is typed inside quotes.

    Args:
        text: The text.
        style: ``'`` or ``"``; anything else stands for no quotes.
    """
    if style == "'":
        return text.replace("'", "''")
    if style == '"':
        written = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return UNPRINTED.sub(_escape, written)
    return text


def quoted(text: str, style: str = "") -> str:
    """A text in quotes: in those of ``style``, else in those that need no signs inside."""
    style = style or ("'" if "'" not in text and re.search(r'["\\]', text) else '"')
    return f"{style}{inside(text, style)}{style}"


def below(text: str, indent: str) -> tuple[str, str]:
    """A text as a block: its sign (``|``), and its lines, each with a line break before it."""
    ended = text.endswith("\n")
    lines = text.removesuffix("\n").split("\n")
    written = "".join(f"\n{indent}{line}" if line else "\n" for line in lines)
    return "|" if ended else "|-", written


def refuse_unseen(text: str) -> None:
    """Refuse a text that no issue may hold.

    Raises:
        NewsletterError: There is a character in it that nobody sees.
    """
    if found := UNPRINTED.search(text):
        raise NewsletterError(
            f"there is an invisible character (U+{ord(found[0]):04X}) in this text",
            "Delete it, or type a line break or space where one is wanted.",
        )


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
