"""``newsletter reconcile``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json
from newsletter.cli.send_report import tally
from newsletter.cli.sent import all_sent, now, settle_dead

if TYPE_CHECKING:
    from newsletter.delivery.reconcile.reconcile import Reconciled
    from newsletter.project import Project


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="[ISSUE] FILE...")
@click.option("--dry-run", is_flag=True, help="Show what would come of it, and change nothing.")
@json_option
@with_project
def command(project: Project, words: tuple[str, ...], *, dry_run: bool, as_json: bool) -> int:
    """Find out what became of unknown deliveries, from the relay's log and from bounces.

    FILE is a mail log of Postfix (also .gz), a bounce that was saved, or a Maildir of them; several
    in any order. ISSUE is a slug, or left out for all issues.

    Exit code 0 when nothing is unknown any more, 3 when something is.
    """
    from newsletter.delivery.reconcile.reconcile import reconcile

    issue, files = _split(words)
    campaigns = all_sent(project, issue)
    if not dry_run:
        for campaign in campaigns:
            if not campaign.finished_at:
                settle_dead(project, campaign)
    result = reconcile(project.database, campaigns, files, now(), dry_run=dry_run)
    if as_json:
        say_json(_plain(result, dry_run=dry_run))
    else:
        _say(result, dry_run=dry_run)
    return 3 if result.left else 0


def _split(words: tuple[str, ...]) -> tuple[str | None, list[Path]]:
    """The issue, if the first word is none of the files; an issue's own file counts as one."""
    first = Path(words[0])
    is_issue = first.suffix in {".yaml", ".yml"} or not first.exists()
    if is_issue and len(words) > 1:
        return words[0], [Path(word) for word in words[1:]]
    return None, [Path(word) for word in words]


def _say(result: Reconciled, *, dry_run: bool) -> None:
    if not result.unknown:
        say("Nothing is unknown.")
        return
    would = "would be" if dry_run else "are now"
    if result.settled:
        say(
            f"{count(result.unknown, 'delivery', 'deliveries')} unknown; {would}: "
            f"{tally({**result.settled, 'unknown': result.left})}."
        )
    else:
        say(
            f"{count(result.unknown, 'delivery', 'deliveries')} unknown, and none could be settled."
        )
    if result.meanwhile:
        say(f"{result.meanwhile:,} changed meanwhile by somebody else, and left alone.")
    if result.begun:
        say(
            f"{result.begun:,} in the log, but only its beginning: nothing shows that the relay "
            "took it."
        )
    if result.absent:
        say(
            f"{result.absent:,} not in the log, though it covers the time. That is no proof: it "
            "may have gone through another machine, or lines may be missing."
        )
    if result.not_covered:
        say(
            f"{result.not_covered:,} not found, and no log covers all the time from then until 15 "
            "minutes after: look again later, or in another log."
        )
    if result.left:
        say("To send to them once more all the same: newsletter retry --unknown")


def _plain(result: Reconciled, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "unknown": result.unknown,
        "settled": dict(result.settled),
        "changed_meanwhile": result.meanwhile,
        "left": result.left,
        "begun": result.begun,
        "absent": result.absent,
        "not_covered": result.not_covered,
    }
