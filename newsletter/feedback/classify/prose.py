"""Bounces in prose: which addresses a notice names as failed, and what it says of each."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.feedback.classify import addresses
from newsletter.feedback.classify.verdict import said

MOST_LINES = 400
MOST_RECIPIENTS = 100

_LABEL = re.compile(
    r"""recipients?|rcpt\s+to|smtp=|fail|undeliver|unable\ to\ deliver|not\ (?:be\ )?deliver
      | intended | error-for | address(?:ed)?\b | mailbox | \buser\b | unknown
      | generated\ (?:by|from) | did\ not\ reach
      | deliver(?:ed|y|ing)?\ (?:of\ \w+\ )?to | (?:message|mail)\ (?:to|for) | expanded\ from
      | empfänger | adresse | destinat | dirección | direccion | indirizzo | endereço | adres
      | 宛先 | アドレス | 收件人 | 地址 | 收信人 | получател | адрес | ящик | 수신 | 받는""",
    re.IGNORECASE | re.VERBOSE,
)
_SENDERS_LABEL = re.compile(
    r"""^\W*(?:from|sender(?:\ address)?|reply-to|return[\ -](?:path|address)
      | mail\ from|envelope-from|x-[\w-]+|cc|bcc|message-id|subject
      | von|de|da|van|från|fra|od|от|от\ кого|发件人|寄件者|差出人|送信者
      | 보낸\ ?사람|absender|expéditeur|remitente|mittente|remetente
      | references|in-reply-to|received)\s*[:=：]
      | \bfrom\s*:?\s*<?$ | \bmessage-id | \bsender\b""",
    re.IGNORECASE | re.VERBOSE,
)
_FORWARDED_FROM = re.compile(r"\b(?:expanded|generated)\s+(?:from|by)\s*:?[\s<\"']*", re.IGNORECASE)
_TO_LABEL = re.compile(
    r"^\W*(?:to|an|à|para|a|per|til|till|aan|кому|宛先|收件人)\s*[:：]", re.IGNORECASE
)
_CONTACT = re.compile(
    r"""contact|assistance|\bhelp|question|send\ (?:e-?)?mail\ to|write\ to
      |forward(?:ed)?\ (?:this|it)|complain|report(?:ed)?\ (?:this|to)|support|inquir
      |please\ (?:e-?mail|call|send|reply|address)
      |wenden|kontakt|contacte[rz]|póngase|contattare|свяж|обрат|mailto:|problem\ report""",
    re.IGNORECASE | re.VERBOSE,
)
_OFFICES = frozenset(
    (
        "postmaster",
        "mailer-daemon",
        "mailerdaemon",
        "abuse",
        "hostmaster",
        "helpdesk",
        "support",
        "admin",
        "administrator",
        "webmaster",
        "root",
        "mailadmin",
        "listserv",
        "majordomo",
        "noc",
        "noreply",
        "no-reply",
    )
)
_REPLY_FIRST = re.compile(r"[45]\d\d[ -](?:[45]\.\d{1,3}\.\d{1,3} )?$")
_BULLETS = " \t<>\"'*-:[](|#`.>/+•·"


@dataclass(slots=True)
class Passage:
    """An address that a notice names, and the lines about it.

    Attributes:
        address: As it stands in the notice.
        text: The lines about it.
        score: How sure it is that delivery to it failed; 3 is sure enough.
        written_to: The address that was forwarded to this one, if the notice says so.
    """

    address: str
    text: str
    score: int
    written_to: str = ""


def passages(text: str, ours: frozenset[str]) -> list[Passage]:
    """The addresses that a notice most probably calls failed, each with what is said of it.

    Args:
        text: The notice, without the message it returns.
        ours: Addresses that are surely not the reader's, in lower case: the report's own
            recipients, the sender of the returned message.
    """
    lines = text.split("\n")[:MOST_LINES]
    named: list[tuple[int, Passage]] = []
    for number, line in enumerate(lines):
        if "@" not in line:
            continue
        before = _line_before(lines, number)
        wrapped = number > 0 and lines[number - 1].rstrip()[-1:] not in {"", ".", ":", "!", "-"}
        for address in addresses.in_text(line[:2000])[:20]:
            score = _score(line, address, before, ours, wrapped=wrapped)
            named.append((number, Passage(address, "", score)))
        if len(named) > 10 * MOST_RECIPIENTS:
            break
    best = max((passage.score for _, passage in named), default=-1)
    if best < 0:
        # One writes to oneself to try things out: then the reader is one of ours, too.
        again = passages(text, frozenset()) if ours and named else []
        return [passage for passage in again if passage.score >= 3]
    bar = 3 if best >= 3 else best
    kept = [(number, passage) for number, passage in named if passage.score >= bar]
    if best < 3:
        kept = kept[:1]
    return _merged(lines, kept)


def about(address: str, text: str) -> str:
    """The lines of a notice from where an address is first named up to the next address."""
    lines = text.split("\n")[:MOST_LINES]
    wanted = address.casefold()
    start = next((n for n, line in enumerate(lines) if wanted in line.casefold()), None)
    if start is None:
        return ""
    kept = [lines[start]]
    for line in lines[start + 1 :]:
        bare = line.lstrip(_BULLETS)
        if "@" in bare and wanted not in line.casefold() and addresses.ADDRESS.match(bare):
            break
        kept.append(line)
    return "\n".join(kept)


def _line_before(lines: list[str], number: int) -> str:
    return next(
        (lines[n] for n in range(number - 1, max(number - 4, -1), -1) if lines[n].strip()), ""
    )


def _score(line: str, address: str, before: str, ours: frozenset[str], *, wrapped: bool) -> int:
    where = line.casefold().find(address.casefold())
    label = line[: max(where, 0)]
    lead = label.strip(_BULLETS).casefold()
    at_start = lead in {"", "smtp", "rfc822;", "mailto"} or _replied(label)
    score = 3 if at_start else 0
    if _FORWARDED_FROM.search(label):
        score += 1  # counts only where the address it went on to is kept secret
    elif _SENDERS_LABEL.search(label):
        score -= 6
    elif _TO_LABEL.search(label):
        score += 1
    elif _LABEL.search(label):
        score += 3
    if _CONTACT.search(line) or (at_start and wrapped and _CONTACT.search(before[-40:])):
        score -= 4
    if address.partition("@")[0].casefold() in _OFFICES:
        score -= 4
    if address.casefold() in ours:
        score -= 5
    if 0 <= score < 3 and said(line) is not None:
        score += 2
    if before.rstrip()[-1:] in {":", "："}:
        score += 1
    return score


def _replied(label: str) -> bool:
    """Whether nothing but a refusal's code stands before an address (Sendmail's transcripts)."""
    return _REPLY_FIRST.match(label.strip(_BULLETS.replace(" ", "")).lstrip()) is not None


def _merged(lines: list[str], kept: list[tuple[int, Passage]]) -> list[Passage]:
    """One passage an address; it reaches to the line where the next address begins."""
    merged: dict[str, Passage] = {}
    for index, (number, passage) in enumerate(kept):
        key = passage.address.casefold()
        end = len(lines)
        for later, other in kept[index + 1 :]:
            if other.address.casefold() != key and later > number:
                end = later
                break
        words = "\n".join(lines[number:end])
        if key in merged:
            if len(merged[key].text) < 4000 and words not in merged[key].text:
                merged[key].text += "\n" + words
        elif len(merged) < MOST_RECIPIENTS:
            passage.text = words
            passage.written_to = forwarded_from(words[:400])
            merged[key] = passage
    return list(merged.values())


def forwarded_from(text: str) -> str:
    """The address that was written to, where a notice says that it led to another one."""
    for found in _FORWARDED_FROM.finditer(text):
        if named := addresses.ADDRESS.match(text, found.end()):
            return addresses.tidy(named.group())
    return ""
