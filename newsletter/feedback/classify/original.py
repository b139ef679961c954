"""What a report carries of the message that was sent: its header, as a part or in the text."""

from __future__ import annotations

import re

from newsletter.feedback.classify import addresses
from newsletter.feedback.classify.mime import Headers, Message, split
from newsletter.feedback.classify.report import Original

RETURNED = frozenset({"message/rfc822", "message/global", "message/partial", "message/news"})
RETURNED_HEADERS = frozenset(
    {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers", "text/rfc822"}
)
_TELLING = frozenset(
    {
        "message/delivery-status",
        "message/global-delivery-status",
        "message/disposition-notification",
        "message/feedback-report",
    }
)
_TOLD_ID = re.compile(
    r"^[ \t>]{0,8}(?:x-)?(?:original-)?message-id[ \t]{0,3}:[ \t]{0,8}(<[^<>\s]{3,300}>)",
    re.IGNORECASE | re.MULTILINE,
)
_MARK = re.compile(
    r"""^[\W_]*(?:
        .{0,60}\bcopy\ of\ (?:the|your)\ (?:original\ )?(?:message|mail|e-mail).{0,60}
      | .{0,20}below\ this\ line\ is.{0,80}
      | .{0,30}\boriginal\ (?:message|mail|e-mail)(?:\ (?:headers?|text|body|as\ received|is))?
            (?:\ (?:follows|is\ (?:as\ follows|attached|following|below)
                |as\ received\ is\ as\ follows))?[\W_]*
      | .{0,60}\b(?:original|unsent|returned|rejected|undelivered|your|failed)
            \ (?:message|mail|e-mail)(?:\ headers?|\ text)?\ (?:below|follows?)\b.{0,20}
      | .{0,40}\b(?:message|mail)\ (?:headers?|text|contents?)\ follows?\b.{0,20}
      | .{0,30}\bheaders?\ (?:and\ .{0,40}\ )?of\ (?:the|your)\ (?:original\ )?message\b.{0,40}
      | .{0,20}\bheaders?\ of\ the\ original.{0,40}
      | returned\ (?:mail|message)(?:\ follows)?[\W_]*
      | unsent\ message.{0,20}
      | your\ message\ reads.{0,30}
      | mensaje\ original.{0,30} | mensagem\ original.{0,30} | messaggio\ originale.{0,30}
      | message\ d['’]origine.{0,30} | en-t.tes\ (?:de\ message\ |du\ message\ )?d['’]origine.{0,30}
      | urspr.ngliche\ nachricht(?:enkopfzeilen|enkopf)?.{0,30} | kopfzeilen\ der\ urspr.{0,40}
      | intestazioni\ (?:originali\ )?.{0,40} | encabezados\ .{0,50} | cabe.alhos\ .{0,50}
      | oorspronkelijke\ berichtkoppen.{0,20} | ursprungshuvuden.{0,20}
      | исходн\w{2,4}\ (?:сообщени|заголовк).{0,40} | заголовки\ .{0,40}
      | .{0,20}原(?:信件|邮件|郵件|始邮件|始郵件).{0,40} | .{0,10}元の?メ(?:ール|ッセージ).{0,40}
      | .{0,10}원본\ ?메(?:일|시지).{0,40}
    )\s*$""",
    re.IGNORECASE | re.VERBOSE,
)
_NOT_A_MARK = re.compile(
    r"was received|details|transcript|could ?n[o']t|not be|attached\b(?!.*below)|delivered to|error"
    r"|receive a copy|resend|do not|please|don't|信息",
    re.IGNORECASE,
)
_HEADER_START = re.compile(
    r"^(?:>\s?)?(?:return-path:\s{0,9}<|received:\s{0,9}(?:from|by|\()"
    r"|content-type:\s{0,9}message/rfc822)",
    re.IGNORECASE,
)
_FIELD = re.compile(r"^[>\s]{0,4}[A-Z][A-Za-z-]{1,40}:\s", re.MULTILINE)


def cut(text: str) -> tuple[str, str]:
    """The text of a report, and what it quotes of the message that was sent.

    The line that introduces the quotation belongs to neither.
    """
    position = 0
    lines = text.split("\n")
    for number, line in enumerate(lines):
        bare = line.strip()
        if bare and _HEADER_START.match(line):
            return text[:position], text[position:]
        if (
            8 < len(bare) < 140
            and (bare[0] in "-=*|>#_<+[." or number > 2 or bare[-1] in ":.")
            and _MARK.match(bare)
            and not _NOT_A_MARK.search(bare)
        ):
            return text[:position], text[position + len(line) + 1 :]
        position += len(line) + 1
    return text, ""


def returned_headers(message: Message, quoted: str) -> Headers:
    """The header of the message that was sent; empty where nothing of it came back.

    Args:
        message: The report.
        quoted: What its text quotes, from `cut`.
    """
    for part in message.parts:
        if part.type in RETURNED or part.type in RETURNED_HEADERS:
            found, _ = split(part.decoded.lstrip(b"\n"))
            if found:
                return found
    if quoted:
        lines = [line[1:].lstrip() if line.startswith(">") else line for line in quoted.split("\n")]
        start = next((n for n, line in enumerate(lines[:60]) if _FIELD.match(line + " ")), None)
        if start is not None:
            lines = [line.lstrip() if _FIELD.match(line + " ") else line for line in lines[start:]]
            found, _ = split("\n".join(lines).encode("utf-8", "replace"))
            return found
    return Headers()


def understood(headers: Headers, envelope_id: str = "") -> Original:
    """The identifiers in a returned header."""
    return Original(
        message_id=_id(headers.get("message-id")),
        envelope_id=envelope_id[:300],
        list_unsubscribe=headers.get("list-unsubscribe")[:2000],
        feedback_id=headers.get("feedback-id")[:300],
        to=addresses.first_in(headers.get("to")),
        sender=addresses.first_in(headers.get("from")),
        return_path=addresses.first_in(headers.get("return-path")),
    )


def message_id_in(message: Message, text: str) -> str:
    """The sent message's id where a report tells it without returning the message.

    In the fields of a status (`X-Original-Message-ID`) or of a receipt (`Original-Message-ID`,
    RFC 8098 §3.2.5), or on a line of its own in the text.
    """
    fields = [part.text for part in message.parts if part.type in _TELLING]
    for told in (*fields, text[:8000]):
        if found := _TOLD_ID.search(told):
            return found[1]
    return ""


def ids_in(value: str) -> list[str]:
    """The message ids in a header's value."""
    return re.findall(r"<[^<>\s]{3,300}>", value)[:50]


def _id(value: str) -> str:
    return next(iter(ids_in(value)), value.strip()[:300])
