"""Markdown → plain text: hanging bullets, numbered links, tables, footnotes."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.tree import SyntaxTreeNode

from newsletter.render.markdown import Markdown
from newsletter.render.wrap import COLUMNS, underlined, width, wrap

_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class Prose:
    """The running text of one letter; numbers its links from the first section to the last.

    Args:
        markdown: The letter's Markdown.
        picture: The word before a picture's description: "Picture".
    """

    def __init__(self, markdown: Markdown, picture: str) -> None:
        self._markdown = markdown
        self._picture = picture
        self._numbers: dict[str, int] = {}
        self._listed = 0

    def body(self, text: str, *, columns: int = COLUMNS) -> list[str]:
        """Markdown as lines."""
        return self._blocks(self._markdown.tree(text).children, columns)

    def line(self, text: str) -> str:
        """One line of Markdown as text, not wrapped."""
        root = self._markdown.tree(text, inline=True)
        return "".join(self._inline(node) for node in root.children).strip()

    def references(self) -> list[str]:
        """The links met since the last call, numbered; each address is listed once a letter."""
        new = list(self._numbers.items())[self._listed :]
        self._listed = len(self._numbers)
        return [f"[{number}] {url}" for url, number in new]

    def _blocks(self, nodes: Sequence[SyntaxTreeNode], columns: int) -> list[str]:
        lines: list[str] = []
        previous = None
        for node in nodes:
            block = self._block(node, columns)
            if block:
                tight = node.hidden or (previous is not None and previous.hidden)
                if lines and not tight:
                    lines.append("")
                lines += block
                previous = node
        return lines

    def _block(self, node: SyntaxTreeNode, columns: int) -> list[str]:
        match node.type:
            case "heading":
                return underlined(self._text(node), "~")
            case "bullet_list":
                return self._list(node, ["*"] * len(node.children), columns)
            case "ordered_list":
                start = int(node.attrs.get("start", 1))
                numbers = [f"{start + index}." for index in range(len(node.children))]
                return self._list(node, numbers, columns)
            case "blockquote":
                inner = self._blocks(node.children, columns - 2)
                return [f"> {line}".rstrip() for line in inner]
            case "code_block" | "fence":
                return [f"    {line}".rstrip() for line in node.content.rstrip("\n").split("\n")]
            case "hr":
                return ["* * *"]
            case "table":
                return self._table(node, columns)
            case "footnote_block":
                return self._footnotes(node, columns)
            case _:
                return wrap(self._text(node), columns=columns)

    def _list(self, node: SyntaxTreeNode, marks: Sequence[str], columns: int) -> list[str]:
        indent = max(len(mark) for mark in marks) + 1
        lines: list[str] = []
        for mark, item in zip(marks, node.children, strict=True):
            inner = self._blocks(item.children, columns - indent) or [""]
            loose = any(child.type == "paragraph" and not child.hidden for child in item.children)
            if lines and loose:
                lines.append("")
            lines += _hanging(inner, mark.rjust(indent - 1) + " ")
        return lines

    def _footnotes(self, node: SyntaxTreeNode, columns: int) -> list[str]:
        lines: list[str] = []
        for number, note in enumerate(node.children, 1):
            mark = f"{_superscript(number)} "
            lines += _hanging(self._blocks(note.children, columns - len(mark)), mark)
        return lines

    def _table(self, node: SyntaxTreeNode, columns: int) -> list[str]:
        rows = [row for part in node.children for row in part.children]
        cells = [[self._text(cell) for cell in row.children] for row in rows]
        widths = [max(width(cell) for cell in column) for column in zip(*cells, strict=True)]
        if sum(widths) + 2 * (len(widths) - 1) > columns:
            return _as_pairs(cells, columns)
        right = ["right" in str(cell.attrs.get("style", "")) for cell in rows[0].children]
        lines = ["  ".join(map(_padded, row, widths, right)).rstrip() for row in cells]
        return [lines[0], "  ".join("-" * w for w in widths), *lines[1:]]

    def _text(self, node: SyntaxTreeNode) -> str:
        return "".join(self._inline(child) for child in node.children).strip()

    def _inline(self, node: SyntaxTreeNode) -> str:
        match node.type:
            case "text" | "code_inline":
                return node.content
            case "softbreak":
                return " "
            case "hardbreak":
                return "\n"
            case "link":
                return self._link(str(node.attrs["href"]), self._text(node))
            case "image":
                alt = self._markdown.smart(self._text(node))
                return f"[{self._picture}: {alt}]" if alt else ""
            case "s":
                return f"~{self._text(node)}~"
            case "footnote_ref":
                return _superscript(node.meta["id"] + 1)
            case "footnote_anchor":
                return ""
            case _:
                return "".join(self._inline(child) for child in node.children)

    def _link(self, url: str, text: str) -> str:
        if url.startswith("#"):
            return text
        if text == url.removeprefix("mailto:"):
            return text
        if text == url.split("://")[-1]:
            return url
        number = self._numbers.setdefault(url, len(self._numbers) + 1)
        return f"{text} [{number}]"


def _hanging(lines: Sequence[str], mark: str) -> list[str]:
    indent = " " * width(mark)
    return [(indent if i else mark) + line if line else "" for i, line in enumerate(lines)]


def _superscript(number: int) -> str:
    return str(number).translate(_SUPERSCRIPT)


def _padded(cell: str, columns: int, right: bool) -> str:  # noqa: FBT001 - one of three columns of a table
    pad = " " * (columns - width(cell))
    return pad + cell if right else cell + pad


def _as_pairs(cells: Sequence[Sequence[str]], columns: int) -> list[str]:
    """A table too wide for the letter: each row as lines of "heading: cell"."""
    head, *rows = cells
    lines: list[str] = []
    for row in rows:
        if lines:
            lines.append("")
        for name, cell in zip(head, row, strict=True):
            lines += wrap(f"{name}: {cell}" if name else cell, rest="  ", columns=columns)
    return lines
