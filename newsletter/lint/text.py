"""The words of an issue, as rules read them: each text with its place, and ways to measure it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issue.manuscript import Where
from newsletter.issue.merge_field import FIELD
from newsletter.issue.model import Image, Issue, Part
from newsletter.lint.remembered import remembered

_NAMES = frozenset({"id", "kind", "language", "story", "template", "visibility"})
_ADDRESSES = frozenset({"link", "src", "url"})
_MARKDOWN = frozenset({"body", "caption", "intro", "note", "outro", "text"})


@dataclass(frozen=True, slots=True)
class Text:
    """A text that readers read.

    Attributes:
        where: The way to it.
        value: What it says.
        markdown: Whether it is Markdown rather than a plain line.
    """

    where: Where
    value: str
    markdown: bool


def texts(issue: Issue, *, addresses: bool = False) -> Iterator[Text]:
    """Every text of an issue that readers read; with ``addresses`` also where links lead."""
    for text in _texts(issue):
        if addresses or text.where[-1] not in _ADDRESSES:
            yield text


@remembered(1)  # twenty rules ask in turn, for one issue
def _texts(issue: Issue) -> tuple[Text, ...]:
    return tuple(
        Text((*where, name), value, name in _MARKDOWN)
        for where, part in parts(issue)
        for name in type(part).model_fields
        if name not in _NAMES and isinstance(value := getattr(part, name), str)
    )


def images(issue: Issue) -> Iterator[tuple[Where, Image]]:
    """Every picture of an issue with the way to it."""
    return ((where, part) for where, part in parts(issue) if isinstance(part, Image))


def parts(part: Part, where: Where = ()) -> Iterator[tuple[Where, Part]]:
    """A part of an issue and all parts inside it, each with the way to it."""
    yield where, part
    for name in type(part).model_fields:
        if name == "corrections":
            continue  # they stand on the web alone, beside the letter that rules look at
        value = getattr(part, name)
        if isinstance(value, Part):
            yield from parts(value, (*where, name))
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from parts(item, (*where, name, index))


_CODE = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)
_ADDRESS = re.compile(r"(?<=\]\()[^)\s]+|(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)


def without_code(text: str) -> str:
    """Markdown with its code blanked out; every other character keeps its offset."""
    return _CODE.sub(_blank, text)


def without_addresses(text: str) -> str:
    """Text with its web addresses blanked out; every other character keeps its offset."""
    return _ADDRESS.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def stand_in(text: str) -> str:
    """A text as a reader sees it for whom no merge field has a value: its defaults."""
    return FIELD.sub(lambda match: (match[2] or "").strip(), text)


def length(text: str) -> int:
    """Characters as people count them: combining marks and invisible characters are none."""
    if text.isascii():
        return len(text)
    return sum(
        unicodedata.category(character) not in {"Mn", "Me", "Cf"}
        for character in unicodedata.normalize("NFC", text)
    )


def has_words(text: str) -> bool:
    """Whether a text has a letter, a digit or an emoji, not only spaces and punctuation."""
    return any(
        unicodedata.category(character)[0] in "LN" or unicodedata.category(character) == "So"
        for character in text
    )


def folded(text: str) -> str:
    """A text for comparing: case, spacing and the punctuation at its ends do not count."""
    folded = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold())
    # By hand: a regular expression takes the square of the time for a run of signs in the middle.
    start, end = 0, len(folded)
    while start < end and not _is_telling(folded[start]):
        start += 1
    while end > start and not _is_telling(folded[end - 1]):
        end -= 1
    return folded[start:end]


def _is_telling(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"
