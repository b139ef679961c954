"""Whatever arrives, the classifier answers, soon, and in little memory."""

from __future__ import annotations

import base64
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.feedback.classify import Kind, Verdict, classify

MAIL = Path(__file__).parent / "mail"
SOUND = [
    block.partition("\n")[2].encode()
    for path in sorted(MAIL.glob("*.txt"))
    for block in path.read_text(encoding="utf-8").split("=== ")[1:]
]
PIECES = st.sampled_from(
    [
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n",
        b'Content-Type: multipart/mixed; boundary="b"\n',
        b"Content-Type: message/delivery-status\n\n",
        b"Content-Type: text/html; charset=utf-7\n",
        b"Content-Type: text/plain; charset=punycode\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: quoted-printable\n",
        b"Subject: =?utf-8?b?!!!?= =?zip?q?=41?=\n",
        b"From: MAILER-DAEMON@example.com\n",
        b"Final-Recipient: rfc822;\n",
        b"Final-Recipient: rfc822; reader@example.org\n",
        b"Action: failed\nStatus: 5.1.1\n",
        b"Status: 999.999.999\n",
        b"\n--b\n",
        b"\n--b--\n",
        b"\n\n",
        b"\r\n",
        b"\x00\xff\xfe",
        b"<reader@example.org>: 550 user unknown\n",
        b"------ This is a copy of the message ------\n",
        b"Feedback-Type: abuse\n",
        b"X-Failed-Recipients: a@b, c\n",
        b"Return-Path: <>\n",
        b"From x\n",
    ]
)


@given(st.binary(max_size=2000))
def test_any_bytes_are_answered(data: bytes) -> None:
    assert isinstance(classify(data).kind, Kind)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PIECES | st.binary(max_size=40), max_size=40))
def test_any_heap_of_pieces_of_mail_is_answered(pieces: list[bytes]) -> None:
    report = classify(b"".join(pieces))
    assert report.verdict in Verdict
    assert all(r.verdict is Verdict.HARD or not r.suppresses for r in report.recipients) or (
        report.kind is Kind.COMPLAINT
    )


@given(st.sampled_from(SOUND), st.data())
def test_a_message_cut_off_anywhere_is_answered(message: bytes, data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(message)))
    assert isinstance(classify(message[:cut]).kind, Kind)


BOMBS = {
    "ten megabytes of one line": b"Subject: x\n\n" + b"a" * 10_000_000,
    "ten megabytes of addresses": b"From: postmaster@example.com\n\n" + b"a@example.org " * 700_000,
    "ten megabytes of lines of addresses": b"Subject: failure notice\n\n"
    + b"<a@example.org>:\n" * 600_000,
    "a header without end": b"X: y\n" * 2_000_000,
    "a field without end": b"Subject: " + b"=?utf-8?q?a?= " * 700_000,
    "a folded field without end": b"Subject: a\n" + b" b\n" * 3_000_000,
    "boundaries only": b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n" * 2_000_000,
    "a thousand parts in one another": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1000)
    ),
    "a status of half a million recipients": (
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\n"
        + b"Final-Recipient: rfc822; a@example.org\nAction: failed\nStatus: 5.1.1\n\n" * 140_000
    ),
    "open brackets": b"Content-Type: text/html\n\n" + b"<a " * 3_000_000,
    "local parts without end": b"From: postmaster@example.com\n\n" + b"a.b+c@" * 1_500_000,
    "quotes": b"From: postmaster@example.com\n\n" + b'"' * 5_000_000 + b"@example.org",
    "dots": b"Subject: failure notice\n\n" + b"a@" + b"b." * 4_000_000,
    "blanks": b"Subject: failure notice\n\n>" + b" " * 9_000_000 + b"x",
    "dashes": b"Subject: failure notice\n\n" + b"-" * 9_000_000,
    "encoded": b"Content-Transfer-Encoding: base64\n\n"
    + base64.b64encode(b"user unknown " * 600_000),
    "phrases half said": b"Subject: failure notice\n\n"
    + b"user recipient mailbox address " * 300_000,
}


@pytest.mark.parametrize("message", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_takes_little_memory_and_an_answer_comes(message: bytes) -> None:
    # Quadratic work on these would take hours: the time limit of the test run would end it.
    tracemalloc.start()
    try:
        report = classify(message)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(report.kind, Kind)
    assert most < 40_000_000


def test_a_text_in_utf_16_is_read() -> None:
    text = "<reader@example.org>:\nuser unknown\n".encode("utf-16")
    message = (
        b"From: MAILER-DAEMON@example.com\nSubject: failure notice\n"
        b"Content-Type: text/plain; charset=utf-16\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(text)
    )
    report = classify(message)
    assert [r.address for r in report.recipients] == ["reader@example.org"]
    assert report.verdict is Verdict.HARD


@pytest.mark.parametrize("charset", ["iso-2022-jp", "shift_jis", "euc-jp", "utf-8"])
def test_japanese_is_read_in_each_of_its_charsets(charset: str) -> None:
    text = "次の受信者へ配信できませんでした:\nreader@example.org\n宛先が見つかりません\n"
    message = (
        f"From: postmaster@example.com\nContent-Type: text/plain; charset={charset}\n"
        f"Subject: Undeliverable\n\n"
    ).encode() + text.encode(charset)
    report = classify(message)
    assert [(r.address, r.verdict) for r in report.recipients] == [
        ("reader@example.org", Verdict.HARD)
    ]


def test_a_boundary_that_is_missing_is_guessed() -> None:
    message = (
        b"From: MAILER-DAEMON@example.com\nSubject: Undelivered\n"
        b"Content-Type: multipart/report; report-type=delivery-status\n\n"
        b"--xyz\nContent-Type: text/plain\n\nsorry\n"
        b"--xyz\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; a\n\n"
        b"Final-Recipient: rfc822; reader@example.org\nAction: failed\nStatus: 5.1.1\n--xyz--\n"
    )
    report = classify(message)
    assert report.source == "dsn"
    assert report.suppresses


@pytest.mark.parametrize("ending", [b"\r\n", b"\r", b"\r\r\n"])
def test_the_line_ends_of_other_machines_are_understood(ending: bytes) -> None:
    message = next(sound for sound in SOUND if b"Final-Recipient" in sound)
    assert classify(message.replace(b"\n", ending)) == classify(message)


def test_addresses_that_were_blacked_out_or_have_no_dot_are_kept() -> None:
    stars = (
        b"From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
        b"<***@example.org>:\nno such user\n"
    )
    assert [r.address for r in classify(stars).recipients] == ["***@example.org"]
    short = b"X-Failed-Recipients: root@localhost\nSubject: Mail delivery failed\n\nunknown user\n"
    assert [r.address for r in classify(short).recipients] == ["root@localhost"]


def test_an_original_recipient_left_in_xtext_is_read() -> None:
    message = (
        b"Content-Type: message/delivery-status\nFrom: MAILER-DAEMON@example.com\n\n"
        b"Reporting-MTA: dns; a\n\nOriginal-Recipient: rfc822;reader+2Bnews@example.org\n"
        b"Final-Recipient: rfc822;reader+news@example.org\nAction: failed\nStatus: 5.1.1\n"
    )
    assert [r.address for r in classify(message).recipients] == ["reader+news@example.org"]
