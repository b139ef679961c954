"""Lines of a draft without styles, and what their shape says: titles, labels, running text."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from newsletter.issue.drafts import dates, sentences
from newsletter.issue.drafts.notes import is_byline, is_note_of_picture

LONGEST = 200
"""Characters of a headline."""

_MOST_WORDS = 30
_LONG = 220  # characters; a longer paragraph is running text even if it is one sentence
_ADDRESS = re.compile(r"(?i)<?(?:https?://|www\.)\S+>?|[^\s@]+@[^\s@]+\.[^\s@]+")
_NO_BEGINNING = frozenset("[({<—–-•*·")


class Role(enum.StrEnum):
    """What a line is."""

    TITLE = "title"
    DATE = "date"
    LABEL = "label"
    HEADLINE = "headline"
    SUB_HEADLINE = "sub-headline"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line or paragraph of a draft.

    Attributes:
        text: Its words without marks.
        line: Where it stands.
        blanks: Blank lines before it; a rule counts as two.
        is_text: Whether it is running text; False for entries of lists, quotes, pictures …
        is_item: Whether it is an entry of a list.
        is_bold: Whether all of it is bold.
    """

    text: str
    line: int
    blanks: int = 0
    is_text: bool = True
    is_item: bool = False
    is_bold: bool = False

    @property
    def is_running(self) -> bool:
        """Whether it is a paragraph of a story: several sentences, or a long one."""
        return self.is_text and (len(self.text) > _LONG or sentences.count(self.text) > 1)

    @property
    def may_be_headline(self) -> bool:
        """Whether it is one line without an end; a bold one may have an end."""
        is_emphasised = self.is_bold and not sentences.goes_on(self.text)
        return self.is_text and (
            _is_title_like(self.text) or (is_emphasised and sentences.is_one(self.text, LONGEST))
        )

    @property
    def is_label(self) -> bool:
        """Whether it is a word or two in capitals, such as stand above several stories."""
        return is_capitals(self.text) and len(self.text.split()) <= 3

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    def shortened(self) -> str:
        """Its words for a remark."""
        return self.text if len(self.text) <= 60 else f"{self.text[:59]}…"


def is_capitals(text: str) -> bool:
    """Whether all letters of a text are capitals, and there is more than one."""
    return sum(letter.isalpha() for letter in text) > 1 and text.upper() == text != text.lower()


def _is_title_like(text: str) -> bool:
    return (
        1 < len(text) <= LONGEST
        and len(text.split()) <= _MOST_WORDS
        and not sentences.has_end(text)
        and not sentences.goes_on(text)
        and sentences.count(text) == 1
        and any(letter.isalpha() for letter in text)
        and not text.lstrip("\"“„«‘'")[:1].islower()
        and not _ADDRESS.fullmatch(text.split()[-1])
        and text[0] not in _NO_BEGINNING
        and not is_note_of_picture(text)
        and not is_byline(text)
        and not dates.is_date(text)
    )
