"""What is remembered of the issues between two looks at their list.

One file below ``.newsletter/cache``. It may be deleted at any time, and one that is not whole, or
was written by another version of the program, is taken for none: everything in it is found again.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from newsletter import __version__
from newsletter.errors import NewsletterError
from newsletter.files import write_atomically
from newsletter.preview.sendings import Sending
from newsletter.preview.skim import Skim
from newsletter.preview.verdict import Verdict

_FORMAT = f"shelf 1 {__version__}"


@dataclass(frozen=True, slots=True)
class Known:
    """An issue file as it was when it was last read.

    Attributes:
        size: In bytes.
        changed: Time of change in nanoseconds.
        digest: SHA-256 of its content in hex.
        skim: What it says.
    """

    size: int
    changed: int
    digest: str
    skim: Skim


@dataclass(slots=True)
class Memory:
    """Issue files, verdicts and sendings.

    Attributes:
        files: By file name.
        verdicts: By everything that a check depends on, as one digest.
        sendings: What became of sent issues.
        database: State of the database that ``sendings`` are from.
    """

    files: dict[str, Known] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    sendings: tuple[Sending, ...] = ()
    database: tuple[int, ...] = ()

    @classmethod
    def read(cls, path: Path) -> Memory:
        """What was remembered, or nothing."""
        try:
            head, _, body = path.read_bytes().partition(b"\n")
            if head.decode() != _head(body):
                return cls()
            kept: dict[str, Any] = json.loads(body)
            return cls(
                {name: _known(*values) for name, values in kept["files"].items()},
                {key: Verdict(*values) for key, values in kept["verdicts"].items()},
                tuple(Sending(*values) for values in kept["sendings"]),
                tuple(kept["database"]),
            )
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls()

    def write(self, path: Path) -> None:
        """Remember, if that is possible: a folder that cannot be written costs only time."""
        kept = {
            "files": {name: _values(known) for name, known in self.files.items()},
            "verdicts": {
                key: _values(verdict)
                for key, verdict in self.verdicts.items()
                if not verdict.failed
            },
            "sendings": [_values(sending) for sending in self.sendings],
            "database": self.database,
        }
        body = json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        try:
            write_atomically(path, f"{_head(body)}\n".encode() + body, mode=0o600)
        except (NewsletterError, OSError):
            return


def _head(body: bytes) -> str:
    return f"{_FORMAT} {hashlib.sha256(body).hexdigest()}"


def _values(kept: Known | Skim | Verdict | Sending) -> list[Any]:
    """The values of a record, without the deep copies that ``dataclasses.astuple`` makes."""
    values = (getattr(kept, name.name) for name in dataclasses.fields(kept))
    return [_values(value) if isinstance(value, Skim) else value for value in values]


def _known(size: int, changed: int, digest: str, skim: list[Any]) -> Known:
    subject, day, is_draft, headlines, pictures, is_broken = skim
    return Known(
        size,
        changed,
        digest,
        Skim(subject, day, is_draft, tuple(headlines), tuple(pictures), is_broken),
    )
