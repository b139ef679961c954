"""``newsletter status``."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json, table, warn
from newsletter.cli.send_report import tally, whom
from newsletter.cli.sent import now, roll_of, slug_of

if TYPE_CHECKING:
    from newsletter.delivery.campaigns import Campaign
    from newsletter.delivery.presence import Presence
    from newsletter.delivery.roll import Entry
    from newsletter.project import Project

TROUBLE = ("attempting", "failed", "unknown", "deferred", "expired", "bounced", "complained")
"""States that ``--failed`` lists; "attempting" is being handed over, or was when a program died."""


@click.command()
@click.argument("issue", required=False, metavar="[ISSUE]")
@click.option(
    "--failed",
    is_flag=True,
    help="List the readers whose copy failed, is late or in doubt, and why.",
)
@json_option
@with_project
def command(project: Project, issue: str | None, *, failed: bool, as_json: bool) -> None:
    """See what became of sent issues: of one, or left out of all."""
    found = _campaigns(project, issue)
    if as_json:
        presence = _presence(project, found)
        say_json([_plain(project, one, presence, failed=failed) for one in found])
        return
    if not found:
        say("Nothing has been sent yet." if issue is None else f"{issue} has not been sent yet.")
        return
    if failed:
        rows = (_cells(c, e) for c in found for e in roll_of(project, c).entries(*TROUBLE))
        if (first := next(rows, None)) is None:
            warn("No reader's copy has failed or is in doubt.")
            return
        columns = ("Issue", "Delivery", "Reader", "State", "Tried", "Next", "Reason")
        table(columns, itertools.chain([first], rows))
        return
    presence = _presence(project, found)
    # Who has one list need not be told that it goes to it.
    to = {campaign.id: _to(campaign) for campaign in found}
    more = ("To",) if any(to.values()) else ()
    table(
        ("Issue", "Began", "State", "Readers", "Transport", *more),
        (
            (
                campaign.slug,
                f"{campaign.started_at.astimezone():%Y-%m-%d %H:%M}",
                _state(campaign, presence),
                tally(roll_of(project, campaign).counts()),
                campaign.transport,
                *([to[campaign.id]] if more else []),
            )
            for campaign in found
        ),
    )


def _campaigns(project: Project, issue: str | None) -> tuple[Campaign, ...]:
    from newsletter.delivery.campaigns import Campaigns

    slug = None if issue is None else slug_of(project, issue)
    # Looking must not make a database.
    if not project.has_database:
        return ()
    return Campaigns(project.database).list(slug)


def _to(campaign: Campaign) -> str:
    """``weekly, alerts: language == "uk"``; empty for everybody on the only list."""
    return ": ".join(whom(campaign.lists, campaign.segment).values())


def _cells(campaign: Campaign, entry: Entry) -> tuple[str, ...]:
    due = entry.next_attempt_at
    return (
        campaign.slug,
        str(entry.id),
        entry.address,
        entry.state,
        str(entry.attempts),
        f"{due.astimezone():%Y-%m-%d %H:%M}" if due else "",
        entry.detail,
    )


def _presence(project: Project, campaigns: Sequence[Campaign]) -> Presence:
    from newsletter.delivery.presence import Presence

    if all(campaign.finished_at for campaign in campaigns):
        return Presence()
    return Presence.look(project.database, project.state_folder, now())


def _state(campaign: Campaign, presence: Presence) -> str:
    """``sending``, ``paused (why)``, ``cancelled``, ``finished`` or ``not finished``."""
    if campaign.control == "cancelled":
        return "cancelled"
    if campaign.finished_at:
        return "finished"
    if campaign.control == "paused":
        return f"paused ({campaign.control_reason})" if campaign.control_reason else "paused"
    return "sending" if campaign.id in presence.campaigns else "not finished"


def _plain(
    project: Project, campaign: Campaign, presence: Presence, *, failed: bool
) -> dict[str, Any]:
    roll = roll_of(project, campaign)
    wishes = roll.wishes()
    plain: dict[str, Any] = {
        "issue": campaign.slug,
        "campaign": campaign.id,
        "digest": campaign.digest,
        "transport": campaign.transport,
        "started_at": campaign.started_at.isoformat(),
        "finished_at": _iso(campaign.finished_at),
        "expires_at": _iso(campaign.expires_at),
        "lists": list(campaign.lists),
        "segment": campaign.segment,
        "control": campaign.control,
        "control_reason": campaign.control_reason,
        "rate": wishes.rate or None,
        "pace": json.loads(wishes.pace or "{}"),
        "sending": campaign.id in presence.campaigns,
        "next_attempt_at": _iso(roll.next_due()),
        "states": dict(roll.counts()),
    }
    if failed:
        plain["deliveries"] = [
            {**dataclasses.asdict(entry), "next_attempt_at": _iso(entry.next_attempt_at)}
            for entry in roll.entries(*TROUBLE)
        ]
    return plain


def _iso(time: datetime.datetime | None) -> str | None:
    return time.isoformat() if time else None
