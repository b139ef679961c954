"""The shelf: all issues of the newsletter, each in one line.

A line costs no reading of the issue as long as its file stays the same, and no check: what a check
said is remembered under everything that it depends on, and an issue of which that is not known is
"not checked yet", never without problems.
"""

from __future__ import annotations

import datetime
import enum
import hashlib
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter import __version__
from newsletter.errors import NewsletterError, NotFoundError
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.siblings import shared_slug
from newsletter.issue.source import LARGEST
from newsletter.preview.build import say
from newsletter.preview.desk import Desk
from newsletter.preview.sendings import Sending, by_slug, read_sendings, state_of
from newsletter.preview.shelf_memory import Known, Memory
from newsletter.preview.skim import Skim, skim
from newsletter.preview.verdict import Verdict
from newsletter.project import Project, today
from newsletter.settings import FILE_NAME

QUIET = 2.0
"""Seconds after a save in which nothing is checked here: somebody is writing."""

_WRITTEN_EVERY = 5.0  # seconds at least between two times that new verdicts are put on the disk
_SERVER_ASKED_EVERY = 10  # seconds: what became of sent issues, if PostgreSQL knows it
_CHECKS = 25  # by one project: it keeps every issue that it has read, about 1 MB each
_KEPT = 3  # verdicts for each issue, so that taking back a change finds its verdict again


class State(enum.StrEnum):
    """How far an issue has come."""

    DRAFT = "draft"
    READY = "ready"
    HELD = "not ready"
    SENT = "sent"
    UNFINISHED = "not finished"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Line:
    """An issue on the shelf.

    Attributes:
        slug: The issue.
        name: Its file.
        day: Its date; None if it has none.
        subject: Its subject; empty if a broken file has none.
        headlines: The headlines in it.
        is_draft: Whether its editor has not released it yet.
        is_broken: Whether it is known to be no valid issue.
        sending: What became of it, if it was sent.
        verdict: What the check said of it as it stands; None if it has not been checked.
        key: A digest of all that a check of it depends on; empty if that is not known.
        is_next: Whether it is the one to go out.
    """

    slug: str
    name: str
    day: datetime.date | None
    subject: str
    headlines: tuple[str, ...]
    is_draft: bool
    is_broken: bool
    sending: Sending | None
    verdict: Verdict | None
    key: str = ""
    is_next: bool = False

    @property
    def state(self) -> State:
        """How far it has come. What was sent stays so, whatever becomes of its file."""
        if self.sending is not None:
            return State.SENT if self.sending.is_finished else State.UNFINISHED
        if self.is_broken:
            return State.BROKEN
        if self.is_draft:
            return State.DRAFT
        return State.HELD if self.verdict and self.verdict.mood == "error" else State.READY


@dataclass(frozen=True, slots=True)
class Stock:
    """All issues.

    Attributes:
        lines: The newest first.
        trouble: What keeps some of it from being known; empty if nothing does.
        hint: What to do about that.
    """

    lines: tuple[Line, ...]
    trouble: str = ""
    hint: str = ""


