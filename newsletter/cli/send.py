"""``newsletter send``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import issue_argument, json_option, with_project
from newsletter.cli.send_wish import MomentType, Wish

if TYPE_CHECKING:
    from newsletter.project import Project

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@issue_argument
@click.option(
    "--test",
    "proofs",
    multiple=True,
    metavar="ADDRESS",
    help="Send a proof to this address, not to readers; several times, or with commas between.",
)
@click.option(
    "--language",
    "languages",
    multiple=True,
    metavar="TAG",
    help="With --test: only in this language; several times for several.  [all that there are]",
)
@click.option("--dry-run", is_flag=True, help="Show what would be sent, and send nothing.")
@click.option("--resume", is_flag=True, help="Go on with a sending that is not finished.")
@click.option(
    "--as-started", is_flag=True, help="Go on with the content that the first readers got."
)
@click.option(
    "--list",
    "lists",
    multiple=True,
    metavar="NAME",
    help="Send it to the readers of this list; several times for several lists.",
)
@click.option(
    "--segment",
    default="",
    metavar="EXPRESSION",
    help='Only to some of them: \'language == "uk" and "events" in tags\'.',
)
@click.option("--again", is_flag=True, help="Send an issue to everybody that was sent before.")
@click.option(
    "--resend-unknown",
    is_flag=True,
    help="Send once more to readers who may have got it already.",
)
@click.option(
    "--accept-restore",
    is_flag=True,
    help="Send though an older copy of the database was put back.",
)
@click.option(
    "--despite-complaints",
    is_flag=True,
    help="Send though so many readers complain that providers may refuse it.",
)
@click.option("--plan", is_flag=True, help="Write down what would be sent, to have it approved.")
@click.option("-o", "--output", metavar="FILE", type=_FILE, help="Where the plan goes.")
@click.option("--approved", metavar="PLAN", type=_FILE, help="Send exactly what a plan says.")
@click.option(
    "--at",
    metavar="TIME",
    type=MomentType(),
    help="Send it then (2026-11-27T07:30+02:00), by a newsletter worker.",
)
@click.option(
    "--not-after",
    metavar="TIME",
    type=MomentType(),
    help="With --at: later than this it is not sent at all.  [an hour later]",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@with_project
def command(project: Project, issue: str | None, **options: Any) -> int:
    """Send an issue to its readers, or with --test a proof to yourself.

    ISSUE is a slug, a path, or left out for the latest. Readers, and proofs, get all its languages.

    Exit code 0 when every reader's outcome is known and somebody got it, 1 when it was refused, 3
    when readers are left (run it again), 130 when it was interrupted.
    """
    wish = Wish(**options)
    wish.check()
    if not wish.accept_restore and not wish.proofs:
        _know_the_last_sending(project)
    if wish.at:
        from newsletter.cli.send_at import send_at

        return send_at(project, issue, wish)
    if wish.approved:
        from newsletter.cli.send_plan import send_approved

        return send_approved(project, issue, wish)
    path = project.find_own(issue)
    if wish.proofs:
        from newsletter.cli.send_proofs import addresses, send_test
        from newsletter.issue.siblings import meant

        to = addresses(wish.proofs)
        files = meant(path, issue)
        return send_test(project, files, to, wish.languages, as_json=wish.as_json)
    if wish.plan:
        from newsletter.cli.send_plan import write_plan_file

        return write_plan_file(project, path, wish)
    from newsletter.cli.send_now import send_now

    return send_now(project, path, wish)


def _know_the_last_sending(project: Project) -> None:
    """Pass unless an old copy of the database was put back: nothing in it can be relied on."""
    from newsletter.delivery import generation

    generation.check(project.database, project.state_folder)
