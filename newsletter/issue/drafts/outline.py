"""Blocks of a draft → an issue: its summary, its stories, and what a picture goes with.

Nothing is lost: each block stands in the issue once and in order. What has no place goes into a
section of its own that says so, and is remarked on.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from newsletter.issue.drafts import characters, dates, fields, headings, merge_fields
from newsletter.issue.drafts.blocks import TO_BE_PLACED, Block, BlockKind, Reading, Remark
from newsletter.issue.drafts.body import markdown, plain
from newsletter.issue.drafts.escape import escape
from newsletter.issue.drafts.language import guess
from newsletter.issue.drafts.marked import not_a_block
from newsletter.issue.drafts.match import Announced, left_over, match
from newsletter.issue.drafts.section import TEXT_TO_COME, Section
from newsletter.issue.drafts.slugs import slugs
from newsletter.issue.drafts.summary import Opening, find
from newsletter.issue.model import IDENTIFIER, LANGUAGE, Issue

SUBJECT_TO_COME = "TK what the inbox shows, up to 50 characters"
PREHEADER_TO_COME = "TK the line that the inbox shows behind the subject, it adds something new"
HEADLINE_TO_COME = "TK headline of the first story"

_ENOUGH = 1500  # characters of a story that are compared with bullets
_MOST_OF_INTRO = 3  # paragraphs; more of them are a section
_LONGEST_OUTRO = 1500


@dataclass(frozen=True, slots=True)
class Outline:
    """An issue made of a draft.

    Attributes:
        issue: Valid, and a draft: it cannot be sent as it is.
        remarks: What was not certain, by line.
    """

    issue: Issue
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """The days that an issue could have, the first that is known wins.

    Attributes:
        asked: What the editor asked for.
        named: What the draft's file is named for.
        default: The day of the next issue.
    """

    default: datetime.date
    asked: datetime.date | None = None
    named: datetime.date | None = None


@dataclass(slots=True)
class _State:
    fields: dict[str, Block] = field(default_factory=dict)
    bullets: list[Block] = field(default_factory=list)
    intro: list[Block] = field(default_factory=list)
    outro: list[Block] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    unplaced: list[Block] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def outline(reading: Reading, days: Days, number: int | None = None, language: str = "") -> Outline:
    """The issue that a draft means.

    Args:
        reading: The draft; its pictures have the names that they have in the issue.
        days: What is known of its day.
        number: The number of the issue if it is the next one, issues have numbers and the draft
            names none.
        language: The newsletter's; empty if it is not known.
    """
    state = _State(remarks=list(reading.remarks))
    blocks, remarks = headings.levelled([b for b in map(_cleaned, reading.blocks) if b])
    state.remarks += remarks
    blocks = _take_fields(blocks, state)
    first = next((i for i, block in enumerate(blocks) if _begins_section(block)), len(blocks))
    opening, rest = blocks[:first], blocks[first:]
    rest = _take_outro(rest, state)
    above = _pictures_stand_above(opening, rest)
    if above and opening:
        rest.insert(0, opening.pop())
    stories = _sections(rest, above=above)
    announced = [_announced(section) for section in stories if section.is_story]
    front = _front(opening, announced, state)
    state.sections = [*front, *stories]
    values = {**_head(state, days, number), **_content(state)}
    if "language" not in values:
        guessed, remark = guess((block.text for block in reading.blocks), language)
        values |= {"language": guessed} if guessed else {}
        state.remarks += [remark] if remark else []
    state.unplaced = [b for b in state.unplaced if any(c.isalnum() for c in unescape(b.text))]
    if state.unplaced:
        values["sections"].append(_to_be_placed(state))
    values, settled = merge_fields.settle(values, reading.blocks)
    state.remarks += settled
    remarks = sorted(state.remarks, key=lambda remark: remark.line)
    return Outline(Issue.model_validate(values), tuple(dict.fromkeys(remarks)))


def _cleaned(block: Block) -> Block | None:
    """A block without invisible characters; None if nothing is left of it."""
    one_line = block.kind in {BlockKind.HEADING, BlockKind.TITLE}
    text = characters.line(block.text) if one_line else characters.clean(block.text).strip()
    picture = block.picture
    if picture is not None:
        src, alt = characters.line(picture.src), characters.line(picture.alt)
        title, caption = characters.line(picture.title), characters.line(picture.caption)
        credit = characters.line(picture.credit)
        said = replace(picture, alt=alt, title=title, caption=caption, credit=credit)
        picture = replace(said, src=src) if src else None
    if not text and picture is None and block.kind is not BlockKind.DIVIDER:
        return None
    if not one_line and not_a_block(block.text) == block.text:
        text = not_a_block(text)  # "2." before a space that was a no-break space begins a list
    return replace(block, text=text, picture=picture)


def _begins_section(block: Block) -> bool:
    return (block.kind is BlockKind.HEADING and block.level <= headings.STORY) or (
        block.kind is BlockKind.FIELD and block.key == "kind"
    )


def _take_fields(blocks: Sequence[Block], state: _State) -> list[Block]:
    """The fields of the whole issue, wherever they stand, and its title."""
    rest = []
    for block in blocks:
        key = "title" if block.kind is BlockKind.TITLE else block.key
        if key == "summary":
            state.bullets.append(block)
        elif key in {"intro", "outro"}:
            (state.intro if key == "intro" else state.outro).append(
                replace(block, kind=BlockKind.PARAGRAPH)
            )
        elif key in fields.OF_ISSUE and key not in state.fields:
            state.fields[key] = replace(block, text=characters.line(block.text))
        elif block.kind is BlockKind.TITLE and "subject" not in state.fields:
            # Of two titles the first, that of a whole page, says best what the letter is about.
            state.fields["subject"] = state.fields["title"]
            state.fields["title"] = block
        elif block.kind is BlockKind.TITLE:
            rest.append(replace(block, kind=BlockKind.PARAGRAPH, text=escape(block.text)))
        elif key in fields.OF_ISSUE or (key and key not in fields.OF_SECTION):
            state.unplaced.append(block)
        else:
            rest.append(block)
    return rest


def _take_outro(rest: list[Block], state: _State) -> list[Block]:
    """A few paragraphs behind the last divider are the goodbye."""
    cut = next((i for i in range(len(rest) - 1, -1, -1) if rest[i].kind is BlockKind.DIVIDER), None)
    if cut is None or cut == len(rest) - 1 or state.outro:
        return rest
    behind = rest[cut + 1 :]
    plain_text = {BlockKind.PARAGRAPH, BlockKind.ITEM}
    if any(b.kind not in plain_text for b in behind):
        return rest
    if len(behind) > _MOST_OF_INTRO + 1 or sum(len(b.text) for b in behind) > _LONGEST_OUTRO:
        return rest
    state.outro = behind
    return rest[:cut]


def _pictures_stand_above(opening: Sequence[Block], rest: Sequence[Block]) -> bool:
    """Whether each story's picture stands above its headline, as the first one's does."""
    if not opening or opening[-1].kind is not BlockKind.PICTURE:
        return False
    heads = [i for i, block in enumerate(rest) if _begins_section(block)]
    with_picture = sum(rest[i - 1].kind is BlockKind.PICTURE for i in heads if i)
    return with_picture * 2 >= len(heads) - 1


def _sections(blocks: Sequence[Block], *, above: bool) -> list[Section]:
    sections: list[Section] = []
    waiting: Block | None = None
    for index, block in enumerate(blocks):
        behind = blocks[index + 1] if index + 1 < len(blocks) else None
        ends = behind is None or _begins_section(behind)
        if above and block.kind is BlockKind.PICTURE and behind is not None and ends:
            waiting = block
        elif block.kind is BlockKind.HEADING and block.level < headings.STORY:
            sections.append(Section.label(block))
        elif _begins_section(block):
            sections.append(Section.begun_by(block))
            if waiting is not None:
                sections[-1].add(waiting)
                waiting = None
        elif block.kind is BlockKind.DIVIDER and ends:
            if behind is not None and sections:
                sections.append(Section("divider", block.line))
        elif not sections or not sections[-1].takes(block):
            sections.append(Section.holding(block))
        else:
            sections[-1].add(block)
    if waiting is not None:  # only a label stood below it
        sections.append(Section.holding(waiting))
    return sections


def _announced(section: Section) -> Announced:
    text = ""
    for block in section.blocks:
        text = f"{text} {block.text}"
        if len(text) > _ENOUGH:
            break
    return Announced(section.headline, text[:_ENOUGH])


def _front(opening: Sequence[Block], stories: Sequence[Announced], state: _State) -> list[Section]:
    """What stands before the first story: greeting, summary, and whatever else is there."""
    texts = [b for b in opening if b.kind not in {BlockKind.DIVIDER, BlockKind.PICTURE}]
    sections = [Section.holding(b) for b in opening if b.kind is BlockKind.PICTURE]
    lists = [Opening(plain(b.text[:700]), b.kind is BlockKind.ITEM) for b in texts]
    chosen = range(0) if state.bullets else find(lists, stories)
    state.bullets += (texts[index] for index in chosen)
    before = texts[: chosen.start] if chosen else texts
    behind = texts[chosen.stop :] if chosen else []
    if chosen and before and headings.OF_SUMMARY.fullmatch(plain(before[-1].text)):
        state.remarks.append(headings.left_out(before.pop()))
    if chosen or (len(before) <= _MOST_OF_INTRO and stories):
        state.intro += before
    else:
        behind = before
    if behind:
        section = Section("text", behind[0].line)
        for block in behind:
            section.add(block)
        sections.append(section)
    return sections


def _head(state: _State, days: Days, number: int | None) -> dict[str, Any]:
    known = state.fields
    values: dict[str, Any] = {"draft": True, "preheader": PREHEADER_TO_COME}
    title = known.get("title")
    if subject := known.get("subject"):
        values["subject"] = subject.text
        if title:
            values["title"] = title.text
    elif title:
        values["subject"] = title.text
        said = "the draft names no subject; its title became the subject"
        hint = "Say in it what is new this time."
        state.remarks.append(Remark(title.line, "subject", said, hint))
    else:
        values["subject"] = SUBJECT_TO_COME
        state.remarks.append(_to_come("subject"))
    if preheader := known.get("preheader"):
        values["preheader"] = preheader.text
    else:
        state.remarks.append(_to_come("preheader"))
    values["date"] = _date(state, days)
    values |= _checked(state, "number", r"\D*?(\d{1,6})\D*")
    values |= _checked(state, "language", f"({LANGUAGE[1:-1]})")
    if "number" not in values and number is not None and values["date"] >= str(days.default):
        values["number"] = number
    return values


def _to_come(name: str) -> Remark:
    said = f'the draft names no {name}; "TK" marks where it belongs'
    return Remark(1, name, said, f'Write it into the issue, or begin the draft with "{name}: …".')


def _checked(state: _State, key: str, pattern: str) -> dict[str, str]:
    block = state.fields.get(key)
    if block is None:
        return {}
    if found := re.fullmatch(pattern, block.text):
        return {key: found[1]}
    state.unplaced.append(block)
    return {}


def _date(state: _State, days: Days) -> str:
    block = state.fields.get("date")
    typed = dates.find(block.text) if block else None
    if block and typed is None:
        state.unplaced.append(block)
        said = f'"{block.text[:60]}" is no day that can be read for certain'
        hint = "Write it as 2026-11-20."
        state.remarks.append(Remark(block.line, "date", said, hint))
    title = state.fields.get("title")
    in_title = dates.find(title.text) if title else None
    known = [day for day in (days.asked, typed, days.named, in_title) if day is not None]
    if block and typed and known[0] != typed:
        said = f"the draft says {typed}, the issue is of {known[0]}"
        state.remarks.append(Remark(block.line, "date", said))
    if not known:
        said = f"the draft names no day; the issue is of {days.default}, the next one"
        hint = "Say --date 2026-11-20 if it is another."
        state.remarks.append(Remark(1, "date", said, hint))
    return (known[0] if known else days.default).isoformat()


def _content(state: _State) -> dict[str, Any]:
    stories = [section for section in state.sections if section.is_story]
    _name(stories, state)
    values: dict[str, Any] = {"summary": _summary(stories, state)}
    if text := markdown(state.intro):
        values["intro"] = text
    if text := markdown(state.outro):
        values["outro"] = text
    sections = []
    for section in state.sections:
        sections += section.values(state.remarks, state.unplaced)
    if not sections:
        sections = [{"headline": HEADLINE_TO_COME, "body": TEXT_TO_COME}]
    if not stories:
        said = "no headline was found"
        hint = "A headline is a line of its own, without a full stop, above its story."
        state.remarks.append(Remark(1, "headline", said, hint))
    values["sections"] = sections
    return values


def _name(stories: Sequence[Section], state: _State) -> None:
    """Each story gets a short name of its own; those that the draft gives come first."""
    taken: set[str] = set()
    for section in stories:
        block = section.fields.pop("id", None)
        if block and re.fullmatch(IDENTIFIER, block.text) and block.text not in taken:
            section.id = block.text
            taken.add(block.text)
        elif block:
            state.unplaced.append(block)
    unnamed = [section for section in stories if not section.id]
    for section, name in zip(unnamed, slugs((s.headline for s in unnamed), taken), strict=True):
        section.id = name


def _summary(stories: Sequence[Section], state: _State) -> list[dict[str, str]]:
    bullets = [" ".join(block.text.replace("\\\n", " ").split()) for block in state.bullets]
    found = match([plain(text) for text in bullets], [_announced(s) for s in stories])
    if pair := left_over(found, len(stories)):
        bullet, story = pair
        found[bullet] = story
        said = f'the bullet was linked to "{stories[story].headline[:80]}" by its place only'
        state.remarks.append(Remark(state.bullets[bullet].line, "bullet-story", said))
    for block, story_index in zip(state.bullets, found, strict=True):
        if story_index is None and stories:
            said = "no story goes with this bullet"
            hint = 'Add "story: " with the id of its story, or take the bullet out.'
            state.remarks.append(Remark(block.line, "bullet-story", said, hint))
    for index, section in enumerate(stories):
        if bullets and index not in found:
            said = f'no bullet announces "{section.headline[:80]}"'
            hint = "Write one, or join the story to another."
            state.remarks.append(Remark(section.line, "bullet-story", said, hint))
    return [
        {"text": text, **({} if story is None else {"story": stories[story].id})}
        for text, story in zip(bullets, found, strict=True)
    ]


def _to_be_placed(state: _State) -> dict[str, str]:
    lines = [Block(BlockKind.PARAGRAPH, TO_BE_PLACED, 1)]
    for block in state.unplaced:
        label = f"{escape(block.key)}: " if block.key else ""
        text = escape(block.text, in_link=True) if block.key else block.text
        lines.append(Block(BlockKind.PARAGRAPH, f"{label}{text}", block.line))
        said = f'"{plain(f"{label}{text}")[:100]}" has no place in an issue'
        hint = 'It stands in the last section, below "To be placed".'
        state.remarks.append(Remark(block.line, "to-be-placed", said, hint))
    return {"kind": "text", "body": markdown(lines)}
