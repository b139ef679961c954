"""The issues of a newsletter as a whole: what was said before the one at hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from newsletter.findings import Finding
from newsletter.issue.catalogue import all_issues
from newsletter.issue.load import load
from newsletter.issue.manuscript import Manuscript

Read = Manuscript | tuple[Finding, ...]
_State = tuple[int, int]  # size in bytes, time of change in nanoseconds


class Archive:
    """The issues of a folder, each read once as long as its file stays the same.

    Args:
        folder: Where the issues are.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[Path, tuple[_State, Read]] = {}
        self._listed: tuple[int, list[Path]] | None = None

    def read(self, path: Path) -> Read:
        """An issue file as a manuscript, or everything that is wrong with it."""
        try:
            stat = path.stat()
        except OSError:
            return load(path)
        state = stat.st_size, stat.st_mtime_ns
        kept = self._kept.get(path)
        if kept is None or kept[0] != state:
            kept = self._kept[path] = state, load(path)
        return kept[1]

    def before(
        self, manuscript: Manuscript, *, limit: int, usual_language: str
    ) -> list[Manuscript]:
        """Valid issues of an earlier date in the same language, the latest first.

        Args:
            manuscript: The issue at hand.
            limit: How many at most.
            usual_language: Of issues that name none.
        """
        found: list[Manuscript] = []
        for other in self._older(manuscript):
            if len(found) == limit:
                break
            if isinstance(other, Manuscript) and (
                (other.issue.language or usual_language)
                == (manuscript.issue.language or usual_language)
            ):
                found.append(other)
        return found

    def _older(self, manuscript: Manuscript) -> Iterator[Read]:
        day = manuscript.issue.date.isoformat()
        here = manuscript.path.resolve()
        for path in self._all():
            # A name that begins with a date tells it without opening the file.
            if path.name[:10] > day and path.name[:4].isdigit():
                continue
            if path.resolve() == here:
                continue
            read = self.read(path)
            if isinstance(read, Manuscript) and read.issue.date < manuscript.issue.date:
                yield read

    def _all(self) -> list[Path]:
        try:
            changed = self._folder.stat().st_mtime_ns
        except OSError:
            return []
        if self._listed is None or self._listed[0] != changed:
            self._listed = changed, all_issues(self._folder)
        return self._listed[1]
