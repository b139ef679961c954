from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.states import Kind, State, Subscription
from newsletter.database.tables import subscriptions
from newsletter.feedback.mail import read_mail
from newsletter.feedback.record import Fate, Outcome, record
from tests.unit.feedback.kit import NOW, Sent, send
from tests.unit.feedback.letters import answer, bounce, complaint, vacation, wish

SERVER = "mx.example.org"


def take(database: Database, message: bytes, trusted: str = "") -> Outcome | None:
    event = read_mail(message, database.keys, NOW, trusted_results=trusted)
    return record(database, event, NOW) if event else None


def test_a_bounce_to_the_address_of_one_delivery_is_believed(database: Database) -> None:
    sent = send(database)
    outcome = take(database, bounce(to=f"bounces+{sent.token}@example.org", reader=sent.email))
    assert outcome is not None
    assert (outcome.fate, outcome.kind, outcome.suppressed) == (Fate.NEW, Kind.HARD, True)
    assert (sent.state, sent.suppressed) == ("bounced", "bounce")


def test_a_mail_server_that_changes_the_case_of_the_address_does_no_harm(
    database: Database,
) -> None:
    sent = send(database)
    take(database, bounce(to=f"BOUNCES+{sent.token.upper()}@EXAMPLE.ORG"))
    assert sent.state == "bounced"


def test_a_bounce_that_returns_our_message_is_believed(database: Database) -> None:
    sent = send(database)
    take(database, bounce(message_id=sent.message_id))
    assert (sent.state, sent.suppressed) == ("bounced", "bounce")


def test_bounces_that_anybody_could_have_written_change_nothing(database: Database) -> None:
    """An address, the number of a delivery, an ENVID: all of these can be known or guessed."""
    sent = send(database)
    before = sent.all()
    stranger = Keys.new()
    foreign = Sent(**{**_fields(sent), "database": _With(stranger)})  # type: ignore[arg-type]
    for forged in (
        bounce(reader=sent.email),
        bounce(reader=sent.email, envid=str(sent.delivery)),
        bounce(reader=sent.email, envid=sent.message_key),
        bounce(reader=sent.email, to=f"bounces+{sent.delivery}@example.org"),
        bounce(reader=sent.email, to=f"bounces+{foreign.token}@example.org"),
        bounce(reader=sent.email, to=f"bounces+{sent.unsubscribe_token}@example.org"),
        complaint(reader=sent.email),
    ):
        outcome = take(database, forged)
        assert outcome is not None
        assert outcome.fate is Fate.NOT_OURS
    assert sent.all() == before


def test_what_is_delayed_is_no_bounce(database: Database) -> None:
    sent = send(database)
    to = f"bounces+{sent.token}@example.org"
    outcome = take(database, bounce(to=to, action="delayed", status="4.4.1", said="timed out"))
    assert outcome is not None
    assert outcome.kind is Kind.OTHER
    assert (sent.state, sent.suppressed) == ("accepted", None)


def test_a_complaint_is_known_by_our_message_or_by_the_link_that_was_left_in_it(
    database: Database,
) -> None:
    first, second = send(database), send(database)
    take(database, complaint(message_id=first.message_id))
    take(database, complaint(unsubscribe=second.unsubscribe_token))
    for sent in (first, second):
        assert (sent.state, sent.suppressed) == ("complained", "complaint")


def test_an_automatic_answer_changes_nothing(database: Database) -> None:
    sent = send(database)
    outcome = take(database, vacation(in_reply_to=sent.message_id))
    assert outcome is not None
    assert (outcome.fate, outcome.kind) == (Fate.NEW, Kind.AUTO_REPLY)
    assert (sent.state, sent.suppressed, sent.subscribed) == ("accepted", None, True)


