"""``newsletter schedule``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import say, say_json, table

if TYPE_CHECKING:
    from newsletter.project import Project
    from newsletter.sending.schedules import Schedule


@click.group(invoke_without_command=True)
@json_option
@with_project
@click.pass_context
def command(context: click.Context, project: Project, *, as_json: bool) -> None:
    """List what waits for its time, and what became of it. Make one with: send --at."""
    if context.invoked_subcommand is not None:
        return
    from newsletter.sending.schedules import Schedules

    # Looking must not make a database.
    found = Schedules(project.database).list() if project.has_database else []
    if as_json:
        say_json([described(schedule) for schedule in found])
    elif not found:
        say("Nothing is scheduled.")
    else:
        table(("ID", "Issue", "Starts", "Not after", "State", "Reason"), [_cells(s) for s in found])


@command.command("cancel")
@click.argument("number", metavar="ID", type=int)
@json_option
@with_project
def cancel(project: Project, number: int, *, as_json: bool) -> None:
    """Take back what has not started yet."""
    from newsletter.errors import NotFoundError
    from newsletter.sending.schedules import Schedules

    if not project.has_database:
        raise NotFoundError(f"there is no schedule {number}", "See: newsletter schedule")
    schedule = Schedules(project.database).cancel(number)
    if as_json:
        say_json(described(schedule))
    else:
        say(f"{schedule.order.slug} will not be sent.")


def described(schedule: Schedule) -> dict[str, Any]:
    """The same for programs; times in UTC."""
    order, started = schedule.order, schedule.started_at
    return {
        "id": schedule.id,
        "issue": order.slug,
        "digest": order.digest,
        "at": order.at.isoformat(),
        "not_after": order.not_after.isoformat(),
        "approved": bool(order.plan),
        "state": schedule.state.value,
        "reason": schedule.reason,
        "started_at": started.isoformat() if started else None,
    }


def _cells(schedule: Schedule) -> tuple[str, ...]:
    order = schedule.order
    return (
        str(schedule.id),
        order.slug,
        f"{order.at.astimezone():%Y-%m-%d %H:%M %z}",
        f"{order.not_after.astimezone():%Y-%m-%d %H:%M}",
        schedule.state.value,
        schedule.reason,
    )
