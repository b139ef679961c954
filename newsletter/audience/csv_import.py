"""A CSV file into the list of subscribers: good rows a block at a time, bad ones reported.

Nobody comes back by an import: whoever unsubscribed or is suppressed stays so. What readers set
themselves on a page stays, too, unless whoever imports says otherwise. A ``status`` column is
believed when it says that somebody must not be mailed, in whichever row.
"""

from __future__ import annotations

import contextlib
import gc
import itertools
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.audience.csv_departed import Departed
from newsletter.audience.csv_entries import Entry, Problems, entries
from newsletter.audience.csv_file import CsvFile
from newsletter.audience.csv_rejects import rejects
from newsletter.audience.csv_store import Store
from newsletter.audience.lists import MAIN
from newsletter.audience.profile import parse_value
from newsletter.audience.provenance import of_import
from newsletter.audience.subscribers import Clock, utc_now
from newsletter.database.dialects import analyze
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, subscriptions
from newsletter.errors import AudienceError, DatabaseError
from newsletter.findings import Finding

_BLOCK = 5000
"""Rows that are written in one transaction: others who write wait for no longer, and memory does
not grow with the file."""

Progress = Callable[[int, int], None]
"""Is told now and then how many lines are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import has done, in rows of the file.

    Attributes:
        added: Readers who are new on their list.
        added_pending: New ones who, by the file's word, have not confirmed yet.
        added_unsubscribed: New here, but the file says that they have left: kept so that no later
            list brings them back.
        updated: Readers whose values have changed, or who are confirmed now.
        unchanged: Readers who were there already, exactly so.
        unsubscribed_kept: Readers who have left, here or by the file's word, and stay away.
        suppressed_kept: Addresses that must not be mailed, here or by the file's word.
        own_kept: Readers, counted above, who keep a name, a language or an address that they set
            themselves and of which the file says otherwise.
        rejected: Rows left out because something in them is wrong.
        duplicates: Rows left out because their address stands further up in the file.
        format: Whose list it is: ``mailchimp``, say; empty for nobody's in particular.
        left_out: Columns that were not taken over.
        findings: What is wrong or odd, by line; the first thousand.
    """

    added: int
    added_pending: int
    added_unsubscribed: int
    updated: int
    unchanged: int
    unsubscribed_kept: int
    suppressed_kept: int
    own_kept: int
    rejected: int
    duplicates: int
    format: str
    left_out: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> int:
        """Number of rows with a reader in them, each counted once."""
        return (
            self.added
            + self.added_pending
            + self.added_unsubscribed
            + self.updated
            + self.unchanged
            + self.unsubscribed_kept
            + self.suppressed_kept
        )


def import_csv(
    database: Database,
    path: Path,
    *,
    list_name: str = MAIN,
    lists: Collection[str] = (),
    consent: str = "",
    overwrite: bool = False,
    format_name: str = "",
    report: Path | None = None,
    progress: Progress | None = None,
    clock: Clock = utc_now,
) -> ImportReport:
    """Import the good rows of a file.

    Importing a file again changes nothing; so an import that was broken off is simply repeated,
    and goes on from where it was. A file that cannot be read to its end is refused as a whole.
    An empty cell erases no value that is known.

    Args:
        database: Where to.
        path: The CSV file: UTF-8, UTF-16 with a byte order mark, or Windows-1252; cells parted by
            comma, semicolon or tab; its header names the columns, one of them ``email``.
        list_name: The list of rows that do not name one in a column ``list``; empty if there is
            none, and each row must name its own.
        lists: Lists that rows may name; ``list_name`` is always one of them.
        consent: How the readers agreed, in somebody's words; kept with their subscriptions, also
            with those of an earlier import that did not say.
        overwrite: Whether the file counts more than the name and language that readers set
            themselves; who moved to another address stays there.
        format_name: Whose list it is, see ``formats.registry``; empty to find out.
        report: Where bad rows are written to, each with its line and what is wrong with it.
        progress: Is told how it goes on.
        clock: Tells the time.

    Raises:
        NotFoundError: There is no such file.
        AudienceError: The file cannot be read, is no CSV, or its header is wrong.
        DatabaseError: The database cannot be written. What was done before is kept.
    """
    source = of_import(parse_value("file name", path.name), parse_value("consent", consent))
    if report is not None and report.exists() and path.exists() and report.samefile(path):
        raise AudienceError(
            f"{path} cannot be imported and hold the report at once", "Name another file."
        )
    file = CsvFile(path, format_name)
    departed = Departed.of(file, list_name)
    with rejects(report, file.columns.names) as bad_rows:
        problems = Problems(path, bad_rows)

        def duplicate(entry: Entry) -> None:
            problems.duplicate(entry, file.columns.email_at)

        store = Store(database.keys, source, clock(), duplicate, overwrite=overwrite)
        known = tuple(dict.fromkeys(filter(None, (list_name, *lists))))
        good = entries(file, problems, known, list_name)
        with _few_collections():
            _run(database, store, good, departed, progress)
    return ImportReport(
        **store.counts,
        rejected=problems.rejected,
        duplicates=problems.duplicates,
        format=file.columns.format.name if file.columns.format else "",
        left_out=file.columns.left_out,
        findings=problems.findings,
    )


@contextlib.contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for cycles of objects less often: there are none, and it takes a tenth."""
    usual = gc.get_threshold()
    gc.set_threshold(50_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _run(
    database: Database,
    store: Store,
    good: Iterator[Entry],
    departed: Departed,
    progress: Progress | None,
) -> None:
    done = 0
    try:
        while block := list(itertools.islice(good, _BLOCK)):
            if departed:
                block = [_told(entry, departed) for entry in block]
            hashes = store.hashes(block)
            with database.writing() as connection:
                store.write(connection, block, hashes)
            done += len(block)
            if progress is not None:
                progress(block[-1].line, departed.lines)
    except DatabaseError as error:
        if done:
            error.hint = (
                f"{error.hint} {done:,} rows are done and kept; import the file again to go on."
            ).strip()
        raise
    if done:
        with database.writing() as connection:
            analyze(connection, subscribers, subscriptions)


def _told(entry: Entry, departed: Departed) -> Entry:
    """The entry, with what the whole file says of its reader."""
    standing = departed.standing(entry.address.key, entry.list, entry.standing)
    return entry if standing == entry.standing else replace(entry, standing=standing)