def test_the_link_of_a_mail_program_ends_the_subscription_from_any_address(
    database: Database,
) -> None:
    for where in ("subject", "body", "address", "encoded"):
        sent = send(database)
        token = sent.unsubscribe_token
        message = {
            "subject": wish(subject=f"unsubscribe {token}", author="other@example.net"),
            "body": wish(body=f"please\n{token}\n", author="other@example.net"),
            "address": wish(to=f"unsubscribe+{token}@example.org", author="other@example.net"),
            "encoded": wish(subject=f"=?utf-8?q?Unsubscribe_{token.upper()}?="),
        }[where]
        outcome = take(database, message)
        assert outcome is not None, where
        assert outcome.left, where
        assert not sent.subscribed


def test_the_link_counts_whatever_word_stands_before_it(database: Database) -> None:
    sent = send(database)
    take(database, wish(subject=f"hello {sent.unsubscribe_token}"))
    assert not sent.subscribed


def test_a_person_who_quotes_a_letter_with_its_link_does_not_leave(database: Database) -> None:
    sent = send(database)
    quoted = f"https://letter.example.org/unsubscribe/{sent.unsubscribe_token}"
    assert take(database, answer(quoting=quoted)) is None
    assert sent.subscribed


def test_a_wish_with_nothing_but_a_sender_is_left_for_a_person(database: Database) -> None:
    sent = send(database, email="ann@example.com")
    assert take(database, wish()) is None
    assert take(database, wish(results=f"{SERVER}; dmarc=pass header.from=example.com")) is None
    assert sent.subscribed


@pytest.mark.parametrize(
    ("results", "leaves"),
    [
        (f"{SERVER}; dkim=pass header.d=example.com; dmarc=pass header.from=example.com", True),
        (f"{SERVER} 1; dmarc=pass (p=reject dis=none) header.from=example.com", True),
        (f"{SERVER}; dmarc=fail header.from=example.com", False),
        (f"{SERVER}; dmarc=pass header.from=example.net", False),
        (f"{SERVER}; none (dmarc=pass header.from=example.com)", False),
        ("mx.attacker.example; dmarc=pass header.from=example.com", False),
        (
            f"{SERVER}; dmarc=fail header.from=example.com\n"
            f"Authentication-Results: {SERVER}; dmarc=pass header.from=example.com",
            False,
        ),
    ],
)
def test_a_sender_whom_our_own_server_vouches_for_may_leave(
    database: Database, results: str, leaves: bool
) -> None:
    sent = send(database, email="ann@example.com")
    outcome = take(database, wish(results=results), trusted=SERVER)
    assert (outcome is not None and outcome.left) is leaves
    assert sent.subscribed is not leaves


@pytest.mark.parametrize(
    ("author", "leaves"),
    [
        ("ann@example.com", True),
        ("Ann Example <ann@example.com>", True),
        ('"Example, Ann" <ann@example.com>', True),
        ("ann@example.com <mallory@example.com>", False),
        ("=?utf-8?q?ann=40example=2Ecom?= <mallory@example.com>", False),
        ("<ann@example.com>, <mallory@example.com>", False),
        ("mallory@example.com\nFrom: ann@example.com", False),
        ('"ann@example.com"@example.com', False),
        ("mallory@example.com (ann@example.com)", False),
        ("", False),
    ],
)
def test_a_sender_who_can_be_read_in_two_ways_is_nobody(
    database: Database, author: str, leaves: bool
) -> None:
    sent = send(database, email="ann@example.com")
    results = f"{SERVER}; dmarc=pass header.from=example.com"
    message = wish(results=results).replace(b"<ann@example.com>", author.encode(), 1)
    take(database, message, trusted=SERVER)
    assert sent.subscribed is not leaves


def test_the_subscription_of_the_link_ends_even_if_the_letter_went_to_another_list(
    database: Database,
) -> None:
    sent = send(database)
    row = {"list": "other", "status": Subscription.CONFIRMED, "source": "test"}
    with database.writing() as connection:
        added = insert(subscriptions).values(subscriber_id=sent.subscriber, **row)
        other = connection.execute(added.returning(subscriptions.c.id)).scalar_one()
    token = dataclasses.replace(sent, subscription=other).unsubscribe_token
    take(database, wish(subject=f"unsubscribe {token}"))
    assert sent.subscribed
    assert not dataclasses.replace(sent, subscription=other).subscribed


