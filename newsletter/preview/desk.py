"""The proofing desk: from the project's files to what the page shows, one build at a time."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from newsletter.delivery.message import Recipient
from newsletter.delivery.sample import sample_message, sample_reader
from newsletter.errors import NewsletterError
from newsletter.findings import Finding
from newsletter.issue.catalogue import all_issues
from newsletter.preview.mail import open_mail
from newsletter.preview.outbox import Outbox
from newsletter.preview.view import Letter, Remark, Trouble, View, digest_of, worst_first
from newsletter.project import Project
from newsletter.render.edition import Edition
from newsletter.settings import FILE_NAME


@dataclass(frozen=True, slots=True)
class Page:
    """What every page of the preview shows, whichever tab is open.

    Attributes:
        newsletter: The newsletter's name.
        issues: Slugs of all issues, the latest first.
        view: The issue that is open.
        sent: Keys of the messages in the outbox.
        transport: The transport that the settings name, without what follows its scheme.
    """

    newsletter: str
    issues: tuple[str, ...]
    view: View
    sent: tuple[str, ...]
    transport: str

    @property
    def digest(self) -> str:
        """Changes whenever anything on the page changes."""
        return digest_of(self.newsletter, self.issues, self.view.digest, self.sent)


class Desk:
    """Builds views of issues, remembers them, and keeps the last good letter of each.

    Safe to call from several threads; no two builds ever run at once. Nothing is built until
    somebody looks at it, and then once for each change.

    Args:
        project: The project; its settings are read again after each change.
        reader: Whose letter is shown; without one, the sample reader's.
    """

    def __init__(self, project: Project, reader: Recipient | None = None) -> None:
        self._project = project
        self._reader = reader
        self._lock = threading.Lock()
        self._revision = 0
        self._pages: dict[str, tuple[int, Page]] = {}

    @property
    def root(self) -> Path:
        """The project's folder."""
        return self._project.root

    @property
    def outbox(self) -> Outbox:
        """The outbox that the settings name; without one, the default's place."""
        scheme, _, folder = self._project.settings.transport.partition(":")
        return Outbox(self.root / (folder if scheme == "maildir" and folder else "outbox"))

    def folders(self) -> list[Path]:
        """The folders whose changes can change a page."""
        project = self._project
        return [project.issues_folder, *project.template_folders, self.outbox.folder]

    def changed(self) -> None:
        """Something was saved: what was built so far is out of date."""
        self._revision += 1

    def issues(self) -> tuple[str, ...]:
        """Slugs of all issues, the latest first."""
        return tuple(path.stem for path in all_issues(self._project.issues_folder))

    def page(self, slug: str) -> Page | None:
        """The page of an issue as its files stand now; None if there never was such an issue."""
        with self._lock:
            revision, page = self._pages.get(slug, (-1, None))
            if revision != self._revision:
                revision = self._revision  # a save from here on makes it out of date again
                page = self._build(slug, page)
                if page is not None:
                    self._pages[slug] = (revision, page)
            return page

    def _build(self, slug: str, earlier: Page | None) -> Page | None:
        trouble = None
        try:
            self._project = Project.open(self.root)
        except NewsletterError as error:
            trouble = Trouble(error.message, error.hint)
        paths = {path.stem: path for path in all_issues(self._project.issues_folder)}
        if trouble:
            view = View(slug, trouble=trouble, unchecked=f"{FILE_NAME} is broken")
        elif slug in paths:
            view = look(self._project, paths[slug], self._reader)
        else:
            gone = f"There is no issue {slug} any more."
            hint = "Put its file back, or choose another issue."
            view = View(slug, trouble=Trouble(gone, hint), unchecked="the file is gone")
        if slug not in paths and earlier is None:
            return None
        return Page(
            self._project.settings.name,
            tuple(paths),
            view.after(earlier.view if earlier else None),
            self.outbox.keys(),
            self._project.settings.transport.partition(":")[0],
        )


def look(project: Project, path: Path, reader: Recipient | None) -> View:
    """An issue as its file stands now: letter, findings, and what kept either from being made."""
    slug = path.stem
    try:
        read = project.read(path)
        if isinstance(read, tuple):
            return View(slug, remarks=_remarks(project, path, read))
        galley = project.render(read)
        letter = _letter(project, galley.edition, reader)
    except NewsletterError as error:
        trouble = Trouble(error.message, error.hint)
        return View(slug, trouble=trouble, unchecked="there is no letter to check")
    except Exception as error:  # noqa: BLE001 - the desk must outlive whatever an editor saves
        trouble = Trouble(f"The letter could not be made: {_say(error)}")
        return View(slug, trouble=trouble, unchecked="there is no letter to check")
    try:
        findings = project.lint(read, galley)
    except Exception as error:  # noqa: BLE001 - a check that fails is said, never shown as a pass
        return View(slug, letter, unchecked=_say(error))
    return View(slug, letter, remarks=_remarks(project, path, findings))


def _letter(project: Project, edition: Edition, reader: Recipient | None) -> Letter:
    # The message is taken apart again as a mail client does it. Nothing that is shown comes from
    # anywhere else, so it cannot differ from what is sent.
    reader = reader or sample_reader(edition)
    sender = project.sender
    message = sample_message(edition, sender, reader)
    preheader = edition.preheader.fill(reader.merge_values(edition, sender))
    return Letter(open_mail(message.data), preheader)


def _remarks(project: Project, path: Path, findings: tuple[Finding, ...]) -> tuple[Remark, ...]:
    lines: dict[str, list[str]] = {}
    for finding in findings:
        if finding.path not in lines:
            lines[finding.path] = _lines(project.root, path, finding.path)
    return worst_first([Remark.of(finding, lines[finding.path]) for finding in findings])


def _lines(root: Path, issue: Path, name: str) -> list[str]:
    # Findings name files as a user would type them; nothing outside the project is shown.
    path = issue if Path(name).name == issue.name else Path(name)
    try:
        if not path.resolve().is_relative_to(root.resolve()):
            return []
        return path.read_bytes()[:_READ].decode("utf-8", "replace").split("\n")
    except (OSError, ValueError):
        return []


_READ = 2_000_000  # bytes of a broken file that are read to show its lines


def _say(error: Exception) -> str:
    if isinstance(error, NewsletterError):
        return error.message
    return f"{type(error).__name__}: {error}".strip(": ")
