"""``newsletter send --plan`` and ``--approved``: what is to be sent, for others to agree to."""

from __future__ import annotations

from pathlib import Path

import click

from newsletter.cli.output import say, say_json, warn
from newsletter.cli.send_now import finish, show
from newsletter.cli.send_report import say_plan_file
from newsletter.cli.send_wish import Wish
from newsletter.delivery import gate
from newsletter.errors import SendRefusedError
from newsletter.issue.siblings import shared_slug
from newsletter.project import Project
from newsletter.sending import clock
from newsletter.sending.alone import alone
from newsletter.sending.approval import check_approval
from newsletter.sending.checkout import Checkout
from newsletter.sending.history import discard_vain, sendings
from newsletter.sending.plan import Plan
from newsletter.sending.planning import check_plan, make_plan, write_plan
from newsletter.sending.proposal import Proposal, check, propose
from newsletter.sending.signature import signatures_beside
from newsletter.sending.start import start


def write_plan_file(project: Project, path: Path, wish: Wish) -> int:
    """Write the plan of an issue, and show it; returns the exit code.

    Raises:
        SendRefusedError: The issue could not be sent as it is.
    """
    proposal = show(project, path, wish)
    plan = make_plan(project, proposal, clock.now())
    file = write_plan(project, plan, wish.output)
    if changed := Checkout.of(project.root).changes:
        warn(f"Not committed: {', '.join(changed[:5])}{' …' if len(changed) > 5 else ''}")
    shown = project.shown(file.resolve())
    if wish.as_json:
        say_json({"file": str(shown), **plan.model_dump(mode="json"), "digest": plan.digest})
        return 0
    say()
    say_plan_file(plan)
    say(f"Plan:      {shown}", bold=True)
    if project.settings.approval.required:
        say(f"Approve:   newsletter approve {shown}")
    say(f"Send:      newsletter send --approved {shown}")
    return 0


def send_approved(project: Project, issue: str | None, wish: Wish) -> int:
    """Send what a plan says, and nothing else; returns the exit code.

    Raises:
        UsageError: Another issue was named than that of the plan.
        SendRefusedError: Something is not as it was planned, or too few have approved it.
        TransportError: The transport is out of reach or broken.
    """
    plan = read_plan(wish, issue)
    with alone(project):
        discard_vain(project, plan.issue)
        proposal, approvers = agree_to_plan(project, plan, wish)
        if approvers and not wish.as_json:
            say(f"Approved:  {', '.join(approvers)}")
        return finish(project, start(project, proposal, clock.now()), wish)


def read_plan(wish: Wish, issue: str | None) -> Plan:
    """The plan that was named.

    Raises:
        UsageError: Another issue was named than that of the plan.
        NotFoundError: There is no such file.
        SendRefusedError: It is no plan, or was changed after it was made.
    """
    assert wish.approved  # noqa: S101 - whoever calls has seen to it
    plan = Plan.read(wish.approved)
    if issue is not None and shared_slug(Path(issue)) != plan.issue:
        raise click.UsageError(f"The plan is of {plan.issue}, not of {issue}.")
    return plan


def agree_to_plan(project: Project, plan: Plan, wish: Wish) -> tuple[Proposal, tuple[str, ...]]:
    """What a plan says, and who has approved it, if everything is as it was.

    Raises:
        SendRefusedError: It is not, or too few have approved it.
    """
    assert wish.approved  # noqa: S101 - whoever calls has seen to it
    path = project.find_own(plan.issue)
    before = sendings(project, plan.issue)
    gate.not_sent_before(plan.issue, before[0] if before else None, again=True)
    if len(before) != plan.earlier:
        since = f"was sent on {clock.local(before[0].started_at)}" if before else "was never sent"
        raise SendRefusedError(
            f"{plan.issue} {since}, and the plan does not know of it",
            "To send it to everybody once more, make a new plan: newsletter send --plan --again",
        )
    proposal = propose(project, path, plan.audience.lists, plan.audience.segment)
    if not wish.as_json:
        say_plan_file(plan)
    check_plan(project, plan, proposal, clock.now())
    when = max(clock.now(), wish.at or clock.now())
    check(proposal, when, despite_complaints=wish.despite_complaints)
    found = check_approval(project, plan, signatures_beside(wish.approved))
    for reason in found.rejected:
        warn(f"Does not count: {reason}.")
    return proposal, found.approvers
