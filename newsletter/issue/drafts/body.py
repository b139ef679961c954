"""Blocks of a draft → the Markdown of a body."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter.issue.drafts.blocks import Block, BlockKind, Picture
from newsletter.issue.drafts.escape import destination, escape

ALT_TO_COME = "TK: say what this picture shows"
"""Stands in for what a picture shows until an editor says it; ``placeholder`` finds it."""


def markdown(blocks: Sequence[Block]) -> str:
    """The body that blocks make, with a line break at its end; empty if they say nothing."""
    chunks: list[str] = []
    widths: list[int] = []  # of the marks of the entries that a deeper entry stands below
    before: Block | None = None
    for block in blocks:
        text = _chunk(block)
        if block.kind is BlockKind.ITEM:
            mark = "- " if block.number is None else f"{block.number}. "
            level = min(block.level, len(widths) + 1) if _is_list(before) else 1
            del widths[level - 1 :]
            text = _hanging(text, " " * sum(widths), mark)
            widths.append(len(mark))
            if _is_list(before) and chunks and _continues(before, block, level):
                chunks[-1] = f"{chunks[-1]}\n{text}"
                before = block
                continue
        elif block.kind is BlockKind.QUOTE and before is not None and before.kind is block.kind:
            chunks[-1] = f"{chunks[-1]}\n>\n{text}"
            continue
        if text:
            chunks.append(text)
            before = block
    return "\n\n".join(chunks) + "\n" if chunks else ""


def picture(src: str, alt: str) -> str:
    """A picture inside a text."""
    return f"![{escape(alt or ALT_TO_COME, in_link=True)}]({destination(src)})"


def _chunk(block: Block) -> str:
    if block.kind is BlockKind.HEADING:
        return _heading(block)
    if block.kind is BlockKind.PICTURE:
        shown = block.picture or Picture("")
        return picture(shown.src, shown.alt)
    if block.kind is BlockKind.DIVIDER:
        return "---"
    if block.kind is BlockKind.QUOTE:
        return "\n".join(f"> {line}".rstrip() for line in block.text.split("\n"))
    return block.text


def _heading(block: Block) -> str:
    text = escape(" ".join(block.text.split()))
    if text.endswith("#"):  # would close the heading
        text = f"{text[:-1]}\\#"
    return f"{'#' * min(max(block.level, 3), 6)} {text}"


def _is_list(block: Block | None) -> bool:
    return block is not None and block.kind is BlockKind.ITEM


def _continues(before: Block | None, block: Block, level: int) -> bool:
    """Whether an entry goes on with the list above it; another kind of mark begins a new one."""
    return before is not None and (
        level > 1 or before.level > 1 or (before.number is None) == (block.number is None)
    )


def _hanging(text: str, indent: str, mark: str) -> str:
    first, *rest = text.split("\n")
    below = " " * (len(indent) + len(mark))
    return "\n".join([f"{indent}{mark}{first}", *(below + line if line else "" for line in rest)])


def plain(markdown_text: str) -> str:
    """A short Markdown text as the words that it shows."""
    from newsletter.issue.drafts.marked import parser, words

    if not re.search(r"[\\*_`\[\]<&~]", markdown_text):
        return " ".join(markdown_text.split())
    [inline] = parser().parseInline(markdown_text, {})
    return words(inline.children or [])
