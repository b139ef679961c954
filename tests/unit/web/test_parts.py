"""Small parts of the pages: languages, words, stamps, caps, counts, and leaving in company."""

from __future__ import annotations

import asyncio
import datetime
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest
from babel.messages.extract import extract
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from newsletter.audience import address
from newsletter.audience.subscriptions import request, unsubscribe_in
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.database.tables import subscriptions
from newsletter.errors import ConfigurationError, DatabaseError, NewsletterError
from newsletter.render.templates import BUILT_IN
from newsletter.web import caps
from newsletter.web.caps import Caps, network_of
from newsletter.web.languages import choose
from newsletter.web.leaving import Leaving
from newsletter.web.listening import listen, listen_at
from newsletter.web.metrics import Metrics, serve_metrics
from newsletter.web.stamps import Stamp, Stamps
from newsletter.web.texts import FOLDER, load_texts
from tests.databases import opened
from tests.smtp import free_port

NOW = datetime.datetime(2026, 11, 20, 9, 0, tzinfo=datetime.UTC)
ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    ("wish", "accepted", "chosen"),
    [
        ("", "", "en"),
        ("", "uk", "uk"),
        ("", "uk-UA,en;q=0.8", "uk"),
        ("", "fr,de;q=0.3,ar;q=0.9", "ar"),
        ("", "de;q=0,uk;q=0.1", "uk"),
        ("", "*;;;,,q=", "en"),
        ("de", "uk", "de"),
        ("de-AT", "", "de"),
        ("xx", "uk", "uk"),
        ("../../etc", "", "en"),
    ],
)
def test_a_page_speaks_the_language_that_was_asked_for(
    wish: str, accepted: str, chosen: str
) -> None:
    assert choose(["en", "ar", "de", "uk"], wish, accepted=accepted) == chosen


@given(st.text(), st.text())
def test_whatever_a_browser_asks_for_there_is_a_language(wish: str, accepted: str) -> None:
    assert choose(["en", "uk"], wish, accepted=accepted) in ("en", "uk")


def messages() -> set[str]:
    """Everything that templates and code say."""
    said: set[str] = set()
    for file in (BUILT_IN / "web" / "pages").glob("*.j2"):
        with file.open("rb") as stream:
            found = extract("jinja2", stream, {"_": None}, options={"encoding": "utf-8"})
            said.update(str(message) for _, message, _, _ in found)
    for file in (ROOT / "newsletter" / "web").glob("**/*.py"):
        with file.open("rb") as stream:
            for _, message, _, _ in extract("python", stream, {"_": None, "texts": None}):
                said.add(message if isinstance(message, str) else str(message[0]))
    return said - {""}


@pytest.mark.parametrize("language", ["ar", "de", "uk"])
def test_every_word_is_written_in_every_language(language: str) -> None:
    texts = load_texts([BUILT_IN])[language]
    for message in messages():
        said = texts(message)
        assert said != message, f"{language} lacks {message!r}"
        assert set(re.findall(r"{\w+}", said)) == set(re.findall(r"{\w+}", message))


def test_a_project_says_things_in_its_own_words(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "de.po").write_text('msgid "Sorry"\nmsgstr "Hoppla"\n')
    (folder / "fr.po").write_text('msgid "Sorry"\nmsgstr "Désolé"\n')
    (folder / "en.po").write_text('msgid "Sorry"\nmsgstr "Oh dear"\n')
    texts = load_texts([tmp_path, BUILT_IN])
    assert [texts[tag]("Sorry") for tag in ("de", "fr", "en")] == ["Hoppla", "Désolé", "Oh dear"]
    assert texts["de"]("Save") == "Speichern"


def test_a_catalogue_that_is_none_is_named(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    folder.mkdir(parents=True)
    (folder / "de.po").write_bytes(b'msgid "a\nmsgstr \xff')
    with pytest.raises(ConfigurationError, match=r"de\.po"):
        load_texts([tmp_path])


def test_a_stamp_holds_for_a_day_for_what_was_shown() -> None:
    stamps = Stamps(Keys.new())
    stamp = stamps.make("shown", NOW)

    def after(seconds: float, shown: str = "shown") -> Stamp:
        return stamps.read(stamp, shown, NOW + datetime.timedelta(seconds=seconds))

    assert [after(s) for s in (0, 0.5, -5, 90_000)] == [Stamp.AGAIN] * 4
    assert [after(s) for s in (1, 60, 80_000)] == [Stamp.GOOD] * 3
    assert after(5, "other words") is Stamp.AGAIN
    assert Stamps(Keys.new()).read(stamp, "shown", NOW + datetime.timedelta(seconds=5)) is (
        Stamp.AGAIN
    )


def test_caps_open_again_after_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    time = [0.0]
    few = Caps(3, 2, clock=lambda: time[0])
    assert [few.take("a"), few.take("a"), few.take("a"), few.take("b")] == [
        True,
        True,
        False,
        True,
    ]
    assert not few.take("c")
    assert not few.take("")
    time[0] = caps.HOUR
    assert few.take("a")


@pytest.mark.parametrize(
    ("client", "forwarded", "network"),
    [
        ("192.0.2.77", "", "192.0.2.0/24"),
        ("192.0.2.77", "198.51.100.1", "192.0.2.0/24"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "203.0.113.9, 198.51.100.1", "198.51.100.0/24"),
        ("127.0.0.1", "", ""),
        ("127.0.0.1", "nonsense", ""),
        ("::1", "2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:192.0.2.7", "", "192.0.2.0/24"),
        (None, "198.51.100.1", "198.51.100.0/24"),
    ],
)
def test_a_network_is_told_by_who_can_be_believed(
    client: str | None, forwarded: str, network: str
) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())]
    scope = {"type": "http", "client": (client, 1) if client else None, "headers": headers}
    assert network_of(scope) == network


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = opened(tmp_path / "newsletter.db")
    yield database
    database.close()


