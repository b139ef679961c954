"""Changing issue files by hand of the page: byte by byte, never over somebody else's change."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import (
    ManuscriptError,
    NewsletterError,
    NotFoundError,
    SavedMeanwhileError,
)
from newsletter.issue import retype
from newsletter.issue.amend import amend, rewrite
from newsletter.issue.endings import ENDINGS
from newsletter.issue.insert import insert
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.reorder import move_section, new_order, rearrange
from newsletter.issue.save import save
from newsletter.issue.source import decode
from newsletter.issue.stretch import stretch
from newsletter.lint.engine import Diagnosis
from newsletter.render.place import Place

REMEMBERED = 50
"""Changes that can be taken back."""

Examine = Callable[[Manuscript], Iterable[Diagnosis]]
"""What the lint rules say of an issue, each with what is known of its repair."""

_AGAIN = "The page shows it as it is now: change that."


@dataclass(frozen=True, slots=True)
class _Change:
    path: Path
    before: bytes
    after: bytes


class Editing:
    """Changes the issues of a project, and takes its changes back.

    Nothing is written over what somebody saved meanwhile: whoever asks for a change says by a
    digest which bytes they saw. Safe to call from several threads; changes are made one by one.

    Args:
        root: The project's folder; only the files in its folder of issues are read and written.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / "issues"
        self._lock = threading.Lock()
        self._done: list[_Change] = []
        self._undone: list[_Change] = []

    def change(self, path: Path, expected: str, place: Place, old: str, new: str) -> str:
        """Type a text of the letter anew.

        Args:
            path: The issue file.
            expected: Digest of the file that the editor saw.
            place: A place in the text.
            old: The text as the editor saw it; empty for a line that is not there yet.
            new: What stands there afterwards.

        Returns:
            Digest of the file afterwards.

        Raises:
            SavedMeanwhileError: The file is another one now.
            NotFoundError: It is not an issue of the project.
            NewsletterError: The text cannot stand there; nothing was written.
        """

        def changed(data: bytes) -> bytes:
            read = load_text(data, path)
            if not isinstance(read, Manuscript) and not old:
                return _inserted(path, data, place, new)
            manuscript = _manuscript(path, data)
            found = stretch(manuscript, *place)
            if found is None or found.text != old:
                raise NewsletterError("this text is not there as it was shown", _AGAIN)
            return rewrite(data, retype.change(manuscript, found, new).text)

        return self._make(path, expected, changed)

    def move(self, path: Path, expected: str, index: int, to: int) -> str:
        """Move a section, counted from 0, to another place; see ``change`` for the rest."""

        def changed(data: bytes) -> bytes:
            manuscript = _manuscript(path, data)
            move_section(manuscript, index, to)
            return rearrange(data, new_order(manuscript, index, to))

        return self._make(path, expected, changed)

    def fix(
        self, path: Path, expected: str, line: int, column: int, rule: str, examine: Examine
    ) -> str:
        """Mend one finding as ``newsletter fix`` does; see ``change`` for the rest.

        Args:
            path: The issue file.
            expected: Digest of the file that the editor saw.
            line: Of the finding, counted from 1.
            column: Of the finding, counted from 1.
            rule: Of the finding.
            examine: What is wrong with an issue.
        """

        def changed(data: bytes) -> bytes:
            manuscript = _manuscript(path, data)
            for diagnosis in examine(manuscript):
                finding, fix = diagnosis.finding, diagnosis.problem.fix
                if fix and (finding.line, finding.column, finding.rule) == (line, column, rule):
                    amended = amend(manuscript, fix)
                    if set(amended.done) == set(fix):
                        return rewrite(data, amended.manuscript.text)
            raise NewsletterError("this cannot be mended by itself", "Change it in the text.")

        return self._make(path, expected, changed)

    def undo(self, path: Path) -> str:
        """Take back the last change that was made here in a file; the digest afterwards.

        Raises:
            SavedMeanwhileError: The file was saved since by somebody else.
            NotFoundError: It is not an issue of the project.
            NewsletterError: There is nothing to take back.
        """
        with self._lock:
            own = self._own(path)
            last = _last(self._done, own, "there is no change to take back")
            self._save(own, last.after, last.before)
            self._done.remove(last)
            self._undone = [*self._undone[1 - REMEMBERED :], last]
            return _digest(last.before)

    def redo(self, path: Path) -> str:
        """Make again what was last taken back; as ``undo`` otherwise."""
        with self._lock:
            own = self._own(path)
            last = _last(self._undone, own, "there is no change to make again")
            self._save(own, last.before, last.after)
            self._undone.remove(last)
            self._done.append(last)
            return _digest(last.after)

    def _make(self, path: Path, expected: str, changed: Callable[[bytes], bytes]) -> str:
        with self._lock:
            own = self._own(path)
            before = self._read(own)
            if _digest(before) != expected:
                raise SavedMeanwhileError(
                    f"{path.name} was saved meanwhile in another program", _AGAIN
                )
            after = changed(before)
            if after != before:
                self._save(own, before, after)
                self._undone = [change for change in self._undone if change.path != own]
                self._done = [*self._done[1 - REMEMBERED :], _Change(own, before, after)]
            return _digest(after)

    def _save(self, path: Path, before: bytes, after: bytes) -> None:
        save(path, before, after, name=path.name, hint=_AGAIN)

    def _own(self, path: Path) -> Path:
        """The file that a path leads to, if it is an issue of this project."""
        try:
            own = path.resolve()
            is_own = own.parent == self._folder.resolve() and own.is_file()
        except (OSError, ValueError, RuntimeError):  # a NUL in the name, links in a circle
            is_own = False
        if not is_own or own.suffix.lower() not in ENDINGS or own.name.startswith("."):
            raise NotFoundError(
                f"{path.name} is not an issue of this newsletter", "Choose another one."
            )
        return own

    def _read(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except OSError as error:
            raise NotFoundError(
                f"{path.name} cannot be read: {error.strerror}", "Look whether it is still there."
            ) from error


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _inserted(path: Path, data: bytes, place: Place, new: str) -> bytes:
    """A file that lacks a line (and so may be no valid issue), with that line."""
    source = decode(data)
    if source.problems:
        _manuscript(path, data)
    line = retype.typed(new, is_line=True)
    return rewrite(data, insert(source.text, path, path.name, place.where, line).text)


def _manuscript(path: Path, data: bytes) -> Manuscript:
    read = load_text(data, path)
    if isinstance(read, Manuscript):
        return read
    raise ManuscriptError(
        f"{path.name} is not a valid issue as it is saved", read, "Mend the lines named first."
    )


def _last(changes: list[_Change], path: Path, otherwise: str) -> _Change:
    found = next((change for change in reversed(changes) if change.path == path), None)
    if found is None:
        raise NewsletterError(otherwise, "Only changes made in this page are remembered.")
    return found
