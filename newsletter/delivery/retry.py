"""What a refusal means and when to try again: pure decisions, no network, no database."""

from __future__ import annotations

import datetime
import enum
import re
from collections.abc import Callable
from dataclasses import dataclass

from newsletter.delivery.outcome import About, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.reply import Reply

FIRST_WAIT = datetime.timedelta(minutes=5)
LONGEST_WAIT = datetime.timedelta(minutes=66)
GIVE_UP_AFTER = datetime.timedelta(days=5)
"""How long after its start a campaign goes on trying (RFC 5321 §4.5.4.1: 4 to 5 days)."""


class Stage(enum.StrEnum):
    """How far an SMTP session had come; the names are the commands (RFC 5321 §3)."""

    GREETING = "greeting"
    EHLO = "EHLO"
    STARTTLS = "STARTTLS"
    AUTH = "AUTH"
    MAIL = "MAIL"
    RCPT = "RCPT"
    DATA = "DATA"
    END = "end of data"


@dataclass(frozen=True, slots=True)
class Broken:
    """The refusal is about us and the server, not about this message: stop sending.

    Attributes:
        reason: What was said.
        busy: The server asks for a pause (421), or closes after its limit of messages.
        needs_change: It will say the same again until somebody changes a setting.
    """

    reason: str
    busy: bool = False
    needs_change: bool = False


_LOGIN = {530, 534, 535, 538}
# Class, subject and detail of RFC 3463 codes that speak of the mailbox itself.
_ABOUT_READER = re.compile(r".\.1\.([0-46]|10)|.\.2\.\d+|.\.7\.(13|17|18)")
_ABOUT_MESSAGE = re.compile(r".\.6\.\d+|.\.3\.4|.\.2\.3")
_RELAYING = re.compile(
    r"\brelay(ing)?\b.*\b(denied|not permitted|not allowed|prohibited)\b|\bunable to relay\b",
    re.IGNORECASE,
)


def classify(stage: Stage, reply: Reply, address: str = "") -> Outcome | Broken:
    """What a negative or senseless reply at a stage means for the reader.

    The first digit decides whether to try again; the enhanced code only says whom the refusal is
    about (RFC 5321 §4.2.1). Until RCPT no reply can be about the reader, and after the
    final dot every 4xx and 5xx is certain: the message was not taken (§4.2.5).

    Args:
        stage: The command that was answered.
        reply: Anything but 2xx and 3xx.
        address: The reader's address, not to be repeated in the reason.
    """
    said = reply.told(address)
    digit = reply.code // 100
    if digit not in {4, 5}:
        if stage is Stage.END:
            return Unknown(f"the answer to the message made no sense: {said or 'empty'}")
        return Broken(f"the answer to {stage} made no sense: {said or 'empty'}")
    if reply.code == 421:  # the host closes, whatever was asked (RFC 5321 §3.8)
        return Broken(said, busy=True)
    if reply.code in _LOGIN:
        return Broken(said, needs_change=True)
    match stage:
        case Stage.GREETING | Stage.EHLO:
            return Broken(said)
        case Stage.STARTTLS | Stage.AUTH:
            return Broken(said, needs_change=digit == 5)
        case Stage.MAIL:
            return Deferred(said, About.SITE)
        case Stage.RCPT | Stage.DATA | Stage.END:
            usual = About.RECIPIENT if stage is Stage.RCPT else About.MESSAGE
            # 552 once meant "too many recipients" and stays temporary there (§4.5.3.1.10).
            if digit == 4 or (stage is Stage.RCPT and reply.code == 552):
                # x.3 and x.5 are the server's own trouble. x.7 is not: greylisting says 4.7.1 to
                # each reader once, and that must not look like a refusal of the whole letter.
                site = re.match(r".\.[35]\.", reply.enhanced)
                return Deferred(said, About.SITE if site else usual)
            return Failed(said, _about(reply, usual), in_reply_to=stage.value)


def _about(reply: Reply, usual: About) -> About:
    if _ABOUT_MESSAGE.fullmatch(reply.enhanced):
        return About.MESSAGE
    if _ABOUT_READER.fullmatch(reply.enhanced):
        return About.RECIPIENT
    if _RELAYING.search(reply.text):
        return About.SITE
    # The rest of x.1 is the sender's address, x.3 and x.5 systems and protocol, x.7 policy:
    # reputation, authentication, blocklists. x.4 is routing to one reader's domain.
    return About.SITE if re.match(r".\.[1357]\.", reply.enhanced) else usual


def next_attempt(
    attempts: int,
    now: datetime.datetime,
    random: Callable[[], float],
    at_least: datetime.timedelta | None = None,
) -> datetime.datetime:
    """When to try a deferred message again.

    Waits double from 5 minutes to 66, each made up to a quarter longer at random, so that a wave
    of deferrals does not come back as a wave.

    Args:
        attempts: How often it was tried, at least 1.
        now: The time of the last attempt.
        random: Gives a number from 0 up to 1.
        at_least: What the other side has asked for.
    """
    doubled: datetime.timedelta = FIRST_WAIT * 2 ** min(attempts - 1, 10)
    wait = min(doubled, LONGEST_WAIT)
    wait = max(wait, at_least or wait)
    return now + wait * (1 + random() / 4)


def give_up_at(
    started: datetime.datetime, expires: datetime.datetime | None = None
) -> datetime.datetime:
    """When it is time to give up: the letter is stale, or five days have gone by."""
    latest = started + GIVE_UP_AFTER
    return min(latest, expires) if expires else latest
