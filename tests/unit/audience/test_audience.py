from __future__ import annotations

from sqlalchemy import select

from newsletter.audience.audience import Audience, count_audience
from newsletter.audience.profile import Profile
from newsletter.audience.segments.segment import Segment
from newsletter.audience.subscribers import add, remove, suppress
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions


def test_who_is_mailed_and_who_is_left_out_is_counted(database: Database) -> None:
    for name in ("ann", "bob", "cas", "dan", "eve"):
        add(database, f"{name}@example.com", Profile(name.title()))
    remove(database, "cas@example.com")
    remove(database, "eve@example.com")
    suppress(database, "dan@example.com", "bounced")
    suppress(database, "eve@example.com", "complained")
    ask_for_it(database, "fay@example.com")
    assert count_audience(database) == Audience(active=2, suppressed=2, unsubscribed=1, pending=1)


def test_a_reader_of_several_lists_is_counted_once_by_the_best_that_they_are_on(
    database: Database,
) -> None:
    for name in ("english", "weekly"):
        for reader in ("ann", "bob", "cas"):
            add(database, f"{reader}@example.com", Profile(), list_name=name)
    remove(database, "bob@example.com", list_name="weekly")
    remove(database, "cas@example.com")
    both = ("english", "weekly")
    assert count_audience(database, both) == Audience(active=2, suppressed=0, unsubscribed=1)
    assert count_audience(database, ("weekly",)) == Audience(active=1, suppressed=0, unsubscribed=2)
    assert count_audience(database, ("none",)) == Audience(0, 0, 0)


def test_only_readers_of_a_segment_are_counted(database: Database) -> None:
    add(database, "ann@example.com", Profile(language="uk"))
    add(database, "bob@example.com", Profile(language="en"))
    remove(database, "bob@example.com")
    segment = Segment.parse('language == "uk"')
    assert count_audience(database, segment=segment) == Audience(1, 0, 0)


def ask_for_it(database: Database, email: str) -> None:
    """A reader has filled in the form, and not confirmed yet."""
    add(database, email, Profile())
    with database.writing() as connection:
        number = select(subscribers.c.id).where(subscribers.c.email == email).scalar_subquery()
        connection.execute(
            subscriptions.update()
            .where(subscriptions.c.subscriber_id == number)
            .values(status="pending", confirmed_at=None)
        )


def test_an_empty_list_has_no_audience(database: Database) -> None:
    assert count_audience(database) == Audience(active=0, suppressed=0, unsubscribed=0)
