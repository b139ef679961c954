from __future__ import annotations

from newsletter.audience.profile import Profile
from newsletter.audience.segments.segment import Segment
from newsletter.audience.subscribers import add, remove, suppress
from newsletter.database.engine import Database
from newsletter.sending.audience_digest import audience_digest, new_salt


def add_readers(database: Database, *names: str, list_name: str = "main") -> None:
    for name in names:
        add(database, f"{name}@example.com", Profile(language="uk"), list_name=list_name)


def test_the_same_readers_give_the_same_digest_and_others_another(database: Database) -> None:
    add_readers(database, "ann", "bob", "cas")
    before = audience_digest(database, "salt")
    assert audience_digest(database, "salt") == before
    remove(database, "bob@example.com")
    without_one = audience_digest(database, "salt")
    suppress(database, "cas@example.com", "asked by letter")
    without_two = audience_digest(database, "salt")
    assert len({before, without_one, without_two}) == 3


def test_one_for_one_is_another_audience(database: Database) -> None:
    add_readers(database, "ann", "bob")
    before = audience_digest(database, "salt")
    remove(database, "bob@example.com")
    add_readers(database, "cas")
    assert audience_digest(database, "salt") != before


def test_only_those_who_would_be_mailed_count_and_each_once(database: Database) -> None:
    add_readers(database, "ann", "bob", list_name="weekly")
    before = audience_digest(database, "salt", ("weekly",))
    add_readers(database, "cas", list_name="alerts")
    assert audience_digest(database, "salt", ("weekly",)) == before
    assert audience_digest(database, "salt", ("weekly", "alerts")) != before
    both = audience_digest(database, "salt", ("weekly", "alerts"))
    add_readers(database, "ann", list_name="alerts")
    assert audience_digest(database, "salt", ("weekly", "alerts")) == both
    english = Segment.parse('language == "en"')
    assert audience_digest(database, "salt", ("weekly",), english) != before


def test_with_another_salt_nobody_can_compare(database: Database) -> None:
    add_readers(database, "ann", "bob")
    assert new_salt() != new_salt()
    assert audience_digest(database, "one") != audience_digest(database, "two")
