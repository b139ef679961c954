"""A draft in Markdown → blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from markdown_it.token import Token

from newsletter.issue.drafts import characters, front_matter, sentences, tags
from newsletter.issue.drafts.blocks import Block, BlockKind, Reading, Remark
from newsletter.issue.drafts.marked import not_a_block, one_line, parser, rewrite, words

_LONG_LINE = 100
"""Characters. A longer line that ends a sentence was a paragraph to whoever typed it."""

_NOTE = re.compile(r"(?m)^\[\^([\w-]{1,40})\]:[ \t]+(\S.*(?:\n(?:[ ]{2,}|\t)\S.*)*)")


def read(text: str) -> Reading:
    """The blocks of a draft in Markdown (CommonMark with tables and footnotes).

    Front matter becomes fields. Reference links get their addresses, footnotes go where they are
    referred to, HTML becomes its words.
    """
    fields, remarks, rest = front_matter.read(characters.clean(text.expandtabs(4)))
    rest, said = _footnotes(rest)
    reader = _Reader(rest)
    reader.run()
    return Reading(
        (*fields, *reader.blocks),
        tuple(sorted([*remarks, *said, *reader.remarks], key=lambda remark: remark.line)),
    )


def _footnotes(text: str) -> tuple[str, list[Remark]]:
    """Footnotes put into the text as ``^[words]``; their lines stay, but empty."""
    notes = {found[1]: found for found in _NOTE.finditer(text)}
    remarks = []
    for name, found in notes.items():
        said = one_line(found[2]).replace("\\\n", " ")
        reference = re.compile(rf"\[\^{re.escape(name)}\](?!:)")
        if not reference.search(text) or said.count("[") != said.count("]"):
            continue
        blank = "\n" * found[0].count("\n")
        text = text.replace(found[0], blank, 1)
        text = reference.sub(lambda _, said=said: f"^[{said}]", text, count=1)  # type: ignore[misc]
        if reference.search(text):
            line = text.count("\n", 0, reference.search(text).start()) + 1  # type: ignore[union-attr]
            message = f"the footnote {name} is referred to twice"
            remarks.append(Remark(line, "footnote", message, "Write it out here, too."))
    return text, remarks


@dataclass(slots=True)
class _Item:
    """An entry of a list that is being read."""

    level: int
    number: int | None
    block: Block | None = None


@dataclass(slots=True)
class _List:
    next_number: int | None


@dataclass(slots=True)
class _Reader:
    text: str
    blocks: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    _lists: list[_List] = field(default_factory=list)
    _items: list[_Item] = field(default_factory=list)
    _quotes: int = 0
    _used: set[str] = field(default_factory=set)

    def run(self) -> None:
        env: dict[str, Any] = {}
        tokens = parser().parse(self.text, env)
        lines = self.text.split("\n")
        index = 0
        while index < len(tokens):
            index = self._token(tokens, index, lines)
        for label, found in env.get("references", {}).items():
            if str(found["href"]) not in self._used:
                self._unused(label, found)

    def _token(self, tokens: Sequence[Token], index: int, lines: Sequence[str]) -> int:
        token = tokens[index]
        line = token.map[0] + 1 if token.map else 1
        match token.type:
            case "bullet_list_open":
                self._lists.append(_List(None))
            case "ordered_list_open":
                self._lists.append(_List(int(token.attrs.get("start", 1))))
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
            case "list_item_open":
                self._open_item()
            case "list_item_close":
                self._items.pop()
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1
            case "heading_open":
                self._heading(tokens[index + 1], int(token.tag[1]), line)
                return index + 3
            case "paragraph_open":
                self._paragraph(tokens[index + 1], line)
                return index + 3
            case "table_open":
                return self._table(tokens, index, lines)
            case "hr":
                self._add(BlockKind.DIVIDER, "", line)
            case "fence" | "code_block":
                self._add(BlockKind.PARAGRAPH, _code(token), line)
            case "html_block":
                self._html(token.content, line)
        return index + 1

    def _open_item(self) -> None:
        of = self._lists[-1]
        self._items.append(_Item(len(self._lists), of.next_number))
        if of.next_number is not None:
            of.next_number += 1

    def _heading(self, inline: Token, level: int, line: int) -> None:
        done = rewrite(inline.content, inline.children or [], line)
        self._note(inline)
        text = words(inline.children or [])
        if text:
            self.blocks.append(Block(BlockKind.HEADING, text, line, level=level))
        links = [str(t.attrs["href"]) for t in inline.children or [] if t.type == "link_open"]
        for href in links:
            if re.match(r"(?i)https?://[^\s/]", href) and len(links) == 1:
                self.blocks.append(Block(BlockKind.FIELD, href, line, key="link"))
            else:
                said = f"the headline's link to {href[:100]} was left out"
                self.remarks.append(Remark(line, "link", said, "Headlines are not links."))
        for picture in done.pictures:
            self.blocks.append(Block(BlockKind.PICTURE, "", line, picture=picture))
        self.remarks += done.remarks

    def _paragraph(self, inline: Token, line: int) -> None:
        done = rewrite(inline.content, inline.children or [], line)
        self._note(inline)
        self.remarks += done.remarks
        above = _leading_images(inline.children or [])
        for picture in done.pictures[:above]:
            self.blocks.append(Block(BlockKind.PICTURE, "", line, picture=picture))
        for offset, text in _paragraphs(done.text):
            self._add(BlockKind.PARAGRAPH, not_a_block(text), line + offset)
            if offset:
                said = "a long line that ends a sentence was taken for a paragraph of its own"
                hint = "In Markdown a blank line parts paragraphs."
                self.remarks.append(Remark(line + offset, "paragraph", said, hint))
        for picture in done.pictures[above:]:
            self.blocks.append(Block(BlockKind.PICTURE, "", line, picture=picture))

    def _table(self, tokens: Sequence[Token], index: int, lines: Sequence[str]) -> int:
        first, end = tokens[index].map or (0, 0)
        quoted = re.compile(rf"(?:\s*>){{{self._quotes}}}")
        source = [quoted.sub("", row, count=1).strip() for row in lines[first:end]]
        close = index
        while tokens[close].type != "table_close":
            close += 1
        rows = []
        for offset, row in enumerate(source):
            [inline] = parser().parseInline(row, {"references": {}})
            done = rewrite(row, inline.children or [], first + 1 + offset)
            self.remarks += done.remarks
            rows.append(done.text)
            for picture in done.pictures:
                line = first + 1 + offset
                self.blocks.append(Block(BlockKind.PICTURE, "", line, picture=picture))
        self._add(BlockKind.TABLE, "\n".join(rows), first + 1)
        return close + 1

    def _html(self, html: str, line: int) -> None:
        said = tags.read(html, line)
        for at, text in said.paragraphs:
            self._add(BlockKind.PARAGRAPH, text, at)
        for at, picture in said.pictures:
            self.blocks.append(Block(BlockKind.PICTURE, "", at, picture=picture))
        self.remarks += said.remarks
        if said.paragraphs:
            self.remarks.append(Remark(line, "html", "HTML was left out, its words were kept"))

    def _add(self, kind: BlockKind, text: str, line: int) -> None:
        if not text and kind is not BlockKind.DIVIDER:
            return
        if self._quotes:
            mark = ""
            if self._items:
                item = self._items[-1]
                mark = "- " if item.number is None else f"{item.number}. "
                mark = "" if item.block else mark
                item.block = item.block or Block(BlockKind.QUOTE, text, line)
            text = "---" if kind is BlockKind.DIVIDER else f"{mark}{text}"
            self.blocks.append(Block(BlockKind.QUOTE, text, line))
        elif self._items and kind is not BlockKind.DIVIDER:
            self._add_to_item(text, line)
        else:
            self.blocks.append(Block(kind, text, line))

    def _add_to_item(self, text: str, line: int) -> None:
        item = self._items[-1]
        if item.block is None:
            item.block = Block(BlockKind.ITEM, text, line, item.level, item.number)
            self.blocks.append(item.block)
        elif self.blocks and self.blocks[-1] is item.block:
            item.block = replace(item.block, text=f"{item.block.text}\n\n{text}")
            self.blocks[-1] = item.block
        else:  # behind entries below it, or a picture
            self.blocks.append(Block(BlockKind.PARAGRAPH, text, line))

    def _note(self, inline: Token) -> None:
        self._used |= {
            str(token.attrs.get("href", token.attrs.get("src", "")))
            for token in inline.children or []
            if token.type in {"link_open", "image"}
        }

    def _unused(self, label: str, found: dict[str, Any]) -> None:
        href, title = str(found["href"]), str(found.get("title", ""))
        line = found["map"][0] + 1 if found.get("map") else 1
        said = f"[{label[:40].lower()}]: {href[:100]} {title[:100]}".strip()
        message = f'nothing refers to "{said}", which was left out'
        self.remarks.append(Remark(line, "link", message))


def _leading_images(tokens: Sequence[Token]) -> int:
    """How many pictures stand before the words of a paragraph."""
    count = 0
    for token in tokens:
        if token.type == "image":
            count += 1
        elif token.content.strip() or token.nesting:  # words, or what begins or ends a mark
            break
    return count


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """Paragraphs that stand right below one another, each with its distance in lines."""
    start, gathered = 0, ""
    for number, line in enumerate(text.split("\n")):
        if gathered:
            last = gathered.rsplit("\n", 1)[-1]
            if (
                len(last) > _LONG_LINE
                and sentences.has_end(last)
                and not last.endswith(("  ", "\\"))
            ):
                yield start, one_line(gathered)
                start, gathered = number, line
                continue
        gathered = f"{gathered}\n{line}" if gathered else line
    yield start, one_line(gathered)


def _code(token: Token) -> str:
    content = token.content.rstrip("\n")
    longest = max((len(ticks) for ticks in re.findall("`{3,}", content)), default=2)
    fence = "`" * (longest + 1)
    info = token.info.split()[0] if token.info.strip() and "`" not in token.info else ""
    return f"{fence}{info}\n{content}\n{fence}" if content.strip() else ""
