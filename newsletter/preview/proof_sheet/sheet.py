"""All that a proof says about an issue, as values."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from newsletter.delivery.sample import sample_message, sample_reader
from newsletter.errors import NewsletterError
from newsletter.issue.manuscript import Manuscript
from newsletter.preview.inbox import Row, rows, text_of
from newsletter.preview.mail import open_mail
from newsletter.preview.proof_sheet.changes import Part, parts
from newsletter.preview.proof_sheet.earlier import Comparison
from newsletter.preview.proof_sheet.pictures import carrying, own_pictures
from newsletter.preview.proof_sheet.views import View, views
from newsletter.preview.reading import Reading, reading
from newsletter.preview.remarks import Remark, of_checked
from newsletter.preview.verdict import Verdict
from newsletter.preview.weight import Weight, weigh
from newsletter.project import Project
from newsletter.render.galley import Galley


@dataclass(frozen=True, slots=True)
class Sheet:
    """A proof of an issue.

    Attributes:
        newsletter: The newsletter's name.
        slug: The issue.
        date: Its day.
        number: Its number, if it has one.
        language: BCP 47 tag.
        made: When the proof was made.
        sender: The ``From`` field.
        subject: The subject line.
        preheader: What the inbox shows behind it.
        verdict: The outcome of the check.
        remarks: What is wrong, worst first.
        weight: How heavy the letter is.
        remote: Addresses of pictures on other people's hosts, which the proof does not fetch.
        reading: How long it takes to read.
        rows: How inboxes list it.
        views: The letter in each of the ways that readers meet it.
        text: The plain-text part.
        comparison: What it is compared with.
        parts: What changed since, part by part.
    """

    newsletter: str
    slug: str
    date: datetime.date
    number: int | None
    language: str
    made: datetime.datetime
    sender: str
    subject: str
    preheader: str
    verdict: Verdict
    remarks: tuple[Remark, ...]
    weight: Weight
    remote: tuple[str, ...]
    reading: Reading
    rows: tuple[Row, ...]
    views: tuple[View, ...]
    text: str
    comparison: Comparison
    parts: tuple[Part, ...]

    def summary(self) -> dict[str, object]:
        """The proof in numbers, for programs."""
        changes = self.comparison.changes
        return {
            "issue": self.slug,
            "verdict": self.verdict.words,
            "unchecked": self.verdict.failed or None,
            "errors": self.verdict.errors,
            "warnings": self.verdict.warnings,
            "notes": self.verdict.notes,
            "html_bytes": self.weight.bytes,
            "html_limit": self.weight.limit,
            "links": self.weight.links,
            "pictures": self.weight.pictures,
            "pictures_not_shown": list(self.remote),
            "words": self.reading.words,
            "reading_minutes": self.reading.minutes,
            "against": self.comparison.since or None,
            "words_added": None if changes is None else changes.words_added,
            "words_removed": None if changes is None else changes.words_removed,
        }


def make_sheet(
    project: Project, manuscript: Manuscript, comparison: Comparison, now: datetime.datetime
) -> Sheet:
    """The proof of an issue, as the sample reader would get it.

    Args:
        project: The project.
        manuscript: The issue.
        comparison: What changed since an earlier version.
        now: In the editor's time zone.

    Raises:
        NewsletterError: The letter cannot be made.
    """
    galley = project.render(manuscript)
    edition, sender = galley.edition, project.sender
    reader = sample_reader(edition)
    # The message is taken apart again as a mail program does it: what is shown is what is sent.
    mail = open_mail(sample_message(edition, sender, reader).data)
    preheader = edition.preheader.fill(reader.merge_values(edition, sender))
    own = own_pictures(mail, galley, project.settings.assets_url)
    remarks, failed = _check(project, manuscript, galley)
    day = f"{edition.date.day} {edition.date:%b}"
    return Sheet(
        newsletter=project.settings.name,
        slug=manuscript.slug,
        date=edition.date,
        number=manuscript.issue.number,
        language=edition.language,
        made=now,
        sender=mail.sender,
        subject=mail.subject,
        preheader=preheader,
        verdict=Verdict.of((remark.finding for remark in remarks), failed=failed),
        remarks=remarks,
        weight=weigh(mail),
        remote=carrying(mail.html, own).remote,
        reading=reading(manuscript.issue, edition.language),
        rows=rows(mail.sender, mail.subject, preheader, day, text_of(mail.html)),
        views=views(mail.html, own),
        text=mail.text,
        comparison=comparison,
        parts=parts(comparison.changes) if comparison.changes else (),
    )


def _check(
    project: Project, manuscript: Manuscript, galley: Galley
) -> tuple[tuple[Remark, ...], str]:
    """The findings, or none and why the check could not run."""
    try:
        return of_checked(project, manuscript, galley), ""
    except NewsletterError as error:
        return (), error.message
    except Exception as error:  # noqa: BLE001 - a project's own rule may fail in any way
        return (), f"{type(error).__name__}: {error}".strip(": ")
