"""Finding issue files: by slug, by path, the latest."""

from __future__ import annotations

import re
from pathlib import Path

from newsletter.errors import NotFoundError
from newsletter.issue.endings import ENDINGS
from newsletter.issue.siblings import chief, shared_slug
from newsletter.suggestion import did_you_mean

_START_ONE = "Start one with: newsletter new"
_DATE = r"(\d{4}-\d{2}-\d{2})"
_DATE_FIELD = re.compile(rf"""^["']?date["']?\s*:\s*["']?{_DATE}""", re.MULTILINE)
_HEAD = 64_000  # characters in which the date is looked for


def find(folder: Path, reference: str | None = None, usual_language: str = "") -> Path:
    """The file of an issue; of one in several languages, the file that stands for all of them.

    Args:
        folder: Where the issues are.
        reference: A slug (``2026-11-20``, or ``2026-11-20.uk`` for one language), a path
            (absolute, or relative to the working directory), both with or without ``.yaml``; None
            for the latest issue.
        usual_language: The newsletter's (BCP 47).

    Raises:
        NotFoundError: There is no such issue.
    """
    if reference is None:
        issues = all_issues(folder)
        if not issues:
            raise NotFoundError(f"there is no issue in {folder} yet", _START_ONE)
        return chief(issues[0], usual_language)
    for path in (Path(reference), folder / reference):
        found = [file for file in _spellings(path) if _is_file(file)]
        if len(found) > 1:
            raise NotFoundError(
                f"{found[0]} and {found[1].name} are two issues of one name",
                "Rename one of them, or take it away.",
            )
        if found:
            return found[0]
    issues = all_issues(folder)
    for path in issues:
        if shared_slug(path) == reference:
            return chief(path, usual_language)
    slugs = [path.stem for path in issues]
    hint = did_you_mean(Path(reference).stem, slugs) or _START_ONE
    raise NotFoundError(f'there is no issue "{reference}" in {folder}', hint)


def all_issues(folder: Path) -> list[Path]:
    """The issue files of a folder, the newest first.

    An issue's date is that at the start of its file name, else that of its ``date:`` field; those
    without any come last. Hidden files and what editors leave behind are no issues.
    """
    try:
        names = [path for path in folder.iterdir() if _is_issue(path)]
    except OSError:
        return []
    return sorted(names, key=lambda path: (_date(path), path.name), reverse=True)


def _spellings(path: Path) -> list[Path]:
    if path.suffix.lower() in ENDINGS:
        return [path]
    return [path.with_name(path.name + ending) for ending in ENDINGS] if path.name else []


def _is_issue(path: Path) -> bool:
    stem = path.stem.lower()
    is_leftover = path.name.startswith((".", "#", "~")) or stem.endswith(
        ("~", ".bak", ".orig", ".tmp", ".swp")
    )
    return path.suffix.lower() in ENDINGS and not is_leftover and _is_file(path)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name that is too long
        return False


def _date(path: Path) -> str:
    if named := re.match(_DATE, path.name):
        return named[1]
    try:
        with path.open(encoding="utf-8-sig", errors="replace") as file:
            found = _DATE_FIELD.search(file.read(_HEAD))
    except OSError:
        return ""
    return found[1] if found else ""
