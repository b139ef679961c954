"""What the preview shows of an issue, as values."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from newsletter.delivery.message import Recipient
from newsletter.findings import Severity
from newsletter.issue.model import Issue
from newsletter.preview.mail import Mail, Picture
from newsletter.preview.reading import Reading, reading
from newsletter.preview.remarks import Remark
from newsletter.preview.signature import Signature
from newsletter.preview.verdict import Verdict
from newsletter.preview.weight import Weight, weigh


@dataclass(frozen=True)
class Letter:
    """An issue as one reader would get it.

    Attributes:
        mail: The message.
        preheader: What the inbox shows behind the subject.
        reader: Whose it is.
        issue: What it was made of.
        language: BCP 47 tag.
        pictures: The project's pictures in it by Content-ID, or by file name if they are hosted.
        remote: How many pictures of other hosts it shows.
        assets_url: Where they are hosted; empty if they travel along.
        sign: Makes the signature of the message.
    """

    mail: Mail
    preheader: str
    reader: Recipient
    issue: Issue
    language: str
    remote: int = 0
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    assets_url: str = ""
    sign: Callable[[], Signature] = field(default=Signature, compare=False, repr=False)

    # What is not needed to show the letter is not worked out before it is shown.
    @cached_property
    def weight(self) -> Weight:
        """How heavy the HTML part is, and where it would be cut off."""
        return weigh(self.mail)

    @cached_property
    def reading(self) -> Reading:
        """How long it takes to read."""
        return reading(self.issue, self.language)

    @cached_property
    def signature(self) -> Signature:
        """How the message is signed."""
        return self.sign()

    @cached_property
    def digest(self) -> str:
        """Equal letters, equal digests."""
        return digest_of(self.mail.source, self.preheader)


@dataclass(frozen=True, slots=True)
class Stop:
    """A part of the letter that the outline jumps to.

    Attributes:
        place: The way to its value: ``sections.2``.
        title: Its headline, or what kind of section it is.
        section: Its number among the sections, from 0; None for what stands before them.
        line: Its line in the file.
    """

    place: str
    title: str
    section: int | None
    line: int


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
        outline: Its parts.
        is_draft: Whether its editor has not released it yet.
        file_digest: SHA-256 of the file that it was made of; empty if it has gone.
        stale: The letter is of an earlier save, since the file or a template is broken now.
        remarks: What is wrong, worst first.
        trouble: What kept the letter from being made, beside the remarks.
        unchecked: Why the check could not run; empty if it did.
        checking: The remarks are of an earlier save: those of this one are not known yet.
    """

    slug: str
    letter: Letter | None = None
    outline: tuple[Stop, ...] = ()
    is_draft: bool = False
    file_digest: str = ""
    stale: bool = False
    remarks: tuple[Remark, ...] = ()
    trouble: Trouble | None = None
    unchecked: str = ""
    checking: bool = False

    def after(self, earlier: View | None) -> View:
        """This view; where it has no letter, with the last good one, marked as stale."""
        if self.letter is not None or earlier is None or earlier.letter is None:
            return self
        return replace(self, letter=earlier.letter, outline=earlier.outline, stale=True)

    @property
    def broken(self) -> bool:
        """There is no letter of the file as it stands."""
        return self.stale or self.letter is None

    @property
    def verdict(self) -> str:
        """The outcome of the check in words: ``2 errors, 5 warnings`` or ``No problems``."""
        return "Checking…" if self._is_open else str(self._tally)

    @property
    def mood(self) -> str:
        """The worst there is: ``error``, ``warning``, ``info``, ``good``, or ``open``."""
        if self.trouble:
            return "error"
        return "open" if self._is_open else self._tally.mood

    @property
    def _tally(self) -> Verdict:
        return Verdict.of((remark.finding for remark in self.remarks), failed=self.unchecked)

    @property
    def _is_open(self) -> bool:
        return self.checking and not self.remarks and not self.unchecked

    @property
    def groups(self) -> tuple[tuple[str, int], ...]:
        """What the remarks are about, and how many of each, the most frequent first."""
        counts: dict[str, int] = {}
        for remark in self.remarks:
            counts[remark.group] = counts.get(remark.group, 0) + 1
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def count(self, severity: Severity) -> int:
        """How many findings are of that severity."""
        return sum(remark.finding.severity is severity for remark in self.remarks)


def digest_of(*values: object) -> str:
    """A short name for the content of some values."""
    return hashlib.sha256(repr(values).encode("utf-8", "replace")).hexdigest()[:16]
