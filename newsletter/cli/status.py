"""``newsletter status``."""

from __future__ import annotations

import dataclasses
import datetime
import itertools
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json, table, warn
from newsletter.cli.send_report import tally

if TYPE_CHECKING:
    from newsletter.delivery.campaigns import Campaign
    from newsletter.delivery.ledger import Entry, Ledger
    from newsletter.project import Project

TROUBLE = ("claimed", "failed", "unknown", "deferred", "expired")
"""States that ``--failed`` lists; "claimed" is in hand now, or was when a program died."""


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
        say_json([_plain(project, campaign, failed=failed) for campaign in found])
        return
    if not found:
        say("Nothing has been sent yet." if issue is None else f"{issue} has not been sent yet.")
        return
    if failed:
        rows = (_cells(c, e) for c in found for e in _ledger(project, c).entries(*TROUBLE))
        if (first := next(rows, None)) is None:
            warn("No reader's copy has failed or is in doubt.")
            return
        columns = ("Issue", "Delivery", "Reader", "State", "Tried", "Next", "Reason")
        table(columns, itertools.chain([first], rows))
        return
    table(
        ("Issue", "Began", "State", "Readers", "Transport"),
        (
            (
                campaign.slug,
                f"{campaign.started_at.astimezone():%Y-%m-%d %H:%M}",
                "finished" if campaign.finished_at else "not finished",
                tally(_ledger(project, campaign).counts()),
                campaign.transport,
            )
            for campaign in found
        ),
    )


def _campaigns(project: Project, issue: str | None) -> tuple[Campaign, ...]:
    from newsletter.delivery.campaigns import Campaigns

    slug = None if issue is None else _slug(project, issue)
    # Looking must not make a database.
    if not (project.state_folder / "newsletter.db").exists():
        return ()
    return Campaigns(project.database).list(slug)


def _slug(project: Project, issue: str) -> str:
    """The slug that was meant; a sent issue may be asked for after its file is gone."""
    from newsletter.errors import NotFoundError

    try:
        return project.find(issue).stem
    except NotFoundError:
        if not (project.state_folder / "newsletter.db").exists():
            raise
        from newsletter.delivery.campaigns import Campaigns

        if Campaigns(project.database).latest(issue) is None:
            raise
        return issue


def _ledger(project: Project, campaign: Campaign) -> Ledger:
    from newsletter.delivery.ledger import Ledger

    return Ledger(project.database, campaign)


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


def _plain(project: Project, campaign: Campaign, *, failed: bool) -> dict[str, Any]:
    ledger = _ledger(project, campaign)
    plain: dict[str, Any] = {
        "issue": campaign.slug,
        "campaign": campaign.id,
        "digest": campaign.digest,
        "transport": campaign.transport,
        "started_at": campaign.started_at.isoformat(),
        "finished_at": _iso(campaign.finished_at),
        "next_attempt_at": _iso(ledger.next_due()),
        "states": dict(ledger.counts()),
    }
    if failed:
        plain["deliveries"] = [
            {**dataclasses.asdict(entry), "next_attempt_at": _iso(entry.next_attempt_at)}
            for entry in ledger.entries(*TROUBLE)
        ]
    return plain


def _iso(time: datetime.datetime | None) -> str | None:
    return time.isoformat() if time else None
