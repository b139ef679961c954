"""From what a server said to what it means for a reader: status code and text to a verdict.

The text of a refusal beats its code, because codes are misused: 5.1.1 stands before refusals of
spam, 5.7.1 before unknown users, and some servers turn every 550 into 5.1.1. Within the text,
what is about the sender or the message beats what is about the reader, so that nobody is struck
off for a refusal that was not about them.

Words make a verdict, but words alone prove nothing: filters say "user unknown" to mail that they do
not like, too. For proof a code of the mailbox must stand beside them, or they must have been the
answer to RCPT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from newsletter.feedback.classify import phrases
from newsletter.feedback.classify.codes import Meaning, code_in, is_generic, meaning, reply_in
from newsletter.feedback.classify.report import Action, Verdict
from newsletter.feedback.classify.wording import Phrases, Words, plain

LONGEST = 8000
"""Characters of a text that are looked at."""

# Names that stand in the links of refusals, which are taken out before phrases are looked for.
_BLOCKLISTS = re.compile(
    r"spamhaus|spamcop|sorbs|barracudacentral|abuseat|senderscore|uceprotect|"
    r"p=(?:unsolicited|blockedmessage|unauthenticated|notauthorized|ipthrottl)",
    re.IGNORECASE,
)
_NO_USER_LINKS = re.compile(r"p=(?:nosuchuser|disableduser)", re.IGNORECASE)

# Replies that say what they mean without a word (RFC 5321 §4.2.3, RFC 7504).
_BY_REPLY = {551: Meaning.DOUBTFUL, 552: Meaning.FULL, 556: Meaning.DEAD}

# What a server says once it has the whole message (RFC 5321 §3.3), as Postfix, Exim and Sendmail
# put it. Sendmail's transcript shows DATA as the last command; a pipelined one ends in 503.
_AFTER_DATA = re.compile(
    r"in\s+reply\s+to\s+end\s+of\s+data|after\s+end\s+of\s+data|end\s+of\s+message\s+data"
    r"|>>>\s*DATA\s*\n\s*<<<\s*5(?!03)\d\d(?![\s\S]{0,400}(?:need\s+rcpt|\b503\b))",
    re.IGNORECASE,
)

# The answer to RCPT is of the reader's own mail server, and about the address alone: it has not
# seen the message. So say Postfix, Exim, iMail and others; Sendmail, Courier and MDaemon quote the
# conversation.
_AT_RCPT = re.compile(
    r"in\s+reply\s+to\s+RCPT|(?:after|following)\s+(?:pipelined\s+)?RCPT"
    r"|did\s+not\s+like\s+our\s+RCPT|RCPT\s+TO\s+generated|SMTP:RCPT\s+host"
    r"|RCPT\s+TO:\s+Host\s+\S{1,255}\s+said|5\d\d[ -]RCPT\s+TO:"
    r"|(?:>>>|-->)[ \t]*RCPT[ \t]+TO:[^\n]{0,400}\n[^\n]{0,60}(?:<<<|<--)[ \t]*5\d\d",
    re.IGNORECASE,
)

_ORDER: tuple[tuple[Phrases, Meaning], ...] = (
    (phrases.EITHER, Meaning.DOUBTFUL),
    (phrases.SENDER, Meaning.POLICY),
    (phrases.FULL, Meaning.FULL),
    (phrases.PASSING, Meaning.TEMPORARY),
    (phrases.DEAD, Meaning.DEAD),
    (phrases.POLICY, Meaning.POLICY),
    (phrases.TEMPORARY, Meaning.TEMPORARY),
    (phrases.DOUBTFUL, Meaning.DOUBTFUL),
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict on one recipient.

    Attributes:
        verdict: What it means for the reader.
        suppresses: Whether it proves that the mailbox is gone: by a lasting enhanced code that says
            so, or by words that were the answer to RCPT.
        status: The enhanced code it rests on, if there was one.
    """

    verdict: Verdict
    suppresses: bool = False
    status: str = ""


def said(text: str) -> Meaning | None:
    """What the words of a refusal say; None where they say nothing that is known."""
    text = text[:LONGEST]
    if _NO_USER_LINKS.search(text):
        return Meaning.DEAD
    if _BLOCKLISTS.search(text):
        return Meaning.POLICY
    words = Words(text)
    return next((meant for table, meant in _ORDER if table.found_in(words)), None)


