"""Requests by mail to be taken off a list (RFC 2369 §3.2, RFC 8058)."""

from __future__ import annotations

import re

from newsletter.feedback.classify import phrases
from newsletter.feedback.classify.mime import Message
from newsletter.feedback.classify.wording import plain

_TO = re.compile(
    r"(?:^|[<\s,+._-])(?:unsubscribe|unsub|leave|signoff|optout|opt-out)(?:[+._=-][^@\s]*)?@", re.I
)
_PREFIX = re.compile(
    r"^\s*(?:(?:re|aw|sv|vs|odp|antw|ответ)\s*(?:\[\d+\])?\s*[:：]\s*){0,5}", re.IGNORECASE
)
_COMMAND = re.compile(r"(?:unsubscribe|signoff)\b", re.IGNORECASE)
_KNOWN = frozenset(plain(words) for words in phrases.UNSUBSCRIBING)


def is_request(message: Message, text: str, sent_to: tuple[str, ...]) -> bool:
    """Whether a message asks for it: by where it went, by its subject or by its first line.

    Args:
        message: The message; neither a bounce nor an automatic answer.
        text: Its text, without what it quotes.
        sent_to: The addresses it was delivered to.
    """
    if "x-apple-unsubscribe" in message.headers or any(_TO.search(address) for address in sent_to):
        return True
    subject = _PREFIX.sub("", message.headers.get("subject"), count=1).strip()
    if _asks(subject) or (_COMMAND.match(subject) and len(subject) < 200):
        return True
    first = next((line.strip() for line in text.split("\n")[:20] if line.strip()), "")
    return _asks(first) or bool(_COMMAND.match(first) and len(first) < 80 and not subject.strip())


def _asks(line: str) -> bool:
    return len(line) < 80 and plain(line).rstrip(". ") in _KNOWN
