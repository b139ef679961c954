"""The texts and lists of an issue as paragraphs that can be compared."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.issue.changes.words import Token, tokens
from newsletter.issue.markdown import CODE, Block, Inline, blocks, inline
from newsletter.issue.model import Bullet, LinkItem

_TAIL = re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])?|\]\((?:[^()]|\([^()]*\))*\)|\]\[[^\]]*\]")
_SIGNS = re.compile(r"</?[a-zA-Z!][^<>]*>|\[\^[^\]\s]+\]|[*_]+|~~")
_OPENING = re.compile(r"[*_~\[]+$")


@dataclass(frozen=True, slots=True)
class Link:
    """Where words lead, or where a picture comes from; see ``LinkChange``."""

    kind: str
    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or an entry of a list.

    Attributes:
        kind: See ``ParagraphChange``.
        number: Its number among its kind, from 1.
        tokens: Its words, with the signs of emphasis as tokens of their own.
        links: Links and pictures in it whose address is not among its words.
    """

    kind: str
    number: int
    tokens: tuple[Token, ...]
    links: tuple[Link, ...]


def paragraphs(source: str) -> tuple[Paragraph, ...]:
    """The paragraphs of a text in Markdown; the cells of a row of a table are one."""
    found = list(blocks(source))
    ends = [*(_start(block) for block in found[1:]), len(source)]
    parts: list[tuple[str, str, tuple[Link, ...]]] = []
    row_end = -1
    for block, end in zip(found, ends, strict=False):
        kind, text, links = block.kind, _marked(source, block.content), _links(block.content)
        start, last = block.content.offsets[0], block.content.offsets[-1]
        if kind == "code":
            text = source[start : max(start, end)]
        elif kind == "html":
            text = "\n".join(html for _, html in block.content.html)
        if kind == "cell" and row_end >= 0 and "\n" not in source[row_end:start]:
            _, before, earlier = parts.pop()
            text, links = f"{before} | {text}", (*earlier, *links)
        row_end = last if kind == "cell" else -1
        parts.append(("row" if kind == "cell" else kind, text, links))
    return tuple(_numbered(parts))


def bullets(entries: Iterable[Bullet]) -> tuple[Paragraph, ...]:
    """The bullets of the summary; the story that one announces is a link of it."""
    return tuple(
        _numbered(
            (
                "bullet",
                _marked(entry.text, content := inline(entry.text)),
                (*_links(content), *([Link("story", "", entry.story)] if entry.story else [])),
            )
            for entry in entries
        )
    )


def link_items(entries: Iterable[LinkItem]) -> tuple[Paragraph, ...]:
    """The entries of a list of links."""
    return tuple(
        _numbered(
            (
                "entry",
                f"{entry.title}\n{_marked(note, inline(note))}" if note else entry.title,
                (Link("link", entry.title, entry.url), *(_links(inline(note)) if note else ())),
            )
            for entry in entries
            for note in (entry.note or "",)
        )
    )


def _numbered(parts: Iterable[tuple[str, str, tuple[Link, ...]]]) -> Iterator[Paragraph]:
    counted: Counter[str] = Counter()
    for kind, text, links in parts:
        counted[kind] += 1
        yield Paragraph(kind, counted[kind], tokens(text), links)


def _start(block: Block) -> int:
    return block.content.offsets[0]


def _links(content: Inline) -> tuple[Link, ...]:
    links = [
        Link("link", content.text[mark.start : mark.end], mark.href)
        for mark in content.links
        if not mark.is_bare
    ]
    return (*links, *(Link("picture", found.alt, found.src) for found in content.pictures))


def _marked(source: str, content: Inline) -> str:
    """The words of a block with code as typed, and with the signs of emphasis and of notes.

    The signs are what stands in the source between two characters that are next to each other in
    the words; ``_`` and ``*`` are one sign.
    """
    text, places = content.text, content.offsets
    before = source[max(0, places[0] - 8) : places[0]]  # "***[" and a little more
    opening = _OPENING.search(before) if text else None
    marked = [_signs(opening[0]) if opening else ""]
    for character, here, after in zip(text, places, places[1:], strict=False):
        typed = source[here : here + 1]
        is_escaped = typed == "\\" and character != "\\"
        marked.append(typed if character == CODE else character)
        marked.append(_signs(source[here + 1 + is_escaped : after]))
    return "".join(marked)


def _signs(gap: str) -> str:
    if not gap:
        return ""
    return "".join(_SIGNS.findall(_TAIL.sub("", gap))).replace("_", "*")
