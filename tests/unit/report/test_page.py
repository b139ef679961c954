from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser

from newsletter.database.engine import Database
from newsletter.report.complaints import complaints
from newsletter.report.page import page
from newsletter.report.report import make_report

LATER = datetime.datetime(2026, 11, 27, 9, tzinfo=datetime.UTC)


def made(database: Database, title: str = "The Harbour Letter") -> str:
    return page(make_report(database, 1), complaints(database, LATER), title, LATER)


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