class Shelf:
    """Lists the issues and checks them one by one, when asked.

    Safe to call from several threads; no two checks run at once.

    Args:
        desk: Whose issues.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._path = desk.project.state_folder / "cache" / "shelf.json"
        self._looking = threading.RLock()
        self._checking = threading.Lock()
        self._memory: Memory | None = None
        self._written = -_WRITTEN_EVERY
        self._project: tuple[str, Project] | None = None
        self._checks = 0
        self._heard = desk.revision, -QUIET

    def stock(self) -> Stock:
        """All issues as their files, and what is around them, stand now."""
        with self._looking:
            if self._memory is None:
                self._memory = Memory.read(self._path)
            memory = self._memory
            paths = [path for path in self._desk.project.issues() if _can_be_said(path.name)]
            before = dict(memory.files)
            memory.files = {path.name: self._known(before.get(path.name), path) for path in paths}
            trouble = self._count(memory)
            around = ""
            try:
                around = self._around()
            except NewsletterError as error:
                trouble = error
            keys = self._keys(around, paths, memory)
            sendings = by_slug(memory.sendings)
            lines = [
                _line(
                    path,
                    memory.files[path.name].skim,
                    sendings.get(shared_slug(path)),
                    memory.verdicts.get(key),
                    key,
                )
                for path, key in zip(paths, keys, strict=True)
            ]
            if memory.files != before:
                self._write(memory)
        said = (trouble.message, trouble.hint) if trouble else ("", "")
        return Stock(with_next(lines, today()), *said)

    def check(self, name: str) -> Line | None:
        """Check an issue, if what a check would say of it is not known.

        Args:
            name: Its file; two files may have one slug (``.yaml`` and ``.yml``).

        Returns:
            Its line; None if that has to wait, since something was saved a moment ago, or while
            the check ran.

        Raises:
            NotFoundError: There is no such issue.
        """
        if self._is_busy():
            return None
        with self._checking:
            line = self._line(name)
            if line.verdict is not None:
                return line
            if not line.key:
                return replace(line, verdict=Verdict(failed=f"{FILE_NAME} is broken"))
            verdict = self._verdict(line)
            if self._line(name).key != line.key:
                return None
            with self._looking:
                assert self._memory is not None  # noqa: S101 - read for the line
                self._memory.verdicts[line.key] = verdict
                lines = self.stock().lines
                is_last = all(other.verdict for other in lines)
                if is_last or time.monotonic() - self._written > _WRITTEN_EVERY:
                    self._written = time.monotonic()
                    self._write(self._memory)
            return next((line for line in lines if line.name == name), None)

    def _line(self, name: str) -> Line:
        line = next((line for line in self.stock().lines if line.name == name), None)
        if line is None:
            raise NotFoundError(f"There is no issue {name} any more.", "Put its file back.")
        return line

    def _is_busy(self) -> bool:
        revision, since = self._heard
        if revision != self._desk.revision:
            since = time.monotonic()
            self._heard = self._desk.revision, since
        return time.monotonic() - since < QUIET

    def _known(self, known: Known | None, path: Path) -> Known:
        try:
            stat = path.stat()
            if known and (known.size, known.changed) == (stat.st_size, stat.st_mtime_ns):
                return known
            with path.open("rb") as file:
                data = file.read(LARGEST + 1)
        except OSError:  # gone this moment, or not ours to read; looked at again next time
            return Known(-1, 0, "unread", Skim("", "", is_draft=False, is_broken=True))
        digest = hashlib.sha256(data).hexdigest()
        return Known(stat.st_size, stat.st_mtime_ns, digest, skim(data, path))

    def _count(self, memory: Memory) -> NewsletterError | None:
        """Read what became of sent issues, if anything was written into the database since."""
        project = self._desk.project
        if project.settings.database:  # a server has no file that says when it was written to
            state: tuple[int, ...] = (int(time.time() // _SERVER_ASKED_EVERY),)
        else:
            state = state_of(project.database_file)
        if state == memory.database:
            return None
        # Looking must not make a database.
        if not project.has_database:
            memory.sendings, memory.database = (), state
            return None
        try:
            memory.sendings = read_sendings(project.database, memory.sendings)
        except NewsletterError as error:
            return error
        memory.database = state
        return None

    def _around(self) -> str:
        """What a check depends on besides the issues: program, settings, own rules, templates.

        Raises:
            ConfigurationError: ``newsletter.toml`` is broken.
        """
        root = self._desk.root
        folders = [root / "lint", *self._desk.project.template_folders]
        files = [root / FILE_NAME]
        for folder in folders:
            files += sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts)
        state = _digest([__version__, *(_state(file) for file in files)])
        if self._project is None or self._project[0] != state or self._checks >= _CHECKS:
            # A project of our own: that of the desk would keep every issue of the shelf.
            self._project, self._checks = (state, Project.open(root)), 0
        settings = self._project[1].settings.model_dump(exclude={"transport_password"})
        return _digest([state, settings])

    def _keys(self, around: str, paths: Sequence[Path], memory: Memory) -> list[str]:
        """For each issue, a digest of all that a check of it depends on."""
        if not around or self._project is None:
            return [""] * len(paths)
        reach = self._project[1].settings.lint.memory + 1  # itself, and those it is compared with
        known = [memory.files[path.name] for path in paths]
        digests = [file.digest for file in known]
        states: dict[str, object] = {}
        keys = []
        for index, (path, file) in enumerate(zip(paths, known, strict=True)):
            for name in file.skim.pictures:
                if name not in states:
                    states[name] = _state(path.parent / name)
            pictures = [states[name] for name in file.skim.pictures]
            compared = digests[index : index + reach]
            keys.append(_digest([around, path.name, compared, pictures]))
        return keys

    def _verdict(self, line: Line) -> Verdict:
        """What a check says now; that it could not run is said, never taken for a pass."""
        assert self._project is not None  # noqa: S101 - a key was made with it
        project = self._project[1]
        self._checks += 1
        path = project.issues_folder / line.name
        try:
            is_broken = not isinstance(project.read(path), Manuscript)
            return Verdict.of(project.check(path), is_broken=is_broken)
        except Exception as error:  # noqa: BLE001 - whatever an editor or a rule of theirs does
            return Verdict(failed=say(error))

    def _write(self, memory: Memory) -> None:
        most = _KEPT * len(memory.files)
        for key in list(memory.verdicts)[: max(0, len(memory.verdicts) - most)]:
            del memory.verdicts[key]
        memory.write(self._path)


def with_next(lines: Sequence[Line], day: datetime.date) -> tuple[Line, ...]:
    """The lines, with the issue marked that is the next to go out.

    That is the one whose sending is not finished; else the first from ``day`` on that was not
    sent; else the latest, if it is later than all that were sent.
    """
    dated = sorted((line for line in lines if line.day), key=lambda line: str(line.day))
    unfinished = [line for line in dated if line.state is State.UNFINISHED]
    unsent = [line for line in dated if line.sending is None]
    ahead = [line for line in unsent if line.day and line.day >= day]
    late = [line for line in unsent if line is dated[-1]]
    found = unfinished[-1:] or ahead[:1] or late
    return tuple(replace(line, is_next=line in found) for line in lines)


def _line(
    path: Path, skim: Skim, sending: Sending | None, verdict: Verdict | None, key: str
) -> Line:
    # A name that begins with a date decides the place on the shelf, as everywhere.
    day = skim.day or path.name[:10]
    return Line(
        path.stem,
        path.name,
        _day(day),
        skim.subject,
        skim.headlines,
        skim.is_draft,
        skim.is_broken or bool(verdict and verdict.is_broken),
        sending,
        verdict,
        key,
    )


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def _can_be_said(name: str) -> bool:
    """Whether a file's name is text; some have bytes that are none, and no address leads there."""
    return not re.search("[\ud800-\udfff]", name)


def _state(path: Path) -> tuple[object, ...]:
    try:
        stat = path.stat()
    except OSError:
        return (path.as_posix(),)
    return path.as_posix(), stat.st_size, stat.st_mtime_ns


def _digest(values: Sequence[object]) -> str:
    return hashlib.sha256(repr(values).encode("utf-8", "replace")).hexdigest()[:32]
