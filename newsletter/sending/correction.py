"""A short letter to those who got an issue with a mistake in it, and to nobody else."""

from __future__ import annotations

import dataclasses
import datetime
import re
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import func, select

from newsletter.audience.lists import Encryption
from newsletter.database.states import State
from newsletter.delivery import gate
from newsletter.delivery.audience import ReadersOf, readers
from newsletter.delivery.campaigns import Campaign, Campaigns
from newsletter.delivery.message import Sender
from newsletter.delivery.roll import Roll
from newsletter.delivery.transports.base import Transport
from newsletter.errors import SendRefusedError
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.markdown import inline
from newsletter.issue.model import Button, Correction, Issue, TextSection
from newsletter.project import Project
from newsletter.render.edition import Edition
from newsletter.render.words import words
from newsletter.sending.approval import no_approval_needed
from newsletter.sending.history import sendings
from newsletter.sending.sender import sender_for

GOT_IT = (State.ACCEPTED, State.UNKNOWN)
"""Who has the wrong letter, or may have it."""

_STILL_OUT = (State.PLANNED, State.DEFERRED, State.CLAIMED, State.ATTEMPTING)


@dataclass(frozen=True, slots=True)
class CorrectionLetter:
    """What would go out, and to whom.

    Attributes:
        slug: What its campaign is called: ``2026-11-20.correction-1``.
        edition: What they get.
        sender: Who it is from.
        transport: Who takes the messages.
        audience: Those who got, or may have got, the issue.
        readers: How many of them are still readers.
        left_out: How many of them are suppressed.
    """

    slug: str
    edition: Edition
    sender: Sender
    transport: Transport
    audience: ReadersOf
    readers: int
    left_out: int


def last_sending(project: Project, slug: str) -> Campaign | None:
    """The last campaign of an issue that reached anybody; None if there is none.

    Args:
        project: The newsletter.
        slug: The issue, whatever its language.
    """
    if not project.has_database:
        return None
    return next(iter(sendings(project, slug)), None)


def sent_edition(project: Project, campaign: Campaign, slug: str) -> tuple[int, Edition]:
    """What readers got of one language of an issue: its number in the campaign, and the edition.

    Args:
        project: The newsletter.
        campaign: The sending.
        slug: Of the issue's file; if no edition has it, the issue's own edition is meant.
    """
    editions = Campaigns(project.database).editions(campaign)
    numbers = [number for number, edition in enumerate(editions) if edition.slug == slug]
    number = numbers[0] if numbers else 0
    return number, editions[number]


def write_letter(
    project: Project, corrected: Manuscript, campaign: Campaign, today: datetime.date
) -> CorrectionLetter:
    """Put together the letter that tells an issue's last correction.

    Args:
        project: The newsletter.
        corrected: The issue, the correction in it.
        campaign: The sending in which the wrong version went out.
        today: The day of the letter.

    Raises:
        TemplateError: The usual template is wrong.
        ConfigurationError: The settings are wrong.
        DatabaseError: The readers cannot be counted.
    """
    number, _ = sent_edition(project, campaign, corrected.slug)
    several = len(Campaigns(project.database).editions(campaign)) > 1
    audience = ReadersOf(campaign.id, GOT_IT, (number,) if several else ())
    found = readers(audience, project.database.dialect).subquery()
    with project.database.reading() as connection:
        rows = connection.execute(select(found.c.state, func.count()).group_by(found.c.state))
        counted: dict[str, int] = {state: count for state, count in rows}  # noqa: C416
    slug = f"{corrected.slug}.correction-{len(corrected.issue.corrections)}"
    return CorrectionLetter(
        slug=slug,
        edition=_edition(project, corrected, slug, today),
        sender=sender_for(project, campaign.lists),
        transport=project.transport(),
        audience=audience,
        readers=counted.get(State.PLANNED, 0),
        left_out=counted.get(State.SUPPRESSED, 0),
    )


def check(
    project: Project, letter: CorrectionLetter, campaign: Campaign, now: datetime.datetime
) -> None:
    """Pass if a correction may go out.

    Args:
        project: The newsletter.
        letter: The correction.
        campaign: The sending in which the wrong version went out.
        now: The time.

    Raises:
        SendRefusedError: The issue is still going out, nobody got it, others must approve, links
            could not work, or no message can be made.
    """
    counts = Roll(project.database, campaign).counts()
    if any(counts.get(state) for state in _STILL_OUT):
        raise SendRefusedError(
            f"{campaign.slug} is still going out: nobody can say yet who gets the wrong version",
            f"Finish it first, or stop it: newsletter cancel {campaign.slug}",
        )
    no_approval_needed(project, letter.slug)
    gate.links_will_work(letter.transport, letter.sender)
    for policy in letter.sender.encryption.values():
        gate.letters_can_be_encrypted(letter.transport, Encryption(policy))
    gate.message_can_be_made(letter.edition, letter.sender, now)
    gate.nothing_revealed(
        letter.edition,
        letter.sender,
        project.settings.must_not_reveal,
        now,
        signer=project.signer() if project.settings.must_not_reveal else None,
    )
    if not letter.readers:
        raise SendRefusedError(
            f"nobody who got {campaign.slug} is still a reader",
            "Leave --mail out: the note then stands on the web.",
        )


def start(project: Project, letter: CorrectionLetter, now: datetime.datetime) -> Campaign:
    """Start the campaign of a correction, or find the one that was started before.

    Raises:
        SendRefusedError: It has gone out already.
    """
    campaigns = Campaigns(project.database)
    before = campaigns.latest(letter.slug)
    if before is not None and before.finished_at is None:
        return before
    if before is not None:
        raise SendRefusedError(
            f"{letter.slug} has gone out already", f"See: newsletter status {letter.slug}"
        )
    return campaigns.start(
        letter.edition,
        letter.sender,
        letter.transport.describe(),
        now,
        audience=letter.audience,
        slug=letter.slug,
    )


def _edition(project: Project, corrected: Manuscript, slug: str, today: datetime.date) -> Edition:
    """The letter, made with the newsletter's usual template; its web version is the issue's."""
    from newsletter.render.issue import render

    issue, publication = corrected.issue, project.publication
    correction: Correction = issue.corrections[-1]
    said = words(issue.language or publication.language)
    # The same for all issues: a template knows only of letters that have a page of their own.
    url = publication.archive_url.replace("{slug}", quote(corrected.slug))
    link = [Button(kind="button", label=issue.title or issue.subject, url=url)] if url else []
    letter = Issue(
        subject=f"{said.correction}: {issue.subject}",
        preheader=inline(correction.note).text.strip() or correction.note,
        date=today,
        title=said.correction,
        language=issue.language,
        sections=(TextSection(kind="text", body=_as_paragraph(correction.note)), *link),
    )
    path = corrected.path.with_name(f"{slug}.yaml")
    manuscript = Manuscript(path, path.name, "", letter, spans={})
    galley = render(
        manuscript,
        dataclasses.replace(publication, archive_url=url),
        project.template_folders,
        root=project.root,
        picture_cache=project.picture_cache,
    )
    return galley.edition


def _as_paragraph(note: str) -> str:
    """A note as Markdown that begins no list, heading or quotation: "8. Mai" stays what it is."""
    return _BLOCK.sub(r"\1\\", note, count=1)


_BLOCK = re.compile(r"^(\d{1,9}(?=[.)]\s)|(?=(?:[-+*]|#{1,6})\s|>))")
