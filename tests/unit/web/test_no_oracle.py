"""Nobody can find out whether an address is a reader's, nor use the forms against anybody."""

from __future__ import annotations

import re

import pytest

from newsletter.audience import address
from newsletter.audience.personal_data import forget
from newsletter.audience.suppression import suppress
from newsletter.database.states import Suppressed
from tests.unit.web.conftest import Answer, Serve, Served


def told(answer: Answer) -> tuple[object, ...]:
    """All that an answer tells, but the time of day."""
    headers = [(name, value) for name, value in answer.headers if name.lower() != "date"]
    return answer.status, headers, answer.body


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
def test_all_addresses_are_answered_alike(pages: Served, path: str) -> None:
    pages.confirmed("active@example.com")
    pages.subscribe("pending@example.com")
    pages.confirmed("forgotten@example.com")
    forget(pages.database, "forgotten@example.com", pages.clock())
    suppressed = address.parse("suppressed@example.com")
    suppress(pages.database, suppressed, Suppressed.BOUNCE, now=pages.clock())
    answers = [
        told(pages.fill_in(path, {"email": f"{who}@example.com", "list": "main"}))
        for who in ("unknown", "active", "pending", "forgotten", "suppressed", "active")
    ]
    assert all(answer == answers[0] for answer in answers)
    assert answers[0][0] == 200


def test_a_suppressed_address_is_not_mailed_and_not_kept(pages: Served) -> None:
    suppress(
        pages.database, address.parse("ann@example.com"), Suppressed.COMPLAINT, now=pages.clock()
    )
    pages.subscribe("ann@example.com")
    assert pages.new_mails() == 0
    assert pages.rows("subscribers") == []


def test_who_is_no_reader_gets_no_mail_about_preferences(pages: Served) -> None:
    pages.fill_in("/preferences", {"email": "stranger@example.com"})
    assert pages.new_mails() == 0
    assert pages.rows("confirmations") == []


def test_an_address_is_asked_once_a_day_and_three_times_in_all(pages: Served) -> None:
    sent = []
    for _ in range(5):
        for _ in range(3):
            pages.subscribe("ann@example.com")
        sent.append(pages.new_mails())
        pages.clock.forward(hours=24)
    assert sent == [1, 2, 3, 3, 3]


def test_a_reader_may_ask_for_their_link_every_day(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    for day in range(1, 6):
        pages.fill_in("/preferences", {"email": "ann@example.com"})
        pages.fill_in("/preferences", {"email": "ann@example.com"})
        assert pages.new_mails() == day
        pages.clock.forward(hours=24)


def test_one_network_cannot_fill_the_forms_without_end(serve: Serve) -> None:
    with serve("\n[web]\nrequests_per_network = 2\n") as pages:
        answers = [
            pages.subscribe(f"reader{number}@example.com", X_Forwarded_For=f"192.0.2.{number}")
            for number in range(4)
        ]
        assert len({answer.body for answer in answers}) == 1
        assert pages.new_mails() == 2
        pages.subscribe("other@example.com", X_Forwarded_For="198.51.100.1")
        assert pages.new_mails() == 3


def test_all_networks_together_have_a_bound_too(serve: Serve) -> None:
    with serve("\n[web]\nrequests_per_hour = 2\n") as pages:
        for number in range(4):
            pages.subscribe(f"reader{number}@example.com", X_Forwarded_For=f"192.0.{number}.1")
        assert pages.new_mails() == 2


def test_a_program_that_fills_in_every_field_gets_the_same_answer_and_nothing(
    pages: Served,
) -> None:
    person = pages.subscribe("ann@example.com")
    trapped = pages.fill_in(
        "/subscribe", {"email": "spam@example.com", "list": "main", "website": "spam"}
    )
    assert told(trapped) == told(person)
    assert pages.new_mails() == 1


def test_a_form_that_comes_back_at_once_or_after_days_is_shown_again(pages: Served) -> None:
    for seconds in (0, 90_000):
        stamp = pages.get("/subscribe").text.partition('name="stamp" value="')[2].partition('"')[0]
        pages.clock.forward(seconds=seconds)
        fields = {"stamp": stamp, "email": "ann@example.com", "list": "main"}
        answer = pages.post("/subscribe", fields)
        assert (answer.status, "once more" in answer.text) == (400, True)
    assert pages.rows("requests") == []


STAMP = re.compile(rb'name="stamp" value="[^"]*"')


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
def test_a_form_that_is_shown_again_keeps_the_address_whoevers_it_is(
    pages: Served, path: str
) -> None:
    pages.confirmed("active@example.com")
    suppressed = address.parse("blocked@example.com")
    suppress(pages.database, suppressed, Suppressed.BOUNCE, now=pages.clock())
    answers = []
    for who in ("strange", "active", "blocked"):
        answer = pages.post(path, {"stamp": "", "email": f"{who}@example.com", "list": "events"})
        assert answer.status == 400
        assert f'value="{who}@example.com"' in answer.text
        answers.append(STAMP.sub(b"", answer.body).replace(who.encode(), b"WHO"))
        assert answer.header("Cache-Control") == "no-store"
    assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
def test_what_is_no_address_comes_back_as_text_and_not_for_ever(pages: Served, path: str) -> None:
    hostile = '"><script>alert(1)</script>\0\r\n\u202e' + "x" * 9000
    answer = pages.fill_in(path, {"email": hostile, "list": "main"})
    assert answer.status == 400
    assert "<script" not in answer.text
    assert 'value="&#34;&gt;&lt;script&gt;alert(1)&lt;/script&gt;xxx' in answer.text
    assert "x" * 300 not in answer.text
    assert "\u202e" not in answer.text


def test_a_stamp_of_ones_own_making_does_not_count(pages: Served) -> None:
    for stamp in ("", "0", "-", "18c-" + "0" * 32, "ж-1", "1" * 9000):
        answer = pages.post("/subscribe", {"stamp": stamp, "email": "a@example.com"})
        assert answer.status == 400


def test_nothing_of_who_asked_is_written_down(pages: Served) -> None:
    pages.subscribe("ann@example.com", X_Forwarded_For="203.0.113.77", User_Agent="Canary/7")
    pages.next_mail()
    pages.settled()
    assert pages.project.database.path is not None
    folder = pages.project.root
    files = [file.read_bytes() for file in folder.rglob("*") if file.is_file()]
    kept = b"\n".join([*files, pages.log.getvalue().encode(), pages.inbox.copies[0].data])
    assert b"203.0.113" not in kept
    assert b"Canary/7" not in kept
    assert "ann" not in pages.log.getvalue()
