"""Whether everything that a draft says stands in the issue that was made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from typing import Any

from newsletter.issue.drafts import characters, dates
from newsletter.issue.drafts.blocks import TO_BE_PLACED, Block, BlockKind, Picture, Reading, Remark
from newsletter.issue.drafts.body import ALT_TO_COME, picture
from newsletter.issue.drafts.outline import (
    HEADLINE_TO_COME,
    PREHEADER_TO_COME,
    SUBJECT_TO_COME,
)
from newsletter.issue.drafts.pictures import words_of
from newsletter.issue.drafts.section import TEXT_TO_COME
from newsletter.issue.model import Image, Issue, Part

_ORDER = ("kind", "headline", "label", "title", "byline", "image", "text", "source", "body")
_NO_WORDS = frozenset({"date", "expires", "number", "language", "id", "kind", "image", "alt"})
_FIELD = re.compile(r"(?:\{[\\ ]?\{|%7B%7B)(\s*[a-z][a-z0-9_]*\s*(?:\|[^{}|%\n]*)?)(?:\}\}|%7D%7D)")
_MADE = re.compile(
    "|".join(
        re.escape(text.strip())
        for text in (
            *(SUBJECT_TO_COME, PREHEADER_TO_COME, HEADLINE_TO_COME, TEXT_TO_COME, ALT_TO_COME),
            TO_BE_PLACED,
        )
    )
)


def everything_is_there(
    reading: Reading, issue: Issue, remarks: Sequence[Remark] = ()
) -> list[str]:
    """What of a draft is missing from an issue, is there twice, or in another order.

    Signs do not count, only letters and digits: Markdown may be written in more than one way.

    Args:
        reading: The draft.
        issue: What was made of it.
        remarks: What was said about it; what they quote may be left out.

    Returns:
        One sentence for each fault; nothing if all is well.
    """
    faults: list[str] = []
    said = _letters(" ".join(remark.message for remark in remarks))
    written = _written(reading)
    texts = [_letters(_without(_with_plain_fields(text), written)) for text in _texts(issue)]
    loose = {_letters(text) for text in _fields(issue)}
    pictures = [_with_plain_fields(text) for text in _pictures(issue)]
    unplaced = {
        _letters(paragraph)
        for text in _texts(issue)
        if TO_BE_PLACED in text
        for paragraph in text.split("\n\n")
    }
    seen = {""}
    whole, position, wanted = "\0".join(texts), 0, 0
    for block in _with_words_of_pictures(reading.blocks):
        if block.picture is not None:
            src = _with_plain_fields(characters.line(block.picture.src))
            shown = _shown(block.picture)
            if not any(src == text or shown in text for text in pictures):
                faults.append(f"line {block.line}: the picture {block.picture.src} is missing")
            continue
        is_plain = block.kind in {BlockKind.HEADING, BlockKind.TITLE, BlockKind.FIELD}
        letters = _letters(
            _without(block.text, written)
            if is_plain
            else _without_numbers(_without(block.text, written))
        )
        if not letters:
            continue
        if block.key in _NO_WORDS and f"{block.key}{letters}" not in unplaced:
            continue
        is_placed = letters in texts and block.key not in seen and block.key not in _NO_WORDS
        seen.add(block.key)
        if block.key and not is_placed and f"{block.key}{letters}" in unplaced:
            letters = f"{block.key}{letters}"  # what has no place keeps its key
        found = whole.find(letters, position)
        anywhere = found if found >= 0 else whole.find(letters)
        if anywhere < 0:
            if letters not in said and not dates.is_date(block.text):
                faults.append(f"line {block.line}: missing: {block.text[:80]}")
            continue
        wanted += len(letters)
        if _keeps_order(block) and letters not in loose:
            if found < 0:
                faults.append(f"line {block.line}: not in order: {block.text[:80]}")
            else:
                position = found + len(letters)
    surplus = len(whole.replace("\0", "")) - wanted
    if surplus != 0:
        faults.append(f"{surplus} letters more than in the draft")
    return faults


def _with_words_of_pictures(blocks: Iterable[Block]) -> Iterator[Block]:
    """Blocks, and behind pictures what is said of them, which must not be lost either."""
    for block in blocks:
        yield block
        yield from words_of(block)


def _keeps_order(block: Block) -> bool:
    return block.kind not in {BlockKind.FIELD, BlockKind.TITLE}


def _written(reading: Reading) -> list[str]:
    """The pictures of a draft as bodies have them; they are looked for by themselves."""
    pictures = [block.picture for block in reading.blocks if block.picture is not None]
    return [_shown(picture) for picture in pictures]


def _shown(found: Picture) -> str:
    """A picture as a body has it."""
    return _with_plain_fields(picture(characters.line(found.src), characters.line(found.alt)))


def _with_plain_fields(text: str) -> str:
    """A text whose merge fields look alike, whether they are some or were made words."""
    return _FIELD.sub(lambda found: f"{{{{{''.join(found[1].split())}}}}}", text)


def _without(text: str, written: Sequence[str]) -> str:
    for piece in written:
        text = text.replace(piece, "")
    return text


def _letters(text: str) -> str:
    """What counts of a text; entities are the characters that they mean."""
    text = unescape(_MADE.sub("", text))
    return "".join(letter for letter in text if letter.isalnum()).casefold()


def _without_numbers(text: str) -> str:
    """Markdown without the numbers of its lists, which are signs."""
    return re.sub(r"(?m)^[> ]*\d{1,9}[.)](?= |$)", "", text)


def _texts(issue: Issue) -> Iterator[str]:
    yield from (issue.subject, issue.preheader, issue.title or "")
    yield _without_numbers(issue.intro or "")
    for bullet in issue.summary:
        yield bullet.text
    for section in issue.sections:
        yield from _of_part(section)
    yield _without_numbers(issue.outro or "")


def _fields(issue: Issue) -> Iterator[str]:
    """What stands in fields of its own, wherever the draft has it."""
    yield from (issue.subject, issue.title or "")
    for section in issue.sections:
        for _, value in section:
            if isinstance(value, Image):
                yield from (value.credit or "", value.caption or "")
        yield getattr(section, "byline", None) or ""


def _of_part(part: Part) -> Iterator[str]:
    names = sorted(type(part).model_fields, key=lambda n: _ORDER.index(n) if n in _ORDER else 99)
    for name in names:
        value: Any = getattr(part, name)
        if isinstance(value, Image):
            yield from (value.credit or "", value.caption or "")
        elif isinstance(value, str) and name not in {"kind", "id"}:
            yield _without_numbers(value) if name == "body" else value


def _pictures(issue: Issue) -> Iterable[str]:
    for section in issue.sections:
        for name in type(section).model_fields:
            value: Any = getattr(section, name)
            if isinstance(value, Image):
                yield value.src
            elif isinstance(value, str):
                yield value
    yield from (issue.intro or "", issue.outro or "")
