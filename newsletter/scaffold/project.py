"""A new project: what ``newsletter init`` makes."""

from __future__ import annotations

import datetime
from importlib import resources
from pathlib import Path
from string import Template

from newsletter.errors import NewsletterError
from newsletter.files import write_atomically
from newsletter.project import Project
from newsletter.settings import FILE_NAME

# Where each file of ``files/`` goes. The name is its date.
LAYOUT = {
    "newsletter.toml": FILE_NAME,
    "first-issue.yaml": "issues/$date.yaml",
    "ferry.jpg": "issues/pictures/ferry.jpg",
    "readers.example.csv": "readers.example.csv",
    "templates-README.md": "templates/README.md",
    "gitignore": ".gitignore",
}


def source(name: str) -> bytes:
    """A file of the scaffold as it ships."""
    return (resources.files("newsletter.scaffold") / "files" / name).read_bytes()


def make_project(folder: Path, *, name: str, today: datetime.date) -> list[Path]:
    """Write a project that can be checked, previewed and sent at once.

    Files that exist are left as they are, so an existing git repository can become a project.

    Args:
        folder: Made if it is missing.
        name: The newsletter's name.
        today: Date of the first issue.

    Returns:
        The files written.

    Raises:
        NewsletterError: The folder is a project already, or cannot be written.
    """
    if (folder / FILE_NAME).exists():
        raise NewsletterError(
            f"{folder} is a newsletter project already", "Start its next issue with: newsletter new"
        )
    if folder.exists() and not folder.is_dir():
        raise NewsletterError(f"{folder} is a file", "Choose the name of a new folder.")
    values = {"name": name.replace("\\", "").replace('"', "'"), "date": today.isoformat()}
    written = []
    for file, place in LAYOUT.items():
        target = folder / Template(place).substitute(values)
        if target.exists():
            continue
        content = source(file)
        if target.suffix in {".toml", ".yaml"}:
            content = Template(content.decode()).substitute(values).encode()
        write_atomically(target, content)
        written.append(target)
    Project.open(folder, environment={}).write_schema()
    return written
