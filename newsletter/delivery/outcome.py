"""What became of one message: the answer that every transport gives."""

from __future__ import annotations

import datetime
import enum
from dataclasses import dataclass, field


class About(enum.StrEnum):
    """Whom a refusal is about: only the first kind says anything about the reader."""

    RECIPIENT = "recipient"
    MESSAGE = "message"
    SITE = "site"


@dataclass(frozen=True, slots=True)
class Accepted:
    """The transport has taken responsibility for the message.

    Attributes:
        reply: What it said, e.g. ``250 2.0.0 Ok: queued as 4Xb1``.
    """

    reply: str = ""


@dataclass(frozen=True, slots=True)
class Deferred:
    """Certainly not taken this time; may be later.

    Attributes:
        reason: What was said.
        about: Whom it is about.
        retry_after: How long to wait at least, if the transport said so.
    """

    reason: str
    about: About = About.RECIPIENT
    retry_after: datetime.timedelta | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Certainly not taken, and trying again would not help.

    Attributes:
        reason: What was said.
        about: Whom it is about.
        in_reply_to: The SMTP command that a server answered, as ``retry.Stage`` names it; empty if
            it was no answer of a server. The same words mean more before a message than after it.
    """

    reason: str
    about: About = About.RECIPIENT
    in_reply_to: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The whole message was sent and no answer came: it may have been taken or not.

    Attributes:
        reason: What happened instead of an answer.
    """

    reason: str


Outcome = Accepted | Deferred | Failed | Unknown
