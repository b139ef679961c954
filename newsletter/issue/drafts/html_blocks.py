"""A tree of HTML → blocks. What the tree came from (a page, Word, Google Docs) is not known here.

The tree is walked, not recursed into: a page may be nested 2,000 levels deep.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from newsletter.issue.drafts import captions, html_elements, tables
from newsletter.issue.drafts.blocks import Block, BlockKind, Picture, Remark
from newsletter.issue.drafts.emphasis import Mark
from newsletter.issue.drafts.inline import LINE_BREAK, Kind, Run, markdown, plain
from newsletter.issue.drafts.links import checked
from newsletter.issue.drafts.pictures import from_address

if TYPE_CHECKING:
    from lxml.etree import Element

NOTE = "x-note"
"""Tag of a footnote where it is referred to; readers of HTML put it there."""
TITLE = "x-title"
"""Class of the paragraph that is the headline of the whole draft."""
PARAGRAPH = "paragraph-"
"""Id of an ``<a>`` that says the number of the draft's paragraph, and ``-N``: the item's number."""

_BLOCKS = frozenset(
    {
        *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd"),
        *("details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure"),
        *("footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "html"),
        *("legend", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary"),
        *("table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
    }
)
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_HEADLINES = frozenset({BlockKind.HEADING, BlockKind.TITLE})
_PARAGRAPHS = frozenset({BlockKind.QUOTE, BlockKind.CAPTION})
_CODE = frozenset({"code", "kbd", "samp", "tt"})
_SCRIPTS = {
    "sup": str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ"),
    "sub": str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}
_NOTES = 3  # levels of notes to notes; below, they stand in their note's text
_DIVIDER = re.compile(r"([-–—_*=•·~#])\1{2,}|⁂")
_PICTURE_FILE = re.compile(r"(?i)\.(?:jpe?g|png|gif|webp|avif)$")
_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")


@dataclass(slots=True)
class _Role:
    """What paragraphs in an element are; ``is_used`` once the first one stands."""

    kind: BlockKind
    level: int = 1
    number: int | None = None
    is_used: bool = False


@dataclass(frozen=True, slots=True)
class _Frame:
    """What holds inside an element."""

    role: _Role
    line: int
    marks: int = Mark.NONE
    href: str = ""
    script: str = ""
    is_code: bool = False
    is_pre: bool = False


@dataclass(slots=True)
class _List:
    is_numbered: bool
    next: int
    level: int


@dataclass(slots=True)
class Walk:
    """One walk over a tree; afterwards ``blocks`` and ``remarks`` hold what was found.

    Attributes:
        base: Address of the page, for relative links; empty if unknown.
        files: Pictures that came with the draft, or why one did not, by their ``src``.
        blocks: In order.
        remarks: In order.
    """

    base: str = ""
    files: Mapping[str, Picture | Remark] = field(default_factory=dict)
    blocks: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _runs: list[Run] = field(default_factory=list)
    _opened: _Frame | None = None
    _later: list[Block] = field(default_factory=list)
    _lists: list[_List] = field(default_factory=list)
    _paragraph: int = 0
    _number: int | None = None
    _line: int = 0
    _since: int = 0
    _depth: int = 0

    def run(self, root: Element) -> None:
        """Walk a tree."""
        stack = [self._enter(root, _Frame(_Role(BlockKind.PARAGRAPH), root.sourceline or 1))]
        while stack:
            element, children, frame = stack[-1]
            child = next(children, None)
            if child is not None:
                stack.append(self._enter(child, frame))
                continue
            stack.pop()
            self._leave(element, frame)
            if stack:
                self._text(element.tail, stack[-1][2])
        self._flush()
        self.blocks, remarks = captions.settle(self.blocks)
        self.remarks += remarks
        while self.blocks and self.blocks[-1].kind is BlockKind.DIVIDER:
            self.blocks.pop()

    def _enter(self, element: Element, outer: _Frame) -> tuple[Element, Iterator[Element], _Frame]:
        frame = replace(outer, line=element.sourceline or outer.line)
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
            frame = self._block(element, frame)
        elif tag == "a":
            frame = replace(frame, href=self._link(element, frame))
        elif tag in _CODE:
            frame = replace(frame, is_code=True)
        elif tag == "q":
            self._text("“", frame)
        if element.get("style") or tag not in _BLOCKS:
            marks, script = html_elements.look(element, frame.marks, frame.script)
            frame = replace(frame, marks=marks, script=script)
        if self._whole(element, frame):
            return element, iter(()), frame
        self._text(element.text, frame)
        return element, iter(element), frame

    def _block(self, element: Element, frame: _Frame) -> _Frame:
        tag = element.tag
        if element.get("class") == TITLE:
            return replace(frame, role=_Role(BlockKind.TITLE))
        level = html_elements.heading_level(element)
        if level:
            return replace(frame, role=_Role(BlockKind.HEADING, level))
        if tag == "blockquote":
            return replace(frame, role=_Role(BlockKind.QUOTE))
        if tag in _LISTS:
            level = html_elements.list_level(element, len(self._lists))
            start = html_elements.number(element.get("start"), 1)
            self._lists.append(_List(tag == "ol", start, level))
        elif tag == "li":
            return replace(frame, role=self._item(element))
        elif tag == "pre":
            return replace(frame, is_pre=True)
        elif tag == "figcaption":
            return replace(frame, role=_Role(BlockKind.CAPTION))
        return frame

    def _item(self, element: Element) -> _Role:
        if not self._lists:
            return _Role(BlockKind.ITEM)
        inside = self._lists[-1]
        if not inside.is_numbered:
            return _Role(BlockKind.ITEM, inside.level)
        number = html_elements.number(element.get("value"), inside.next)
        inside.next = number + 1
        return _Role(BlockKind.ITEM, inside.level, number)

    def _leave(self, element: Element, frame: _Frame) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush()
            if tag in _LISTS:
                self._lists.pop()
        elif tag == "q":
            self._text("”", frame)

    def _whole(self, element: Element, frame: _Frame) -> bool:
        """Take an element as a whole, if it is one of these."""
        tag = element.tag
        if tag == "img":
            self._picture(element, frame)
        elif tag == "br":
            self._break(frame)
        elif tag == "hr":
            self._flush()
            self.blocks.append(Block(BlockKind.DIVIDER, "", self._here(frame)))
        elif tag == "table":
            return self._table(element, frame)
        elif tag == NOTE and self._depth < _NOTES:
            self._add(Run("", kind=Kind.NOTE, note=tuple(self._flat(element[0]))), frame)
            return True
        elif tag == "a" and (element.get("id") or "").startswith(PARAGRAPH):
            self._place(element)
        return False

    def _place(self, element: Element) -> None:
        _, paragraph, *number = (element.get("id") or "").split("-")
        self._paragraph = int(paragraph)
        self._number = int(number[0]) if number else None

    def _text(self, text: str | None, frame: _Frame) -> None:
        if not text:
            return
        if frame.is_pre:
            for index, line in enumerate(text.split("\n")):
                if index:
                    self._break(frame)
                self._add(self._run(line, frame), frame)
        elif self._runs or text.strip(" \t\n\r\f\v\xa0"):
            self._add(self._run(text, frame), frame)

    def _run(self, text: str, frame: _Frame) -> Run:
        if table := _SCRIPTS.get(frame.script):
            raised = text.strip().translate(table)
            if raised and not set(raised) & set(text.strip()):
                text = raised
        kind = Kind.CODE if frame.is_code else Kind.TEXT
        return Run(text, frame.marks, frame.href, kind)

    def _add(self, run: Run, frame: _Frame) -> None:
        if self._opened is None and (run.text.strip() or run.kind is Kind.NOTE):
            self._opened = frame
            self._line = self._here(frame)
        self._runs.append(run)

    def _here(self, frame: _Frame) -> int:
        return self._paragraph or max(frame.line, self._since)

    def _break(self, frame: _Frame) -> None:
        """A line break; a second one ends the paragraph."""
        last = next(
            (run for run in reversed(self._runs) if run.kind is not Kind.TEXT or run.text.strip()),
            None,
        )
        is_headline = frame.role.kind in _HEADLINES
        if last == LINE_BREAK and not is_headline:
            self._flush()
            self._since = frame.line
        elif self._opened:
            self._runs.append(LINE_BREAK)

    def _flush(self) -> None:
        """End the paragraph, if there is one."""
        frame, runs = self._opened, self._runs
        self._opened, self._runs = None, []
        if frame:
            self._close(frame, runs)
        later, self._later = self._later, []
        self.blocks += later

    def _close(self, frame: _Frame, runs: list[Run]) -> None:
        role = frame.role
        number, self._number = self._number, None
        if role.kind in _HEADLINES:
            self._loses_links(runs)
            text = plain(runs)
            if text:
                self.blocks.append(Block(role.kind, text, self._line, role.level))
            return
        text = markdown(runs)
        if not text:
            return
        if _DIVIDER.fullmatch("".join(plain(runs).split())):
            self.blocks.append(Block(BlockKind.DIVIDER, "", self._line))
        elif role.kind is BlockKind.ITEM and not role.is_used:
            role.is_used = True
            number = role.number if role.number is None or number is None else number
            self.blocks.append(Block(BlockKind.ITEM, text, self._line, role.level, number))
        else:
            kind = role.kind if role.kind in _PARAGRAPHS else BlockKind.PARAGRAPH
            self.blocks.append(Block(kind, text, self._line))

    def _loses_links(self, runs: list[Run]) -> None:
        for href in dict.fromkeys(run.href for run in runs if run.href and run.text.strip()):
            said = f"a headline was linked to {href[:200]}; headlines have no links"
            hint = "Link the words in the story that say where it comes from."
            self.remarks.append(Remark(self._line, "headline-link", said, hint))

    def _link(self, element: Element, frame: _Frame) -> str:
        href = element.get("href")
        if href is None:
            return frame.href
        words = "".join(element.itertext())
        address, remark = checked(href, words, self._here(frame), self.base)
        if remark:
            self.remarks.append(remark)
        return address

    def _picture(self, element: Element, frame: _Frame) -> None:
        alt = " ".join((element.get("alt") or "").split())
        source = html_elements.source(element)
        line = self._here(frame)
        if alt and html_elements.is_sign(element):
            self._text(alt, frame)
            return
        picture = self.files.get(source) or self._found(source, alt, line)
        if isinstance(picture, Remark):
            self.remarks.append(replace(picture, line=line))
            return
        picture = replace(picture, title=" ".join((element.get("title") or "").split()))
        block = Block(BlockKind.PICTURE, "", line, picture=picture)
        # In the middle of a sentence it would tear it in two: it stands behind the paragraph.
        (self._later if self._opened else self.blocks).append(block)
        if frame.href and not _PICTURE_FILE.search(frame.href):
            said = f"a picture was linked to {frame.href[:200]}"
            hint = "Pictures have no links here; link words of the story, if readers need it."
            self.remarks.append(Remark(line, "picture-link", said, hint))

    def _found(self, source: str, alt: str, line: int) -> Picture | Remark:
        if self.base and not source.startswith("data:"):
            source, _ = checked(source, alt, line, self.base)
        found = from_address(source, alt, line)
        if isinstance(found, Picture) and found.data and not found.data.startswith(_SIGNATURES):
            said = "a picture inside the page is none that mail can show"
            return Remark(line, "picture", said, "Save it as PNG or JPEG beside the issue.")
        return found

    def _table(self, element: Element, frame: _Frame) -> bool:
        cells = tables.rows(element)
        if not cells or tables.is_layout(element, cells):
            return False
        for part in element.iter("caption"):
            self._later_text(part, frame)
        for part in element.iter("a"):
            if (part.get("id") or "").startswith(PARAGRAPH):
                self._place(part)
                break
        line = self._here(frame)
        text = tables.markdown(cells, lambda cell: markdown(self._flat(cell)))
        if text.strip("|- \n"):
            self.blocks.append(Block(BlockKind.TABLE, text, line))
        later, self._later = self._later, []
        self.blocks += later
        return True

    def _later_text(self, element: Element, frame: _Frame) -> None:
        if text := markdown(self._flat(element)):
            self.blocks.append(Block(BlockKind.PARAGRAPH, text, self._here(frame)))

    def _flat(self, element: Element) -> list[Run]:
        """The words of an element as one paragraph; its pictures stand behind it."""
        inner = _Flat(self.base, self.files, _paragraph=self._paragraph, _depth=self._depth + 1)
        inner.run(element)
        self.remarks += inner.remarks
        self._later += [block for block in inner.blocks if block.picture]
        self._paragraph = inner._paragraph
        return inner.words


class _Flat(Walk):
    """A walk that gives all words as one paragraph."""

    words: list[Run]

    def run(self, root: Element) -> None:
        """Walk a tree."""
        self.words = []
        super().run(root)

    def _table(self, element: Element, frame: _Frame) -> bool:  # noqa: ARG002
        return False  # its cells are words like others

    def _close(self, frame: _Frame, runs: list[Run]) -> None:  # noqa: ARG002
        self.words += [Run(" "), *runs]
