"""``newsletter resume``."""

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
    """Let a sending that was paused go on.

    ISSUE is a slug, a path, or left out for the sending that is not finished.
    """
    from newsletter.database.states import Control
    from newsletter.delivery.campaigns import Campaigns

    campaign = find_sent(project, issue, unfinished=True)
    slug = campaign.slug
    if campaign.finished_at or not Campaigns(project.database).control(campaign, Control.RUNNING):
        state = "finished" if campaign.finished_at else "cancelled"
        raise SendRefusedError(
            f"{slug} is {state}: there is nothing to go on with", f"See: newsletter status {slug}"
        )
    sending = somebody_sends(project, campaign)
    if as_json:
        say_json({"issue": slug, "control": "running", "sending": sending})
        return
    said = "goes on" if campaign.control == Control.PAUSED else "was not paused"
    say(f"{slug} {said}." if sending else f"{slug} is free to go on, but nobody is sending it.")
    if not sending:
        say(f"Send it with: newsletter send {slug} --resume")
