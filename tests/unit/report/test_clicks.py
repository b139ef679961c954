from __future__ import annotations

import datetime
import threading
import zlib

import pytest
from sqlalchemy import insert, select

from newsletter.database.engine import Database
from newsletter.database.tables import clicks, editions
from newsletter.errors import DatabaseError
from newsletter.render.edition import Edition
from newsletter.render.merge import Merged
from newsletter.report.clicks import Clicks

TODAY = datetime.date(2026, 11, 22)
URL = "https://example.org/a"


@pytest.fixture
def counter(sent: Database) -> Clicks:
    edition = Edition(
        slug="2026-11-20",
        date=datetime.date(2026, 11, 20),
        language="en",
        subject=Merged(()),
        preheader=Merged(()),
        html=Merged(()),
        text=Merged(()),
        links={"c0de": URL},
    )
    with sent.writing() as connection:
        connection.execute(
            insert(editions).values(
                campaign_id=1, number=0, language="en", content=zlib.compress(edition.dump())
            )
        )
    return Clicks(sent)


def counted(database: Database) -> int | None:
    query = select(clicks.c.number).where(clicks.c.day == TODAY, clicks.c.url == URL)
    with database.reading() as connection:
        return connection.scalar(query)


def test_a_link_leads_where_the_letter_says(counter: Clicks) -> None:
    assert counter.follow("2026-11-20", "c0de", TODAY) == URL


@pytest.mark.parametrize(
    ("slug", "code"), [("2026-11-20", "0000"), ("2026-11-27", "c0de"), ("no", "c0de"), ("", "")]
)
def test_nothing_else_leads_anywhere(counter: Clicks, slug: str, code: str) -> None:
    assert counter.follow(slug, code, TODAY) is None


def test_counts_are_added_up_by_day(sent: Database, counter: Clicks) -> None:
    for _ in range(3):
        counter.follow("2026-11-20", "c0de", TODAY)
    counter.write_down()
    counter.write_down()
    assert counted(sent) == 3
    counter.follow("2026-11-20", "c0de", TODAY)
    counter.write_down()
    assert counted(sent) == 4


def test_no_count_is_lost_between_threads(sent: Database, counter: Clicks) -> None:
    def follow() -> None:
        for _ in range(200):
            counter.follow("2026-11-20", "c0de", TODAY)

    threads = [threading.Thread(target=follow) for _ in range(5)]
    for thread in threads:
        thread.start()
    counter.write_down()
    for thread in threads:
        thread.join()
    counter.write_down()
    assert counted(sent) == 1000


def test_what_cannot_be_written_is_kept_for_the_next_time(
    sent: Database, counter: Clicks, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter.follow("2026-11-20", "c0de", TODAY)

    def full() -> None:
        raise DatabaseError("the disk is full", "")

    with monkeypatch.context() as patch:
        patch.setattr(sent, "writing", full)
        with pytest.raises(DatabaseError):
            counter.write_down()
    counter.write_down()
    assert counted(sent) == 1
