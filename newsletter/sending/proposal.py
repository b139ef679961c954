"""What would be sent to whom and how, before anybody has said yes."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.audience.audience import Audience, count_audience
from newsletter.audience.lists import Encryption
from newsletter.delivery import gate
from newsletter.delivery.audience import OfLists
from newsletter.delivery.campaigns import content_digest
from newsletter.delivery.dkim.signer import Signer
from newsletter.delivery.message import Sender
from newsletter.delivery.rate import Rate
from newsletter.delivery.transports.base import Transport
from newsletter.errors import SendRefusedError
from newsletter.findings import Finding, Severity
from newsletter.issue.siblings import shared_slug
from newsletter.project import Project
from newsletter.render.edition import Edition
from newsletter.report.complaints import Complaints, complaints, not_too_many
from newsletter.sending import clock
from newsletter.sending.addressees import addressees, parsed
from newsletter.sending.clock import end_of, local
from newsletter.sending.content import in_all_languages
from newsletter.sending.history import sendings
from newsletter.sending.sender import sender_for

NONE_KNOWN = Complaints(0, 0)


@dataclass(frozen=True, slots=True)
class Proposal:
    """An issue as it would go out now.

    Attributes:
        slug: The issue.
        edition: What everybody would get for whose language there is no other.
        translations: The same in other languages.
        addressees: Whom it would go to.
        languages: Language of each list, for readers who have not said theirs.
        sender: Who it would be from.
        draft: Whether its editor still works on it.
        findings: What is wrong with it.
        audience: How many would get it, and how many are left out.
        transport: Who would take the messages.
        rate: How fast they would leave; None for no limit.
        expires_at: When the news is stale; None if never.
        earlier: How often the issue was sent before.
        must_not_reveal: Words that must not be seen outside the letter.
        signer: Who signs the messages (DKIM); None for nobody. Given only if there are such words.
        complaints: How many readers have called the last letters spam.
    """

    slug: str
    edition: Edition
    translations: tuple[Edition, ...]
    addressees: OfLists
    languages: Mapping[str, str]
    sender: Sender
    draft: bool
    findings: tuple[Finding, ...]
    audience: Audience
    transport: Transport
    rate: Rate | None
    expires_at: datetime.datetime | None
    earlier: int
    must_not_reveal: tuple[str, ...] = ()
    signer: Signer | None = None
    complaints: Complaints = NONE_KNOWN

    @property
    def editions(self) -> tuple[Edition, ...]:
        """What readers would get, in all languages."""
        return (self.edition, *self.translations)

    @property
    def digest(self) -> str:
        """SHA-256 in hex of what everybody would get."""
        return content_digest(self.edition, self.sender, self.translations)

    @property
    def policies(self) -> tuple[Encryption, ...]:
        """How letters are encrypted to the readers of each of its lists."""
        usual = Encryption.OFF.value
        names = self.addressees.lists
        return tuple(Encryption(self.sender.encryption.get(name, usual)) for name in names)

    @property
    def seconds(self) -> float | None:
        """How long it would take at the rate; None if there is no limit."""
        return self.audience.active / self.rate.per_second if self.rate else None

    @property
    def checks(self) -> Mapping[Severity, int]:
        """How many findings there are of each severity."""
        return Counter(finding.severity for finding in self.findings)


def propose(project: Project, path: Path, lists: Sequence[str] = (), segment: str = "") -> Proposal:
    """Put together what would be sent.

    Args:
        project: The newsletter.
        path: The issue; its siblings in other languages go out with it.
        lists: Lists that it is to go to; without any, those that the issue names.
        segment: Which of their readers; empty for all.

    Raises:
        ManuscriptError: It is not an issue.
        TemplateError: Its template is wrong.
        ConfigurationError: The settings are wrong.
        SendRefusedError: There is no such list, or nobody has said which.
        AudienceError: The segment is none.
        DatabaseError: The readers cannot be counted.
    """
    manuscripts = in_all_languages(project, path)
    whom = addressees(project, manuscripts[0], lists, segment)
    galleys = [project.render(manuscript) for manuscript in manuscripts]
    found = (project.lint(*pair) for pair in zip(manuscripts, galleys, strict=True))
    ends = filter(None, (end_of(manuscript.issue.expires) for manuscript in manuscripts))
    known, slug = project.settings.all_lists, shared_slug(path)
    return Proposal(
        slug=slug,
        edition=galleys[0].edition,
        translations=tuple(galley.edition for galley in galleys[1:]),
        addressees=whom,
        languages={name: known[name].language for name in whom.lists},
        sender=sender_for(project, whom.lists),
        draft=any(manuscript.issue.draft for manuscript in manuscripts),
        findings=tuple(finding for findings in found for finding in findings),
        audience=count_audience(project.database, whom.lists, parsed(whom)),
        transport=project.transport(),
        rate=Rate.parse(project.settings.rate),
        expires_at=min(ends, default=None),
        earlier=len(sendings(project, slug)),
        must_not_reveal=project.settings.must_not_reveal,
        signer=project.signer() if project.settings.must_not_reveal else None,
        complaints=complaints(project.database, clock.now()),
    )


def check(proposal: Proposal, now: datetime.datetime, *, despite_complaints: bool = False) -> None:
    """Pass if the issue may go out at a time.

    Args:
        proposal: What would go out.
        now: When.
        despite_complaints: Also if so many readers complain that providers may refuse it.

    Raises:
        SendRefusedError: It has errors, is a draft or stale, has no readers, its links could not
            work, no message can be made of it, one would show what must not be seen, or too many
            readers complain.
        ConfigurationError: Letters must be encrypted, and the library for it is not installed.
    """
    gate.issue_is_ready(proposal.slug, proposal.findings, draft=proposal.draft)
    not_stale(proposal, now)
    gate.links_will_work(proposal.transport, proposal.sender)
    for policy in proposal.policies:
        gate.letters_can_be_encrypted(proposal.transport, policy)
    for edition in proposal.editions:
        gate.message_can_be_made(edition, proposal.sender, now)
        gate.nothing_revealed(
            edition,
            proposal.sender,
            proposal.must_not_reveal,
            now,
            encrypted_only=all(policy is Encryption.REQUIRE for policy in proposal.policies),
            signer=proposal.signer,
        )
    if not proposal.audience.active:
        raise _nobody(proposal.addressees)
    if not despite_complaints:
        not_too_many(proposal.complaints)


def _nobody(whom: OfLists) -> SendRefusedError:
    if whom.segment:
        return SendRefusedError(
            f"there are no readers to send to: nobody on {', '.join(whom.lists)} is in the "
            f"segment {whom.segment}",
            "Try segments with: newsletter subscribers list --segment EXPRESSION",
        )
    return SendRefusedError(
        "there are no readers to send to", "Add some with: newsletter subscribers import FILE.csv"
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
