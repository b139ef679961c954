"""Making a plan of a proposal, and holding a plan against what would be sent now."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from newsletter.errors import SendRefusedError
from newsletter.files import write_atomically
from newsletter.findings import Severity
from newsletter.project import Project
from newsletter.sending.addressees import parsed
from newsletter.sending.audience_digest import audience_digest, new_salt
from newsletter.sending.checkout import Checkout
from newsletter.sending.plan import Checks, Plan, PlannedAudience
from newsletter.sending.proposal import Proposal
from newsletter.settings import Settings

_NOT_IN_PLANS: dict[str, Any] = {
    "transport": True,  # stands in the plan in words of its own
    "transport_password": True,
    "transport_password_file": True,
    "database": True,
    "database_password": True,
    "editor": True,
    "dkim": {"key": True, "key_file": True, "ed25519_key": True, "ed25519_key_file": True},
}


def make_plan(
    project: Project, proposal: Proposal, now: datetime.datetime, *, salt: str = ""
) -> Plan:
    """The plan of a proposal.

    Args:
        project: The newsletter.
        proposal: What is to be sent.
        now: The time.
        salt: The key of the audience's digest, to compare with another plan; else a new one.
    """
    salt = salt or new_salt()
    checkout, audience, checks = Checkout.of(project.root), proposal.audience, proposal.checks
    whom = proposal.addressees
    return Plan(
        issue=proposal.slug,
        subject=proposal.edition.subject.fill({}),
        content=proposal.digest,
        commit=checkout.commit,
        changed=bool(checkout.changes),
        author=checkout.author,
        made_at=_iso(now),
        audience=PlannedAudience(
            active=audience.active,
            unsubscribed=audience.unsubscribed,
            suppressed=audience.suppressed,
            pending=audience.pending,
            lists=list(whom.lists),
            segment=whom.segment,
            salt=salt,
            digest=audience_digest(project.database, salt, whom.lists, parsed(whom)),
        ),
        checks=Checks(
            errors=checks.get(Severity.ERROR, 0),
            warnings=checks.get(Severity.WARNING, 0),
            notes=checks.get(Severity.INFO, 0),
        ),
        transport=proposal.transport.describe(),
        rate=str(proposal.rate or ""),
        seconds=None if proposal.seconds is None else math.ceil(proposal.seconds),
        expires_at=_iso(proposal.expires_at) if proposal.expires_at else None,
        earlier=proposal.earlier,
        settings=_settings(project.settings),
    )


def write_plan(project: Project, plan: Plan, path: Path | None = None) -> Path:
    """Write a plan to a file, by default among the project's own; returns which.

    Raises:
        NewsletterError: It cannot be written.
    """
    path = path or project.state_folder / "plans" / plan.file_name
    write_atomically(path, plan.dump(), mode=0o600)
    return path


def check_plan(project: Project, plan: Plan, proposal: Proposal, now: datetime.datetime) -> None:
    """Pass if what would be sent now is exactly what was planned.

    Raises:
        SendRefusedError: It is not; says in what.
    """
    present = make_plan(project, proposal, now, salt=plan.audience.salt)
    exact = project.settings.approval.exact_audience
    found = list(plan.differences(present, exact_audience=exact))
    if found:
        hint = "Put it back as it was, or make a new plan: newsletter send --plan"
        if not any(plan.differences(present, exact_audience=False)):
            hint = (
                "Make a new plan: newsletter send --plan. To let readers come and go after a plan "
                "was made, write exact_audience = false under [approval]."
            )
        raise SendRefusedError(f"{plan.issue} is not as it was planned. {_sentence(found)}", hint)


def _settings(settings: Settings) -> dict[str, Any]:
    """Settings by their dotted names; those that are as usual are left out."""
    values = settings.model_dump(
        mode="json", by_alias=True, exclude=_NOT_IN_PLANS, exclude_defaults=True
    )
    return dict(_flat(values))


def _flat(values: dict[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key}.")
        else:
            yield before + key, value


def _sentence(found: list[str]) -> str:
    return "; ".join(found)[0].upper() + "; ".join(found)[1:]


def _iso(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
