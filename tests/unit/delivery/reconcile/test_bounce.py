from __future__ import annotations

from email.message import EmailMessage

import pytest

from newsletter.delivery.reconcile.bounce import read_bounce
from newsletter.delivery.reconcile.evidence import Fate
from tests.unit.delivery.reconcile.logs import OURS, READER

WANTED = {OURS: READER}


def bounce(
    *,
    action: str = "failed",
    returned: str = "message/rfc822",
    message_id: str = OURS,
    more: str = "",
) -> bytes:
    """A delivery status notification as relays write it."""
    return f"""\
From: MAILER-DAEMON@relay.example.org (Mail Delivery System)
To: bounces@example.org
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry about {message_id}.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; relay.example.org

Final-Recipient: rfc822; {READER}
Action: {action}
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 <{READER}>:
    no such user here
{more}
--b
Content-Type: {returned}

Message-ID: {message_id}
Subject: The Harbour Letter

--b--
""".replace("\n", "\r\n").encode()


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers", "message/global"])
def test_a_bounce_that_brings_our_header_back(returned: str) -> None:
    evidence = read_bounce(bounce(returned=returned), WANTED)
    assert evidence
    assert (evidence.message_id, evidence.fate) == (OURS, Fate.BOUNCED)
    assert evidence.said == f"550 5.1.1 <{READER}>: no such user here"


@pytest.mark.parametrize(
    ("action", "fate"),
    [("delayed", Fate.QUEUED), ("relayed", Fate.SENT), ("Delivered", Fate.SENT)],
)
def test_other_notices_say_that_the_relay_took_it(action: str, fate: Fate) -> None:
    evidence = read_bounce(bounce(action=action), WANTED)
    assert evidence
    assert evidence.fate is fate


def test_somebody_whom_the_relay_added_does_not_speak_for_the_reader() -> None:
    more = "\nFinal-Recipient: rfc822; archive@example.org\nAction: failed\nStatus: 5.2.2\n"
    evidence = read_bounce(bounce(action="delivered", more=more), WANTED)
    assert evidence
    assert evidence.fate is Fate.SENT
    evidence = read_bounce(bounce(more=more), {OURS: "ben@example.com"})
    assert evidence
    assert evidence.fate is Fate.QUEUED


def test_a_bounce_of_another_message_is_not_ours() -> None:
    assert read_bounce(bounce(message_id="<other@example.org>"), WANTED) is None


def test_a_letter_that_quotes_our_message_is_no_bounce() -> None:
    letter = EmailMessage()
    letter["References"] = OURS
    letter.set_content(f"Action: failed\nMessage-ID: {OURS}\n")
    assert read_bounce(letter.as_bytes(), WANTED) is None
    ours = EmailMessage()
    ours["Message-ID"] = OURS
    ours.set_content("hello")
    letter.add_attachment(ours)
    assert read_bounce(letter.as_bytes(), WANTED) is None, "forwarded by a reader"


@pytest.mark.parametrize("cut", range(0, 900, 37))
def test_a_damaged_bounce_raises_nothing(cut: int) -> None:
    evidence = read_bounce(bounce()[:cut], WANTED)
    assert evidence is None or evidence.message_id == OURS


def test_a_notice_without_an_action_says_nothing() -> None:
    assert read_bounce(bounce(action="what"), WANTED) is None
