"""Logs as Postfix 3.7 writes them, about messages that are in doubt."""

from __future__ import annotations

import datetime

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)
OURS = "<6f1c@example.org>"
READER = "ann@example.com"


def line(text: str, *, program: str = "postfix/smtp", minute: float = 0, form: str = "iso") -> str:
    """One line, so many minutes after noon (UTC)."""
    at = NOON + datetime.timedelta(minutes=minute)
    match form:
        case "bsd":
            here = at.astimezone()
            return f"{here:%b} {here.day:2} {here:%H:%M:%S} relay {program}[71]: {text}\n"
        case "5424":
            return f"<22>1 {at:%Y-%m-%dT%H:%M:%S}.25Z relay {program} 71 - - {text}\n"
        case "5424 data":
            data = '[meta seq="7" note="a \\] b"]'
            return f"<22>1 {at:%Y-%m-%dT%H:%M:%S}+00:00 relay {program} 71 ID {data} \ufeff{text}\n"
        case "journal":
            return f"{at:%Y-%m-%dT%H:%M:%S}+0000 relay {program}[71]: {text}\n"
        case "journal full":
            return f"{at:%a %Y-%m-%d %H:%M:%S} UTC relay {program}[71]: {text}\n"
        case _:
            return f"{at.isoformat(timespec='microseconds')} relay {program}[71]: {text}\n"


def began(queue: str = "4Xb1C23F", message_id: str = OURS, **more: object) -> str:
    """The relay has read the header."""
    return line(f"{queue}: message-id={message_id}", program="postfix/cleanup", **more)  # type: ignore[arg-type]


def queued(queue: str = "4Xb1C23F", **more: object) -> str:
    """The relay has taken it."""
    text = f"{queue}: from=<bounces@example.org>, size=35512, nrcpt=1 (queue active)"
    return line(text, program="postfix/qmgr", **more)  # type: ignore[arg-type]


def tried(
    status: str, said: str = "", *, queue: str = "4Xb1C23F", to: str = READER, **more: object
) -> str:
    """What came of handing it on."""
    code = {"sent": "2.0.0", "bounced": "5.1.1"}.get(status, "4.7.1")
    text = (
        f"{queue}: to=<{to}>, relay=mx.example.com[192.0.2.7]:25, delay=0.4, "
        f"delays=0.1/0/0.2/0.1, dsn={code}, status={status}"
    )
    return line(f"{text} ({said})" if said else text, **more)  # type: ignore[arg-type]


def removed(queue: str = "4Xb1C23F", **more: object) -> str:
    """The relay is done with it."""
    return line(f"{queue}: removed", program="postfix/qmgr", **more)  # type: ignore[arg-type]


SENT = "250 2.0.0 Ok: queued as 99AA"
GONE = f"host mx.example.com[192.0.2.7] said: 550 5.1.1 <{READER}>: no such user (RCPT TO)"
LATER = "host mx.example.com[192.0.2.7] said: 451 4.7.1 try later (RCPT TO)"
