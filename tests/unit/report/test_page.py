from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser

from sqlalchemy import update

from newsletter.database.engine import Database
from newsletter.database.tables import campaigns, deliveries
from newsletter.report.complaints import complaints
from newsletter.report.page import page
from newsletter.report.report import make_report
from tests.unit.report.kit import BEGIN

LATER = datetime.datetime(2026, 11, 27, 9, tzinfo=datetime.UTC)


def made(
    database: Database, title: str = "The Harbour Letter", *, number: int = 1, **lists: str
) -> str:
    recent = complaints(database, LATER)
    return page(make_report(database, number), recent, title, LATER, list_titles=lists)


def test_the_page_holds_the_numbers_and_plots(sent: Database) -> None:
    html = made(sent)
    assert "<h1>2026-11-20</h1>" in html
    assert (
        'aria-label="24 letters from 20 Nov 09:00 to 20 Nov 09:25 UTC, at most 1 in a minute"'
        in html
    )
    assert html.count("<svg") == 3 + 1 + 2
    assert "the next letter is held back" in html


def test_the_page_fetches_and_runs_nothing_and_names_nobody(sent: Database) -> None:
    html = made(sent)
    assert "default-src 'none'" in html
    assert not re.search(r"<script|<link|<img|url\(|https?://(?!example\.org/a)|@example", html)


def test_a_hostile_name_stays_text(sent: Database) -> None:
    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag != "script"

    html = made(sent, '<script>alert("x")</script>')
    Tags().feed(html)
    assert "&lt;script&gt;" in html


def test_lists_are_called_as_readers_know_them(sent: Database) -> None:
    assert "UTC, not finished yet to Harbour &amp; Town." in made(sent, main="Harbour & Town")
    assert "not finished yet to main." in made(sent, gone="A list that is not there")


def finish(database: Database, minutes: float) -> None:
    with database.writing() as connection:
        length = datetime.timedelta(minutes=minutes)
        connection.execute(update(campaigns).values(finished_at=BEGIN + length))


def test_a_time_that_is_the_same_is_said_once(sent: Database) -> None:
    finish(sent, 0.5)
    assert "Sent on 20 Nov 2026 at 09:00 UTC to main." in made(sent)
    finish(sent, 25)
    assert "Sent from 20 Nov 2026, 09:00 to 09:25 UTC to main." in made(sent)
    finish(sent, 24 * 60)
    assert "Sent from 20 Nov 2026, 09:00 to 21 Nov 2026, 09:00 UTC to main." in made(sent)


def test_what_came_in_one_step_is_said_and_not_drawn(sent: Database) -> None:
    with sent.writing() as connection:
        connection.execute(update(deliveries).values(updated_at=BEGIN))
    html = made(sent)
    assert "<p>24 within a minute from 20 Nov 09:00 UTC." in html
    assert html.count("<svg") == 3 + 2


def test_words_stand_beside_the_plot_and_not_on_it(sent: Database) -> None:
    assert not re.search(r"<text\b", made(sent))


def test_a_sending_to_nobody_says_so(sent: Database) -> None:
    html = made(sent, number=2)
    assert "There was nobody to send it to." in html
    assert "<svg" not in html
    assert "<table" not in html
