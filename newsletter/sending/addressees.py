"""Whom an issue is to go to: what was asked for, against the newsletter's lists."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.audience.segments.segment import Segment
from newsletter.delivery.audience import OfLists
from newsletter.errors import NotFoundError, SendRefusedError
from newsletter.issue.manuscript import Manuscript
from newsletter.project import Project
from newsletter.suggestion import did_you_mean


def addressees(
    project: Project, manuscript: Manuscript, lists: Sequence[str] = (), segment: str = ""
) -> OfLists:
    """The lists and the segment that an issue goes to.

    Args:
        project: The newsletter.
        manuscript: The issue, whose field ``lists`` counts if nobody says otherwise.
        lists: Names of lists, each counted once.
        segment: Which of their readers; empty for all.

    Raises:
        NotFoundError: There is no such list.
        SendRefusedError: The issue names a list that does not exist; or there are several, and
            nobody has said which.
        AudienceError: The segment is not one.
    """
    known = project.settings.all_lists
    wanted = tuple(dict.fromkeys(lists)) or tuple(dict.fromkeys(manuscript.issue.lists))
    if not wanted and len(known) > 1:
        raise SendRefusedError(
            f"{manuscript.slug} does not say which of the lists it goes to: {', '.join(known)}",
            f"Name them: newsletter send --list {next(iter(known))}, or in the issue: "
            f"lists: [{next(iter(known))}]",
        )
    for name in wanted:
        if name not in known:
            hint = did_you_mean(name, known) or f"The lists are: {', '.join(known)}."
            if lists:
                raise NotFoundError(f"there is no list {name!r}", hint)
            raise SendRefusedError(
                f"there is no list {name!r}, which {manuscript.path.name} names", hint
            )
    return OfLists(wanted or tuple(known), Segment.parse(segment).text if segment else "")


def parsed(addressees: OfLists) -> Segment | None:
    """The segment; None for all readers of the lists.

    Raises:
        AudienceError: It is none.
    """
    return Segment.parse(addressees.segment) if addressees.segment else None
