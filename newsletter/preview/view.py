"""What the preview shows of an issue, as values."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsletter.findings import Finding, Severity
from newsletter.preview.mail import Mail

_BEFORE, _WORD, _AFTER = 80, 60, 120  # characters of an offending line that are shown


@dataclass(frozen=True, slots=True)
class Letter:
    """An issue as one reader would get it.

    Attributes:
        mail: The message.
        preheader: What the inbox shows behind the subject.
    """

    mail: Mail
    preheader: str

    @property
    def digest(self) -> str:
        """Equal letters, equal digests."""
        return digest_of(self.mail.source, self.preheader)


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding together with the line that it is about.

    Attributes:
        finding: The finding.
        before: The line up to the place, shortened if it is long.
        at: The word at the place.
        after: The rest of the line, shortened likewise. All are empty without a readable file.
    """

    finding: Finding
    before: str
    at: str
    after: str

    @classmethod
    def of(cls, finding: Finding, lines: Sequence[str]) -> Remark:
        """A finding with its line.

        Args:
            finding: The finding.
            lines: The lines of its file.
        """
        line = lines[finding.line - 1].rstrip() if 0 < finding.line <= len(lines) else ""
        before, rest = line[: finding.column - 1], line[finding.column - 1 :]
        word = re.match(r"\S+", rest)
        at = rest[: word.end() if word else 1][:_WORD]
        after = rest[len(at) :]
        if len(before) > _BEFORE:
            before = "…" + before[-_BEFORE:]
        if len(after) > _AFTER:
            after = after[:_AFTER] + "…"
        return cls(finding, before, at, after)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no letter, or no check, when no finding says so."""

    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class View:
    """All that the page says about one issue.

    Attributes:
        slug: The issue.
        letter: The last good one; None if there has been none.
        stale: The letter is of an earlier save, since the file or a template is broken now.
        remarks: What is wrong, worst first.
        trouble: What kept the letter from being made, beside the remarks.
        unchecked: Why the check could not run; empty if it did.
    """

    slug: str
    letter: Letter | None = None
    stale: bool = False
    remarks: tuple[Remark, ...] = ()
    trouble: Trouble | None = None
    unchecked: str = ""

    def after(self, earlier: View | None) -> View:
        """This view; where it has no letter, with the last good one, marked as stale."""
        if self.letter is not None or earlier is None or earlier.letter is None:
            return self
        return replace(self, letter=earlier.letter, stale=True)

    @property
    def broken(self) -> bool:
        """There is no letter of the file as it stands."""
        return self.stale or self.letter is None

    @property
    def verdict(self) -> str:
        """The outcome of the check in words: ``2 errors, 5 warnings`` or ``No problems``."""
        if self.unchecked:
            return f"The check could not run: {self.unchecked}"
        counts = [(self.count(severity), noun) for severity, noun in _NOUNS.items()]
        said = [f"{n} {noun}{'s' * (n != 1)}" for n, noun in counts if n]
        return ", ".join(said) or "No problems"

    @property
    def mood(self) -> str:
        """The worst there is: ``error``, ``warning``, ``info`` or ``good``."""
        if self.unchecked or self.trouble:
            return "error"
        return self.remarks[0].finding.severity.value if self.remarks else "good"

    def count(self, severity: Severity) -> int:
        """How many findings are of that severity."""
        return sum(remark.finding.severity is severity for remark in self.remarks)

    @property
    def digest(self) -> str:
        """Changes whenever anything that is shown changes."""
        return digest_of(
            self.letter and self.letter.digest,
            self.stale,
            self.remarks,
            self.trouble,
            self.unchecked,
        )


_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def digest_of(*values: object) -> str:
    """A short name for the content of some values."""
    return hashlib.sha256(repr(values).encode("utf-8", "replace")).hexdigest()[:16]


def worst_first(remarks: Sequence[Remark]) -> tuple[Remark, ...]:
    """Errors, then warnings, then notes; each in the order of the file."""
    return tuple(
        sorted(
            remarks,
            key=lambda r: (
                r.finding.severity.rank,
                r.finding.path,
                r.finding.line,
                r.finding.column,
            ),
        )
    )
