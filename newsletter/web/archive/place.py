"""Where an archive of files may go: not among the newsletter's sources or other people's files."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from newsletter.errors import NewsletterError

SOURCES = ("issues", "templates", "lint", ".newsletter", ".git", ".github")
"""Folders of a project that are written by people, or that the program keeps for itself."""

_OF_A_HOST = frozenset({".git", ".nojekyll", ".well-known", ".DS_Store", "CNAME"})
"""What a folder may hold before the first build: a checkout for a host of pages begins with it."""


def not_among_sources(root: Path, folder: Path, others: Iterable[Path] = ()) -> None:
    """Pass if the folder is no place where the newsletter itself is kept.

    Links are followed first, and big and small letters are the same: they are on some disks.

    Args:
        root: The project's folder.
        folder: Where the archive shall go.
        others: More folders that must not be touched, such as the one with the keys.

    Raises:
        NewsletterError: It is one of the sources or inside of one, or holds the project.
    """
    place, home = _spelled(folder), _spelled(root)
    if place == home or place in home.parents:
        raise NewsletterError(
            f"{folder} holds the newsletter itself",
            "Give the archive a folder of its own: newsletter archive build -o public",
        )
    kept = (*(root / name for name in SOURCES), *others)
    for source in kept:
        spelled = _spelled(source)
        if place == spelled or spelled in place.parents:
            raise NewsletterError(
                f"{folder} is where the newsletter keeps its own files ({source.name})",
                "Give the archive a folder of its own: newsletter archive build -o public",
            )


def not_among_strangers(folder: Path, manifest: str) -> None:
    """Pass if the folder is missing or empty, or an earlier build has left its list there.

    Args:
        folder: Where the archive shall go.
        manifest: Name of the list of files that a build leaves.

    Raises:
        NewsletterError: It holds files that no build has made, or it cannot be read.
    """
    try:
        names = sorted(path.name for path in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise NewsletterError(
            f"{folder} cannot be read: {error.strerror}", "Choose another folder."
        ) from error
    strange = [name for name in names if name not in _OF_A_HOST]
    if manifest in names or not strange:
        return
    raise NewsletterError(
        f"{folder} holds files that this command did not make, {strange[0]} for one",
        "Choose an empty folder, or a new name; then copy the files where you want them.",
    )


def _spelled(folder: Path) -> Path:
    return Path(str(folder.resolve()).casefold())
