"""Markdown as rules read it: with the place of what stands in it, and raw HTML told apart."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline, html_inline, image
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin


def parse(source: str) -> list[Token]:
    """The block tokens of a text; inline HTML and pictures know their place in their block."""
    return _parser().parse(source)


def words(source: str) -> str:
    """What a reader sees of a text: no signs, addresses or tags; pictures count by their name."""
    return " ".join(
        child.content or (child.type == "image" and str(child.attrs.get("src", ""))) or ""
        for token in parse(source)
        for child in (token.children or ([] if token.type == "html_block" else [token]))
        if child.type not in {"html_inline", "inline"}
    )


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture inside a text: ``![alt](src)``, and how many characters into the text it stands."""

    offset: int
    alt: str
    src: str


def raw_html(source: str) -> Iterator[tuple[int, str]]:
    """Each piece of raw HTML: how many characters into the text it stands, and the HTML."""
    for offset, token in _placed(source):
        if token.type in {"html_inline", "html_block"}:
            yield offset, token.content.strip()


def pictures(source: str) -> Iterator[Picture]:
    """Each picture of a text."""
    for offset, token in _placed(source):
        if token.type == "image":
            src = str(token.attrs["src"])
            # The parser percent-encodes every address; a file is named as its folder names it.
            yield Picture(offset, token.content, src if "://" in src else unquote(src))


def _placed(source: str) -> Iterator[tuple[int, Token]]:
    starts = _line_starts(source)
    first = 0
    for token in parse(source):
        if token.map:
            first = token.map[0]
        if token.type == "html_block":
            yield _place(source, starts, first, token.content.strip(), 0), token
        for child in token.children or []:
            if "at" in child.meta:
                yield _place(source, starts, first, token.content, child.meta["at"]), child


def _place(source: str, starts: list[int], first: int, content: str, at: int) -> int:
    # The content of a block is its lines without indentation, ">" and "|"; so a line of it is
    # part of the line it comes from.
    line = content.count("\n", 0, at)
    begin = content.rfind("\n", 0, at) + 1
    end = content.find("\n", begin)
    words = content[begin : end if end >= 0 else None]
    start = starts[min(first + line, len(starts) - 1)]
    found = source.find(words, start)
    return (found if found >= 0 else start) + at - begin


def _line_starts(source: str) -> list[int]:
    starts = [0]
    for line in source.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin)
    for name, rule in (("html_inline", html_inline), ("image", image)):
        parser.inline.ruler.at(name, _with_place(rule))
    return parser


def _with_place(rule: Callable[[StateInline, bool], bool]) -> Callable[[StateInline, bool], bool]:
    def placed(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it's signature
        at = state.pos
        found = rule(state, silent)
        if found and not silent:
            state.tokens[-1].meta["at"] = at
        return found

    return placed
