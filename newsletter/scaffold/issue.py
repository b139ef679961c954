"""The next issue: what ``newsletter new`` writes."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from string import Template

from newsletter.errors import NewsletterError
from newsletter.files import write_atomically
from newsletter.project import Project
from newsletter.scaffold.project import source


def new_issue(project: Project, slug: str | None, *, today: datetime.date) -> Path:
    """Write the scaffold of an issue.

    Args:
        project: Where.
        slug: Its name; without one, the date a week after the latest issue (the first such day
            that is not past), or today for the first issue.
        today: The day in the editor's time zone.

    Returns:
        The new file.

    Raises:
        NewsletterError: The slug is no file name or no day, or the issue exists.
    """
    next_date, number = project.next_issue(today)
    slug = slug or next_date.isoformat()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,99}", slug) or slug.endswith((".yaml", ".yml")):
        raise NewsletterError(
            f'"{slug}" cannot name an issue',
            "Use lower-case letters, digits, dots and hyphens, without .yaml: 2026-11-20.",
        )
    date = _date_in(slug)
    if date is None and re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", slug):
        raise NewsletterError(
            f"there is no day {slug[:10]}", "Year, month and day: newsletter new 2026-11-20"
        )
    if turned := re.match(r"(\d{1,2})[.-](\d{1,2})[.-](\d{4})(?!\d)", slug):
        day, month, year = (int(part) for part in turned.groups())
        raise NewsletterError(
            f'"{slug}" would not sort among the other issues',
            f"Begin with the year: newsletter new {year}-{month:02}-{day:02}",
        )
    path = project.issues_folder / f"{slug}.yaml"
    if path.exists():
        raise NewsletterError(f"{path} exists", "Edit that file, or give another name.")
    write_atomically(
        path,
        Template(source("next-issue.yaml").decode()).substitute(
            date=(date or today).isoformat(), number=number or 1
        ),
    )
    project.write_schema()
    return path


def _date_in(slug: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(slug[:10])
    except ValueError:
        return None
