"""What rules that read words share: text without addresses, and edits of words in a passage."""

from __future__ import annotations

import functools
import re

from newsletter.issue.markdown import CODE
from newsletter.issue.merge_field import FIELD
from newsletter.issue.passages import Passage
from newsletter.lint.rule import Context, Edit

_NO_WORDS = re.compile(
    rf"{FIELD.pattern}"
    r"|(?i:\b(?:https?://|www\.)[^\s<>]*[^\s<>.,;:!?'\"”’»)\]])"
    r"|(?<![\w.+-])[\w.+-]+@\w[\w.-]*\w"
    # example.org/path, Example.com; the word behind a missing space ("war.In") is no such ending.
    r"|(?<![\w.-])(?:[\w-]{1,63}\.){1,5}(?:com|org|net|edu|gov|info|io|ua|ru|by|pl|de|fr|uk|eu|es|it|at|ch)\b"
    r"(?:/[^\s<>]*[\w/])?"
)


@functools.lru_cache(maxsize=2048)
def plain(text: str) -> str:
    """A text whose merge fields, web and mail addresses are blanked out as code is.

    Every other character keeps its offset.
    """
    if "." not in text and "{" not in text:
        return text
    return _NO_WORDS.sub(lambda match: CODE * len(match[0]), text)


def edit(
    context: Context, passage: Passage, start: int, end: int, replacement: str
) -> tuple[Edit, ...]:
    """The change of a part of a passage; none if Markdown's signs stand inside that part.

    Args:
        context: The issue.
        passage: A passage of it.
        start: Characters into the passage's text.
        end: Likewise, more than ``start``.
        replacement: What stands there afterwards.
    """
    first, last = passage.at(start), passage.at(end - 1) + 1
    if context.manuscript.value(passage.where)[first:last] != passage.text[start:end]:
        return ()
    return (Edit(passage.where, first, last, replacement),)


def primary(language: str) -> str:
    """The first part of a BCP 47 tag, in lower case: ``pt`` of ``pt-BR``."""
    return language.partition("-")[0].lower()
