"""``newsletter pause``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json
from newsletter.cli.sent import find_sent, sent_argument, somebody_sends
from newsletter.errors import SendRefusedError

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@sent_argument
@json_option
@with_project
def command(project: Project, issue: str | None, *, as_json: bool) -> None:
    """Pause a sending, also from another terminal or machine.

    Whoever sends it hands over what is in hand, and then waits. ISSUE is a slug, a path, or left
    out for the sending that is not finished.
    """
    from newsletter.database.states import Control
    from newsletter.delivery.campaigns import Campaigns

    campaign = find_sent(project, issue, unfinished=True)
    changed = not campaign.finished_at and Campaigns(project.database).control(
        campaign, Control.PAUSED
    )
    if not changed:
        state = "finished" if campaign.finished_at else "cancelled"
        raise SendRefusedError(
            f"{campaign.slug} is {state}: there is nothing to pause",
            f"See: newsletter status {campaign.slug}",
        )
    sending = somebody_sends(project, campaign)
    if as_json:
        say_json({"issue": campaign.slug, "control": "paused", "sending": sending})
        return
    meanwhile = "whoever sends it finishes what is in hand" if sending else "nobody is sending it"
    say(f"{campaign.slug} is paused; {meanwhile}.")
    say(f"Go on with: newsletter resume {campaign.slug}")