def test_leaving_does_not_wait_for_a_letter_that_is_being_handed_over(database: Database) -> None:
    sent = send(database, state=State.ATTEMPTING)
    outcome = take(database, wish(subject=f"unsubscribe {sent.unsubscribe_token}"))
    assert outcome is not None
    assert outcome.left
    assert (sent.subscribed, sent.state) == (False, "attempting")


def test_who_is_on_several_lists_is_not_guessed_at(database: Database) -> None:
    sent = send(database, email="ann@example.com")
    row = {"list": "other", "status": Subscription.CONFIRMED, "source": "test"}
    with database.writing() as connection:
        connection.execute(insert(subscriptions).values(subscriber_id=sent.subscriber, **row))
    results = f"{SERVER}; dmarc=pass header.from=example.com"
    outcome = take(database, wish(results=results), trusted=SERVER)
    assert outcome is not None
    assert outcome.fate is Fate.NOT_OURS
    assert sent.subscribed


def test_one_message_is_one_event_however_it_is_kept(database: Database) -> None:
    message = bounce()
    kept = [
        message,
        message.replace(b"\n", b"\r\n"),
        b"From MAILER-DAEMON Mon Nov 23 08:00:00 2026\n" + message + b"\n",
    ]
    events = [read_mail(one, database.keys, NOW) for one in kept]
    assert len({event.key for event in events if event}) == 1


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("Sun, 22 Nov 2026 23:00:00 -0100", NOW.replace(hour=0)),
        ("Sun, 22 Nov 1970 23:00:00 +0000", NOW),
        ("Sun, 22 Nov 2099 23:00:00 +0000", NOW),
        ("the day before yesterday", NOW),
    ],
)
def test_a_date_is_believed_if_it_can_be(
    database: Database, date: str, expected: datetime.datetime
) -> None:
    event = read_mail(bounce(date=date), database.keys, NOW)
    assert event is not None
    assert event.occurred_at == expected


_KEYS = Keys.new()


@given(st.binary(max_size=400), st.sampled_from([bounce(), complaint(), wish(), answer()]))
def test_no_message_can_make_it_fail(junk: bytes, message: bytes) -> None:
    place = len(junk) * 3 % len(message)
    read_mail(message[:place] + junk + message[place:], _KEYS, NOW, trusted_results=SERVER)
    read_mail(junk, _KEYS, NOW, trusted_results=SERVER)


_WORDS = [
    "=?utf-8?b?a?=",
    "=?x?q?=",
    "=?utf-8?q?=80?=",
    "=?",
    "\xff",
    "(",
    "<",
    "@",
    "\r",
    "\0",
    ":",
]
_FIELD = st.lists(st.sampled_from(_WORDS) | st.text(max_size=5), max_size=6).map("".join)


@given(_FIELD, _FIELD, _FIELD, _FIELD)
def test_no_header_can_make_it_fail(subject: str, author: str, date: str, results: str) -> None:
    fields = (
        f"Subject: unsubscribe {subject}\nFrom: {author}\nTo: {author}\nDate: {date}\n"
        f"Authentication-Results: {SERVER}; {results}\n\nunsubscribe\n"
    )
    read_mail(fields.encode("utf-8", "replace"), _KEYS, NOW, trusted_results=SERVER)
    read_mail(fields.encode("latin-1", "replace"), _KEYS, NOW, trusted_results=SERVER)


@given(st.text(max_size=12) | st.from_regex(r"[A-Za-z]{3}, ?[0-9]{1,5} [A-Z][a-z]{2} [-0-9:+ ]{9}"))
def test_no_date_can_make_it_fail(date: str) -> None:
    event = read_mail(bounce(date=date), _KEYS, NOW)
    assert event is None or event.occurred_at <= NOW


class _With:
    def __init__(self, keys: Keys) -> None:
        self.keys = keys


def _fields(sent: Sent) -> dict[str, object]:
    return {field.name: getattr(sent, field.name) for field in dataclasses.fields(sent)}
