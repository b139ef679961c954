"""What ``newsletter send`` and ``newsletter status`` say about a campaign."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from newsletter.audience.lists import MAIN
from newsletter.cli.output import count, say
from newsletter.findings import Finding, Severity

if TYPE_CHECKING:
    from newsletter.audience.audience import Audience
    from newsletter.delivery.campaigns import Campaign
    from newsletter.delivery.sender import Summary
    from newsletter.delivery.transports.base import Transport
    from newsletter.sending.plan import Plan, PlannedAudience
    from newsletter.sending.proposal import Proposal


def tally(states: Mapping[str, int]) -> str:
    """``1,200 accepted, 2 failed``: the states that occur, in the order of a delivery."""
    from newsletter.database.tables import DELIVERY_STATES

    return ", ".join(f"{states[s]:,} {s}" for s in DELIVERY_STATES if states.get(s)) or "nobody"


def checks(findings: Sequence[Finding]) -> str:
    """``1 error, 2 warnings``, or ``no problems``."""
    found = Counter(finding.severity for finding in findings)
    nouns = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    said = [count(found[severity], noun) for severity, noun in nouns.items() if found[severity]]
    return ", ".join(said) or "no problems"


def readers(audience: Audience | PlannedAudience) -> str:
    """``1,204 (left out: 3 unsubscribed, 1 suppressed)``."""
    reasons = {
        "not confirmed": audience.pending,
        "unsubscribed": audience.unsubscribed,
        "suppressed": audience.suppressed,
    }
    left_out = ", ".join(f"{number:,} {reason}" for reason, number in reasons.items() if number)
    return f"{audience.active:,}" + (f" (left out: {left_out})" if left_out else "")


def whom(lists: Sequence[str], segment: str) -> dict[str, str]:
    """The lines that say whom a letter goes to; none if everybody on the only list gets it."""
    lines = {"Lists": ", ".join(lists)} if tuple(lists) != (MAIN,) else {}
    return lines | ({"Segment": segment} if segment else {})


def say_proposal(proposal: Proposal) -> None:
    """What would be sent to whom and how."""
    sender = proposal.sender
    lines = {
        "Issue": f"{proposal.slug}{' (again)' if proposal.earlier else ''}",
        "Subject": proposal.edition.subject.fill({}),
        **_languages(proposal),
        "From": f"{sender.name} <{sender.address}>".strip(),
        **whom(proposal.addressees.lists, proposal.addressees.segment),
        "Readers": readers(proposal.audience),
        "Transport": proposal.transport.describe(),
        **_told_to(proposal.transport),
    }
    if proposal.rate and proposal.seconds is not None:
        lines["Rate"] = f"{proposal.rate}, so it takes {duration(proposal.seconds)} at least"
    if proposal.expires_at:
        lines["Expires"] = f"{proposal.expires_at.astimezone():%Y-%m-%d at %H:%M %z}"
    lines["Checks"] = checks(proposal.findings)
    _say_lines(lines)


def _told_to(transport: Transport) -> dict[str, str]:
    """Who else comes to know who the readers are."""
    third_party: str = getattr(transport, "third_party", "")
    return {"Told to": f"{third_party}: it learns the readers' addresses"} if third_party else {}


def _languages(proposal: Proposal) -> dict[str, str]:
    """The languages that it goes out in, if there are several."""
    languages = ", ".join(edition.language for edition in proposal.editions)
    return {"Languages": languages} if proposal.translations else {}


def say_plan_file(plan: Plan) -> None:
    """What a plan says, for those who approve it."""
    made = datetime.datetime.fromisoformat(plan.made_at).astimezone()
    audience, found = plan.audience, plan.checks
    lines = {
        "Issue": f"{plan.issue}{' (again)' if plan.earlier else ''}",
        "Subject": plan.subject,
        "Content": plan.content,
        "Commit": plan.commit + (", with changes that are not in it" if plan.changed else "")
        if plan.commit
        else "none: not in git",
        **whom(audience.lists, audience.segment),
        "Readers": f"{readers(audience)}, audience {audience.digest[:16]}",
        "Transport": plan.transport,
    }
    if plan.seconds is not None:
        lines["Rate"] = f"{plan.rate}, so it takes {duration(plan.seconds)} at least"
    if plan.stale_at:
        lines["Expires"] = f"{plan.stale_at.astimezone():%Y-%m-%d at %H:%M %z}"
    numbers = (found.errors, "error"), (found.warnings, "warning"), (found.notes, "note")
    said = [count(number, noun) for number, noun in numbers if number]
    lines["Checks"] = ", ".join(said) or "no problems"
    lines["Made"] = f"{made:%Y-%m-%d at %H:%M %z}" + (f" by {plan.author}" if plan.author else "")
    lines["Digest"] = plan.digest
    _say_lines(lines)


def _say_lines(lines: Mapping[str, str]) -> None:
    """A label and a value on each line."""
    for label, value in lines.items():
        say(f"{label + ':':<11}{value}")


def say_summary(campaign: Campaign, summary: Summary, *, go_on: str) -> None:
    """How a run ended, and what to do next; ``go_on`` is the option that would go on."""
    states, slug = summary.states, campaign.slug
    say(f"{slug}: {tally(states)}; took {duration(summary.seconds)}.", bold=True)
    if any(states.get(state) for state in ("failed", "unknown", "expired")):
        say(f"Who and why: newsletter status {slug} --failed")
    if summary.struck_off:
        addresses = count(summary.struck_off, "address is", "addresses are")
        say(f"{addresses} not mailed any more: their servers said that nobody is there.")
    if summary.doubted:
        say(doubted(slug, summary.doubted))
    if states.get("unknown"):
        say(
            "Unknown: the letter was handed over and no answer came. The relay's log may tell: "
            f"newsletter reconcile {slug} FILE. Nobody gets it twice unless you say so: "
            f"newsletter send {slug} --resend-unknown"
        )
    if summary.held:
        since = f"{summary.held.until.astimezone():%Y-%m-%d at %H:%M}"
        say(f"It stopped because {summary.held.reason}; it may go on from {since} on.")
    if states.get("planned"):
        say(f"Go on with: newsletter send {slug} {go_on}")
    elif summary.next_due:
        say(
            f"Deferred: from {summary.next_due.astimezone():%H:%M} on, try again with: "
            f"newsletter send {slug} {go_on}"
        )


def doubted(slug: str, number: int) -> str:
    """What is said of refusals that are too many to be believed."""
    refusals = count(number, "refusal speaks against its reader", "refusals speak against readers")
    return (
        f"{refusals}, but there are too many of them at once, or at one domain, to be believed: "
        "perhaps a server is out of order. Nobody is struck off for them. If they are right: "
        f"newsletter feedback --refusals {slug}"
    )


def as_json(campaign: Campaign, summary: Summary) -> dict[str, Any]:
    """The same for programs; times in UTC, seconds as a number."""
    held = summary.held
    return {
        **({"held": {"reason": held.reason, "until": held.until.isoformat()}} if held else {}),
        "issue": campaign.slug,
        "campaign": campaign.id,
        "finished": summary.finished,
        "interrupted": summary.interrupted,
        "states": dict(summary.states),
        "struck_off": summary.struck_off,
        "doubted_refusals": summary.doubted,
        "seconds": round(summary.seconds, 3),
        "next_attempt_at": summary.next_due.isoformat() if summary.next_due else None,
    }


def duration(seconds: float) -> str:
    """``less than a second``, ``3 s``, ``2 min 5 s``, ``1 h 12 min``."""
    whole = round(seconds)
    if not whole:
        return "less than a second"
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
