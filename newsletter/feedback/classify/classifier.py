"""One inbound message, understood: bounce, complaint, automatic answer, unsubscription, or mail.

A pure function of bytes. It decides nothing about trust: anybody can write a message that looks
like a bounce. The caller proves by the identifiers that a report carries, and by the address it
was sent to, that it is about a message of ours.
"""

from __future__ import annotations

from dataclasses import replace

from newsletter.feedback.classify import (
    addresses,
    arf,
    auto_reply,
    bounce,
    dsn,
    mime,
    original,
    unsubscribe,
)
from newsletter.feedback.classify.case import Case
from newsletter.feedback.classify.report import Kind, Original, Recipient, Report, Verdict, gravest

_DELIVERED_TO = ("x-original-to", "delivered-to", "envelope-to", "x-envelope-to", "x-rcpt-to", "to")
_TEXTS = frozenset(
    {"text/plain", "text", "text/html", "text/enriched", "plain", "application/text"}
)
_LONGEST = 32 * 1024


def classify(message: bytes) -> Report:
    """What a message is, whom it is about, and what it means for them.

    Args:
        message: The message as it was delivered. Only its first 512 KiB are read.

    Returns:
        A report; of anything that cannot be understood one of kind OTHER. It never raises.
    """
    read = _unwrapped(mime.read(message))
    text, quoted = original.cut(_text(read))
    returned = original.returned_headers(read, quoted)
    sent_to = _sent_to(read)
    status = dsn.read(read, text)
    envelope_id = status.envelope_id if status else ""
    complaint = arf.read(read, text, returned)
    if complaint is not None:
        envelope_id = complaint.envelope_id
    identified = original.understood(returned, envelope_id)
    if not identified.message_id:
        identified = replace(identified, message_id=original.message_id_in(read, text))
    found = _Found(identified, sent_to, _answered(read), read.headers)
    if complaint is not None:
        return _complaint(complaint, found)
    if auto_reply.is_read_receipt(read):
        return _answer(Kind.AUTO_REPLY, Verdict.AUTO_REPLY, found, "mdn")
    notice = bounce.read(Case(read, text, status, returned, sent_to))
    if notice is not None:
        return Report(
            notice.kind,
            gravest(notice.recipients),
            notice.recipients,
            found.original,
            sent_to,
            found.answered,
            reporting_mta=status.reporting_mta if status else "",
            source="dsn" if status else "prose",
        )
    if auto_reply.said_in_subject(read) or (
        auto_reply.declared(read) and not unsubscribe.is_request(read, text, sent_to)
    ):
        return _answer(Kind.AUTO_REPLY, Verdict.AUTO_REPLY, found, "headers")
    if unsubscribe.is_request(read, text, sent_to):
        return _answer(Kind.UNSUBSCRIBE, Verdict.UNSUBSCRIBE, found, "headers")
    if auto_reply.is_challenge(read, text) or auto_reply.said_in_text(text):
        return _answer(Kind.AUTO_REPLY, Verdict.AUTO_REPLY, found, "prose")
    return _answer(Kind.OTHER, Verdict.OTHER, found, "")


def _unwrapped(outer: mime.Message) -> mime.Message:
    """The report inside a message whose gateway wrapped it up whole; else the message itself."""
    if any(part.type in dsn.STATUS_TYPES for part in outer.parts):
        return outer
    for part in outer.parts[:5]:
        if part.type == "message/rfc822" and b"multipart/report" in part.body[:8000]:
            inner = mime.read(part.decoded)
            if inner.report_type == "delivery-status" and len(_text(outer).strip()) < 300:
                for name in _DELIVERED_TO:
                    if name in outer.headers:
                        inner.headers.fields[name] = outer.headers.fields[name]
                return inner
    return outer


class _Found:
    """What every kind of report carries."""

    __slots__ = ("answered", "author", "original", "sent_to")

    def __init__(
        self,
        original: Original,
        sent_to: tuple[str, ...],
        answered: tuple[str, ...],
        headers: mime.Headers,
    ) -> None:
        self.original = original
        self.sent_to = sent_to
        self.answered = answered
        self.author = addresses.first_in(headers.get("from"))


def _text(message: mime.Message) -> str:
    """The readable text before the returned message; HTML only where there is nothing plain."""
    plain: list[str] = []
    markup: list[str] = []
    for part in message.parts:
        if part.type in original.RETURNED or part.type in original.RETURNED_HEADERS:
            break
        if part.type == "text/html":
            markup.append(part.text)
        elif part.type in _TEXTS or (part.type.startswith("text/") and not plain):
            plain.append(part.text)
        if sum(map(len, plain)) + sum(map(len, markup)) > _LONGEST:
            break
    text = "\n".join(plain)
    if len(text.strip()) < 40 or (markup and "@" not in text):
        text = "\n".join([text, *markup])
    return text[:_LONGEST]


def _sent_to(message: mime.Message) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for name in _DELIVERED_TO:
        for value in message.headers.every(name)[:10]:
            bare = addresses.first_in(value) or addresses.tidy(value)
            for address in addresses.in_text(value)[:20] or [bare]:
                if address:
                    found.setdefault(address)
    return tuple(found)


def _answered(message: mime.Message) -> tuple[str, ...]:
    ids = original.ids_in(message.headers.get("in-reply-to"))
    ids += reversed(original.ids_in(message.headers.get("references")))
    return tuple(dict.fromkeys(ids))


def _complaint(complaint: arf.Complaint, found: _Found) -> Report:
    verdict = Verdict.COMPLAINT if complaint.counts else Verdict.OTHER
    recipients = tuple(
        Recipient(address, verdict, suppresses=complaint.strikes)
        for address in complaint.recipients or ("",)
    )
    return Report(
        Kind.COMPLAINT if complaint.counts else Kind.OTHER,
        verdict,
        recipients,
        found.original,
        found.sent_to,
        found.answered,
        feedback_type=complaint.kind,
        source=complaint.source,
    )


def _answer(kind: Kind, verdict: Verdict, found: _Found, source: str) -> Report:
    recipients = (Recipient(found.author, verdict),) if found.author else ()
    return Report(
        kind, verdict, recipients, found.original, found.sent_to, found.answered, source=source
    )
