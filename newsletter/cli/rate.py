"""``newsletter rate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json
from newsletter.cli.sent import find_sent
from newsletter.errors import SendRefusedError

if TYPE_CHECKING:
    from newsletter.project import Project


@click.command()
@click.argument("issue", required=False, metavar="[ISSUE]")
@click.argument("rate", required=False, metavar="RATE")
@click.option("--none", "usual", is_flag=True, help="Back to the usual rate, that of the settings.")
@json_option
@with_project
def command(
    project: Project, issue: str | None, rate: str | None, *, usual: bool, as_json: bool
) -> None:
    """Change how fast an issue goes out, also while it does.

    RATE is 50/s, 600/min or 20000/h. ISSUE is a slug, a path, or left out for the sending that is
    not finished.
    """
    from newsletter.delivery.campaigns import Campaigns
    from newsletter.delivery.rate import Rate

    if rate is None and not usual:  # one word is the rate
        issue, rate = None, issue
    if (rate is None) is not usual:
        raise click.UsageError("Say how fast, as in 50/s, or --none.")
    parsed = Rate.parse(rate or "")
    if parsed is None and not usual:
        raise click.UsageError("Say how fast, as in 50/s, or --none.")
    campaign = find_sent(project, issue, unfinished=True)
    if campaign.finished_at:
        raise SendRefusedError(
            f"{campaign.slug} is finished: it has no rate any more",
            f"See: newsletter status {campaign.slug}",
        )
    Campaigns(project.database).set_rate(campaign, str(parsed) if parsed else "")
    if as_json:
        say_json({"issue": campaign.slug, "rate": str(parsed) if parsed else None})
        return
    said = f"at {parsed} at most" if parsed else "at the usual rate"
    say(f"{campaign.slug} goes out {said} from now on.")
