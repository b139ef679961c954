from __future__ import annotations

import pytest
from sqlalchemy import func, select, update

from newsletter.audience.address import parse
from newsletter.audience.suppression import release
from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.database.tables import address_changes, deliveries, feedback
from newsletter.feedback.refusals import Refusals, count_doubted, record_refusals
from tests.databases import on_both
from tests.unit.feedback.kit import DAY, NOW, Sent, new_campaign, send, send_again

DEAD = "550 5.1.1 no such user (in reply to RCPT)"
WORDS_AT_RCPT = "550 no such user here (in reply to RCPT)"
WORDS_AFTER = "550 no such user here (in reply to end of data)"
UNCLEAR = "550 mailbox unavailable (in reply to RCPT)"
FULL = "552 5.2.2 mailbox is full (in reply to end of data)"
SPAM = "550 5.7.1 looks like spam (in reply to end of data)"


def refuse(sent: Sent, said: str, *, day: int = 0) -> Sent:
    """As the sender writes it when a server has refused the letter."""
    with sent.database.writing() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == sent.delivery)
            .values(state=State.FAILED, detail=said, updated_at=NOW + day * DAY)
        )
    return sent


def others(database: Database, campaign: int, number: int = 12) -> None:
    """Readers who get it."""
    for _ in range(number):
        send(database, campaign=campaign)


@pytest.fixture
def campaign(database: Database) -> int:
    number = new_campaign(database)
    others(database, number)
    return number


def rows(database: Database) -> int:
    with database.reading() as connection:
        return connection.scalar(select(func.count()).select_from(feedback)) or 0


@on_both
def test_a_refusal_that_proves_a_dead_mailbox_ends_the_mail(
    database: Database, campaign: int
) -> None:
    sent = refuse(send(database, campaign=campaign), DEAD)
    assert record_refusals(database, campaign, NOW) == Refusals(1, 1, 0)
    assert (sent.suppressed, sent.state, sent.detail) == ("bounce", "failed", DEAD)
    assert record_refusals(database, campaign, NOW) == Refusals()
    assert rows(database) == 1


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("550 5.1.10 null MX (in reply to RCPT)", "bounce"),
        ("550 5.1.6 has moved (in reply to RCPT)", "bounce"),
        ("550 5.2.1 disabled (in reply to end of data)", "bounce"),
        (WORDS_AT_RCPT, "bounce"),
        (WORDS_AFTER, None),
        (UNCLEAR, None),
        (FULL, None),
        (SPAM, None),
        ("550 5.1.1 blocked: poor reputation (in reply to RCPT)", None),
        ("the address is not in the form that goes over the wire", None),
    ],
)
def test_it_proves_what_a_bounce_with_the_same_words_would(
    database: Database, campaign: int, said: str, expected: str | None
) -> None:
    sent = refuse(send(database, campaign=campaign), said)
    record_refusals(database, campaign, NOW)
    assert (sent.suppressed, sent.state) == (expected, "failed")


def test_a_second_letter_that_is_refused_without_proof_is_the_last(
    database: Database, campaign: int
) -> None:
    first = refuse(send(database, campaign=campaign), UNCLEAR)
    assert record_refusals(database, campaign, NOW) == Refusals(1, 0, 0)
    second = send_again(first, NOW + 7 * DAY)
    others(database, second.campaign)
    refuse(second, UNCLEAR, day=7)
    assert record_refusals(database, second.campaign, NOW + 7 * DAY) == Refusals(1, 1, 0)
    assert first.suppressed == "bounce"


def test_a_full_mailbox_counts_as_one_point(database: Database, campaign: int) -> None:
    sent = refuse(send(database, campaign=campaign), FULL)
    record_refusals(database, campaign, NOW)
    for week in range(1, 5):
        assert sent.suppressed is None
        sent = send_again(sent, NOW + 7 * week * DAY)
        others(database, sent.campaign)
        refuse(sent, FULL, day=7 * week)
        record_refusals(database, sent.campaign, NOW + 7 * week * DAY)
    assert sent.suppressed == "bounce"


@on_both
def test_a_relay_that_refuses_everybody_strikes_nobody_off(database: Database) -> None:
    campaign = new_campaign(database)
    refused = [refuse(send(database, campaign=campaign), DEAD) for _ in range(8)]
    assert record_refusals(database, campaign, NOW) == Refusals(0, 0, 8)
    assert count_doubted(database, campaign) == 8
    assert not any(sent.suppressed for sent in refused)
    assert rows(database) == 0


def test_what_is_doubted_is_believed_once_others_get_through(database: Database) -> None:
    campaign = new_campaign(database)
    sent = refuse(send(database, campaign=campaign), DEAD)
    assert record_refusals(database, campaign, NOW) == Refusals(0, 0, 1)
    others(database, campaign)
    assert record_refusals(database, campaign, NOW) == Refusals(1, 1, 0)
    assert sent.suppressed == "bounce"


def test_somebody_who_has_looked_may_believe_all_of_them(database: Database) -> None:
    campaign = new_campaign(database)
    refused = [refuse(send(database, campaign=campaign), DEAD) for _ in range(8)]
    refuse(send(database, campaign=campaign), SPAM)
    assert record_refusals(database, campaign, NOW, believe=True) == Refusals(8, 8, 0)
    assert all(sent.suppressed for sent in refused)
    assert count_doubted(database, campaign) == 0


def test_who_was_released_is_not_struck_off_again_for_the_same_refusal(
    database: Database, campaign: int
) -> None:
    sent = refuse(send(database, campaign=campaign), DEAD)
    record_refusals(database, campaign, NOW)
    assert release(database, parse(sent.email))
    assert record_refusals(database, campaign, NOW) == Refusals()
    assert sent.suppressed is None


def test_a_second_refusal_of_the_same_letter_counts_as_another_one(
    database: Database, campaign: int
) -> None:
    sent = refuse(send(database, campaign=campaign), UNCLEAR)
    record_refusals(database, campaign, NOW)
    with database.writing() as connection:
        its = deliveries.c.id == sent.delivery
        connection.execute(update(deliveries).where(its).values(attempts=2))
    refuse(sent, DEAD, day=1)
    assert record_refusals(database, campaign, NOW + DAY) == Refusals(1, 1, 0)


def test_whoever_has_moved_meanwhile_is_not_held_to_the_old_mailbox(
    database: Database, campaign: int
) -> None:
    sent = refuse(send(database, campaign=campaign), DEAD)
    with database.writing() as connection:
        connection.execute(
            address_changes.insert().values(
                subscriber_id=sent.subscriber,
                email="new@example.com",
                email_key="new@example.com",
                requested_at=NOW,
                old_proved_at=NOW + DAY,
                new_proved_at=NOW + DAY,
            )
        )
    assert record_refusals(database, campaign, NOW + 2 * DAY) == Refusals()
    assert sent.suppressed is None


def test_what_a_provider_says_to_a_request_is_not_the_answer_of_a_mailbox(
    database: Database, campaign: int
) -> None:
    sent = refuse(send(database, campaign=campaign), "400 5.1.1 no such user")
    assert record_refusals(database, campaign, NOW) == Refusals()
    assert sent.suppressed is None
