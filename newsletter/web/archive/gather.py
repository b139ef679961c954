"""From a project to what its archive shows."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.findings import Finding
from newsletter.issue.siblings import shared_slug
from newsletter.web.archive.collection import Collection, is_reserved
from newsletter.web.archive.entry import Entry

if TYPE_CHECKING:
    from newsletter.project import Project


@dataclass(frozen=True, slots=True)
class Gathered:
    """The issues of an archive, and those that cannot be shown.

    Attributes:
        collection: The archive's issues.
        broken: Issue files that are none at the moment, with what is wrong.
        misnamed: Issues whose name is that of one of the archive's own pages.
    """

    collection: Collection
    broken: Mapping[Path, tuple[Finding, ...]]
    misnamed: tuple[str, ...]


def gather(project: Project, sent: Mapping[str, datetime.datetime] | None) -> Gathered:
    """The issues that were published: not private, no drafts, and sent.

    Args:
        project: The newsletter.
        sent: When each issue was sent for the first time, by slug; issues in several languages may
            have been sent under the name that they share. None if only the files are known: then
            all that are no drafts count.
    """
    from newsletter.issue.manuscript import Manuscript

    publication = project.publication
    entries: list[Entry] = []
    broken: dict[Path, tuple[Finding, ...]] = {}
    misnamed: list[str] = []
    for path in project.issues():
        read = project.read(path)
        if not isinstance(read, Manuscript):
            broken[path] = read
            continue
        if read.issue.draft:
            continue
        at: datetime.datetime | None = None
        if sent is not None:
            at = sent.get(read.slug) or sent.get(shared_slug(path))
            if at is None:
                continue
        if is_reserved(read.slug):
            misnamed.append(read.slug)
            continue
        entries.append(Entry.of(read, publication, at))
    return Gathered(Collection(entries, publication.language), broken, tuple(misnamed))
