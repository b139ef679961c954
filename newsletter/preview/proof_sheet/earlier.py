"""The version of an issue that a proof is compared with."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NotFoundError
from newsletter.files import write_atomically
from newsletter.issue.changes.compare import compare
from newsletter.issue.changes.model import Changes
from newsletter.issue.git import Repository
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.project import Project

_FIRST_LINE = re.compile(r"# Proofed (\S+)\n")


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed since an earlier version.

    Attributes:
        since: What that version is called in a sentence; empty if there is none.
        changes: What changed; None if there is nothing to compare with.
        why: Why there is nothing to compare with, a full sentence.
    """

    since: str = ""
    changes: Changes | None = None
    why: str = ""

    @property
    def is_new(self) -> bool:
        """There is no earlier version."""
        return self.changes is None and not self.since


def since_last_proof(project: Project, manuscript: Manuscript) -> Comparison:
    """What changed since the issue was proofed last."""
    try:
        kept = _file(project, manuscript).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Comparison(why="New: this is the first proof of this issue.")
    except (OSError, UnicodeDecodeError):
        kept = ""
    made = _FIRST_LINE.match(kept)
    since = f"the proof of {_moment(made[1])}" if made else "the last proof"
    return _compared(kept, manuscript, since)


def since_revision(manuscript: Manuscript, revision: str) -> Comparison:
    """What changed since a revision of git.

    Raises:
        NotFoundError: Git knows no such revision.
        NewsletterError: Git is not installed, or the issue is in no repository.
    """
    path = manuscript.path
    try:
        version = Repository.around(path).version(path, revision)
    except NotFoundError as error:
        if not error.message.startswith(f"{path.name} is not in "):
            raise
        return Comparison(why=f"New: {error.message}.")
    commit = version.commit
    if commit.hash.startswith(revision):
        name = f"{commit.short} ({commit.date})"
    else:
        name = f"{revision} ({commit.short}, {commit.date})"
    return _compared(version.content, manuscript, name)


def remember(project: Project, manuscript: Manuscript, now: datetime.datetime) -> None:
    """Keep what was proofed, for the next proof to be compared with.

    Raises:
        NewsletterError: The file cannot be written.
    """
    written = f"# Proofed {now.isoformat(timespec='minutes')}\n{manuscript.text}"
    write_atomically(_file(project, manuscript), written)


def _file(project: Project, manuscript: Manuscript) -> Path:
    return project.state_folder / "proofs" / f"{manuscript.slug}.yaml"


def _compared(text: str | bytes, manuscript: Manuscript, since: str) -> Comparison:
    read = load_text(text, manuscript.path)
    if isinstance(read, tuple):
        return Comparison(since, why=f"The issue was not valid in {since}, so nothing is compared.")
    return Comparison(since, compare(read.issue, manuscript.issue))


def _moment(iso: str) -> str:
    try:
        at = datetime.datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{at.day} {at:%B %Y, %H:%M}"
