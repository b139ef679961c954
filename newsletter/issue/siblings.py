"""One issue in several languages: files that stand beside one another.

``2026-11-20.yaml`` is the issue, ``2026-11-20.uk.yaml`` the same issue in Ukrainian. The file
without a language in its name may be missing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from newsletter.issue.endings import ENDINGS
from newsletter.issue.model import LANGUAGE

_NAME = re.compile(rf"(?P<slug>.+)\.(?P<language>{LANGUAGE.strip('^$')})")


def shared_slug(path: Path) -> str:
    """What the issue is called in all of its languages: ``2026-11-20`` of ``2026-11-20.uk.yaml``.

    Campaigns are named by it.
    """
    return _split(path.stem)[0]


def language_in_name(path: Path) -> str:
    """``uk`` of ``2026-11-20.uk.yaml``; empty if the name says none."""
    return _split(path.stem)[1]


def siblings(path: Path) -> Mapping[str, Path]:
    """All files of an issue by the language in their names, in the order of the languages.

    Args:
        path: One of them; it is among the siblings if it exists.

    Returns:
        The file whose name says no language comes first, as ``""``.
    """
    slug = shared_slug(path)
    try:
        beside = sorted(path.parent.iterdir())
    except OSError:
        beside = []
    found = {
        language_in_name(file): file
        for file in beside
        if file.suffix.lower() in ENDINGS and shared_slug(file) == slug and file.is_file()
    }
    return dict(sorted(found.items()))


def meant(path: Path, reference: str | None) -> tuple[Path, ...]:
    """The files that somebody means who refers to an issue.

    Args:
        path: The file that was found for it.
        reference: As it was written: ``2026-11-20`` means the issue in all of its languages, and so
            does None (the latest); ``2026-11-20.uk`` and ``issues/2026-11-20.yaml`` one file.

    Returns:
        ``path``, and behind it perhaps the others in the order of the languages.
    """
    if reference is not None and Path(reference).name != shared_slug(path):
        return (path,)
    return (path, *(other for other in siblings(path).values() if other != path))


def chief(path: Path, usual_language: str) -> Path:
    """The file of an issue that stands for all of them, and is sent to whom no other fits.

    Args:
        path: One of the files.
        usual_language: The newsletter's (BCP 47).

    Returns:
        The one without a language in its name; else the one in the newsletter's language; else the
        first.
    """
    found = siblings(path)
    for language in ("", usual_language, usual_language.partition("-")[0]):
        if language in found:
            return found[language]
    return next(iter(found.values()), path)


def _split(stem: str) -> tuple[str, str]:
    named = _NAME.fullmatch(stem)
    return (named["slug"], named["language"]) if named else (stem, "")
