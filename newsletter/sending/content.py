"""What readers would get of an issue as it is now, in all of its languages."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from newsletter.delivery.campaigns import content_digest
from newsletter.errors import ManuscriptError, TemplateError
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.siblings import chief, siblings
from newsletter.project import Project
from newsletter.sending.sender import sender_for


def in_all_languages(project: Project, path: Path) -> tuple[Manuscript, ...]:
    """An issue and its siblings: first the one that goes to readers for whom no other is.

    Args:
        project: The newsletter.
        path: Any of them.

    Raises:
        ManuscriptError: One is not a valid issue.
    """
    first = chief(path, project.settings.language)
    others = (other for other in siblings(path).values() if other != first)
    return tuple(project.manuscript(one) for one in (first, *others))


def present_digest(project: Project, path: Path, lists: Collection[str]) -> str:
    """The digest of the content as it would be now; empty if it cannot be rendered.

    Args:
        project: The newsletter.
        path: The issue.
        lists: Whom it goes to.
    """
    try:
        first, *others = (
            project.render(manuscript).edition for manuscript in in_all_languages(project, path)
        )
    except (ManuscriptError, TemplateError):
        return ""
    return content_digest(first, sender_for(project, lists), others)
