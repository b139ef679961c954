"""Bullets and stories that do not belong together.

What: a bullet whose ``story`` is the ``id`` of no section (error); two bullets with the same
``story``, a bullet whose ``story`` is one thing and whose words are another's, a bullet without
``story`` where others have one, a bullet that no story takes up (warnings). A story without a
bullet is a warning if it is as long as the others, and a note otherwise; up to 80 words (a
correction, a short notice) need none. Where the settings say how many ``bullets`` a summary has,
another number is an error; without ``story`` in any bullet, more bullets than stories are a
warning. Without ``story``, bullets and stories are matched by the words that they share.

Why: the bullet is a link inside the letter. Without its story the link is dead; with another
bullet's story it takes readers to the wrong one. A story that was dropped late leaves its bullet
behind, and one that came in late has none: readers who only read the summary never hear of it.

Source: WCAG 2.2, 2.4.4 (link purpose); a section's ``id`` becomes the anchor that bullets jump
to.

Bad::

    summary:
      - text: The night ferry sails again.
        story: fery
    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.

Good::

    summary:
      - text: The night ferry sails again.
        story: ferry
    sections:
      - headline: Ferry returns
        id: ferry
        body: The night ferry sails again from Friday.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from newsletter.findings import Severity
from newsletter.issue.model import Story
from newsletter.issue.passages import RUNNING
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.similarity import words
from newsletter.lint.summary import STRANGE, Announcement, announcements
from newsletter.suggestion import did_you_mean

ID = "N02"
GROUP = Group.EDITORIAL
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_SHORT = 80
"""Words up to which a story needs no bullet."""


def check(context: Context) -> Iterator[Problem]:
    """Problems of every bullet, then of the stories, then of how many bullets there are."""
    found = announcements(context)
    yield from _references(context)
    yield from _strays(context, found)
    yield from _silent_stories(context, found)
    yield from _number(context, found)


def _references(context: Context) -> Iterator[Problem]:
    ids = [name for s in context.issue.sections if (name := getattr(s, "id", None))]
    first: dict[str, int] = {}
    for index, bullet in enumerate(context.issue.summary):
        if bullet.story is None:
            continue
        place = ("summary", index, "story")
        if bullet.story not in ids:
            yield Problem(
                f'no section has the id "{bullet.story}"', _suggest(bullet.story, ids), place
            )
        elif bullet.story in first:
            yield Problem(
                f'bullet {first[bullet.story] + 1} leads to "{bullet.story}" already',
                "Give each bullet its own story.",
                place,
                severity=Severity.WARNING,
            )
        else:
            first[bullet.story] = index


def _suggest(name: str, ids: Sequence[str]) -> str:
    if meant := did_you_mean(name, ids):
        return meant
    if ids:
        return f"Sections have these ids: {', '.join(ids)}."
    return f'Add "id: {name}" to the story that this bullet announces.'


def _strays(context: Context, found: Sequence[Announcement]) -> Iterator[Problem]:
    """Bullets that lead to no story, or to another than the one they speak of."""
    some_name = any(bullet.story for bullet in context.issue.summary)
    can_tell = _can_tell(found)
    for announcement in found:
        bullet = context.issue.summary[announcement.bullet]
        place = ("summary", announcement.bullet)
        likely = announcement.likely
        if announcement.named is not None:
            if _is_swapped(announcement):
                yield Problem(
                    f'this bullet leads to "{bullet.story}", but its words are those of '
                    f"{_name(context, likely)}",
                    "Change its story, or its words.",
                    (*place, "story"),
                    severity=Severity.WARNING,
                )
        elif bullet.story is not None:
            continue
        elif some_name:
            yield Problem(
                "this bullet leads to no story, as others do",
                f'Name its story: add "story:" with {_name_of_id(context, likely)}.',
                (*place, "text"),
                severity=Severity.WARNING,
            )
        elif can_tell and announcement.best < STRANGE:
            yield Problem(
                "no story takes up what this bullet says",
                "Was its story dropped? Then take the bullet out.",
                (*place, "text"),
                severity=Severity.WARNING,
            )


def _can_tell(found: Sequence[Announcement]) -> bool:
    """Whether words tell which bullet is whose here: if they do so for most bullets."""
    return 2 * sum(a.likely is not None for a in found) > len(found)


def _is_swapped(announcement: Announcement) -> bool:
    named, likely = announcement.named, announcement.likely
    if named is None or likely is None or likely == named:
        return False
    return announcement.shares.get(named, 1.0) < STRANGE


def _name(context: Context, section: int | None) -> str:
    if section is None:
        return "another story"
    part = context.issue.sections[section]
    name = getattr(part, "id", None) or getattr(part, "headline", None)
    return f'"{name}"' if name else "another section"


def _name_of_id(context: Context, section: int | None) -> str:
    name = getattr(context.issue.sections[section], "id", None) if section is not None else None
    return f"{name}, the id of the story" if name else "the id of the story"


def _silent_stories(context: Context, found: Sequence[Announcement]) -> Iterator[Problem]:
    are_named = all(a.named is not None for a in found)
    if not found or not (are_named or _can_tell(found)):
        return
    lengths = {n: length for n, length in _lengths(context).items() if length > _SHORT}
    announced = {a.named for a in found} if are_named else {a.section for a in found}
    # A bullet that nobody could place may announce any story.
    is_known = are_named or None not in announced
    for number, length in lengths.items():
        nearest = max((a.shares.get(number, 0.0) for a in found), default=0.0)
        if number in announced or not (is_known or nearest < STRANGE):
            continue
        usual = statistics.median(lengths[n] for n in lengths if n in announced or n == number)
        is_sure = are_named and len(announced) > 1 and 2 * length >= usual
        yield Problem(
            "no bullet of the summary announces this story",
            "Give it a bullet, unless it is meant to have none.",
            ("sections", number, "headline"),
            severity=Severity.WARNING if is_sure else Severity.INFO,
        )


def _lengths(context: Context) -> dict[int, int]:
    """The number of words of each story by the number of its section."""
    lengths = {n: 0 for n, s in enumerate(context.issue.sections) if isinstance(s, Story)}
    for passage in context.passages:
        if passage.section in lengths and passage.kind in RUNNING:
            lengths[passage.section] += len(words(passage.text))
    return lengths


def _number(context: Context, found: Sequence[Announcement]) -> Iterator[Problem]:
    wanted, bullets = context.options.bullets, len(found)
    stories = sum(isinstance(section, Story) for section in context.issue.sections)
    if wanted is not None:
        if bullets != wanted:
            yield Problem(
                f"the summary has {_count(bullets, 'bullet')}; the settings say {wanted}",
                "Write as many as newsletter.toml says under [lint], bullets.",
                ("summary",),
            )
    elif bullets > max(stories, _announceable(found)) and all(
        bullet.story is None for bullet in context.issue.summary
    ):
        yield Problem(
            f"the summary has {_count(bullets, 'bullet')} for {_count(stories, 'story')}",
            "Was a story dropped? Then take its bullet out.",
            ("summary",),
            severity=Severity.WARNING,
        )


def _announceable(found: Sequence[Announcement]) -> int:
    return max((len(a.shares) for a in found), default=0)


def _count(number: int, noun: str) -> str:
    plural = "stories" if noun == "story" else f"{noun}s"
    return f"{number or 'no'} {noun if number == 1 else plural}"
