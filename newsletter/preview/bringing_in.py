"""Bringing in a draft that was dropped on the page: what ``newsletter import`` does."""

from __future__ import annotations

import dataclasses
import datetime
import os
import re
import threading
from typing import TYPE_CHECKING, Any

from newsletter.errors import NewsletterError
from newsletter.project import Project, today

if TYPE_CHECKING:
    from newsletter.issue.drafts.importing import Imported

LARGEST = 100_000_000
"""Bytes of a draft."""

_importing = threading.Lock()  # a large Word file takes half a gigabyte while it is read


@dataclasses.dataclass(frozen=True, slots=True)
class Taken:
    """A draft of which no issue was made, since one of that day is there.

    Attributes:
        slug: The issue that is there.
        free: A day on which there is none.
    """

    slug: str
    free: datetime.date


def bring_in(
    project: Project, data: bytes, name: str, day: datetime.date | None = None
) -> dict[str, Any] | Taken:
    """Make an issue of a draft and write it, unless there is one of its day.

    Args:
        project: Where.
        data: The draft.
        name: What its file is called; findings name it so.
        day: The day of the issue; without one, the draft's own, or that of the issue to come.

    Returns:
        What was understood, as the page shows it, or why nothing was written.

    Raises:
        NewsletterError: It is no draft that can be read, or the issue cannot be written.
    """
    from newsletter.issue.drafts.importing import Draft

    with _importing:
        made = project.import_draft(Draft(data, file_name(name)), day=day)
        slug = made.issue.date.isoformat()
        path = project.issues_folder / f"{slug}.yaml"
        there = {path.stem for path in project.issues()}
        if slug in there or os.path.lexists(path):
            return Taken(slug, _free(project, there))
        project.write_imported(made, path)
    return _report(slug, made)


def file_name(given: str) -> str:
    """The last part of a file's name, whatever system it is from, on one line."""
    last = re.split(r"[/\\]", given)[-1]
    return "".join(c for c in last if c.isprintable()).strip()[-120:] or "draft"


def read_day(text: str) -> datetime.date | None:
    """The day in ``2026-11-20``; None for nothing.

    Raises:
        NewsletterError: It is no day.
    """
    if not text:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise NewsletterError(f'"{text}" is no day', "Year, month and day: 2026-11-20.") from None


def _free(project: Project, there: set[str]) -> datetime.date:
    day, _ = project.next_issue(today())
    while day.isoformat() in there:
        day += datetime.timedelta(weeks=1)
    return day


def _report(slug: str, made: Imported) -> dict[str, Any]:
    from newsletter.issue.drafts.understood import understood

    found = understood(made.issue)
    return {
        "slug": slug,
        "subject": made.issue.subject,
        "bullets": [{"text": text, "story": story} for text, story in found.bullets],
        "stories": [dataclasses.asdict(story) for story in found.stories],
        "pictures": found.pictures,
        "links": found.links,
        "outside": found.outside,
        "unit": made.unit,
        "findings": [
            {
                "line": finding.line,
                "severity": finding.severity.value,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in made.findings
        ],
    }
