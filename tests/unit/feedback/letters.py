"""Messages as they come in, composed for the tests."""

from __future__ import annotations

from textwrap import dedent


def _lines(text: str) -> bytes:
    return dedent(text).lstrip("\n").encode()


def bounce(
    *,
    to: str = "bounces@example.org",
    message_id: str = "<unknown@example.org>",
    reader: str = "reader@example.com",
    action: str = "failed",
    status: str = "5.1.1",
    said: str = "550 5.1.1 no such user here",
    date: str = "Mon, 23 Nov 2026 08:00:00 +0000",
    envid: str = "",
    number: int = 0,
) -> bytes:
    """A delivery status notification (RFC 3464) as an MTA writes it."""
    return _lines(
        f"""
        Return-Path: <>
        Delivered-To: {to}
        From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
        To: {to}
        Subject: Undelivered Mail Returned to Sender
        Date: {date}
        Message-ID: <report-{number}@mx.example.net>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="=_cut"

        --=_cut
        Content-Type: text/plain; charset=us-ascii

        This is the mail system at host mx.example.net.

        <{reader}>: host mail.example.com said: {said}

        --=_cut
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.example.net
        Original-Envelope-Id: {envid or "none"}

        Final-Recipient: rfc822; {reader}
        Action: {action}
        Status: {status}
        Diagnostic-Code: smtp; {said}

        --=_cut
        Content-Type: text/rfc822-headers

        From: The Harbour Letter <letter@example.org>
        To: {reader}
        Subject: This week
        Message-ID: {message_id}

        --=_cut--
        """
    )


def complaint(
    *, message_id: str = "", unsubscribe: str = "", reader: str = "reader@example.com"
) -> bytes:
    """A report of abuse (RFC 5965), as a feedback loop sends it."""
    return _lines(
        f"""
        From: <feedback@mailbox.example.com>
        To: <complaints@example.org>
        Subject: FW: This week
        Date: Mon, 23 Nov 2026 08:00:00 +0000
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="=_cut"

        --=_cut
        Content-Type: text/plain

        This is an email abuse report for a message received from 192.0.2.1.

        --=_cut
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Loop/1.0
        Version: 1
        Original-Rcpt-To: {reader}

        --=_cut
        Content-Type: message/rfc822

        From: The Harbour Letter <letter@example.org>
        Subject: This week
        Message-ID: {message_id or "<redacted@example.org>"}
        List-Unsubscribe: <https://letter.example.org/unsubscribe/{unsubscribe or "redacted"}>
        Date: Fri, 20 Nov 2026 08:00:00 +0000

        Hello!

        --=_cut--
        """
    )


def vacation(*, in_reply_to: str = "", to: str = "letter@example.org") -> bytes:
    """What a machine answers for a person (RFC 3834)."""
    return _lines(
        f"""
        From: Ann <ann@example.com>
        To: {to}
        Subject: Out of office: This week
        In-Reply-To: {in_reply_to}
        Auto-Submitted: auto-replied
        Message-ID: <vacation@example.com>

        I am away until Monday.
        """
    )


def wish(
    *,
    subject: str = "unsubscribe",
    author: str = "ann@example.com",
    to: str = "unsubscribe@example.org",
    body: str = "",
    results: str = "",
) -> bytes:
    """A wish to leave, by mail."""
    fields = f"Authentication-Results: {results}\n" if results else ""
    return (
        f"{fields}From: <{author}>\nTo: {to}\nSubject: {subject}\n"
        f"Message-ID: <wish@example.com>\n\n{body}\n"
    ).encode()


def answer(*, quoting: str = "") -> bytes:
    """A person writes."""
    return _lines(
        f"""
        From: Ann <ann@example.com>
        To: letter@example.org
        Subject: Re: This week
        Message-ID: <answer@example.com>
        Content-Type: text/plain

        The story about the harbour was wonderful, thank you. May I write something about
        the old lighthouse for one of the next letters?

        > {quoting or "Hello!"}
        """
    )
