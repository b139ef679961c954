"""What lines of a plain text look like: paragraphs, entries of lists, quotes, rules."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.issue.drafts import lines, sentences
from newsletter.issue.drafts.blocks import Block, BlockKind, Remark
from newsletter.issue.drafts.escape import escape
from newsletter.issue.drafts.lines import Line
from newsletter.issue.drafts.marked import tidy

_BOLD = re.compile(r"(\*\*|\*|__)(?=[^\s*_])([^*\n]+)(?<=[^\s*_])\1")
_DASHES = re.compile(r"(?<=\w)---?(?=\w)|(?<=[\w.,!?\"”’»)] )---?(?= )")
_ADDRESS = re.compile(r"(?i)((?:https?://|www\.)\S+|(?<!\S)[^\s@]{1,64}@\S+|`[^`]{1,500}`)")


@dataclass(frozen=True, slots=True)
class Part:
    """A line and what its look says of it."""

    line: Line
    kind: BlockKind
    text: str
    number: int | None = None
    level: int = 1
    is_bold: bool = False


def parts(found: Sequence[Line]) -> list[Part]:
    """What each line is; a rule right below a line underlines it, which makes that line bold."""
    looks: list[Part] = []
    for line in found:
        part = _part(line)
        above = looks[-1] if looks else None
        if above and part.kind is BlockKind.DIVIDER and _underlines(line, above):
            looks[-1] = replace(above, is_bold=True)
        else:
            looks.append(part)
    return _numbered(looks)


def _underlines(rule: Line, above: Part) -> bool:
    return (
        rule.blanks == 0
        and above.kind is BlockKind.PARAGRAPH
        and rule.text[0] in "-=~_"
        and " " not in rule.text
        and not sentences.has_end(above.text)
    )


def blocks(part: Part, *, keeps_marks: bool) -> tuple[list[Block], Sequence[Remark]]:
    """The block of a line, and the pictures that Markdown in it names.

    Args:
        part: The line.
        keeps_marks: Whether it is Markdown; else its signs are escaped.
    """
    number = part.line.number
    if part.kind is BlockKind.DIVIDER:
        return [Block(BlockKind.DIVIDER, "", number)], ()
    if keeps_marks or part.kind is BlockKind.PICTURE:
        words = tidy(typeset(part.line.text if part.is_bold else part.text), number)
        kind = BlockKind.PARAGRAPH if part.kind is BlockKind.PICTURE else part.kind
        block = Block(kind, words.text, number, part.level, part.number)
        pictures = [Block(BlockKind.PICTURE, "", number, picture=p) for p in words.pictures]
        return [*([block] if words.text else []), *pictures], words.remarks
    text = escape(typeset(part.text))
    text = f"**{text}**" if part.is_bold else text
    return [Block(part.kind, text, number, part.level, part.number)], ()


def typeset(text: str) -> str:
    """Dashes that were typed as hyphens: ``word--word`` and ``word -- word``."""
    pieces = _ADDRESS.split(text)
    pieces[::2] = (
        _DASHES.sub(lambda m: "–" if m.string[m.end() :][:1] == " " else "—", piece)
        for piece in pieces[::2]
    )
    return "".join(pieces)


def _part(line: Line) -> Part:
    if line.is_rule:
        return Part(line, BlockKind.DIVIDER, "")
    if line.is_picture:
        return Part(line, BlockKind.PICTURE, line.text)
    if line.text.startswith(">") and (words := line.text.lstrip("> ")):
        return Part(line, BlockKind.QUOTE, words)
    mark = lines.MARK.match(line.text)
    if mark and not lines.is_speech(line.text):
        number = int(mark["number"]) if mark["number"] else None
        level = 1 + min(line.indent // 2, 5)
        return Part(line, BlockKind.ITEM, line.text[mark.end() :], number, level)
    if bold := _BOLD.fullmatch(line.text):
        return Part(line, BlockKind.PARAGRAPH, bold[2], is_bold=True)
    return Part(line, BlockKind.PARAGRAPH, line.text)


def _numbered(parts: list[Part]) -> list[Part]:
    """Entries of lists as they are; a lone number or dash begins a paragraph, not a list.

    ``1. May is a holiday`` is a sentence, and so is the second article of a law without a first.
    """
    kept = []
    for index, part in enumerate(parts):
        neighbours = [parts[i] for i in (index - 1, index + 1) if 0 <= i < len(parts)]
        items = [other for other in neighbours if other.kind is BlockKind.ITEM]
        if part.kind is BlockKind.ITEM and part.number is not None:
            before = parts[index - 1] if index else None
            behind = parts[index + 1] if index + 1 < len(parts) else None
            follows = before in items and before is not None and before.number == part.number - 1
            precedes = behind in items and behind is not None and behind.number == part.number + 1
            if not (follows or precedes):
                part = replace(part, kind=BlockKind.PARAGRAPH, text=part.line.text)
        elif part.kind is BlockKind.ITEM and _is_lone_dash(part, items):
            part = replace(part, kind=BlockKind.PARAGRAPH, text=part.line.text)
        kept.append(part)
    return _levelled(kept)


def _is_lone_dash(part: Part, neighbours: Sequence[Part]) -> bool:
    return part.line.text[0] in "–—" and not any(o.line.text[0] in "–—" for o in neighbours)


def _levelled(parts: list[Part]) -> list[Part]:
    """Levels of entries counted from the shallowest of their list, deeper by one at most."""
    levelled: list[Part] = []
    stack: list[int] = []
    for part in parts:
        if part.kind is not BlockKind.ITEM:
            stack = []
            levelled.append(part)
            continue
        while stack and part.level <= stack[-1]:
            stack.pop()
        stack.append(part.level)
        levelled.append(replace(part, level=len(stack)))
    return levelled
