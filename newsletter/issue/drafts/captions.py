"""Captions of pictures: paragraphs that say they are some, and the titles that HTML gives them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from newsletter.issue.drafts.blocks import Block, BlockKind, Picture, Remark
from newsletter.issue.drafts.body import plain
from newsletter.issue.drafts.escape import escape
from newsletter.issue.drafts.notes import is_credit

_FILE_NAME = re.compile(r"(?i)\S+\.(?:jpe?g|png|gif|webp|avif|svg|heic)|(?=\S*[\d_-])\S+")


def settle(blocks: Iterable[Block]) -> tuple[list[Block], list[Remark]]:
    """Give each picture its caption.

    A caption belongs to the picture right above it that has none yet, else to the one right
    below; one without a picture is a paragraph. A title is the caption of a picture without one.

    Args:
        blocks: What a reader found, with blocks of the kind ``CAPTION``.

    Returns:
        The blocks without any of that kind, and what was done or left.
    """
    settled: list[Block] = []
    remarks: list[Remark] = []
    waiting: Block | None = None
    blocks = list(blocks)
    for index, block in enumerate(blocks):
        if block.kind is BlockKind.CAPTION:
            above = _with_caption(settled[-1], block) if settled else None
            if above is not None:
                settled[-1] = above
            elif index + 1 < len(blocks) and blocks[index + 1].picture is not None:
                waiting = block
            else:
                remarks += _alone(settled[-1:], blocks[index + 1 : index + 2], block)
                settled.append(replace(block, kind=BlockKind.PARAGRAPH))
            continue
        given = _with_caption(block, waiting) if waiting is not None else None
        settled.append(given or block)
        waiting = None
    for index, block in enumerate(settled):
        if block.picture is not None and block.picture.title:
            picture, remark = with_title(block.picture, block.line)
            settled[index] = replace(block, picture=picture)
            remarks += [remark] if remark else []
    return settled, remarks


def with_title(picture: Picture, line: int) -> tuple[Picture, Remark | None]:
    """A picture whose title has become its credit or caption, and what became of it.

    Args:
        picture: With the ``title`` that HTML gives it.
        line: Its line in the draft.
    """
    title, picture = picture.title, replace(picture, title="")
    if title in {picture.alt, plain(picture.caption)}:
        return picture, None
    shown = f'the title "{title[:200]}" of the picture "{picture.src[:80]}"'
    if is_credit(title) and not picture.credit:
        said = f"{shown} became its credit"
        return replace(picture, credit=title), Remark(line, "caption", said)
    if picture.caption:
        hint = "The picture has a caption; add what is missing in it."
        return picture, Remark(line, "picture-caption", f"{shown} was left out", hint)
    if _FILE_NAME.fullmatch(title):
        said = f"{shown} was left out: it looks like the name of a file"
        return picture, Remark(line, "caption", said)
    said = f"{shown} became its caption"
    return replace(picture, caption=escape(title)), Remark(line, "caption", said)


def _with_caption(block: Block, caption: Block) -> Block | None:
    """A picture with a caption or credit; None if it is no picture, or has one."""
    picture, text = block.picture, " ".join(caption.text.replace("\\\n", " ").split())
    if picture is None:
        return None
    if is_credit(plain(text)) and "](" not in text and not picture.credit:
        return replace(block, picture=replace(picture, credit=plain(text)))
    if not picture.caption:
        return replace(block, picture=replace(picture, caption=text))
    return None


def _alone(above: list[Block], below: list[Block], caption: Block) -> list[Remark]:
    """What to say of a caption without a picture; that of a table stands well beside it."""
    if any(block.kind is BlockKind.TABLE for block in (*above, *below)):
        return []
    said = f'the caption "{plain(caption.text)[:80]}" stands as a paragraph, without its picture'
    hint = "Move it to caption: and credit: of a picture, or take it out."
    return [Remark(caption.line, "picture-caption", said, hint)]
