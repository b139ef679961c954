"""Lines inside a story that look like headlines: sub-headlines, and paragraphs without an end."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.entries import Entry, Role, is_capitals
from newsletter.issue.drafts.match import Announced, match
from newsletter.issue.drafts.plan import Plan

_MOST_WORDS = 8


def demote(plan: Plan) -> None:
    """Take back those headlines that are set apart less, or that no bullet announces.

    If every bullet has its story, a further line that is shorter than their headlines is a
    sub-headline, and a longer one without a blank line before it a paragraph.
    """
    headlines = plan.headlines
    if len(headlines) < 2:
        return
    stories = plan.stories()
    bullets = plan.bullets(stories)
    inner = _less_apart(plan.entries, headlines, len(bullets))
    is_shape = bool(inner)
    if not inner and 1 < len(bullets) < len(headlines):
        inner = _unannounced(headlines, bullets, stories)
    shortest = min((len(plan.entries[i].text) for i in headlines if i not in inner), default=0)
    for index in inner:
        entry = plan.entries[index]
        is_short = is_shape or len(entry.text) < shortest
        if not is_short and entry.blanks:
            continue
        plan.roles[index] = Role.SUB_HEADLINE if is_short else Role.TEXT
        what = "a sub-headline" if is_short else "a paragraph without its full stop"
        said = f'"{entry.shortened()}" was taken for {what}'
        hint = "If it begins a story of its own, make it a headline."
        plan.remarks.append(Remark(entry.line, "sub-headline", said, hint))


def _less_apart(entries: Sequence[Entry], headlines: Sequence[int], bullets: int) -> list[int]:
    """Those not in capitals, or with fewer blank lines before, where the first has more."""
    in_capitals = [index for index in headlines if is_capitals(entries[index].text)]
    far_apart = [i for i in headlines if entries[i].blanks > 1 or i == headlines[0]]
    for main in (in_capitals, far_apart):
        inner = [index for index in headlines if index not in set(main)]
        if len(main) < 2 or headlines[0] not in main or not inner:
            continue
        if bullets in (0, len(main)) and all(entries[i].words <= _MOST_WORDS for i in inner):
            return inner
    return []


def _unannounced(
    headlines: Sequence[int], bullets: Sequence[str], stories: Sequence[Announced]
) -> list[int]:
    """Those without a bullet, if every bullet has its story."""
    found = match(bullets, stories)
    if None in found:
        return []
    return [index for story, index in enumerate(headlines) if story not in found]
