"""Enhanced status codes: what each says about a mailbox (RFC 3463, and the IANA registry)."""

from __future__ import annotations

import enum
import re


class Meaning(enum.Enum):
    """What a status code, or a phrase, says about the recipient."""

    DEAD = "there is no such mailbox, or no such domain"
    DOUBTFUL = "probably no such mailbox"
    FULL = "the mailbox is full"
    POLICY = "refused for its content or for its sender"
    TEMPORARY = "may pass, or is about the way and not about the mailbox"


# Subject and detail, without the class: whether it lasts is the class's to say. Codes that are
# absent say nothing. The names are those of the IANA registry "SMTP Enhanced Status Codes".
_CODES: dict[str, Meaning] = {
    "1.1": Meaning.DEAD,  # bad destination mailbox address
    "1.2": Meaning.DEAD,  # bad destination system address
    "1.3": Meaning.DEAD,  # bad destination mailbox address syntax
    "1.4": Meaning.DEAD,  # destination mailbox address ambiguous
    "1.6": Meaning.DEAD,  # destination mailbox has moved, no forwarding address
    "1.7": Meaning.POLICY,  # bad sender's mailbox address syntax
    "1.8": Meaning.POLICY,  # bad sender's system address
    "1.9": Meaning.TEMPORARY,  # message relayed to non-compliant mailer
    "1.10": Meaning.DEAD,  # recipient address has null MX
    "2.1": Meaning.DEAD,  # mailbox disabled, not accepting messages
    "2.2": Meaning.FULL,  # mailbox full
    "2.3": Meaning.TEMPORARY,  # message length exceeds administrative limit
    "2.4": Meaning.TEMPORARY,  # mailing list expansion problem
    "3.1": Meaning.TEMPORARY,  # mail system full
    "3.2": Meaning.TEMPORARY,  # system not accepting network messages
    "3.3": Meaning.TEMPORARY,  # system not capable of selected features
    "3.4": Meaning.TEMPORARY,  # message too big for system
    "3.5": Meaning.TEMPORARY,  # system incorrectly configured
    "3.6": Meaning.TEMPORARY,  # requested priority was changed
    "4.0": Meaning.TEMPORARY,  # other or undefined network or routing status
    "4.1": Meaning.TEMPORARY,  # no answer from host
    "4.2": Meaning.TEMPORARY,  # bad connection
    "4.3": Meaning.TEMPORARY,  # directory server failure
    "4.4": Meaning.TEMPORARY,  # unable to route
    "4.5": Meaning.TEMPORARY,  # mail system congestion
    "4.6": Meaning.TEMPORARY,  # routing loop detected
    "4.7": Meaning.TEMPORARY,  # delivery time expired
    "5.1": Meaning.TEMPORARY,  # invalid command
    "5.2": Meaning.TEMPORARY,  # syntax error
    "5.3": Meaning.TEMPORARY,  # too many recipients
    "5.4": Meaning.TEMPORARY,  # invalid command arguments
    "5.5": Meaning.TEMPORARY,  # wrong protocol version
    "5.6": Meaning.TEMPORARY,  # authentication exchange line is too long
    "6.0": Meaning.POLICY,  # other or undefined media error
    "6.1": Meaning.POLICY,  # media not supported
    "6.2": Meaning.POLICY,  # conversion required and prohibited
    "6.3": Meaning.POLICY,  # conversion required but not supported
    "6.4": Meaning.POLICY,  # conversion with loss performed
    "6.5": Meaning.POLICY,  # conversion failed
    "6.6": Meaning.POLICY,  # message content not available
    "6.7": Meaning.TEMPORARY,  # non-ASCII addresses not permitted for that sender or recipient
    "6.8": Meaning.TEMPORARY,  # UTF-8 string reply is required
    "6.9": Meaning.TEMPORARY,  # UTF-8 header message cannot be transferred
    "7.13": Meaning.DEAD,  # user account disabled
    "7.17": Meaning.DEAD,  # mailbox owner has changed (RFC 7293)
    "7.18": Meaning.DEAD,  # domain owner has changed (RFC 7293)
}

CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
REPLY = re.compile(
    r"(?<![\d.#+:-])([45][0-5]\d)(?=[ \t\-:,;]|$)(?!\s{0,3}(?:bytes|kb?\b|days|hours))", re.I
)


def meaning(status: str) -> Meaning | None:
    """What a code's subject and detail say; None for the many that leave it open.

    Args:
        status: A code such as `5.1.1`.
    """
    _, _, rest = status.partition(".")
    if rest in _CODES:
        return _CODES[rest]
    return Meaning.POLICY if rest.startswith("7.") else None


def is_generic(status: str) -> bool:
    """Whether a code says no more than its class: `5.0.0`, or nothing at all."""
    return not status or status.endswith(".0.0")


def code_in(text: str) -> str:
    """The enhanced code in a reply; the first that is not generic, else the first."""
    found = [".".join(match.groups()) for match in CODE.finditer(text)]
    return next((code for code in found if not is_generic(code)), found[0] if found else "")


def reply_in(text: str) -> int:
    """The three digits of an SMTP refusal in a text (RFC 5321 §4.2); 0 where there are none.

    The first 5xx where there is one: what was tried again before it was refused for good.
    """
    found = [int(match[1]) for match in REPLY.finditer(text[:8000])]
    return next((code for code in found if code >= 500), found[0] if found else 0)
