"""Messages as the program makes them, for tests of transports that take them apart."""

from __future__ import annotations

import base64
from email.header import Header

from newsletter.delivery.transports.base import Envelope, Message

PIXELS = bytes(range(256))
SUBJECT = "Паром №12 будет ходить всю зиму, сказали в мэрии — и «не только» по выходным"


def letter(
    number: int = 1, *, name: str = "Reader One", picture: bool = False, html: str = ""
) -> Message:
    """A letter to one reader."""
    address = f"reader{number}@example.com"
    message_id = f"<id{number:03}@example.org>"
    sender = Header("Письмо", "utf-8").encode()
    subject = Header(SUBJECT, "utf-8", header_name="Subject", maxlinelen=76).encode(linesep="\r\n")
    html = html or f"<p>Dear {name}</p>"
    text = f"Дорогой {name},\r\n.\r\nпаром.\r\n"
    head = [
        f"From: {sender} <letter@example.org>",
        f'To: "{name}" <{address}>' if name else f"To: <{address}>",
        f"Subject: {subject}",
        "Date: Fri, 20 Nov 2026 12:00:00 +0000",
        f"Message-ID: {message_id}",
        "Reply-To: editor@example.org",
        f"List-Id: {sender} <letter.example.org>",
        "List-Unsubscribe: <https://letter.example.org/unsubscribe/token1>,\r\n"
        " <mailto:letter@example.org?subject=unsubscribe%20token1>",
        "List-Unsubscribe-Post: List-Unsubscribe=One-Click",
        "Feedback-ID: issue:letter:newsletter:abc",
        "MIME-Version: 1.0",
        'Content-Type: multipart/alternative; boundary="=_a"',
    ]
    shown = _part("text/html", html)
    if picture:
        shown = (
            'Content-Type: multipart/related; boundary="=_r"; type="text/html"\r\n\r\n'
            f"--=_r\r\n{shown}\r\n--=_r\r\n"
            "Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
            "Content-ID: <ferry@letter>\r\n"
            'Content-Disposition: inline; filename="ferry.png"\r\n\r\n'
            f"{_base64(PIXELS)}\r\n--=_r--\r\n"
        )
    body = f"--=_a\r\n{_part('text/plain', text)}\r\n--=_a\r\n{shown}\r\n--=_a--\r\n"
    data = ("\r\n".join(head) + "\r\n\r\n" + body).encode()
    return Message.whole(Envelope("bounces@example.org", address), message_id, data)


def _part(kind: str, text: str) -> str:
    return (
        f'Content-Type: {kind}; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{_base64(text.encode())}"
    )


def _base64(data: bytes) -> str:
    return base64.encodebytes(data).decode("ascii").replace("\n", "\r\n")
