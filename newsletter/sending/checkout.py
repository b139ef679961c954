"""What git knows of a project's folder: its commit, what is not committed, whose it is."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

CONTENT = ("newsletter.toml", "issues", "templates", "lint")
"""What decides over a letter; files elsewhere that git does not know yet do no harm."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A project's folder as git sees it.

    Attributes:
        commit: The commit that is checked out, in hex; empty without one.
        changes: Files that are not as they are in it.
        author: The address of whoever works here (``user.email``); empty if git does not know.
    """

    commit: str = ""
    changes: tuple[str, ...] = ()
    author: str = ""

    @classmethod
    def of(cls, root: Path) -> Checkout:
        """The state of a folder; an empty one without git, or outside of a repository."""
        commit = git(root, "rev-parse", "--verify", "--quiet", "HEAD")
        changed = git(root, "status", "--porcelain", "-z", "--untracked-files=no", "--", ".")
        names = ("ls-files", "--others", "--exclude-standard", "-z", "--", *CONTENT)
        new = git(root, *names)
        return cls(
            commit=commit.strip(),
            changes=(
                *(entry[3:] for entry in changed.split("\0") if entry[2:3] == " "),
                *filter(None, new.split("\0")),
            ),
            author=git(root, "config", "user.email").strip(),
        )


def git(root: Path, *arguments: str) -> str:
    """What git says; empty if it is not installed, or the answer is no."""
    done = call_git(root, *arguments)
    return done.stdout if done and not done.returncode else ""


def call_git(
    root: Path, *arguments: str, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str] | None:
    """Run git in a folder; None if it is not installed.

    Nothing is written, no pager and no prompt is started, and no object stands in for another.
    """
    program = shutil.which("git")
    if program is None:
        return None
    return subprocess.run(  # noqa: S603 - no shell; names are arguments of their own
        [program, "--no-pager", "--no-replace-objects", "-C", str(root), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="surrogateescape",
        stdin=subprocess.DEVNULL,
        env={
            **os.environ,
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_TERMINAL_PROMPT": "0",
            "LC_ALL": "C",
            **(environment or {}),
        },
    )
