"""What a report hands over, so that the caller can prove it is about a message of ours."""

from __future__ import annotations

from newsletter.feedback.classify import Kind, classify

BOUNCE = b"""\
Return-Path: <>
X-Original-To: bounces+tok3n@example.com
Delivered-To: mailbox@example.com
From: MAILER-DAEMON@mx.example.com (Mail Delivery System)
To: bounces+tok3n@example.com
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b

<reader@example.org>: unknown user

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com
Original-Envelope-Id: env-77

Final-Recipient: rfc822; reader@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 unknown user

--b
Content-Type: TYPE

Return-Path: <bounces+tok3n@example.com>
From: The News <news@example.com>
To: A Reader <reader@example.org>
Message-ID: <one@example.com>
List-Unsubscribe: <https://example.com/u/abc>,
 <mailto:unsubscribe+abc@example.com>
Feedback-ID: week:list:news:example
Subject: =?utf-8?q?The_week?=

--b--
"""


def test_the_returned_message_is_identified_whether_whole_or_only_its_header() -> None:
    for kind in (b"message/rfc822", b"text/rfc822-headers", b"message/rfc822-headers"):
        original = classify(BOUNCE.replace(b"TYPE", kind)).original
        assert original.message_id == "<one@example.com>"
        assert original.envelope_id == "env-77"
        assert original.list_unsubscribe == (
            "<https://example.com/u/abc>, <mailto:unsubscribe+abc@example.com>"
        )
        assert original.feedback_id == "week:list:news:example"
        assert original.to == "reader@example.org"
        assert original.sender == "news@example.com"
        assert original.return_path == "bounces+tok3n@example.com"


def test_where_the_report_was_sent_comes_with_the_surest_place_first() -> None:
    report = classify(BOUNCE)
    assert report.sent_to == ("bounces+tok3n@example.com", "mailbox@example.com")
    assert report.reporting_mta == "mx.example.com"
    assert report.source == "dsn"


def test_a_header_quoted_in_the_text_identifies_too() -> None:
    report = classify(
        b"From: MAILER-DAEMON@example.com\nSubject: failure notice\n\n"
        b"<reader@example.org>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        b"--- Below this line is a copy of the message.\n\n"
        b"Return-Path: <bounces+tok3n@example.com>\n"
        b"Received: from localhost\n  by example.com\n"
        b"Message-ID: <one@example.com>\nTo: reader@example.org\n\nHello\n"
    )
    assert report.original.message_id == "<one@example.com>"
    assert report.original.return_path == "bounces+tok3n@example.com"


def test_an_answer_names_what_it_answers() -> None:
    report = classify(
        b"From: reader@example.org\nSubject: Automatic reply: x\nIn-Reply-To: <two@example.com>\n"
        b"References: <one@example.com> <two@example.com>\n\nI am away.\n"
    )
    assert report.kind is Kind.AUTO_REPLY
    assert report.in_reply_to == ("<two@example.com>", "<one@example.com>")


def test_the_address_we_wrote_to_is_preferred_and_the_final_one_is_kept() -> None:
    report = classify(
        BOUNCE.replace(
            b"Final-Recipient: rfc822; reader@example.org",
            b"Original-Recipient: rfc822;Reader@EXAMPLE.org\n"
            b"Final-Recipient: rfc822; elsewhere@example.net",
        )
    )
    (recipient,) = report.recipients
    assert recipient.address == "Reader@example.org"
    assert recipient.final == "elsewhere@example.net"


def test_an_alias_that_a_notice_mentions_in_passing_is_understood() -> None:
    report = classify(
        b"From: MAILER-DAEMON@example.com\nSubject: Returned mail\n\n"
        b"   ----- The following addresses had permanent fatal errors -----\n"
        b"elsewhere@example.net\n    (expanded from: reader@example.org)\n\n"
        b"550 5.1.1 unknown user\n"
    )
    (recipient,) = report.recipients
    assert (recipient.address, recipient.final) == ("reader@example.org", "elsewhere@example.net")


def test_a_report_wrapped_whole_by_a_gateway_is_unwrapped() -> None:
    wrapped = (
        b"From: postmaster@gw.example.com\nDelivered-To: bounces+other@example.com\n"
        b"Subject: Undelivered Mail Returned to Sender\n"
        b"Content-Type: multipart/mixed; boundary=outer\n\n"
        b"--outer\nContent-Type: message/rfc822\n\n" + BOUNCE + b"\n--outer--\n"
    )
    report = classify(wrapped)
    assert [recipient.address for recipient in report.recipients] == ["reader@example.org"]
    assert report.sent_to[0] == "bounces+tok3n@example.com"
    assert "bounces+other@example.com" in report.sent_to


def test_a_reply_is_kept_short_and_on_one_line() -> None:
    long = BOUNCE.replace(
        b"unknown user\n\n--b\nContent-Type: TYPE", b"unknown user" + b" x" * 3000
    )
    (recipient,) = classify(long).recipients
    assert len(recipient.reply) <= 500
    assert "\n" not in recipient.reply


def test_an_id_that_is_told_without_the_message_is_found() -> None:
    status = BOUNCE.partition(b"--b\nContent-Type: TYPE")[0]
    gmail = status.replace(
        b"Original-Envelope-Id", b"X-Original-Message-ID: <one@example.com>\nOriginal-Envelope-Id"
    )
    assert classify(gmail).original.message_id == "<one@example.com>"
    sun = status.replace(b"\n<reader", b"\n  Message-id: <one@example.com>\n\n<reader")
    assert classify(sun).original.message_id == "<one@example.com>"
    receipt = classify(
        b"From: reader@example.org\nSubject: Read: The week\n"
        b"Content-Type: message/disposition-notification\n\n"
        b"Original-Message-ID: <one@example.com>\nDisposition: x; displayed\n"
    )
    assert receipt.original.message_id == "<one@example.com>"


def test_a_return_address_longer_than_it_should_be_is_kept_whole() -> None:
    token = "bounces+" + "k" * 150
    report = classify(
        BOUNCE.replace(
            b"X-Original-To: bounces+tok3n", f"X-Original-To: <{token}".encode()
        ).replace(b"@example.com\nDelivered-To", b"@example.com>\nDelivered-To", 1)
    )
    assert report.sent_to[0] == f"{token}@example.com"
