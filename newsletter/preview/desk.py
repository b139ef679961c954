"""The proofing desk: from the project's files to what the page shows, one build at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError, NotFoundError
from newsletter.preview.build import Build, build, say
from newsletter.preview.letter import make_letter, marked_html
from newsletter.preview.outbox import Outbox
from newsletter.preview.outline import outline
from newsletter.preview.reader import SAMPLE, Reader, recipient
from newsletter.preview.remarks import Remark, of_broken, of_checked
from newsletter.preview.view import Letter, Trouble, View
from newsletter.preview.web_version import WebVersion, web_version
from newsletter.project import Project
from newsletter.settings import FILE_NAME

if TYPE_CHECKING:
    from newsletter.delivery.message import Recipient
    from newsletter.issue.manuscript import Manuscript
    from newsletter.lint.engine import Diagnosis
    from newsletter.render.edition import Edition

_READERS = 8  # whose letters are kept of one build

_Mark = tuple[str, int, int, int]


@dataclass
class _Known:
    """What is known of one issue.

    Attributes:
        revision: Of the desk, when the file was last read.
        mark: What the file was known by at that time.
        now: The file as it stands.
        good: The last version of which there is a letter.
        letters: The good version as readers get it.
        web: Its web version.
        remarks: What the last check said.
        unchecked: Why the last check could not run.
        checked: Whether the last check was of the file as it stands.
    """

    revision: int
    mark: _Mark | None
    now: Build
    good: Build | None = None
    letters: dict[Reader, Letter] = field(default_factory=dict)
    web: WebVersion | None = None
    remarks: tuple[Remark, ...] = ()
    unchecked: str = ""
    checked: bool = False


class Desk:
    """Builds views of issues, remembers them, and keeps the last good letter of each.

    Safe to call from several threads; no two letters are ever built at once, and no two checks
    run. Nothing is built until somebody looks at it, and then once for each change.

    Args:
        project: The project; its settings are read again when they change.
    """

    def __init__(self, project: Project) -> None:
        self.project = project
        self.revision = 0
        """Grows with every change of what a letter or its check may depend on."""
        self._settled: object = _state(project.root)
        self._building = threading.RLock()
        self._checking = threading.Lock()
        self._known: dict[str, _Known] = {}

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self.project.root

    @property
    def outbox(self) -> Outbox:
        """The outbox that the settings name; without one, the default's place."""
        scheme, _, folder = self.project.settings.transport.partition(":")
        return Outbox(self.root / (folder if scheme == "maildir" and folder else "outbox"))

    def folders(self) -> list[Path]:
        """The folders whose changes can change a page."""
        project = self.project
        own_rules = self.root / "lint"
        return [
            project.issues_folder,
            *project.template_folders,
            own_rules,
            self.outbox.folder,
        ]

    def changed(self, paths: Iterable[Path] = ()) -> None:
        """Files were saved: what was built so far is out of date; not for new messages, though.

        Args:
            paths: Which; none if it is not known.
        """
        paths, outbox = list(paths), self.outbox.folder
        if not paths or not all(path.is_relative_to(outbox) for path in paths):
            self.revision += 1

    def slugs(self) -> tuple[str, ...]:
        """Slugs of all issues, the latest first."""
        return tuple(path.stem for path in self._paths())

    def knows(self, slug: str) -> bool:
        """Whether there is such an issue, or was when it was looked at."""
        return slug in self._known or slug in self.slugs()

    def path(self, slug: str) -> Path:
        """The file of an issue.

        Raises:
            NotFoundError: There is no such issue.
        """
        for path in self._paths():
            if path.stem == slug:
                return path
        raise NotFoundError(f"There is no issue {slug} any more.", "Put its file back.")

    def view(self, slug: str, reader: Reader | None = None, *, check: bool = True) -> View | None:
        """An issue as its file stands now; None if there never was such an issue.

        Args:
            slug: The issue.
            reader: Whose letter; without one, the sample reader's.
            check: Wait for the findings; else those of an earlier save stand in.
        """
        known = self._look(slug)
        if known is None:
            return None
        if check:
            self._check(known)
        now, good, trouble = known.now, known.good, known.now.trouble
        manuscript = good.manuscript if good else None
        try:
            letter = self._letter(known, reader or SAMPLE)
        except (NewsletterError, ValueError) as error:  # no such reader; no message can be made
            letter, trouble = None, Trouble(say(error), getattr(error, "hint", ""))
        return View(
            slug,
            letter=letter,
            outline=outline(manuscript) if manuscript else (),
            is_draft=bool(manuscript and manuscript.issue.draft),
            file_digest=now.digest,
            stale=good is not None and now.galley is None,
            remarks=known.remarks,
            trouble=trouble,
            unchecked=known.unchecked,
            checking=not known.checked,
        )

    def examine(self, manuscript: Manuscript) -> Iterator[Diagnosis]:
        """What is wrong with an issue, each with what is known of its repair."""
        return self.project.examine(manuscript, self.project.render(manuscript))

    def good(self, slug: str) -> Build | None:
        """The last version of an issue of which there is a letter."""
        known = self._look(slug)
        return known.good if known else None

    def marked(self, slug: str, reader: Reader) -> str:
        """The letter's HTML with ``data-place`` attributes, see ``render.galley``; or nothing.

        Raises:
            NotFoundError: There is no such reader.
        """
        good = self.good(slug)
        if good is None or good.galley is None:
            return ""
        return marked_html(self.project, good.galley, self._who(reader, good.galley.edition))

    def web(self, slug: str, folder: str) -> WebVersion | None:
        """The web version of the last good version; None without one.

        Args:
            slug: The issue.
            folder: Path on this server of its pictures, without a slash at the end.

        Raises:
            TemplateError: Its template is wrong.
        """
        known = self._look(slug)
        good = known.good if known else None
        if known is None or good is None or good.manuscript is None or good.galley is None:
            return None
        with self._building:
            if known.web is None:
                known.web = web_version(self.project, good.manuscript, good.galley, folder)
            return known.web

    def _paths(self) -> Iterator[Path]:
        """The issue files, the latest first; not those that a link brings in from elsewhere."""
        folder = self.project.issues_folder.resolve()
        for path in self.project.issues():
            if not path.is_symlink() or path.resolve().parent == folder:
                yield path

    def _look(self, slug: str) -> _Known | None:
        with self._building:
            known = self._known.get(slug)
            # The watch hears of a save a moment later; what is proofed must never be an older one.
            if (
                known is None
                or known.revision != self.revision
                or known.mark != _mark(known.now.path)
            ):
                known = self._build(slug, known)
                if known is not None:
                    self._known[slug] = known
            return known

    def _build(self, slug: str, earlier: _Known | None) -> _Known | None:
        revision = self.revision  # a save from here on makes it out of date again
        trouble, reason = self._settle(), f"{FILE_NAME} is broken"
        try:
            path = self.path(slug)
        except NotFoundError as error:
            if earlier is None:
                return None
            path, trouble = earlier.now.path, Trouble(error.message, error.hint)
            reason = "the file is gone"
        mark = _mark(path)
        now = Build(path, trouble=trouble) if trouble else build(self.project, path)
        if now.galley is not None:
            remarks = earlier.remarks if earlier else ()
            return _Known(revision, mark, now, good=now, remarks=remarks)
        if not trouble:
            reason = "there is no letter to check" if now.trouble else ""
        return _Known(
            revision,
            mark,
            now,
            good=earlier.good if earlier else None,
            letters=earlier.letters if earlier else {},
            web=earlier.web if earlier else None,
            remarks=of_broken(self.root, path, now.findings),
            unchecked=reason,
            checked=True,
        )

    def _settle(self) -> Trouble | None:
        """Read the settings again if they, or the project's own rules, were changed."""
        state = _state(self.root)
        if state == self._settled:
            return None
        try:
            fresh = Project.open(self.root)
        except NewsletterError as error:
            return Trouble(error.message, error.hint)
        self.project.close()
        self.project, self._settled = fresh, state
        return None

    def _check(self, known: _Known) -> None:
        with self._checking:
            if known.checked or known.now.manuscript is None or known.now.galley is None:
                return
            try:
                known.remarks = of_checked(self.project, known.now.manuscript, known.now.galley)
            except Exception as error:  # noqa: BLE001 - a failed check is said, never taken for a pass
                known.remarks, known.unchecked = (), say(error)
            known.checked = True

    def _letter(self, known: _Known, reader: Reader) -> Letter | None:
        good = known.good
        if good is None or good.galley is None or good.manuscript is None:
            return None
        with self._building:
            letter = known.letters.get(reader)
            if letter is None:
                who = self._who(reader, good.galley.edition)
                letter = make_letter(self.project, good.manuscript, good.galley, who)
                while len(known.letters) >= _READERS:
                    known.letters.pop(next(iter(known.letters)))
                known.letters[reader] = letter
            return letter

    def _who(self, reader: Reader, edition: Edition) -> Recipient:
        if reader.subscriber is None:
            return recipient(reader, edition)
        from newsletter.audience.subscribers import numbered

        # Looking must not make a database.
        if not self.project.has_database:
            raise NotFoundError("there are no subscribers yet", "Choose somebody made up.")
        return recipient(reader, edition, numbered(self.project.database, reader.subscriber))


def _state(root: Path) -> tuple[_Mark, ...]:
    """What the settings and the project's own rules are known by."""
    files = [root / FILE_NAME, *sorted((root / "lint").glob("**/*.py"))]
    return tuple(mark for file in files if (mark := _mark(file)))


def _mark(file: Path) -> _Mark | None:
    """What this state of a file is known by; None if there is no such file."""
    try:
        stat = file.stat()
    except OSError:
        return None
    return (str(file), stat.st_ino, stat.st_size, stat.st_mtime_ns)
