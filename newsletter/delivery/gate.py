"""What must hold before the first message leaves; each check passes or refuses with a reason."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsletter.delivery.message import Sender
from newsletter.delivery.proof import proof
from newsletter.delivery.transports.base import Transport
from newsletter.errors import SendRefusedError
from newsletter.findings import Finding, Severity
from newsletter.onion import is_private_in_transit
from newsletter.render.edition import Edition

if TYPE_CHECKING:  # brings SQLAlchemy with it, which a preview can do without
    from newsletter.delivery.campaigns import Campaign
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.openpgp.policy import Policy


def issue_is_ready(slug: str, findings: Sequence[Finding], *, draft: bool) -> None:
    """An issue without errors that its editor has released.

    Raises:
        SendRefusedError: It is a draft, or has errors.
    """
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if errors:
        raise SendRefusedError(
            f"{slug} has {errors} error{'s' * (errors != 1)}",
            "Mend the lines named above; a proof can be sent all the same: send --test ADDRESS.",
        )
    if draft:
        raise SendRefusedError(
            f"{slug} is a draft",
            'Take "draft: true" out of it when it is ready; until then: send --test ADDRESS.',
        )


def links_will_work(transport: Transport, sender: Sender) -> None:
    """Readers must be able to unsubscribe from what leaves this machine, with nobody in between.

    That takes https, as RFC 8058 wants it, or an onion service, which is encrypted by itself.

    Raises:
        SendRefusedError: ``base_url`` is missing, or neither.
    """
    if transport.leaves_machine and not is_private_in_transit(sender.base_url):
        wrong = "not https" if sender.base_url else "not set"
        raise SendRefusedError(
            f"base_url is {wrong}, so nobody could unsubscribe",
            'Say in newsletter.toml where readers\' pages are: base_url = "https://…".',
        )


def message_can_be_made(edition: Edition, sender: Sender, now: datetime.datetime) -> None:
    """What no reader's message could be made of is found before the first reader.

    Raises:
        SendRefusedError: Subject or another part of the edition cannot stand in a message.
    """
    try:
        for one in sender.variants:
            proof(edition, one, sender.address, now)
    except ValueError as error:
        raise SendRefusedError(
            f"no message can be made of {edition.slug}: {error}",
            "Look at the subject of the issue and at the names in newsletter.toml.",
        ) from error


def letters_can_be_encrypted(transport: Transport, policy: Policy) -> None:
    """A list whose letters are encrypted goes out by a way that carries them as they are.

    Raises:
        ConfigurationError: The library for OpenPGP is not installed.
        SendRefusedError: The provider would put messages together itself.
    """
    from newsletter.delivery.openpgp.library import must_be_installed

    if policy == "off":
        return
    must_be_installed()
    if getattr(transport, "rebuilds_messages", False):
        raise SendRefusedError(
            f"{transport.describe()} cannot carry encrypted letters: the provider puts messages "
            "together itself",
            "Send lists with OpenPGP through SMTP, Amazon SES or Mailgun.",
        )


def nothing_revealed(
    edition: Edition,
    sender: Sender,
    words: Sequence[str],
    now: datetime.datetime,
    *,
    encrypted_only: bool = False,
    signer: Signer | None = None,
) -> None:
    """Words that would betray a reader stand nowhere on the outside of a message.

    Args:
        edition: What everybody would get.
        sender: Who it is from.
        words: What must not be seen; nothing is looked at without any.
        now: The time.
        encrypted_only: Nobody gets the letter in clear, so that only its envelope can be seen.
        signer: Signs the messages (DKIM): its domain and selector can be seen, too.

    Raises:
        SendRefusedError: One can be seen; it says where, and what to change.
    """
    if words:
        from newsletter.delivery.disguise import all_leaks
        from newsletter.delivery.stealth import refuse_leaks

        leaks = [
            leak
            for one in sender.variants
            for leak in all_leaks(
                edition, one, words, now, encrypted_only=encrypted_only, signer=signer
            )
        ]
        refuse_leaks(list(dict.fromkeys(leaks)))


def not_sent_before(slug: str, latest: Campaign | None, *, again: bool) -> None:
    """An issue goes to its readers once, unless somebody says otherwise.

    Raises:
        SendRefusedError: It was sent, or is still being sent.
    """
    if latest is None:
        return
    if latest.finished_at is None:
        raise SendRefusedError(
            f"{slug} is not finished yet", "Finish it first: newsletter send --resume."
        )
    if not again:
        raise SendRefusedError(
            f"{slug} was sent on {latest.started_at.astimezone():%Y-%m-%d at %H:%M} "
            f"to {latest.transport}",
            "To send it to everybody once more: newsletter send --again.",
        )


def goes_the_same_way(campaign: Campaign, transport: Transport) -> None:
    """A trial that put copies into a folder does not become a real sending half-way.

    Raises:
        SendRefusedError: Some readers' copies are only in a folder, or would be.
    """
    began_real = not campaign.transport.startswith("maildir:")
    if began_real != transport.leaves_machine:
        raise SendRefusedError(
            f"the sending of {campaign.slug} began with {campaign.transport} and would go on with "
            f"{transport.describe()}: not everybody would get mail",
            f"Finish it as it began (NEWSLETTER_TRANSPORT={campaign.transport} newsletter send "
            "--resume --as-started), then send it to everybody with --again.",
        )


def content_is_unchanged(campaign: Campaign, digest: str) -> None:
    """All readers of a campaign get the same content.

    Args:
        campaign: The unfinished campaign.
        digest: Of the content as it would be now; empty if it cannot be rendered.

    Raises:
        SendRefusedError: The content has changed since the start.
    """
    if digest != campaign.digest:
        raise SendRefusedError(
            f"{campaign.slug} has changed since its sending began",
            "Either put the issue, its template and newsletter.toml back as they were, or finish "
            "with what the first readers got: newsletter send --resume --as-started.",
        )
