"""What the classifier says about one inbound message: plain values, no decisions about trust."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Kind(enum.StrEnum):
    """What sort of message came in."""

    BOUNCE = "bounce"
    """A mail system says that a message was not delivered, or not yet."""
    RECEIPT = "receipt"
    """A mail system says that a message was delivered, relayed or handed to a list."""
    COMPLAINT = "complaint"
    """A reader, or the provider for them, called a message unwanted."""
    AUTO_REPLY = "auto_reply"
    """A machine answered for a person: vacation, challenge, read receipt."""
    UNSUBSCRIBE = "unsubscribe"
    """Somebody asks by mail to be taken off."""
    OTHER = "other"
    """Anything else; most often a person who answers."""


class Verdict(enum.StrEnum):
    """What a message means for a reader."""

    HARD = "hard"
    """The mailbox or its domain is not there."""
    MAILBOX_FULL = "mailbox_full"
    """The mailbox is there and takes nothing more for now."""
    POLICY = "policy"
    """Refused for what was sent, or for who sent it; says nothing about the mailbox."""
    SOFT = "soft"
    """Not delivered for a reason that may pass, or for one that nobody gave."""
    COMPLAINT = "complaint"
    """The reader called the message unwanted."""
    AUTO_REPLY = "auto_reply"
    """A machine answered; the mailbox works."""
    UNSUBSCRIBE = "unsubscribe"
    """The reader asks to be taken off."""
    OTHER = "other"
    """Nothing to be counted."""


class Action(enum.StrEnum):
    """What became of a message for one recipient (RFC 3464 §2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


@dataclass(frozen=True, slots=True)
class Recipient:
    """What a report says about one address.

    Attributes:
        address: The address that was written to, as far as the report knows it; the domain in
            lower case. Empty where only the verdict is known.
        verdict: What it means for this reader.
        suppresses: One such report, proved to be about a message of ours, is reason enough never
            to write again: the mailbox is certainly gone, or its owner complained. A phrase such
            as "user unknown" without a code is not enough.
        action: Failed, delayed, …; None where the message is no delivery report.
        status: Enhanced status code such as `5.1.1` (RFC 3463); empty where none was given.
        final: Where the message ended up after forwarding, if the report tells it apart.
        reply: What the refusing server said, on one line, at most 500 characters. It often
            repeats the address: do not log it.
    """

    address: str
    verdict: Verdict
    suppresses: bool = False
    action: Action | None = None
    status: str = ""
    reply: str = ""
    final: str = ""


@dataclass(frozen=True, slots=True)
class Original:
    """What a report carries of the message it is about; every field may be empty, or forged.

    Attributes:
        message_id: `Message-ID`, with its angle brackets.
        envelope_id: The ENVID given at MAIL FROM (`Original-Envelope-Id`, RFC 3464 §2.2.1).
        list_unsubscribe: The whole `List-Unsubscribe` field.
        feedback_id: The whole `Feedback-ID` field.
        to: The first address in `To`.
        sender: The address in `From`.
        return_path: The address that the message gave for bounces.
    """

    message_id: str = ""
    envelope_id: str = ""
    list_unsubscribe: str = ""
    feedback_id: str = ""
    to: str = ""
    sender: str = ""
    return_path: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One inbound message, understood.

    Attributes:
        kind: What sort of message it is.
        verdict: The gravest verdict among the recipients, or the one of the kind.
        recipients: One entry an address that the message is about. A bounce that names nobody
            has one entry with an empty address.
        original: What it carries of the message that was sent.
        sent_to: The addresses this message was itself delivered to, the surest first
            (X-Original-To, Delivered-To, Envelope-To, To): a VERP token is found here.
        in_reply_to: The message ids in `In-Reply-To` and `References`, the answered one first.
        reporting_mta: Who wrote the report (RFC 3464 §2.2.2).
        feedback_type: `abuse`, `opt-out`, `not-spam` … of a complaint (RFC 5965 §3.5).
        source: Which shape was recognised: `dsn`, `prose`, `arf`, `feedback-loop`, `mdn`,
            `headers`, or empty.
    """

    kind: Kind
    verdict: Verdict
    recipients: tuple[Recipient, ...] = ()
    original: Original = Original()
    sent_to: tuple[str, ...] = ()
    in_reply_to: tuple[str, ...] = ()
    reporting_mta: str = ""
    feedback_type: str = ""
    source: str = ""

    @property
    def suppresses(self) -> bool:
        """Whether any recipient is proved dead, or complained."""
        return any(recipient.suppresses for recipient in self.recipients)


GRAVITY = (
    Verdict.COMPLAINT,
    Verdict.HARD,
    Verdict.MAILBOX_FULL,
    Verdict.POLICY,
    Verdict.SOFT,
    Verdict.UNSUBSCRIBE,
    Verdict.AUTO_REPLY,
    Verdict.OTHER,
)
"""The verdicts, the gravest first."""


def gravest(recipients: tuple[Recipient, ...]) -> Verdict:
    """The gravest verdict among some recipients; OTHER of none."""
    verdicts = {recipient.verdict for recipient in recipients}
    return next((verdict for verdict in GRAVITY if verdict in verdicts), Verdict.OTHER)
