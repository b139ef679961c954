"""Issues that were sent, or are being sent: which one a command means, and who is sending it."""

from __future__ import annotations

import contextlib
import datetime
import sys
from typing import TYPE_CHECKING

import click

from newsletter.errors import NotFoundError, SendRefusedError

if TYPE_CHECKING:
    from newsletter.delivery.campaigns import Campaign
    from newsletter.delivery.roll import Roll
    from newsletter.project import Project

sent_argument = click.argument("issue", required=False, metavar="[ISSUE]")
"""An issue that was sent: a slug, a path, or left out for the last one."""


def find_sent(project: Project, issue: str | None, *, unfinished: bool = False) -> Campaign:
    """The last campaign of an issue, or of all.

    Args:
        project: The newsletter.
        issue: A slug or path; None for the issue that was sent last.
        unfinished: With None, the last one that is not finished, if there is one.

    Raises:
        NotFoundError: It was never sent, or does not exist.
    """
    found = all_sent(project, issue)
    if issue is None and unfinished:
        return next((one for one in found if not one.finished_at), found[0])
    return found[0]


def all_sent(project: Project, issue: str | None) -> tuple[Campaign, ...]:
    """All campaigns of an issue, the last one first; with None, of all issues.

    Raises:
        NotFoundError: There are none, or the issue does not exist.
    """
    from newsletter.delivery.campaigns import Campaigns

    slug = None if issue is None else slug_of(project, issue)
    # Looking must not make a database.
    found = Campaigns(project.database).list(slug) if project.has_database else ()
    if not found:
        raise NotFoundError(
            "nothing has been sent yet" if slug is None else f"{slug} has not been sent yet",
            "See: newsletter status",
        )
    return found


def slug_of(project: Project, issue: str) -> str:
    """The slug that was meant; a sent issue may be asked for after its file is gone.

    Raises:
        NotFoundError: There is no such issue, and none was sent.
    """
    from newsletter.issue.siblings import shared_slug

    try:
        return shared_slug(project.find(issue))
    except NotFoundError:
        if not project.has_database:
            raise
        from newsletter.delivery.campaigns import Campaigns

        if Campaigns(project.database).latest(issue) is None:
            raise
        return issue


def roll_of(project: Project, campaign: Campaign) -> Roll:
    """The ledger of a campaign."""
    from newsletter.delivery.roll import Roll

    return Roll(project.database, campaign)


def somebody_sends(project: Project, campaign: Campaign) -> bool:
    """Whether a program may be sending a campaign now, or waits for it to go on."""
    from newsletter.delivery.presence import Presence

    seen = Presence.look(project.database, project.state_folder, now())
    return seen.may_be_sending(campaign.id)


def settle_dead(project: Project, campaign: Campaign) -> None:
    """What a program that died has left in hand is unknown, before anything is counted."""
    from newsletter.sending.alone import alone, can_be_alone

    roll = roll_of(project, campaign)
    if not roll.counts().keys() & {"claimed", "attempting"}:
        return
    with contextlib.suppress(SendRefusedError), alone(project):  # somebody sends: it is alive
        roll.settle_dead(now(), alone=can_be_alone(project))


def ask_for_slug(slug: str, question: str) -> None:
    """Have the slug typed by somebody who is sure.

    Raises:
        SendRefusedError: Something else was typed, or nobody is there to type.
    """
    if not sys.stdin.isatty():
        raise SendRefusedError(
            "nobody is at a terminal to be asked", "To do it without being asked, add --yes."
        )
    typed = click.prompt(f"{question}, type {slug}", default="", show_default=False, err=True)
    if typed.strip() != slug:
        raise SendRefusedError("nothing was changed", f"To go ahead, type exactly: {slug}")


def now() -> datetime.datetime:
    """The time, in UTC."""
    return datetime.datetime.now(datetime.UTC)
