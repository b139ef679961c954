"""``newsletter rate``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json
from newsletter.cli.sent import find_sent
from newsletter.errors import ConfigurationError, SendRefusedError

if TYPE_CHECKING:
    from newsletter.delivery.pace_wish import PaceWish
    from newsletter.project import Project

_WHAT = "Say how fast, as in 50/s, or what else shall change, or --none."


@click.command()
@click.argument("issue", required=False, metavar="[ISSUE]")
@click.argument("rate", required=False, metavar="[RATE]")
@click.option(
    "--domain-rate",
    "domain_rates",
    multiple=True,
    metavar="DOMAIN=RATE",
    help="For readers of one mail domain; DOMAIN=none lifts its limit. May be repeated.",
)
@click.option(
    "--window",
    metavar="HH:MM-HH:MM",
    help="Hours in which messages may leave, as of the setting window_zone; none for all day.",
)
@click.option(
    "--ramp",
    type=click.IntRange(min=0),
    metavar="NUMBER",
    help="How many on the first day of a new domain; 0 for no limit.",
)
@click.option("--none", "usual", is_flag=True, help="Back to what the settings say, in all of it.")
@json_option
@with_project
def command(
    project: Project,
    issue: str | None,
    rate: str | None,
    domain_rates: Sequence[str],
    window: str | None,
    ramp: int | None,
    *,
    usual: bool,
    as_json: bool,
) -> None:
    """Change how fast and when an issue goes out, also while it does.

    RATE is 50/s, 600/min or 20000/h. ISSUE is a slug, a path, or left out for the sending that is
    not finished. All programs that send it follow within a second; it holds for this sending only.
    """
    from newsletter.delivery.campaigns import Campaigns
    from newsletter.delivery.pace_wish import PaceWish

    more = bool(domain_rates) or window is not None or ramp is not None
    if rate is None and (_is_rate(issue) or not (usual or more)):  # one word is the rate
        issue, rate = None, issue
    if (rate is not None or more) is usual or (rate is not None and not rate.strip()):
        raise click.UsageError(_WHAT)
    wish = PaceWish.of(
        rate=rate or "",
        domain_rates=dict(map(_domain_rate, domain_rates)),
        ramp=ramp,
        window="" if window == "none" else window,
        window_zone=None if window is None else project.settings.sending.window_zone,
    )
    campaign = find_sent(project, issue, unfinished=True)
    if campaign.finished_at:
        raise SendRefusedError(
            f"{campaign.slug} is finished: it has no rate any more",
            f"See: newsletter status {campaign.slug}",
        )
    changed = PaceWish()

    def change(before: str, rest: str) -> tuple[str, str]:
        nonlocal changed
        changed = wish if usual else PaceWish.read(before, rest).then(wish)
        return changed.written()

    Campaigns(project.database).change_pace(campaign, change)
    if as_json:
        say_json({"issue": campaign.slug, **changed.plain()})
    else:
        _say(project, campaign.slug, changed, usual=usual)


def _say(project: Project, slug: str, wish: PaceWish, *, usual: bool) -> None:
    from newsletter.sending.hold import usual_pace

    whose = "as the settings say" if usual else "from now on"
    say(f"{slug} goes out {whose}: {wish.over(usual_pace(project))}.")


def _is_rate(word: str | None) -> bool:
    from newsletter.delivery.rate import Rate

    try:
        return Rate.parse(word or "") is not None
    except ConfigurationError:
        return False


def _domain_rate(text: str) -> tuple[str, str]:
    domain, equals, rate = text.partition("=")
    if not equals or not rate.strip():
        raise click.UsageError(f"--domain-rate: write example.com=5/s or example.com=none: {text}")
    return domain, "" if rate.strip() == "none" else rate
