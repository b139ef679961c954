"""Which reader a draft is for: by what is in it, whatever its name says."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import PurePath

from newsletter.errors import NewsletterError
from newsletter.issue.drafts import archie, characters
from newsletter.issue.drafts.blocks import Reading, Remark
from newsletter.issue.drafts.decode import decode

LARGEST_WORD_FILE = 100_000_000
"""Bytes of a Word file with its pictures."""

LONGEST = 1_000_000
"""Characters of a draft that is text; an issue file has at most as many bytes."""

_HTML = re.compile(r"(?i)\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|div|p|table)\b")
_MARKDOWN_ENDINGS = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_HEADING = re.compile(r"(?m)^#{1,6}[ \t]+\S")
_UNDERLINED = re.compile(r"(?m)^ {0,3}\S.*\n(?:={3,}|-{3,})[ \t]*$")
_FRONT_MATTER = re.compile(r"(?:---|\+\+\+)[ \t]*\n[\w-]+\s*[:=]")
_SIGN = re.compile(
    r"(?m)\A(?:---|\+\+\+)[ \t]*\n[\w-]+\s*[:=]|!\[[^\]]*\]\(|^\[[^\]]+\]: ?\S|^\|.*\|[ \t]*$"
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
_MOST_BRACKETS = 5_000  # Markdown takes minutes for 100,000 of them that are never closed
_PROGRAMS = {
    **dict.fromkeys((".docx", ".docm", ".doc"), "Word"),
    **dict.fromkeys((".odt", ".fodt"), "OpenDocument"),
    ".pages": "Apple Pages",
    ".rtf": "rich text",
}
_EMBEDDED = re.compile(r"data:image/[^)>\s\"']*")


def read(data: bytes, name: str = "") -> Reading:
    """The blocks of a draft.

    Args:
        data: The file.
        name: Its name; its ending decides where the content leaves a choice.

    Raises:
        NewsletterError: It cannot be read, or is not what its name says; the hint says what to do.
    """
    if data.startswith(b"PK\x03\x04"):
        return _word(data)
    decoded = decode(data)
    _check_ending(decoded.text, PurePath(name))
    text = decoded.text
    if not text.strip():
        raise NewsletterError("the draft is empty", "Name a file with text in it.")
    reading = _reader(text, PurePath(name).suffix.lower())(text)
    remarks = [*decoded.remarks, *_invisible(text)]
    return replace(reading, remarks=(*remarks, *reading.remarks))


def _check_ending(text: str, path: PurePath) -> None:
    """Bare text in a file that is named for a word processor did not come from one as it should.

    Web pages are read: many programs call them ``.doc``.
    """
    program = _PROGRAMS.get(path.suffix.lower())
    if program is None or not text.strip() or _HTML.match(text[:5000]):
        return
    raise NewsletterError(
        f"{path.name} is plain text, though its name says {program}",
        f"If its text is what you want, name it {path.stem}.txt and import that; "
        "otherwise get the file from its author again.",
    )


def _word(data: bytes) -> Reading:
    if len(data) > LARGEST_WORD_FILE:
        raise NewsletterError(
            f"the draft has {len(data) / 1e6:,.0f} MB",
            f"Take pictures out of it; {LARGEST_WORD_FILE / 1e6:.0f} MB are the most.",
        )
    reading: Reading = importlib.import_module("newsletter.issue.drafts.word").read(data)
    return reading


def _reader(text: str, ending: str) -> Callable[[str], Reading]:
    if _HTML.match(text[:5000]) or (ending in {".html", ".htm", ".xhtml"} and "<" in text):
        return _module("html")
    if len(_EMBEDDED.sub("", text)) > LONGEST:
        raise NewsletterError(
            f"the draft has {len(text):,} characters; an issue has at most {LONGEST:,}",
            "Is it the right file? Divide it if it is.",
        )
    if any(part.count("[") > _MOST_BRACKETS for part in _BLANK_LINE.split(text)):
        raise NewsletterError(
            f"a paragraph of the draft has more than {_MOST_BRACKETS:,} brackets; it is not read",
            "Is it the right file? Take that paragraph out if it is.",
        )
    if archie.looks_like(text):
        return archie.read
    return _module("markdown" if _is_markdown(text, ending) else "text")


def _is_markdown(text: str, ending: str) -> bool:
    """Whether a text has the signs of Markdown; in a file that is named so, one is enough."""
    if ending in _MARKDOWN_ENDINGS:
        return bool(_HEADING.search(text) or _UNDERLINED.search(text) or _SIGN.search(text))
    headings = _HEADING.findall(text)
    begins = _HEADING.match(text.lstrip()) is not None
    return begins or len(headings) > 1 or bool(_FRONT_MATTER.match(text))


def _module(name: str) -> Callable[[str], Reading]:
    read: Callable[[str], Reading] = importlib.import_module(f"newsletter.issue.drafts.{name}").read
    return read


def _invisible(text: str) -> list[Remark]:
    count = characters.invisible(text.removeprefix("\ufeff"))
    if not count:
        return []
    first = next(i for i, line in enumerate(text.split("\n"), 1) if characters.invisible(line))
    said = f"{count} invisible character{'s were' if count > 1 else ' was'} taken out"
    return [Remark(first, "invisible-character", said)]
