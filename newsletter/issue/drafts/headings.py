"""Which headings of a draft are its title, its stories, and headlines inside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from newsletter.issue.drafts import sentences
from newsletter.issue.drafts.blocks import Block, BlockKind, Remark
from newsletter.issue.drafts.body import plain
from newsletter.issue.drafts.entries import Entry, Role
from newsletter.issue.drafts.headlines import recognise
from newsletter.issue.drafts.notes import is_byline

LABEL, STORY, INSIDE = 1, 2, 3
"""Levels of headings as ``levelled`` gives them: above stories, of a story, inside one."""

_MOST_BELOW_TITLE = 3  # running paragraphs between a title and the first story
OF_SUMMARY = re.compile(
    r"(?i)(?:in (?:this|today[’']s) (?:issue|letter|newsletter|edition)|this week|"
    r"(?:the )?(?:summary|highlights|contents|headlines)|(?:in brief|at a glance|tl;dr)|"
    r"(?:in )?diese[r]? (?:ausgabe|woche)|inhalt|kurz gefasst|die themen|"
    r"(?:у|в) (?:цьому|этом|гэтым) (?:випуску|выпуске|выпуску|листі|письме)|"
    r"(?:головне|главное|галоўнае|коротко|коротко о главном|сцісла|зміст|содержание|змест)|"
    r"w tym (?:numerze|wydaniu)|w skrócie|dans ce numéro|en bref|en este número)[:.…]?"
)
"""What stands above a summary; the letter has such a heading of its own."""

_GREETING = re.compile(
    r"(?i)(?:hi|hello|hey|dear|welcome|good (?:morning|evening|day|afternoon)|hallo|liebe[rs]?|"
    r"guten (?:morgen|tag|abend)|moin|bonjour|salut|chers?|chères?|hola|buenos|cześć|dzień dobry|"
    r"drodzy|привіт|вітаємо|добр\w+ (?:ранку|день|дня|вечора|утро|вечер|раніцы)|"
    r"здравствуйте|привет|дорогі|дорогие|مرحبا|שלום)\b"
)
_BOLD = re.compile(r"\*\*((?:[^*\\]|\\.)+)\*\*")


def levelled(blocks: Sequence[Block]) -> tuple[list[Block], list[Remark]]:
    """Blocks whose headings have one of three levels, and whose title is a title.

    A draft without any heading is searched for lines that are headlines all the same.
    """
    found, remarks = list(blocks), list[Remark]()
    if not any(b.kind is BlockKind.HEADING or b.key == "kind" for b in found):
        found, remarks = _recognised(found)
    if not any(b.kind is BlockKind.HEADING for b in found):
        return _with_one_story(found), remarks
    found = _with_title(found)
    found, said = _without_label_of_summary(found)
    story = _story_level(found)
    made = []
    for index, block in enumerate(found):
        if block.kind is not BlockKind.HEADING:
            made.append(block)
            continue
        below = _below(found, index)
        if block.level > story:
            level = INSIDE + min(block.level - story - 1, 3)
            level = level if any(b.level == STORY for b in made if _is_heading(b)) else STORY
        elif below is not None and _is_heading(below) and below.level > block.level:
            level = LABEL
        else:
            level = STORY
        made.append(replace(block, level=level))
    return made, remarks + said


def _is_heading(block: Block) -> bool:
    return block.kind is BlockKind.HEADING


def _below(blocks: Sequence[Block], index: int) -> Block | None:
    """What stands right below a heading, fields left out."""
    for block in blocks[index + 1 :]:
        if block.kind is not BlockKind.FIELD or block.key == "kind":
            return block
    return None


def _story_level(blocks: Sequence[Block]) -> int:
    """The highest level of headings that have text of their own."""
    levels = [b.level for b in blocks if _is_heading(b)]
    own = [
        block.level
        for index, block in enumerate(blocks)
        if _is_heading(block)
        and (below := _below(blocks, index)) is not None
        and not (_is_heading(below) and below.level > block.level)
    ]
    return min(own or levels)


def _with_title(blocks: list[Block]) -> list[Block]:
    """The first heading is the title if it alone is of its level, and little text is its own."""
    heads = [index for index, block in enumerate(blocks) if _is_heading(block)]
    first, others = heads[0], heads[1:]
    if not others:
        return blocks
    if any(b.kind is BlockKind.PARAGRAPH and sentences.count(b.text) > 1 for b in blocks[:first]):
        return blocks
    if (story := _with_story_above(blocks, first)) is not None:
        return story
    top = blocks[first].level
    own = blocks[first + 1 : others[0]]
    running = [
        b for b in own if b.kind is BlockKind.PARAGRAPH and sentences.count(plain(b.text)) > 1
    ]
    below = [blocks[index].level for index in others]
    stands_above = min(below) > top and (below.count(min(below)) > 1 or not own)
    has_summary = (
        min(below) == top
        and len(own) > 1
        and all(b.kind is BlockKind.ITEM for b in own if b.kind is not BlockKind.PICTURE)
        and not OF_SUMMARY.fullmatch(blocks[first].text)
        and not any(b.kind is BlockKind.ITEM for b in blocks[:first])
    )
    if (stands_above and len(running) <= _MOST_BELOW_TITLE) or has_summary:
        title = replace(blocks[first], kind=BlockKind.TITLE)
        return [*blocks[:first], title, *blocks[first + 1 :]]
    return blocks


def _with_story_above(blocks: list[Block], first: int) -> list[Block] | None:
    """The only heading of its level as the headline of a story like those below it, if it is one.

    Behind it are a byline, a picture in its text, headlines inside it, or several paragraphs
    that greet nobody. One paragraph, or a list, belongs to the title of an issue.
    """
    top = blocks[first].level
    behind = blocks[first + 1 :]
    below = [block.level for block in behind if _is_heading(block)]
    level = min(below)
    if level <= top or below.count(level) < 2:
        return None
    own = [block for block in behind[: _until(behind, level)] if not block.key]
    texts = [b for b in own if b.kind is BlockKind.PARAGRAPH]
    running = [b for b in texts if sentences.count(plain(b.text)) > 1]
    begins = next((b.kind for b in own if b.kind is not BlockKind.PICTURE), None)
    if not running or begins is not BlockKind.PARAGRAPH or _GREETING.match(texts[0].text):
        return None
    is_signed = is_byline(plain(texts[0].text[:100]))
    has_more = any(_is_heading(b) or b.kind is BlockKind.PICTURE for b in own)
    has_list = any(b.kind is BlockKind.ITEM for b in own)
    if not (is_signed or has_more or (len(running) > 1 and not has_list)):
        return None
    return [*blocks[:first], replace(blocks[first], level=level), *behind]


def _until(blocks: Sequence[Block], level: int) -> int:
    """How many blocks stand before the next heading of a level."""
    return next(i for i, block in enumerate(blocks) if _is_heading(block) and block.level == level)


def _with_one_story(blocks: list[Block]) -> list[Block]:
    """A title above running text, and no other headline: the headline of a single story."""
    titles = [index for index, block in enumerate(blocks) if block.kind is BlockKind.TITLE]
    if len(titles) != 1 or any(block.key == "kind" for block in blocks):
        return blocks
    behind = [b for b in blocks[titles[0] + 1 :] if b.kind is BlockKind.PARAGRAPH]
    if len(behind) < 2 and not any(sentences.count(plain(b.text)) > 1 for b in behind):
        return blocks
    title = blocks[titles[0]]
    headline = replace(title, kind=BlockKind.HEADING, level=STORY)
    return [*blocks[: titles[0]], headline, *blocks[titles[0] + 1 :]]


def _without_label_of_summary(blocks: list[Block]) -> tuple[list[Block], list[Remark]]:
    """``In this issue`` above the summary: the letter has such a heading of its own."""
    first = next((index for index, block in enumerate(blocks) if _is_heading(block)), None)
    if first is None or not OF_SUMMARY.fullmatch(blocks[first].text):
        return blocks, []
    if not any(_is_heading(block) for block in blocks[first + 1 :]):
        return blocks, []
    return [*blocks[:first], *blocks[first + 1 :]], [left_out(blocks[first])]


def left_out(block: Block) -> Remark:
    """The remark that a heading of the summary was left out."""
    said = f'"{block.text}" was left out: the letter has such a heading of its own'
    return Remark(block.line, "label", said)


def _recognised(blocks: Sequence[Block]) -> tuple[list[Block], list[Remark]]:
    """Headlines of a draft whose headlines look like its paragraphs."""
    entries = [_entry(block) for block in blocks]
    found = recognise(entries)
    kinds = {
        Role.HEADLINE: (BlockKind.HEADING, STORY),
        Role.SUB_HEADLINE: (BlockKind.HEADING, INSIDE),
        Role.LABEL: (BlockKind.HEADING, LABEL),
        Role.TITLE: (BlockKind.TITLE, 1),
    }
    made: list[Block] = []
    for index, (block, entry, role) in enumerate(zip(blocks, entries, found.roles, strict=True)):
        if index in found.joined and made:
            made[-1] = replace(made[-1], text=f"{made[-1].text} {block.text}")
        elif role is Role.DATE:
            made.append(replace(block, kind=BlockKind.FIELD, key="date", text=entry.text))
        elif role in kinds:
            kind, level = kinds[role]
            made.append(replace(block, kind=kind, level=level, text=entry.text))
        else:
            made.append(block)
    return made, list(found.remarks)


def _entry(block: Block) -> Entry:
    is_plain = block.kind is BlockKind.PARAGRAPH and "](" not in block.text
    bold = _BOLD.fullmatch(block.text) if is_plain else None
    text = plain(block.text) if is_plain and len(block.text) < 400 else block.text
    return Entry(
        text,
        block.line,
        is_text=is_plain and "\n" not in block.text,
        is_item=block.kind is BlockKind.ITEM,
        is_bold=bold is not None,
    )
