"""Two versions of an issue → what changed in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain

from newsletter.issue.changes.breaks import with_breaks
from newsletter.issue.changes.matching import Pair, match
from newsletter.issue.changes.model import (
    Change,
    Changes,
    FieldChange,
    LinkChange,
    ParagraphChange,
    Piece,
    SectionChange,
)
from newsletter.issue.changes.paragraphs import Link, Paragraph, bullets, paragraphs
from newsletter.issue.changes.pieces import pieces
from newsletter.issue.changes.sections import Entry, entry, fields
from newsletter.issue.changes.words import bag, tokens
from newsletter.issue.model import Issue

_SETTINGS = frozenset(
    {"date", "draft", "expires", "id", "image.src", "image.width", "kind", "language", "link"}
    | {"lists", "number", "template", "url", "visibility"}
)
"""Keys whose values are no words: addresses, dates, switches."""


def compare(old: Issue, new: Issue) -> Changes:
    """What changed in words from one version of an issue to another."""
    before = tuple(entry(section) for section in old.sections)
    after = tuple(entry(section) for section in new.sections)
    return Changes(
        fields=_fields(fields(old), fields(new)),
        intro=_paragraphs(paragraphs(old.intro or ""), paragraphs(new.intro or "")),
        summary=_paragraphs(bullets(old.summary), bullets(new.summary)),
        sections=_sections(before, after),
        outro=_paragraphs(paragraphs(old.outro or ""), paragraphs(new.outro or "")),
    )


def _sections(old: Sequence[Entry], new: Sequence[Entry]) -> tuple[SectionChange, ...]:
    keys = (Entry.by_id, Entry.by_title, Entry.by_address, Entry.by_content)
    changes = (_section(old, new, pair) for pair in match(old, new, keys, lambda entry: entry.bag))
    return tuple(change for change in changes if change)


def _section(old: Sequence[Entry], new: Sequence[Entry], pair: Pair) -> SectionChange | None:
    before = old[pair.old] if pair.old is not None else None
    after = new[pair.new] if pair.new is not None else None
    shown = after or before
    assert shown  # noqa: S101 - a pair has one of the two
    changed_fields = _fields(before.fields if before else {}, after.fields if after else {})
    changed = _paragraphs(before.paragraphs if before else (), after.paragraphs if after else ())
    change = _change(pair, is_changed=bool(changed_fields or changed))
    if change is Change.SAME:
        return None
    return SectionChange(
        change,
        shown.kind,
        shown.title,
        pair.old + 1 if pair.old is not None else None,
        pair.new + 1 if pair.new is not None else None,
        pair.moved,
        changed_fields,
        changed,
    )


def _change(pair: Pair, *, is_changed: bool) -> Change:
    if pair.old is None:
        return Change.ADDED
    if pair.new is None:
        return Change.REMOVED
    if is_changed:
        return Change.CHANGED
    return Change.MOVED if pair.moved else Change.SAME


def _fields(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[FieldChange, ...]:
    changes = []
    for name in dict.fromkeys(chain(new, old)):
        before, after = old.get(name, ""), new.get(name, "")
        is_text = name not in _SETTINGS
        if is_text:
            parts = pieces(tokens(before), tokens(after))
        elif before == after:
            continue
        else:
            values = (Piece(Change.REMOVED, before), Piece(Change.ADDED, after))
            parts = tuple(piece for piece in values if piece.text)
        if any(piece.change is not Change.SAME for piece in parts):
            changes.append(FieldChange(name, parts, is_text))
    return tuple(changes)


def _paragraphs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> tuple[ParagraphChange, ...]:
    old, new = with_breaks(old, new, _pairs(old, new))
    changes = (_paragraph(old, new, pair) for pair in _pairs(old, new))
    return tuple(change for change in changes if change)


def _pairs(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> list[Pair]:
    keys = (_by_all, _by_words, _by_story)
    return match(old, new, keys, lambda paragraph: bag(paragraph.tokens))


def _by_all(paragraph: Paragraph) -> tuple[object, ...]:
    return paragraph.kind, _by_words(paragraph), paragraph.links


def _by_words(paragraph: Paragraph) -> tuple[str, ...]:
    return tuple(token.text for token in paragraph.tokens)


def _by_story(paragraph: Paragraph) -> str | None:
    return next((link.address for link in paragraph.links if link.kind == "story"), None)


def _paragraph(
    old: Sequence[Paragraph], new: Sequence[Paragraph], pair: Pair
) -> ParagraphChange | None:
    before = old[pair.old] if pair.old is not None else None
    after = new[pair.new] if pair.new is not None else None
    shown = after or before
    assert shown  # noqa: S101 - a pair has one of the two
    parts = pieces(before.tokens if before else (), after.tokens if after else ())
    links = _links(before.links if before else (), after.links if after else ())
    is_changed = bool(
        links
        or any(piece.change is not Change.SAME for piece in parts)
        or (before and before.kind != shown.kind)
    )
    change = _change(pair, is_changed=is_changed)
    if change is Change.SAME:
        return None
    return ParagraphChange(
        change,
        shown.kind,
        before.kind if before else None,
        before.number if before else None,
        after.number if after else None,
        pair.moved,
        parts,
        links,
    )


def _links(old: Sequence[Link], new: Sequence[Link]) -> tuple[LinkChange, ...]:
    """Links whose address changed, came or went; that their words changed is said elsewhere."""
    keys = (_link_itself, _link_address, _link_words, _link_kind)
    changes = []
    for pair in match(old, new, keys, lambda _: Counter()):
        before = old[pair.old] if pair.old is not None else None
        after = new[pair.new] if pair.new is not None else None
        shown = after or before
        if shown and (before is None or after is None or before.address != after.address):
            was = before.address if before else None
            now = after.address if after else None
            changes.append(LinkChange(shown.kind, shown.words, was, now))
    return tuple(changes)


def _link_itself(link: Link) -> Link:
    return link


def _link_address(link: Link) -> tuple[str, str]:
    return link.kind, link.address


def _link_words(link: Link) -> tuple[str, str]:
    return link.kind, link.words


def _link_kind(link: Link) -> str:
    return link.kind
