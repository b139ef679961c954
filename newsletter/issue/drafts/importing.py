"""A draft → the text of a new issue file, its pictures, and what the editor should know."""

from __future__ import annotations

import contextlib
import datetime
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import ManuscriptError
from newsletter.files import write_atomically
from newsletter.findings import Finding, Severity
from newsletter.issue.drafts import dates, detect, pictures
from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.outline import Days, outline
from newsletter.issue.drafts.write import to_yaml
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Issue

DONE = frozenset(
    {
        "broken-line",
        "capitals",
        "caption",
        "comment-dropped",
        "encoding",
        "html",
        "invisible-character",
    }
    | {"label", "merge-field-kept", "note", "preheader", "subject", "sub-headline"}
)
"""Remarks on what was done, or is plainly left to do; all others are on what was not certain."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it arrived.

    Attributes:
        data: Its bytes.
        name: How findings call it: its path, or ``<stdin>``.
        folder: Where it is; None if it came through a pipe.
    """

    data: bytes
    name: str
    folder: Path | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an issue will be, and what is known of it besides the draft.

    Attributes:
        folder: The folder of its file.
        schema: The JSON Schema for editors.
        next_date: Its day if nothing says another.
        asked: The day that the editor asked for.
        number: Its number if the draft names none.
        language: The newsletter's; empty if it is not known.
    """

    folder: Path
    schema: Path
    next_date: datetime.date
    asked: datetime.date | None = None
    number: int | None = None
    language: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a draft.

    Attributes:
        text: The issue file.
        issue: What it says.
        files: Pictures to be written beside it, by path.
        findings: What the editor should look at, at lines of the draft.
        unit: What the lines count: ``line`` or ``paragraph``.
    """

    text: str
    issue: Issue
    files: Mapping[Path, bytes]
    findings: tuple[Finding, ...]
    unit: str


def import_draft(draft: Draft, place: Place) -> Imported:
    """Make an issue of a draft. Nothing is written.

    Raises:
        NewsletterError: The draft cannot be read, or makes an issue that is too large.
    """
    reading = detect.read(draft.data, draft.name)
    placed = pictures.place(reading, place.folder, draft.folder)
    days = Days(place.next_date, place.asked, dates.find(Path(draft.name).stem))
    made = outline(placed.reading, days, place.number, place.language)
    text = to_yaml(
        made.issue,
        opening=_opening(draft, place),
        comments={"draft": "change to false when it may be sent"},
    )
    _prove(text, place.folder / "imported.yaml", draft.name)
    remarks = sorted((*made.remarks, *placed.remarks), key=lambda remark: remark.line)
    return Imported(text, made.issue, placed.files, _findings(remarks, draft.name), reading.unit)


def write(made: Imported, path: Path) -> None:
    """Write an issue and its pictures; each file is there as a whole or not at all.

    Raises:
        NewsletterError: A file cannot be written.
    """
    new = [picture for picture in made.files if not os.path.lexists(picture)]
    try:
        for picture, data in made.files.items():
            write_atomically(picture, data)
        write_atomically(path, made.text)
    except BaseException:  # nothing that belongs to no issue is left behind
        for picture in new:
            with contextlib.suppress(OSError):
                picture.unlink(missing_ok=True)
        raise


def _opening(draft: Draft, place: Place) -> str:
    schema = Path(os.path.relpath(place.schema, place.folder)).as_posix()
    name = "".join(c for c in Path(draft.name).name if c.isprintable())[:100]
    return (
        f"# yaml-language-server: $schema={schema}\n#\n"
        f"# Imported from {name}. Write over every TK; "
        "`newsletter check` names what is left to do.\n"
    )


def _prove(text: str, path: Path, name: str) -> None:
    """An issue file that could not be read again is never written.

    Raises:
        ManuscriptError: It is too large, or has too many parts.
    """
    read = load_text(text, path, path.name)
    if not isinstance(read, Manuscript):
        said = read[0].message if read else "it cannot be read"
        raise ManuscriptError(
            f"{name} makes no issue: {said}", (), "Is it the right file? Divide it if it is."
        )


def _findings(remarks: Sequence[Remark], name: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            name,
            remark.line,
            1,
            remark.rule,
            Severity.INFO if remark.rule in DONE else Severity.WARNING,
            remark.message,
            remark.hint,
        )
        for remark in dict.fromkeys(remarks)
    )
