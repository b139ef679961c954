"""What would be sent to whom and how, before anybody has said yes."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.audience.audience import Audience, count_audience
from newsletter.delivery import gate
from newsletter.delivery.campaigns import content_digest
from newsletter.delivery.message import Sender
from newsletter.delivery.rate import Rate
from newsletter.delivery.transports.base import Transport
from newsletter.errors import SendRefusedError
from newsletter.findings import Finding, Severity
from newsletter.project import Project
from newsletter.render.edition import Edition
from newsletter.sending.clock import end_of, local
from newsletter.sending.history import sendings


@dataclass(frozen=True, slots=True)
class Proposal:
    """An issue as it would go out now.

    Attributes:
        edition: What everybody would get.
        sender: Who it would be from.
        draft: Whether its editor still works on it.
        findings: What is wrong with it.
        audience: How many would get it, and how many are left out.
        transport: Who would take the messages.
        rate: How fast they would leave; None for no limit.
        expires_at: When the news is stale; None if never.
        earlier: How often the issue was sent before.
    """

    edition: Edition
    sender: Sender
    draft: bool
    findings: tuple[Finding, ...]
    audience: Audience
    transport: Transport
    rate: Rate | None
    expires_at: datetime.datetime | None
    earlier: int

    @property
    def slug(self) -> str:
        """The issue."""
        return self.edition.slug

    @property
    def digest(self) -> str:
        """SHA-256 in hex of what everybody would get."""
        return content_digest(self.edition, self.sender)

    @property
    def seconds(self) -> float | None:
        """How long it would take at the rate; None if there is no limit."""
        return self.audience.active / self.rate.per_second if self.rate else None

    @property
    def checks(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)


def propose(project: Project, path: Path) -> Proposal:
    """Put together what would be sent.

    Args:
        project: The newsletter.
        path: The issue.

    Raises:
        ManuscriptError: It is not an issue.
        TemplateError: Its template is wrong.
        ConfigurationError: The settings are wrong.
        DatabaseError: The readers cannot be counted.
    """
    manuscript = project.manuscript(path)
    galley = project.render(manuscript)
    return Proposal(
        edition=galley.edition,
        sender=project.sender,
        draft=manuscript.issue.draft,
        findings=project.lint(manuscript, galley),
        audience=count_audience(project.database),
        transport=project.transport(),
        rate=Rate.parse(project.settings.rate),
        expires_at=end_of(manuscript.issue.expires),
        earlier=len(sendings(project, path.stem)),
    )


def check(proposal: Proposal, now: datetime.datetime) -> None:
    """Pass if the issue may go out at a time.

    Raises:
        SendRefusedError: It has errors, is a draft or stale, has no readers, its links could not
            work, or no message can be made of it.
    """
    gate.issue_is_ready(proposal.slug, proposal.findings, draft=proposal.draft)
    not_stale(proposal, now)
    gate.links_will_work(proposal.transport, proposal.sender)
    gate.message_can_be_made(proposal.edition, proposal.sender, now)
    if not proposal.audience.active:
        raise SendRefusedError(
            "there are no readers to send to",
            "Add some with: newsletter subscribers import FILE.csv",
        )


def not_stale(proposal: Proposal, now: datetime.datetime) -> None:
    """News that is stale stays here.

    Raises:
        SendRefusedError: ``expires`` is past.
    """
    if proposal.expires_at and proposal.expires_at <= now:
        raise SendRefusedError(
            f"{proposal.slug} expired on {local(proposal.expires_at)}",
            'Change "expires" in it if the news is still news.',
        )
