"""Several programs change the list at once, which PostgreSQL allows."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter.audience.csv_import import import_csv
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import Change, add, count, get, list_subscribers, remove
from newsletter.database.dialects import write_alone
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions
from newsletter.errors import AudienceError
from tests.databases import only_postgresql


def at_once(*tasks: Callable[[], object]) -> list[object]:
    """Run tasks in threads that start together; what each returned, or its error."""
    barrier = threading.Barrier(len(tasks))
    results: list[object] = [None] * len(tasks)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = tasks[number]()
        except Exception as error:  # noqa: BLE001 - the test judges it
            results[number] = error

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(tasks))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_an_address_that_several_add_at_once_is_there_once(database: Database) -> None:
    results = at_once(*(lambda: add(database, "ann@example.com", Profile("Ann")) for _ in range(6)))
    assert sorted(map(str, results)) == ["added"] + ["unchanged"] * 5
    assert count(database) == 1


def test_files_that_are_imported_at_once_give_each_reader_once(
    database: Database, tmp_path: Path
) -> None:
    paths = []
    for number in range(3):
        path = tmp_path / f"{number}.csv"
        readers = [f"reader{n}@example.com" for n in range(number * 50, number * 50 + 150)]
        # The other way round: two that lock rows in different orders must not stand still.
        path.write_text("email\n" + "\n".join(readers[:: 1 if number % 2 else -1]) + "\n")
        paths.append(path)
    reports = at_once(*(lambda path=path: import_csv(database, path) for path in paths))
    assert not [report for report in reports if isinstance(report, Exception)]
    assert count(database) == 250
    emails = [reader.email for reader in list_subscribers(database)]
    assert len(set(emails)) == 250


@pytest.fixture
def held(database: Database) -> Iterator[tuple[threading.Event, threading.Thread]]:
    """A program that is writing; the event lets it go on."""
    writing, go_on = threading.Event(), threading.Event()

    def write() -> None:
        with database.writing() as connection:
            write_alone(connection, subscribers, subscriptions)
            connection.execute(subscriptions.update().values(status=Status.UNSUBSCRIBED.value))
            writing.set()
            go_on.wait(30)

    add(database, "ann@example.com", Profile())
    thread = threading.Thread(target=write)
    thread.start()
    writing.wait(30)
    yield go_on, thread
    go_on.set()
    thread.join()


@only_postgresql
def test_who_leaves_while_their_name_is_changed_is_not_brought_back(
    database: Database, held: tuple[threading.Event, threading.Thread]
) -> None:
    go_on, thread = held
    results: list[object] = []

    def change() -> None:
        try:
            results.append(add(database, "ann@example.com", Profile("Ann")))
        except AudienceError as error:
            results.append(error)

    changing = threading.Thread(target=change)
    changing.start()
    changing.join(0.3)
    assert results == [], "it waits"
    go_on.set()
    thread.join()
    changing.join()
    assert isinstance(results[0], AudienceError)
    assert get(database, "ann@example.com").status is Status.UNSUBSCRIBED


def test_who_leaves_twice_at_once_leaves_once(database: Database) -> None:
    assert add(database, "ann@example.com", Profile()) is Change.ADDED
    results = at_once(*(lambda: remove(database, "ann@example.com") for _ in range(4)))
    assert sorted(map(str, results)) == ["False", "False", "False", "True"]
