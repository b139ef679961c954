"""What a real Postfix writes is understood."""

from __future__ import annotations

import datetime
import smtplib
import socket

from newsletter.delivery.reconcile.bounce import read_bounce
from newsletter.delivery.reconcile.evidence import Fate
from newsletter.delivery.reconcile.log_line import LogLine
from newsletter.delivery.reconcile.trail import Trail
from tests.smtp import real_server
from tests.unit.delivery.reconcile.postfix import running_postfix

READERS = {
    "<ann@example.org>": "ann@example.com",
    "<gone@example.org>": "gone@example.com",
    "<later@example.org>": "later@example.com",
    "<cut@example.org>": "cut@example.com",
}


def begin_a_message_and_hang_up(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        file = connection.makefile("rwb")
        file.readline()
        for command in (
            "HELO news.example.org",
            "MAIL FROM:<bounces@example.org>",
            "RCPT TO:<cut@example.com>",
            "DATA",
        ):
            file.write(f"{command}\r\n".encode())
            file.flush()
            assert file.readline()[:1] in {b"2", b"3"}
        file.write(b"Message-ID: <cut@example.org>\r\n\r\n" + b"hello\r\n" * 20_000)
        file.flush()
        file.close()


def test_what_became_of_four_messages() -> None:
    with real_server() as next_hop:
        next_hop.inbox.refused["gone@example.com"] = "550 5.1.1 no such user"
        next_hop.inbox.refused["later@example.com"] = "451 4.7.1 try later"
        with running_postfix(next_hop.port) as relay:
            for message_id, reader in READERS.items():
                if "cut" in reader:
                    begin_a_message_and_hang_up(relay.port)
                    continue
                with smtplib.SMTP("127.0.0.1", relay.port, "news.example.org") as client:
                    letter = (
                        f"From: letter@example.org\r\nMessage-ID: {message_id}\r\n\r\nhello\r\n"
                    )
                    client.sendmail("bounces@example.org", [reader], letter)
            relay.wait_for(1, "to=<later@example.com>")
            relay.wait_for(1, "to=<bounces@example.org>")
            relay.wait_for(1, "lost connection after DATA")
            relay.wait_for(3, "to=<archive@example.org>")
            lines = relay.log.read_bytes().splitlines(keepends=True)
    now = datetime.datetime.now(datetime.UTC)
    assert all(LogLine.parse(line.decode(), now) for line in lines)
    trail = Trail(READERS, now)
    for line in lines:
        trail.read(line)
    assert {message_id: one.fate for message_id, one in trail.found.items()} == {
        "<ann@example.org>": Fate.SENT,
        "<gone@example.org>": Fate.FAILED,
        "<later@example.org>": Fate.QUEUED,
    }
    assert "<cut@example.org>" in trail.begun
    assert "no such user" in trail.found["<gone@example.org>"].said
    [bounce] = [c.data for c in next_hop.inbox.copies if c.recipients == ("bounces@example.org",)]
    evidence = read_bounce(bounce, READERS)
    assert evidence
    assert (evidence.message_id, evidence.fate) == ("<gone@example.org>", Fate.BOUNCED)
    assert evidence.said.startswith("550 5.1.1 no such user")
