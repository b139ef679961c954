"""What readers would get of an issue as it is now, in all of its languages."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from pathlib import Path

from newsletter.audience.lists import Encryption
from newsletter.delivery.campaigns import content_digest
from newsletter.delivery.message import Sender
from newsletter.errors import ManuscriptError, TemplateError
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.siblings import chief, siblings
from newsletter.project import Project


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


def sender_for(project: Project, lists: Collection[str]) -> Sender:
    """Who a letter to some lists is from, and how it is encrypted to their readers.

    Raises:
        ConfigurationError: An address in ``newsletter.toml`` is not one.
    """
    known = project.settings.all_lists
    policies = {name: known[name].openpgp for name in lists if name in known}
    encryption = {
        name: policy.value for name, policy in policies.items() if policy is not Encryption.OFF
    }
    return dataclasses.replace(project.sender, encryption=encryption)


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
