"""Whether readers' data or secrets are in git, or are about to get there."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from newsletter.audience.csv_file import CsvFile
from newsletter.errors import AudienceError
from newsletter.probes.doctor.checkup import Checkup, Group, Level

_WHAT = "readers' data and secrets"
_HEAD = 64 * 1024
_NAMED = 5  # so many files are named one by one
_LISTS = frozenset({".csv", ".tsv", ".sql", ".jsonl"})
_ADDRESS = re.compile(rb"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+\.[A-Za-z0-9.-]+")
# Domains for examples (RFC 2606): a list of these is nobody's.
_MADE_UP = re.compile(rb"[@.](?:example\.(?:com|net|org)|example|test|invalid)\.?$", re.I)
# With the key behind it: a program that only knows the words is none.
_PRIVATE_KEY = re.compile(rb"^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----\r?\n[\w+/=:-]{20}", re.M)
_MAILDIR = frozenset({"new", "cur", "tmp"})


def check_git(root: Path, secrets: Sequence[Path], outbox: Path | None = None) -> list[Checkup]:
    """Look through the files that git has, and those that ``git add`` would give it.

    What was taken out again is still in the history, which is not looked through.

    Args:
        root: The project's folder.
        secrets: Files that must never be there: database, keys, password.
        outbox: The folder that messages are written into, if there is one.
    """
    git = shutil.which("git")
    if git is None:
        said = "git is not installed"
        return [Checkup(_WHAT, Level.UNCHECKED, said, "", Group.GIT, is_essential=False)]
    is_in_git = any((folder / ".git").exists() for folder in (root, *root.parents))
    if not is_in_git and _run(git, root, "rev-parse", "--is-inside-work-tree") is None:
        return [Checkup(_WHAT, Level.OK, "the project is not in git", "", Group.GIT)]
    tracked = _run(git, root, "ls-files", "-z", "--cached")
    others = _run(git, root, "ls-files", "-z", "--others", "--exclude-standard")
    if tracked is None or others is None:
        # For example since the folder belongs to another user: git then says nothing at all.
        said = "the project is in git, but git does not list its files"
        hint = "Look what it says: git ls-files"
        return [Checkup(_WHAT, Level.UNCHECKED, said, hint, Group.GIT)]
    known = {path.resolve() for path in secrets}
    box = outbox.resolve() if outbox else None
    found = [
        *_told(root, tracked, known, box, is_tracked=True),
        *_told(root, others, known, box, is_tracked=False),
    ]
    return found or [Checkup(_WHAT, Level.OK, "none of it is in git", "", Group.GIT)]


def _told(
    root: Path, names: Sequence[str], secrets: set[Path], outbox: Path | None, *, is_tracked: bool
) -> list[Checkup]:
    found: list[Checkup] = []
    more = 0
    for name in names:
        what = _contents(root / name, secrets, outbox)
        if not what:
            continue
        if len(found) >= _NAMED:
            more += 1
            continue
        if is_tracked:
            said = f"{name} is in git: {what}"
            hint = (
                f"git rm --cached '{name}', and put it into .gitignore. It stays in the history: "
                "whoever has a copy of the repository has it."
            )
            found.append(Checkup(_WHAT, Level.ERROR, said, hint, Group.GIT))
        else:
            said = f"{name} would get into git with the next git add: {what}"
            hint = f"Put {name} into .gitignore, or move it out of the repository."
            found.append(Checkup(_WHAT, Level.WARNING, said, hint, Group.GIT))
    if more:
        said = f"and {more} more file{'s' * (more != 1)} like these"
        found.append(Checkup(_WHAT, found[-1].level, said, "", Group.GIT))
    return found


def _contents(file: Path, secrets: set[Path], outbox: Path | None) -> str:
    """What of a file must not be in git; empty if nothing is."""
    try:
        if not file.is_file():
            return ""
        resolved = file.resolve()
        with file.open("rb") as opened:
            head = opened.read(_HEAD)
    except OSError:
        return ""
    if head.startswith(b"SQLite format 3\0"):
        return "a database"
    if _PRIVATE_KEY.search(head):
        return "a private key"
    if resolved in secrets:
        return "a secret of this newsletter"
    if outbox and outbox in resolved.parents and resolved.parent.name in _MAILDIR:
        return "a letter to a reader"
    if file.suffix.lower() in _LISTS and _has_addresses(file, head):
        return "a list of addresses"
    return ""


def _has_addresses(file: Path, head: bytes) -> bool:
    """Whether there are at least two addresses, or one in a column for them."""
    plain = head.replace(b"\0", b"")  # UTF-16, as spreadsheets write it
    found = {address for address in _ADDRESS.findall(plain) if not _MADE_UP.search(address)}
    if len(found) >= 2:
        return True
    if not found or file.suffix.lower() not in {".csv", ".tsv"}:
        return False
    try:
        return bool(CsvFile(file).columns.columns)
    except AudienceError:
        return False


def _run(git: str, root: Path, *arguments: str) -> list[str] | None:
    """What git prints, split at NUL; None if it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - no shell, fixed arguments
            [git, "-C", str(root), *arguments], capture_output=True, check=False, timeout=30
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode != 0:
        return None
    return [name for name in done.stdout.decode("utf-8", "surrogateescape").split("\0") if name]
