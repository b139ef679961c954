"""What becomes of an issue file as it stands now: a letter, or the reasons why there is none."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.findings import Finding
from newsletter.issue.manuscript import Manuscript
from newsletter.preview.view import Trouble
from newsletter.project import Project
from newsletter.render.galley import Galley


@dataclass(frozen=True)
class Build:
    """An issue file, read and rendered.

    Attributes:
        path: The file.
        digest: SHA-256 of its bytes in hex; empty if it could not be read.
        manuscript: What it says, if it is a valid issue.
        galley: The letter, if it could be made.
        findings: What makes it no valid issue.
        trouble: What else kept the letter from being made.
    """

    path: Path
    digest: str = ""
    manuscript: Manuscript | None = None
    galley: Galley | None = None
    findings: tuple[Finding, ...] = ()
    trouble: Trouble | None = None


def build(project: Project, path: Path) -> Build:
    """Read and render an issue file; whatever is wrong with it is said in the result."""
    digest = ""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        read = project.read(path)
        if isinstance(read, tuple):
            return Build(path, digest, findings=read)
        return Build(path, digest, read, project.render(read))
    except OSError as error:
        trouble = Trouble(f"{path.name} cannot be read: {error.strerror}")
    except NewsletterError as error:
        trouble = Trouble(error.message, error.hint)
    except Exception as error:  # noqa: BLE001 - the desk must outlive whatever an editor saves
        trouble = Trouble(f"The letter could not be made: {say(error)}")
    return Build(path, digest, trouble=trouble)


def say(error: Exception) -> str:
    """An error in few words."""
    if isinstance(error, NewsletterError):
        return error.message
    return f"{type(error).__name__}: {error}".strip(": ")
