"""``newsletter cancel``."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json
from newsletter.cli.send_report import tally
from newsletter.cli.sent import (
    ask_for_slug,
    find_sent,
    now,
    roll_of,
    sent_argument,
    settle_dead,
    somebody_sends,
)
from newsletter.errors import SendRefusedError

if TYPE_CHECKING:
    from newsletter.project import Project

PATIENCE = 5.0
"""Seconds to wait for whoever sends it; it looks four times a second."""


@click.command()
@sent_argument
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@with_project
def command(project: Project, issue: str | None, *, yes: bool, as_json: bool) -> None:
    """End a sending for good: nobody who is still waiting gets it.

    Whoever sends it hands over what is in hand, and ends. ISSUE is a slug, a path, or left out for
    the sending that is not finished.
    """
    from newsletter.database.states import Control
    from newsletter.delivery.campaigns import Campaigns

    campaign = find_sent(project, issue, unfinished=True)
    slug, roll = campaign.slug, roll_of(project, campaign)
    if campaign.finished_at:
        raise SendRefusedError(
            f"{slug} is finished: there is nothing to cancel", f"See: newsletter status {slug}"
        )
    if not yes and campaign.control != Control.CANCELLED:
        ask_for_slug(slug, f"{slug} so far: {tally(roll.counts())}. To cancel the rest")
    Campaigns(project.database).control(campaign, Control.CANCELLED)
    deadline = time.monotonic() + PATIENCE
    roll.cancel_open(now())
    while (sending := somebody_sends(project, campaign)) and time.monotonic() < deadline:
        time.sleep(0.1)
    settle_dead(project, campaign)
    roll.cancel_open(now())
    finished = roll.close(now())
    states = roll.counts()
    if as_json:
        say_json(
            {
                "issue": slug,
                "control": "cancelled",
                "sending": sending,
                "finished": finished,
                "states": dict(states),
            }
        )
        return
    say(f"{slug} is cancelled: {tally(states)}.")
    if sending:
        say("Whoever sends it finishes what is in hand, then stops.")
    if unknown := states.get("unknown"):
        say(f"Of {count(unknown, 'reader')} nobody knows: newsletter status {slug} --failed")
