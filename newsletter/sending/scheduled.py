"""Starting what was scheduled, when its time has come and everything is as it was."""

from __future__ import annotations

import datetime

from newsletter.delivery import gate
from newsletter.delivery.campaigns import Campaign
from newsletter.errors import SendRefusedError
from newsletter.project import Project
from newsletter.sending.approval import check_approval, no_approval_needed
from newsletter.sending.clock import local
from newsletter.sending.history import discard_vain, sendings
from newsletter.sending.plan import Plan
from newsletter.sending.planning import check_plan
from newsletter.sending.proposal import check, propose
from newsletter.sending.schedules import Schedule, Schedules
from newsletter.sending.start import start


def start_scheduled(project: Project, schedule: Schedule, now: datetime.datetime) -> Campaign:
    """Start the campaign of a schedule; the caller holds ``alone(project)``.

    Args:
        project: The newsletter, opened just now.
        schedule: What is due.
        now: The time.

    Raises:
        SendRefusedError: It is too late, the issue is not as it was when it was scheduled, or may
            not go out for another reason; or another program has started it.
        NewsletterError: The issue, the settings or the template are broken.
    """
    order = schedule.order
    if now > order.not_after:
        raise SendRefusedError(
            f"nothing could start it between {local(order.at)} and {local(order.not_after)}"
        )
    path = project.find_own(order.slug)
    discard_vain(project, order.slug)
    before = sendings(project, order.slug)
    gate.not_sent_before(order.slug, before[0] if before else None, again=order.again)
    plan, lists, segment = None, order.lists, order.segment
    if order.plan:
        plan = Plan.parse(order.plan.encode(), f"the plan of schedule {schedule.id}")
        lists, segment = tuple(plan.audience.lists), plan.audience.segment
    proposal = propose(project, path, lists, segment)
    check(proposal, now, despite_complaints=order.despite_complaints)
    if proposal.digest != order.digest:
        raise SendRefusedError(
            f"{order.slug} has changed since it was scheduled "
            f"(content {order.digest[:8]}, now {proposal.digest[:8]})"
        )
    if plan:
        check_plan(project, plan, proposal, now)
        check_approval(project, plan, order.signatures)
    else:
        no_approval_needed(project, order.slug)
    first = Schedules(project.database).claim(schedule, now)
    return start(project, proposal, now, first=first)