def judge(
    action: Action, status: str, reply: str, passage: str = "", around: str = ""
) -> Judgement:
    """The verdict on one recipient of a delivery report.

    Args:
        action: What became of the message.
        status: The report's own status field; may be empty.
        reply: What the refusing server said (`Diagnostic-Code`).
        passage: The lines of the notice about this recipient.
        around: The whole notice, whose general advice counts only where nothing else says
            anything.
    """
    if action not in {Action.FAILED, Action.DELAYED}:
        return Judgement(Verdict.OTHER, status=status)
    words: Meaning | None = None
    digits, code, source = 0, "", ""
    for text in (reply, passage, around):
        if not text or (text is around and meaning(code or status) is not None):
            continue
        source = source or text
        code = code if not is_generic(code) else code_in(text) or code
        digits = digits or reply_in(text)
        words = said(text)
        if text is reply and is_generic(code):
            code = status or code
        if words is not None:
            source = text
            break
    code = status if is_generic(code) and status else code
    if (
        words is Meaning.DEAD
        and meaning(code) is not Meaning.DEAD
        and _late(reply, passage, around)
    ):
        words = _said_late(source)
    if action is Action.DELAYED or not _lasting(code, digits, words):
        return Judgement(_passing(words), status=code)
    judged = _lasting_judgement(words, code, digits, source)
    proved = _says_dead(code, status) or (
        words is Meaning.DEAD
        and digits >= 500
        and meaning(code) is None
        and _at_rcpt(reply, passage, around)
    )
    return replace(judged, suppresses=judged.suppresses and proved)


def _says_dead(code: str, status: str) -> bool:
    """Whether an enhanced code proves it: that of the refusing server, or else the report's."""
    counts = code if meaning(code) is not None else status
    return counts.startswith("5") and meaning(counts) is Meaning.DEAD


def _at_rcpt(*texts: str) -> bool:
    """Whether a refusal was the answer to the address, before the message was seen."""
    return any(_AT_RCPT.search(text[:LONGEST]) for text in texts)


def _late(*texts: str) -> bool:
    """Whether the refusal came after the whole message.

    Who has nobody of that name says so at RCPT, as a rule. Mobile carriers say "unknown user" after
    the message, when their customer's filter took a dislike to it.
    """
    return any(_AFTER_DATA.search(text[:LONGEST]) for text in texts)


def _said_late(text: str) -> Meaning:
    """What a missing mailbox means that is mentioned only after the whole message.

    A filter that pretends says "unknown user" and no more. Who tells a longer story, such as that
    the account was closed, may just look late.
    """
    pretended = phrases.PRETENDED.found_in(Words(text[:LONGEST]))
    return Meaning.TEMPORARY if pretended else Meaning.DOUBTFUL


def _lasting(code: str, digits: int, words: Meaning | None) -> bool:
    """Whether a refusal is for good; what the refusing server said itself counts first.

    Gmail puts 4.0.0, which says nothing, into its report that a domain does not exist.
    """
    if digits:
        return digits >= 500
    if code == "4.0.0" and words is Meaning.DEAD:
        return True
    return not code.startswith("4")


def _passing(words: Meaning | None) -> Verdict:
    match words:
        case Meaning.FULL:
            return Verdict.MAILBOX_FULL
        case Meaning.POLICY:
            return Verdict.POLICY
        case _:
            return Verdict.SOFT


def _lasting_judgement(words: Meaning | None, code: str, digits: int, text: str) -> Judgement:
    """The verdict on a refusal for good; that it suppresses is still to be proved."""
    coded = meaning(code)
    if words is None:
        words = coded
        if words is None:
            words = _BY_REPLY.get(digits)
    elif words is Meaning.DOUBTFUL:
        words = coded if coded in {Meaning.DEAD, Meaning.POLICY, Meaning.FULL} else words
    elif words is Meaning.POLICY and code.endswith(".4.1") and _unknown_at_the_edge(text):
        words = Meaning.DOUBTFUL
    match words:
        case Meaning.DEAD:
            return Judgement(Verdict.HARD, suppresses=True, status=code)
        case Meaning.DOUBTFUL:
            return Judgement(Verdict.HARD, status=code)
        case Meaning.FULL:
            return Judgement(Verdict.MAILBOX_FULL, status=code)
        case Meaning.POLICY:
            return Judgement(Verdict.POLICY, status=code)
        case _:
            return Judgement(Verdict.SOFT, status=code)


def _unknown_at_the_edge(text: str) -> bool:
    """Microsoft 365 says "access denied" with 5.4.1 where its directory lacks the recipient."""
    words = plain(text)
    return "recipient address rejected" in words and "access denied" in words
