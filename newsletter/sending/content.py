"""What everybody would get of an issue as it is now."""

from __future__ import annotations

from pathlib import Path

from newsletter.delivery.campaigns import content_digest
from newsletter.errors import ManuscriptError, TemplateError
from newsletter.project import Project


def present_digest(project: Project, path: Path) -> str:
    """The digest of the content as it would be now; empty if it cannot be rendered.

    Args:
        project: The newsletter.
        path: The issue.
    """
    try:
        galley = project.render(project.manuscript(path))
    except (ManuscriptError, TemplateError):
        return ""
    return content_digest(galley.edition, project.sender)
