"""Complaints: abuse reports (RFC 5965) and the feedback loops that look otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.feedback.classify import addresses
from newsletter.feedback.classify.mime import Headers, Message, split

_STRIKES = frozenset({"abuse", "fraud", "opt-out", "opt-out-list", "complaint", "unsubscribe"})
_COUNTED = _STRIKES | {"virus", "other", ""}
_ONCE = ("feedback-type", "user-agent", "version")
_SUBJECT = re.compile(
    r"complaint about (?:a )?message|abuse report|spam report|spam complaint|email feedback report"
    r"|e-?mail abuse|feedback[- ]?loop|\bfbl\b|client tos notification|complaint (?:from|report)",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?:fbl|feedback-?loop|feedbackloop|staff@hotmail|staff@outlook|scomp|complaints?@|abuse@"
    r"|arf@|spam@|feedback@|junkmail|jmrp)",
    re.IGNORECASE,
)
_NO_COMPLAINT = re.compile(
    r"^\s*(?:re:|aw:|automatic reply|report domain:|out of office)|\bticket\b|\bdmarc\b",
    re.IGNORECASE,
)
_ARF_FIELDS = re.compile(r"^(?:feedback-type|user-agent|original-mail-from):[ \t]*\S", re.I | re.M)
_AOL_BODY = re.compile(
    r"client tos|reported as spam|marked .{0,40}as (?:spam|junk)|abuse report for", re.I
)


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint, or a report in the same dress that is none.

    Attributes:
        counts: Whether the reader complained; False for `not-spam`, `auth-failure` and the like.
        strikes: Whether it is reason to stop at once: of the right type, and well-formed.
        kind: The feedback type in lower case; empty where the shape knows none.
        recipients: The readers it names; often none, for they are blacked out.
        envelope_id: The ENVID, where it was kept.
        source: `arf` or `feedback-loop`.
    """

    counts: bool
    strikes: bool
    kind: str
    recipients: tuple[str, ...]
    envelope_id: str
    source: str


def read(message: Message, text: str, returned: Headers) -> Complaint | None:
    """The complaint that a message is; None where it is none.

    Args:
        message: The whole message.
        text: Its text, without what it quotes.
        returned: The header of the message complained about.
    """
    for part in message.parts:
        if part.type == "message/feedback-report":
            return _abuse_report(split(part.decoded.lstrip(b"\n"))[0], returned)
    if message.report_type == "feedback-report" or len(_ARF_FIELDS.findall(text)) >= 2:
        return _abuse_report(_fields_in(text), returned)
    return _feedback_loop(message, text, returned)


def _fields_in(text: str) -> Headers:
    start = text.lower().find("feedback-type:")
    return split(text[max(start, 0) :].encode("utf-8", "replace"))[0]


def _abuse_report(fields: Headers, returned: Headers) -> Complaint:
    kind = re.split(r"[\s;(]", fields.get("feedback-type").strip().lower(), maxsplit=1)[0]
    well_formed = all(len(fields.every(name)) == 1 for name in _ONCE)
    named = [
        found
        for name in ("original-rcpt-to", "removal-recipient")
        for value in fields.every(name)
        if (found := addresses.in_field(value))
    ]
    return Complaint(
        counts=kind in _COUNTED,
        strikes=kind in _STRIKES and well_formed,
        kind=kind,
        recipients=_readers(named, returned),
        envelope_id=fields.get("original-envelope-id"),
        source="arf",
    )


def _feedback_loop(message: Message, text: str, returned: Headers) -> Complaint | None:
    """The loops of Hotmail (JMRP), AOL and others: a note, with the message attached."""
    subject, sender = message.headers.get("subject"), message.headers.get("from")
    if _NO_COMPLAINT.search(subject):
        return None
    marks = (
        2
        * ("x-hmxmroriginalrecipient" in message.headers or "x-hmxmroriginalrecipient" in returned)
        + 2 * bool(_SUBJECT.search(subject))
        + bool(_FROM.search(sender))
        + bool(_AOL_BODY.search(text[:4000]))
        + ("x-loop" in message.headers and "scomp" in message.headers.get("x-loop"))
    )
    if marks < 3 or not returned:
        return None
    named = [
        addresses.first_in(value)
        for headers in (message.headers, returned)
        for value in headers.every("x-hmxmroriginalrecipient")
    ]
    return Complaint(
        counts=True,
        strikes=True,
        kind="",
        recipients=_readers([address for address in named if address], returned),
        envelope_id="",
        source="feedback-loop",
    )


def _readers(named: list[str], returned: Headers) -> tuple[str, ...]:
    if not named:
        to = addresses.in_text(returned.get("to"))
        named = [to[0]] if len(to) == 1 and not to[0].startswith("redacted") else []
    return tuple(dict.fromkeys(named))
