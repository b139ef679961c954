from __future__ import annotations

import datetime

from sqlalchemy import delete, update

from newsletter.database.engine import Database
from newsletter.database.tables import deliveries, subscribers
from newsletter.report.report import make_report
from newsletter.report.timeline import MOST, timeline

BEGIN = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)


def test_the_numbers_are_those_of_the_ledger(sent: Database) -> None:
    report = make_report(sent, 1)
    assert report.states == {
        "accepted": 22,
        "deferred": 1,
        "failed": 2,
        "unknown": 1,
        "suppressed": 2,
        "bounced": 1,
        "complained": 1,
    }
    assert (report.slug, report.readers, report.taken) == ("2026-11-20", 28, 24)
    assert report.came_back == {"hard": 1, "complaint": 1, "soft": 1}
    assert report.complaint_rate == 1 / 24
    assert report.links == {"https://example.org/a": 7}


def test_who_left_counts_to_the_letter_before(sent: Database) -> None:
    assert make_report(sent, 1).left == 3
    assert make_report(sent, 2).left == 0  # the fourth left later, but did not get that one


def test_domains_come_with_the_largest_first(sent: Database) -> None:
    domains = make_report(sent, 1).domains
    assert [(one.name, one.total) for one in domains] == [("example.com", 20), ("example.org", 10)]
    assert sum(one.states.get("accepted", 0) for one in domains) == 22


def test_who_was_forgotten_still_counts(sent: Database) -> None:
    with sent.writing() as connection:
        connection.execute(delete(subscribers).where(subscribers.c.id.in_((7, 8, 9))))
    report = make_report(sent, 1)
    assert report.states["accepted"] == 22
    assert [(one.name, one.total) for one in report.domains] == [
        ("example.com", 18),
        ("example.org", 9),
        ("others", 3),
    ]


def test_times_are_counted_in_even_steps(sent: Database) -> None:
    report = make_report(sent, 1)
    assert report.accepted.begin == BEGIN
    assert report.accepted.step == datetime.timedelta(minutes=1)
    assert report.accepted.numbers == (0, *[1] * 24)
    assert report.bounced.total == 2
    assert report.departed.step == datetime.timedelta(hours=3)


def test_a_bounce_does_not_move_the_time_when_a_letter_was_taken(sent: Database) -> None:
    three_days = datetime.timedelta(days=3)
    with sent.writing() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.state == "bounced")
            .values(first_claimed_at=BEGIN, updated_at=BEGIN + three_days)
        )
    accepted = make_report(sent, 1).accepted
    assert accepted.step == datetime.timedelta(minutes=1)
    assert (accepted.numbers[0], sum(accepted.numbers)) == (1, 24)


def test_a_report_of_nothing_is_empty(sent: Database) -> None:
    report = make_report(sent, 2)
    assert report.states == {}
    assert report.complaint_rate is None
    assert report.accepted.numbers == ()


def test_a_long_time_has_longer_steps_and_loses_nothing() -> None:
    for days in (0.01, 0.5, 3, 40, 300):
        moments = {BEGIN + datetime.timedelta(days=days * part / 10): part for part in range(11)}
        series = timeline(moments, BEGIN)
        assert series.total == 55
        assert len(series.numbers) <= MOST
    early = timeline({BEGIN - datetime.timedelta(seconds=30): 2}, BEGIN)
    assert early.numbers == (2,)