def subscribe(database: Database, number: int) -> int:
    ann = address.parse(f"ann{number}@example.com")
    with database.writing() as connection:
        return request(
            connection,
            database.keys,
            ann,
            "main",
            language="",
            source="form",
            wording="",
            now=NOW,
        )


def test_many_leave_together_and_each_is_answered(database: Database) -> None:
    numbers = [subscribe(database, number) for number in range(50)]
    leaving = Leaving(database, lambda: NOW)
    leaving.start()

    async def all_of_them() -> list[bool]:
        return await asyncio.gather(*(leaving.leave(number) for number in [*numbers, 4711]))

    assert asyncio.run(all_of_them()) == [True] * 51
    leaving.stop()
    with database.reading() as connection:
        left = connection.execute(select(subscriptions.c.status)).scalars().all()
    assert left == ["unsubscribed"] * 50


def test_what_was_asked_for_before_the_end_is_done(database: Database) -> None:
    number = subscribe(database, 1)
    leaving = Leaving(database, lambda: NOW)

    async def ask_and_stop() -> bool:
        asked = asyncio.create_task(leaving.leave(number))
        await asyncio.sleep(0)
        leaving.start()
        await asyncio.to_thread(leaving.stop)
        return await asked

    assert asyncio.run(ask_and_stop())


def test_who_hangs_up_has_left_all_the_same(database: Database) -> None:
    number = subscribe(database, 1)
    leaving = Leaving(database, lambda: NOW)

    async def hang_up() -> None:
        asked = asyncio.create_task(leaving.leave(number))
        await asyncio.sleep(0)
        asked.cancel()
        leaving.start()
        await asyncio.to_thread(leaving.stop)

    asyncio.run(hang_up())
    with database.reading() as connection:
        assert connection.scalar(select(subscriptions.c.status)) == "unsubscribed"


def test_a_database_that_cannot_be_written_is_said_so(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = subscribe(database, 1)
    leaving = Leaving(database, lambda: NOW)
    fails = threading.Event()
    fails.set()

    def sometimes(connection: Connection, numbers: set[int], now: datetime.datetime) -> int:
        if fails.is_set():
            raise DatabaseError("the disk is full")
        return unsubscribe_in(connection, numbers, now)

    monkeypatch.setattr("newsletter.web.leaving.unsubscribe_in", sometimes)
    monkeypatch.setattr("newsletter.web.leaving._PAUSE", 0.01)
    leaving.start()

    async def twice() -> list[bool]:
        first = await leaving.leave(number)
        fails.clear()
        second = False
        while not second:
            second = await leaving.leave(number)
        return [first, second]

    assert asyncio.run(twice()) == [False, True]
    leaving.stop()


def test_counts_are_served_to_this_machine_without_names() -> None:
    metrics = Metrics()
    metrics.request("POST", "/unsubscribe/{token}", 200, 0.003)
    metrics.count("unsubscribe", "one click")
    server = serve_metrics(free_port(), lambda: metrics.text(4))
    port = server.server_address[1]
    with urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        text = answer.read().decode()
        assert answer.headers["Content-Type"].startswith("application/openmetrics-text")
    server.shutdown()
    server.server_close()
    assert 'newsletter_events_total{what="unsubscribe",fate="one click"} 1' in text
    assert 'newsletter_http_request_seconds_bucket{le="0.005"} 1' in text
    assert "newsletter_requests_waiting 4" in text
    assert text.endswith("# EOF\n")


def test_a_port_that_is_taken_is_said_plainly() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        pytest.raises(NewsletterError, match="cannot listen"),
    ):
        listen("127.0.0.1", taken.getsockname()[1])


def test_a_socket_in_the_file_system_is_not_for_everybody(tmp_path: Path) -> None:
    path = tmp_path / "pages.sock"
    listener = listen_at(path)
    assert path.stat().st_mode & 0o777 == 0o660
    with pytest.raises(NewsletterError, match="cannot listen"):
        listen_at(path)  # somebody is there
    listener.close()
    listen_at(path).close()  # left behind
