"""What was understood of a draft, in numbers that an editor can compare with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.issue.model import Image, Issue, Part, Quote, Story, TextSection

_LINK = re.compile(r"(?<!!)\[(?:[^\]\\]|\\.)+\]\(<?([^)>\s]+)|(?<![\w(/])(https?://[^\s<>()\"]+)")
_PICTURE = re.compile(r"!\[(?:[^\]\\]|\\.)*\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class StoryFound:
    """A story of a draft.

    Attributes:
        headline: Its headline.
        id: Its short name.
        paragraphs: How many paragraphs, lists, quotes and tables its body has.
    """

    headline: str
    id: str
    paragraphs: int


@dataclass(frozen=True, slots=True)
class Understood:
    """What an issue made of a draft has.

    Attributes:
        bullets: Each bullet's text, and the id of its story if it has one.
        stories: From top to bottom.
        pictures: How many pictures.
        links: How many different addresses are linked to.
        outside: How many paragraphs, lists, quotes and tables stand outside stories.
    """

    bullets: tuple[tuple[str, str | None], ...]
    stories: tuple[StoryFound, ...]
    pictures: int
    links: int
    outside: int


def understood(issue: Issue) -> Understood:
    """Count what an issue has."""
    texts = list(_texts(issue))
    addresses = {one or other for text in texts for one, other in _LINK.findall(text)}
    stories = (s for s in issue.sections if isinstance(s, Story))
    return Understood(
        tuple((bullet.text, bullet.story) for bullet in issue.summary),
        tuple(StoryFound(s.headline, s.id or "", _paragraphs(s.body)) for s in stories),
        sum(len(_PICTURE.findall(text)) for text in texts) + sum(_images(issue)),
        len(addresses),
        sum(map(_paragraphs, _outside(issue))),
    )


def _paragraphs(text: str) -> int:
    parts = re.split(r"\n{2,}", text.strip())
    return sum(bool(part) and not _PICTURE.fullmatch(part) for part in parts)


def _outside(issue: Issue) -> Iterator[str]:
    yield from (issue.intro or "", issue.outro or "")
    for section in issue.sections:
        if isinstance(section, TextSection):
            yield section.body
        elif isinstance(section, Quote):
            yield section.text


def _texts(part: Part) -> Iterator[str]:
    for _, value in part:
        if isinstance(value, str):
            yield _PICTURE.sub(lambda found: f"{found[0]} ", value)
        elif isinstance(value, Part) and not isinstance(value, Image):
            yield from _texts(value)
        elif isinstance(value, tuple):
            for item in value:
                yield from _texts(item)


def _images(issue: Issue) -> Iterator[bool]:
    for section in issue.sections:
        yield from (isinstance(value, Image) for _, value in section)
