"""Earlier versions of an issue file, from the git repository that it lies in.

Git is called so that it starts no pager, no external diff and no text converter, writes nothing and
never takes a revision for an option. What hooks set (``GIT_DIR``, ``GIT_INDEX_FILE`` …) holds.
"""

from __future__ import annotations

import datetime
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter.errors import NewsletterError, NotFoundError
from newsletter.issue.problems import shorten
from newsletter.issue.source import LARGEST

_FORMAT = "%x00%H%x00%h%x00%cs%x00"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its full hash, the shortest one that names it, and the day it was made."""

    hash: str
    short: str
    date: datetime.date


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was.

    Attributes:
        commit: In which commit.
        path: What it was called then, from the top of the repository on, with ``/``.
        content: Its bytes.
    """

    commit: Commit
    path: str
    content: bytes


class NoEarlierVersionError(NotFoundError):
    """A file is new to git: it is in no commit, there is none yet, or no repository."""


class Repository:
    """The git repository that a file lies in."""

    def __init__(self, git: str, folder: Path | None, top: Path) -> None:
        self._git = git
        self._folder = folder
        self.top = top

    @classmethod
    def around(cls, file: Path) -> Repository:
        """The repository of a file.

        Raises:
            NoEarlierVersionError: The file is in no repository.
            NewsletterError: Git is not installed, or refuses.
        """
        git = shutil.which("git")
        if git is None:
            raise NewsletterError(
                "git is not installed, so there are no earlier versions to compare with",
                "Install git, or name another file to compare with.",
            )
        # GIT_DIR may be relative to the working directory, which hooks run in.
        folder = None if "GIT_DIR" in os.environ else file.resolve().parent
        found = _run(git, folder, "rev-parse", "--show-toplevel")
        if found.returncode:
            raise _no_repository(file, _said(found))
        return cls(git, folder, Path(os.fsdecode(found.stdout.rstrip(b"\r\n"))).resolve())

    def version(self, file: Path, revision: str = "HEAD") -> Version:
        """A file as it was in a revision, also if it had another name then.

        Args:
            file: The file, as it is called now.
            revision: Whatever git takes for a commit: a hash, a branch, a tag, ``HEAD~2``.

        Raises:
            NoEarlierVersionError: No commit has the file.
            NotFoundError: There is no such revision, or the file was not in it.
            NewsletterError: The file is outside of the repository, or too large for an issue.
        """
        path = self._path(file)
        commit = self._commit(revision)
        for name in self._names(path, commit):
            if (content := self._content(commit, name)) is not None:
                return Version(commit, name, content)
        message = f"{file.name} is not in {_named(revision, commit)}"
        if not self.history(file):
            raise NoEarlierVersionError(message, "It is new: git has no earlier version of it.")
        hint = f"See which commits changed it: git log --follow -- {path}"
        raise NotFoundError(message, hint)

    def history(self, file: Path, most: int = 2) -> tuple[Commit, ...]:
        """The last commits that changed a file, under whatever name, the newest first."""
        log = self._log(self._path(file), f"--max-count={most}")
        return tuple(commit for commit, _ in log)

    def _path(self, file: Path) -> str:
        try:
            return file.resolve().relative_to(self.top).as_posix()
        except ValueError:
            raise NewsletterError(
                f"{file} is not in the git repository {self.top}",
                "Name another file to compare with, or run the command inside its repository.",
            ) from None

    def _commit(self, revision: str) -> Commit:
        # In two steps: "^{commit}" behind ":/words" would be looked for among the words.
        name = self._object(self._object(revision) + "^{commit}")
        if not name:
            raise self._no_revision(revision)
        shown = self._call(
            "log", "--max-count=1", "--no-show-signature", f"--format={_FORMAT}", name, "--"
        )
        commits = list(_commits(shown.stdout))
        if not commits:
            raise NewsletterError(
                f"git cannot read the commit {name}: {_said(shown)}",
                "Check the repository with: git fsck",
            )
        return commits[0][0]

    def _object(self, expression: str) -> str:
        """The hash of what git takes an expression for; empty for nothing, or a range."""
        found = self._call("rev-parse", "--verify", "--quiet", "--end-of-options", expression)
        name = found.stdout.decode(errors="replace").strip()
        return name if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", name) else ""

    def _no_revision(self, revision: str) -> NewsletterError:
        if not self._object("HEAD"):
            return NoEarlierVersionError(
                "the git repository has no commit yet",
                "Make one (git add, git commit), or name another file to compare with.",
            )
        shallow = self._call("rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
        return NotFoundError(
            f'git knows no revision "{shorten(revision)}"'
            + (" in this clone, which has only the newest commits" if shallow else ""),
            "Fetch the older ones: git fetch --unshallow (in a GitHub workflow, fetch-depth: 0)"
            if shallow
            else "Name a commit, a branch or a tag; git log lists the commits.",
        )

    def _names(self, path: str, commit: Commit) -> Iterator[str]:
        """What the file may have been called in a commit, the likeliest first."""
        yield path
        for _, name in self._log(path):
            if name != path:
                yield name
        # A name that was changed since the last commit, or together with most of the text.
        found = self._call("diff-index", "--find-renames", "-z", "--name-status", commit.hash, "--")
        fields = found.stdout.split(b"\0")
        for index, status in enumerate(fields[:-2]):
            if re.fullmatch(rb"R\d+", status) and os.fsdecode(fields[index + 2]) == path:
                yield os.fsdecode(fields[index + 1])

    def _log(self, path: str, *options: str) -> Iterator[tuple[Commit, str]]:
        """Commits that changed a file, each with the name that the file had before it."""
        log = self._call(
            "log",
            *("--no-ext-diff", "--no-textconv", "--no-show-signature"),
            "--follow",
            "--find-renames",
            "--name-status",
            "-z",
            f"--format={_FORMAT}",
            *options,
            "--",
            str(self.top / PurePosixPath(path)),
        )
        return _commits(log.stdout)

    def _content(self, commit: Commit, path: str) -> bytes | None:
        listed = self._call("ls-tree", "--full-tree", "--long", "-z", commit.hash, "--", path)
        entry = re.match(rb"100\d+ blob ([0-9a-f]+) +(\d+)\t", listed.stdout)
        if entry is None:
            return None
        if int(entry[2]) > LARGEST:
            raise NewsletterError(
                f"{path} had {int(entry[2]) / 1e6:,.1f} MB in {commit.short}; "
                f"an issue has at most {LARGEST / 1e6:.0f} MB",
                "Compare with another revision.",
            )
        blob = self._call("cat-file", "blob", entry[1].decode())
        if blob.returncode:
            raise NewsletterError(
                f"git cannot read {path} of {commit.short}: {_said(blob)}",
                "Check the repository with: git fsck",
            )
        return blob.stdout

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        return _run(self._git, self._folder, *arguments)


def _run(git: str, folder: Path | None, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    environment = {
        **os.environ,
        "GIT_LITERAL_PATHSPECS": "1",  # a "*" in a file name is a "*"
        "GIT_OPTIONAL_LOCKS": "0",  # looking writes nothing
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    index = environment.get("GIT_INDEX_FILE")
    if index and folder:  # `git commit` gives hooks one that is relative to where they run
        environment["GIT_INDEX_FILE"] = str(Path(index).absolute())
    return subprocess.run(  # noqa: S603 - no shell; revisions and paths are arguments of their own
        [git, "--no-pager", *(["-C", str(folder)] if folder else []), *arguments],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=environment,
    )


def _commits(log: bytes) -> Iterator[tuple[Commit, str]]:
    """Each commit of a log in ``_FORMAT``, with the first name of the file it changed."""
    header = re.compile(
        rb"\0([0-9a-f]{40,64})\0([0-9a-f]+)\0(\d{4})-(\d\d)-(\d\d)\0(?:\0?\n?[A-Z]\d*\0([^\0]*))?"
    )
    for found in header.finditer(log):
        full, short = found[1].decode(), found[2].decode()
        date = datetime.date(int(found[3]), int(found[4]), int(found[5]))
        yield Commit(full, short, date), os.fsdecode(found[6] or b"")


def _no_repository(file: Path, said: str) -> NewsletterError:
    if "dubious ownership" in said:
        top = re.search(r"repository at '(.*)'", said)
        return NewsletterError(
            f"git does not read the repository of {file.name}, because it belongs to somebody else",
            "If you trust it: git config --global --add safe.directory "
            + (top[1] if top else str(file.resolve().parent)),
        )
    if "not a git repository" in said:
        return NoEarlierVersionError(
            f"{file.name} is not in a git repository, so there are no earlier versions of it",
            "Start one (git init), or name another file to compare with.",
        )
    return NewsletterError(
        f"git cannot open the repository of {file.name}: {said}", "Check it with: git status"
    )


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"exit code {done.returncode}"


def _named(revision: str, commit: Commit) -> str:
    return revision if commit.hash.startswith(revision) else f"{shorten(revision)} ({commit.short})"
