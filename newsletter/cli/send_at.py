"""``newsletter send --at``: an issue that waits for its time."""

from __future__ import annotations

import datetime

from newsletter.cli.output import say, say_json
from newsletter.cli.schedule import described
from newsletter.cli.send_now import agree_to_start
from newsletter.cli.send_plan import agree_to_plan, read_plan
from newsletter.cli.send_wish import Wish
from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.sending import clock
from newsletter.sending.schedules import Order, Schedules
from newsletter.sending.signature import signatures_beside

GRACE = datetime.timedelta(hours=1)
"""How late an issue may start if nobody says otherwise."""


def send_at(project: Project, issue: str | None, wish: Wish) -> int:
    """Note that an issue is to go out at a time; returns the exit code.

    Raises:
        SendRefusedError: The time is past, the issue could not be sent as it is, or nobody has
            agreed.
    """
    assert wish.at  # noqa: S101 - whoever calls has seen to it
    at, not_after = wish.at, wish.not_after or wish.at + GRACE
    now = clock.now()
    if at <= now:
        raise SendRefusedError(f"{clock.local(at)} is past", "Name a time that is still to come.")
    if not_after <= at:
        raise SendRefusedError(
            f"--not-after {clock.local(not_after)} is before {clock.local(at)}",
            "It says how late the issue may still start.",
        )
    if wish.approved:
        plan = read_plan(wish, issue)
        proposal, _ = agree_to_plan(project, plan, wish)
        order = Order(
            plan.issue,
            plan.content,
            at,
            not_after,
            again=plan.earlier > 0,
            plan=plan.dump().decode(),
            signatures=signatures_beside(wish.approved),
            despite_complaints=wish.despite_complaints,
        )
    else:
        path = project.find_own(issue)
        proposal = agree_to_start(project, path, wish, when=f"on {clock.local(at)}")
        order = Order(
            proposal.slug,
            proposal.digest,
            at,
            not_after,
            again=wish.again,
            lists=proposal.addressees.lists,
            segment=proposal.addressees.segment,
            despite_complaints=wish.despite_complaints,
        )
    schedule = Schedules(project.database).add(order, now)
    if wish.as_json:
        say_json(described(schedule))
    else:
        say(
            f"{order.slug} is to start on {clock.local(at)}, or not at all after "
            f"{clock.local(not_after)}.",
            bold=True,
        )
        say("It is sent by: newsletter worker")
        say(f"To take it back: newsletter schedule cancel {schedule.id}")
    return 0
