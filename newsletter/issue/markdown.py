"""Markdown as the words of an issue are read: without its signs, each character with its place."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from newsletter.issue.bare_links import bare_links
from newsletter.issue.markdown_places import (
    HIDDEN,
    block_start,
    hidden,
    line_starts,
    places_of,
    with_place,
)
from newsletter.issue.merge_field import FIELD

CODE = "\ufffc"
"""Stands for each character of code, which is nobody's words."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a text: ``![alt](src)``, and how many characters into the text it stands."""

    offset: int
    alt: str
    src: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A link among the words; see ``newsletter.issue.passages.Link``."""

    href: str
    start: int
    end: int
    at: int
    href_at: int | None
    is_bare: bool


@dataclass(frozen=True, slots=True)
class Inline:
    """The words of one block; see ``newsletter.issue.passages.Passage``."""

    text: str
    offsets: tuple[int, ...]
    links: tuple[Mark, ...] = ()
    pictures: tuple[Picture, ...] = ()
    html: tuple[tuple[int, str], ...] = ()
    breaks: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Block:
    """A block: ``paragraph``, ``heading``, ``item``, ``quote``, ``cell``, ``code`` or ``html``."""

    kind: str
    content: Inline


@functools.lru_cache(maxsize=512)
def blocks(source: str) -> tuple[Block, ...]:
    """The blocks of a text that have words, in order."""
    return tuple(_blocks(source))


@functools.lru_cache(maxsize=512)
def inline(source: str) -> Inline:
    """The words of a text of one line."""
    token = _parser().parseInline(hidden(source))[0]
    return _Walk(source, list(range(len(source) + 1))).read(token)


def words(source: str) -> str:
    """What a reader sees of a text: no signs, addresses or tags; pictures count by their name."""
    return " ".join(
        part
        for block in blocks(source)
        for part in (
            block.content.text.replace(CODE, "x"),
            *(picture.src for picture in block.content.pictures),
        )
        if part
    )


def raw_html(source: str) -> Iterator[tuple[int, str]]:
    """Each piece of raw HTML: how many characters into the text it stands, and the HTML."""
    for block in blocks(source):
        yield from block.content.html


def pictures(source: str) -> Iterator[Picture]:
    """Each picture of a text."""
    for block in blocks(source):
        yield from block.content.pictures


_CONTAINERS = {
    "heading_open": "heading",
    "list_item_open": "item",
    "blockquote_open": "quote",
    "td_open": "cell",
    "th_open": "cell",
}
_BLOCK_CODE = frozenset({"fence", "code_block"})


def _blocks(source: str) -> Iterator[Block]:
    lines = line_starts(source)
    kinds: list[str] = []
    reached = 0
    for token in _parser().parse(hidden(source)):
        if token.type in _CONTAINERS:
            kinds.append(_CONTAINERS[token.type])
        elif token.type.replace("_close", "_open") in _CONTAINERS:
            kinds = kinds[:-1]  # a note inside a note may close what it did not open
        if token.map and token.type != "inline":
            reached = max(reached, lines[min(token.map[0], len(lines) - 1)])
        if token.type == "html_block":
            html = token.content.strip()
            start = lines[min(token.map[0], len(lines) - 1)] if token.map else reached
            at = max(source.find(html.split("\n")[0], start), start)
            yield Block("html", Inline("", (at,), html=((at, html),)))
        elif token.type in _BLOCK_CODE:
            length = len(token.content.strip())
            yield Block("code", Inline(CODE * length, (reached,) * (length + 1)))
        elif token.type == "inline":
            start = block_start(source, token, lines, reached)
            places = places_of(source, token.content, start)
            if token.map:
                reached = max(reached, places[-1])
            yield Block(kinds[-1] if kinds else "paragraph", _Walk(source, places).read(token))


@functools.lru_cache(maxsize=8)
def _fields_by_length(source: str) -> dict[int, str]:
    return {len(found[0]): found[0] for found in FIELD.finditer(source)}


@dataclass(slots=True)
class _Walk:
    """Reads the tokens of one block and keeps the place of every character."""

    source: str
    places: list[int]
    text: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    links: list[Mark] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    html: list[tuple[int, str]] = field(default_factory=list)
    breaks: set[int] = field(default_factory=set)

    def read(self, token: Token) -> Inline:
        """The words of a block's token."""
        content, cursor = token.content, 0
        opened: list[tuple[Token, int]] = []
        for child in token.children or []:
            at, end = child.meta.get("at", cursor), child.meta.get("end", cursor)
            if child.type == "text":
                cursor = self._add(child.content, content.find(child.content, cursor))
            elif child.type == "text_special":
                at = max(content.find(child.markup, cursor), cursor)
                self._put(child.content, [at] * len(child.content))
                cursor = at + len(child.markup)
            elif child.type in {"softbreak", "hardbreak"}:
                if child.type == "hardbreak":
                    self.breaks.add(len(self.text))
                cursor = self._add("\n", content.find("\n", cursor))
            elif child.type == "code_inline":
                inside = at + len(child.markup)
                last = max(inside, end - len(child.markup) - 1)
                length = len(child.content)
                self._put(CODE * length, [min(inside + i, last) for i in range(length)])
                cursor = end
            elif child.type == "link_open":
                opened.append((child, len(self.text)))
                cursor = at + 1
            elif child.type == "link_close":
                opening, start = opened.pop()
                self.links.append(self._link(opening, start))
                cursor = end
            elif child.type == "image":
                # The parser percent-encodes nothing here; a file is named as its folder names it.
                src = self._shown(str(child.attrs["src"]))
                alt = self._shown(child.content)
                src = src if "://" in src else unquote(src)
                self.pictures.append(Picture(self.places[at], alt, src))
                cursor = end
            elif child.type == "html_inline":
                self.html.append((self.places[at], child.content.strip()))
                cursor = end
            elif "end" in child.meta:
                cursor = end
        return self._finish()

    def _add(self, text: str, at: int) -> int:
        at = max(at, 0)
        end = at + len(text)
        if HIDDEN in text or end >= len(self.places):
            self._put(text, range(at, end))
        else:
            self.text.extend(text)
            self.offsets.extend(self.places[at:end])
        return end

    def _put(self, text: str, at: Sequence[int]) -> None:
        last = len(self.places) - 1
        offsets = [self.places[min(index, last)] for index in at]
        self.text.extend(
            self.source[offset] if character == HIDDEN else character
            for character, offset in zip(text, offsets, strict=True)
        )
        self.offsets.extend(offsets)

    def _link(self, opening: Token, start: int) -> Mark:
        href = self._shown(str(opening.attrs["href"]))
        at = self.places[opening.meta["at"]]
        inside = opening.meta.get("href_at")
        href_at = None if inside is None else self.places[inside]
        is_bare = opening.info == "auto"
        return Mark(href, start, len(self.text), at, href_at, is_bare)

    def _shown(self, text: str) -> str:
        """A text with its merge fields as they were typed."""
        if HIDDEN not in text:
            return text
        known = _fields_by_length(self.source)
        return re.sub(f"{HIDDEN}+", lambda run: known.get(len(run[0]), "{{ }}"), text)

    def _finish(self) -> Inline:
        text = "".join(self.text)
        offsets = (*self.offsets, self.places[-1])
        if "://" in text or "www." in text.lower() or "@" in text:
            self.links.extend(self._bare(text, offsets))
        return Inline(
            text,
            offsets,
            tuple(sorted(self.links, key=lambda link: link.start)),
            tuple(self.pictures),
            tuple(self.html),
            frozenset(self.breaks),
        )

    def _bare(self, text: str, offsets: Sequence[int]) -> Iterator[Mark]:
        taken = [(link.start, link.end) for link in self.links]
        for found in bare_links().match(text):
            start, end = found.index, found.last_index
            if not any(start < last and first < end for first, last in taken):
                at = offsets[start]
                yield Mark(found.url, start, end, at, at, is_bare=True)


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    parser.disable("text_join")  # keeps what was escaped apart from what was typed as it is
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005
    for rule in parser.inline.ruler.__rules__:
        rule.fn = with_place(rule.fn)
    return parser
