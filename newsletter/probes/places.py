"""Where addresses stand in an issue: its fields, and the links and pictures of its texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.markdown import Inline, blocks, inline
from newsletter.issue.merge_field import FIELD
from newsletter.issue.model import Part, Quote
from newsletter.probes.url import RefusedError, Url

_ADDRESSES = frozenset({"link", "url"})
_BODIES = frozenset({"body", "intro", "outro"})
_GOES_ON = re.compile(r"[^\s{]*\{\{")
_ONE_LINE = frozenset({"caption", "note", "text"})


@dataclass(frozen=True, slots=True)
class Target:
    """Something to ask for.

    Attributes:
        address: As ``Url`` writes it, or as it was typed if it is not one.
        is_picture: Whether a picture should come back.
    """

    address: str
    is_picture: bool


@dataclass(frozen=True, slots=True)
class Place:
    """Where a target stands.

    Attributes:
        manuscript: In which issue.
        where: The way to the value.
        offset: Characters into it; None if it is the whole value.
    """

    manuscript: Manuscript
    where: Where
    offset: int | None


def places(manuscripts: Iterable[Manuscript]) -> dict[Target, list[Place]]:
    """Every web address of some issues with all its places, in reading order.

    Mail addresses, names of sections (``#ferry``), files of the project, and addresses with a
    merge field are none.
    """
    found: dict[Target, list[Place]] = {}
    for manuscript in manuscripts:
        for address, is_picture, where, offset in _of(manuscript.issue, ()):
            typed = address.strip()
            if not typed.lower().startswith(("http://", "https://")) or FIELD.search(typed):
                continue
            target = Target(_normal(typed), is_picture)
            found.setdefault(target, []).append(Place(manuscript, where, offset))
    return found


def _normal(typed: str) -> str:
    try:
        return str(Url.parse(typed))
    except RefusedError:
        return typed


_Found = tuple[str, bool, Where, int | None]


def _of(part: Part, where: Where) -> Iterator[_Found]:
    for name in type(part).model_fields:
        value, place = getattr(part, name), (*where, name)
        if isinstance(value, Part):
            yield from _of(value, place)
        elif isinstance(value, tuple):
            for index, item in enumerate(value):
                if isinstance(item, Part):
                    yield from _of(item, (*place, index))
        elif not isinstance(value, str):
            continue
        elif name in _ADDRESSES or name == "src":
            yield value, name == "src", place, None
        elif name in _BODIES or (name == "text" and isinstance(part, Quote)):
            yield from _of_text([block.content for block in blocks(value)], place)
        elif name in _ONE_LINE:
            yield from _of_text([inline(value)], place)


def _of_text(contents: Iterable[Inline], place: Where) -> Iterator[_Found]:
    for content in contents:
        for link in content.links:
            if link.is_bare and _GOES_ON.match(content.text, link.end):
                continue  # a merge field is part of it
            offset = link.at if link.href_at is None else link.href_at
            yield link.href, False, place, offset
        for picture in content.pictures:
            yield picture.src, True, place, picture.offset
