from __future__ import annotations

import datetime
import tracemalloc

import pytest

from newsletter.delivery.reconcile.evidence import Evidence, Fate
from newsletter.delivery.reconcile.trail import Trail
from tests.unit.delivery.reconcile.logs import (
    GONE,
    LATER,
    NOON,
    OURS,
    READER,
    SENT,
    began,
    line,
    queued,
    removed,
    tried,
)

LATE = NOON + datetime.timedelta(days=3)


def follow(*lines: str, address: str = READER) -> Trail:
    trail = Trail({OURS: address}, LATE)
    for text in lines:
        trail.read(text.encode())
    return trail


def found(*lines: str, address: str = READER) -> Evidence | None:
    return follow(*lines, address=address).found.get(OURS)


@pytest.mark.parametrize("form", ["iso", "bsd", "5424", "5424 data", "journal", "journal full"])
def test_a_message_that_was_sent_is_found_in_every_form_of_log(form: str) -> None:
    evidence = found(
        began(form=form), queued(form=form), tried("sent", SENT, form=form), removed(form=form)
    )
    assert evidence
    assert (evidence.fate, evidence.said) == (Fate.SENT, f"sent ({SENT})")
    assert evidence.at
    assert abs(evidence.at - NOON) < datetime.timedelta(seconds=1)


def test_a_message_that_was_refused_further_on() -> None:
    evidence = found(began(), queued(), tried("bounced", GONE), removed())
    assert evidence
    assert (evidence.fate, evidence.said) == (Fate.FAILED, f"bounced ({GONE})")


@pytest.mark.parametrize(
    "lines",
    [
        [queued()],
        [queued(), tried("deferred", LATER)],
        [queued(), line("4Xb1C23F: removed", program="postfix/postsuper")],
        [tried("deferred", LATER)],
    ],
)
def test_a_message_that_waits_was_taken(lines: list[str]) -> None:
    evidence = found(began(), *lines)
    assert evidence
    assert evidence.fate is Fate.QUEUED


def test_a_header_alone_is_no_proof_that_it_was_taken() -> None:
    lost = line("lost connection after DATA (800074 bytes)", program="postfix/smtpd")
    trail = follow(began(), lost)
    assert trail.found == {}
    assert trail.begun == {OURS}


def test_what_was_deferred_and_then_sent_was_sent() -> None:
    evidence = found(
        began(),
        queued(),
        tried("deferred", LATER),
        queued(minute=30),
        tried("sent", SENT, minute=30),
        removed(minute=30),
    )
    assert evidence
    assert evidence.fate is Fate.SENT


@pytest.mark.parametrize("status", ["expired", "force-expired"])
def test_what_was_deferred_too_long_has_failed(status: str) -> None:
    text = f"4Xb1C23F: from=<bounces@example.org>, status={status}, returned to sender"
    evidence = found(
        began(),
        queued(),
        tried("deferred", LATER),
        line(text, program="postfix/qmgr", minute=99),
    )
    assert evidence
    assert (evidence.fate, evidence.said) == (Fate.FAILED, f"{status}, returned to sender")


def test_a_message_is_followed_from_one_queue_to_the_next() -> None:
    handed_on = "250 2.0.0 from MTA(smtp:[127.0.0.1]:10025): 250 2.0.0 Ok: queued as 5AAAA"
    evidence = found(
        began("4AAAA"),
        queued("4AAAA"),
        began("5AAAA"),
        queued("5AAAA"),
        tried("sent", handed_on, queue="4AAAA"),
        removed("4AAAA"),
        tried("bounced", GONE, queue="5AAAA", minute=1),
        removed("5AAAA", minute=1),
    )
    assert evidence
    assert evidence.fate is Fate.FAILED


@pytest.mark.parametrize("between", [removed(), began(message_id="<other@example.org>")])
def test_a_queue_id_that_is_used_again_is_another_message(between: str) -> None:
    evidence = found(began(), queued(), between, tried("bounced", GONE, minute=9))
    assert evidence
    assert evidence.fate is Fate.QUEUED


def test_the_relays_own_archive_does_not_speak_for_the_reader() -> None:
    archive = tried("sent", SENT, to="archive@example.org")
    assert (evidence := found(began(), queued(), archive))
    assert evidence.fate is Fate.QUEUED
    assert (evidence := found(began(), queued(), tried("bounced", GONE), archive))
    assert evidence.fate is Fate.FAILED


def test_the_reader_may_be_an_alias_there() -> None:
    text = (
        "4Xb1C23F: to=<a.b@mail.example.com>, orig_to=<Ann@example.com>, relay=local, delay=1, "
        "delays=0/0/0/1, dsn=2.0.0, status=sent (delivered to mailbox)"
    )
    assert (evidence := found(began(), queued(), line(text, program="postfix/local")))
    assert evidence.fate is Fate.SENT


def test_of_a_reader_who_is_gone_any_address_will_do() -> None:
    assert (evidence := found(began(), queued(), tried("sent", SENT), address=""))
    assert evidence.fate is Fate.SENT


def test_a_relay_that_refuses_the_whole_message_says_so_in_cleanup() -> None:
    text = (
        "4Xb1C23F: milter-reject: END-OF-MESSAGE from news[192.0.2.3]: 5.7.1 looks like spam; "
        "from=<bounces@example.org> to=<ann@example.com> proto=ESMTP helo=<example.org>"
    )
    refused = line(text, program="postfix/cleanup")
    assert (evidence := found(began(), refused))
    assert (evidence.fate, evidence.said) == (Fate.FAILED, "refused (5.7.1 looks like spam)")
    later = line(text.replace("5.7.1", "4.7.1"), program="postfix/cleanup")
    assert found(began(), later) is None


@pytest.mark.parametrize(
    "text",
    [
        # Another server's words must not be taken for Postfix's own.
        tried("deferred", "said: 450 (dsn=2.0.0, status=sent (250 ok))"),
        tried("deliverable", SENT),
        tried("sent", SENT, program="exim"),
        tried("sent", SENT).replace("to=<ann@", "to=<a>, dsn=2.0.0, status=sent <ann@"),
        tried("sent", SENT)[20:],
        "",
        "\x00\xff" * 50,
    ],
)
def test_odd_lines_prove_nothing(text: str) -> None:
    evidence = found(began(), text)
    assert evidence is None or evidence.fate is Fate.QUEUED


@pytest.mark.parametrize("program", ["mail/smtp", "postfix/relay/smtp", "postfix-out/lmtp"])
def test_postfix_may_be_called_otherwise(program: str) -> None:
    assert (evidence := found(began(), tried("sent", SENT, program=program)))
    assert evidence.fate is Fate.SENT


def test_a_log_without_years_is_of_the_last_such_day() -> None:
    new_year = datetime.datetime(2027, 1, 2, tzinfo=datetime.UTC)
    trail = Trail({OURS: READER}, new_year)
    for text in (began(form="bsd"), tried("sent", SENT, form="bsd")):
        trail.read(text.encode())
    at = trail.found[OURS].at
    assert at
    assert abs(at - NOON) < datetime.timedelta(seconds=1)


def test_memory_does_not_grow_with_the_log() -> None:
    trail = Trail({OURS: READER}, LATE)
    tracemalloc.start()
    try:
        for n in range(5_000):
            queue = f"4{n:08X}"
            for text in (
                began(queue, f"<{n}@example.net>"),
                tried("sent", SENT, queue=queue),
            ):
                trail.read(text.encode())
        assert tracemalloc.get_traced_memory()[0] < 200_000
    finally:
        tracemalloc.stop()
    assert trail.found == {}
