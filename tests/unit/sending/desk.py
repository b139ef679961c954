"""A project to send from, and people with real keys who may approve."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.project import Project
from tests.unit.delivery.kit import add_readers

SLUG = "2026-11-20"

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.org>"
postal_address = "1 Pier Road, Exampletown"
reason = "You get this because you signed up at example.org."
"""

SOUND = """\
subject: The night ferry is back
preheader: And a library that stays open until ten in the evening
date: 2026-11-20
sections:
  - headline: Night ferry returns
    body: The night ferry sails again from Friday.
"""

needs_ssh_keygen = pytest.mark.skipif(
    shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed"
)
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="GnuPG is not installed")


@dataclass
class Desk:
    """A project in a folder."""

    root: Path

    def __post_init__(self) -> None:
        self.issue(SOUND)
        self.configure()

    def configure(self, more: str = "") -> None:
        (self.root / "newsletter.toml").write_text(CONFIGURATION + more)

    def issue(self, text: str, slug: str = SLUG) -> Path:
        path = self.root / "issues" / f"{slug}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def readers(self, number: int) -> list[str]:
        database = Database.open(self.root / ".newsletter/newsletter.db")
        addresses = add_readers(database, number)
        database.close()
        return addresses

    def open(self) -> Project:
        return Project.open(self.root, {})

    @property
    def outbox(self) -> list[bytes]:
        folder = self.root / "outbox/new"
        return [file.read_bytes() for file in folder.iterdir()] if folder.exists() else []

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(self.root), *arguments], capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self) -> str:
        """Everything in git, by Ann."""
        if not (self.root / ".git").exists():
            self.git("init", "--quiet")
            self.git("config", "user.name", "Ann")
            self.git("config", "user.email", "ann@example.org")
            self.git("config", "commit.gpgsign", "false")
            (self.root / ".gitignore").write_text(".newsletter/\noutbox/\nkeys/\nplans/\n")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Next issue")
        return self.git("rev-parse", "HEAD")


@dataclass
class People:
    """People with SSH keys, and the list of those whose signatures count."""

    root: Path

    def key(self, name: str) -> Path:
        """Somebody's private key, made at first use."""
        file = self.root / "keys" / name
        file.parent.mkdir(exist_ok=True)
        if not file.exists():
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(file)],
                check=True,
            )
        return file

    def allow(self, *names: str, options: str = "") -> None:
        """Let the signatures of these people count, and of no others."""
        lines = []
        for name in names:
            public = self.key(name).with_suffix(self.key(name).suffix + ".pub").read_text()
            lines.append(f"{name}@example.org {options}{public}")
        (self.root / "signers.allowed").write_text("".join(lines))
