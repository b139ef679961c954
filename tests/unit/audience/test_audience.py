from __future__ import annotations

from newsletter.audience.audience import Audience, count_audience
from newsletter.audience.profile import Profile
from newsletter.audience.subscribers import add, remove, suppress
from newsletter.database.engine import Database


def test_who_is_mailed_and_who_is_left_out_is_counted(database: Database) -> None:
    for name in ("ann", "bob", "cas", "dan", "eve"):
        add(database, f"{name}@example.com", Profile(name.title()))
    remove(database, "cas@example.com")
    remove(database, "eve@example.com")
    suppress(database, "dan@example.com", "bounced")
    suppress(database, "eve@example.com", "complained")
    assert count_audience(database) == Audience(active=2, suppressed=2, unsubscribed=1)


def test_an_empty_list_has_no_audience(database: Database) -> None:
    assert count_audience(database) == Audience(active=0, suppressed=0, unsubscribed=0)
