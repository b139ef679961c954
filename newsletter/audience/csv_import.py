"""A CSV file into the list of subscribers: good rows in one transaction, bad ones reported.

Nobody comes back by an import: whoever unsubscribed or is suppressed stays so. A ``status``
column is believed when it says that somebody must not be mailed, in whichever row.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from newsletter.audience.csv_entries import Entry, Problems, entries
from newsletter.audience.csv_file import CsvFile
from newsletter.audience.profile import Profile
from newsletter.audience.status import Status
from newsletter.audience.subscribers import Clock, TokenSource, random_token, utc_now
from newsletter.database.dialects import analyze, insert_each, update_each, write_alone
from newsletter.database.engine import Database
from newsletter.database.tables import subscribers, suppressions
from newsletter.findings import Finding

_BATCH = 1000
"""Rows looked up and written at a time, so that memory does not grow with the file."""


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import has done, in rows of the file.

    Attributes:
        added: New readers.
        added_unsubscribed: New here, but the file says that they have left: kept so that no later
            list brings them back.
        updated: Readers whose values have changed.
        unchanged: Readers who were there already, exactly so.
        unsubscribed_kept: Readers who have left, here or by the file's word, and stay away.
        suppressed_kept: Addresses that must not be mailed, here or by the file's word.
        rejected: Rows left out because something in them is wrong.
        duplicates: Rows left out because their address stands further up in the file.
        findings: What is wrong or odd, by line; the first thousand.
    """

    added: int
    added_unsubscribed: int
    updated: int
    unchanged: int
    unsubscribed_kept: int
    suppressed_kept: int
    rejected: int
    duplicates: int
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> int:
        """Number of rows with a reader in them, each counted once."""
        return (
            self.added
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
    clock: Clock = utc_now,
    new_token: TokenSource = random_token,
) -> ImportReport:
    """Import a file, all of its good rows or, if anything breaks, nothing.

    Importing a file again changes nothing. An empty cell erases no value that is known.

    Args:
        database: Where to.
        path: The CSV file: UTF-8, UTF-16 with a byte order mark, or Windows-1252; cells parted by
            comma, semicolon or tab; its header names the columns, one of them ``email``.
        clock: Tells the time.
        new_token: Makes the readers' tokens.

    Raises:
        AudienceError: The file cannot be read, is no CSV, or its header is wrong.
        DatabaseError: The database cannot be written.
    """
    file = CsvFile(path)
    problems = Problems(path)
    with database.writing() as connection:
        # The counts, and who stays away, must be right however long the file is.
        write_alone(connection, subscribers, suppressions)
        run = _Import(connection, file, problems, clock, new_token)
        for batch in _batches(entries(file, problems)):
            run.store(batch)
        analyze(connection, subscribers)
    return ImportReport(
        **run.counts,
        rejected=problems.rejected,
        duplicates=problems.duplicates,
        findings=problems.findings,
    )


class _Import:
    """One import under way."""

    def __init__(
        self,
        connection: Connection,
        file: CsvFile,
        problems: Problems,
        clock: Clock,
        new_token: TokenSource,
    ) -> None:
        self._connection = connection
        self._file = file
        self._problems = problems
        self._now = clock()
        self._new_token = new_token
        self.counts = dict.fromkeys(
            (
                "added",
                "added_unsubscribed",
                "updated",
                "unchanged",
                "unsubscribed_kept",
                "suppressed_kept",
            ),
            0,
        )
        # Whom the file has named already: a byte for each reader who was there before, by number
        # (higher numbers came by this import), and the suppressed addresses, which are few.
        self._newest = connection.scalar(select(func.max(subscribers.c.id))) or 0
        self._seen = bytearray(self._newest + 1)
        self._seen_suppressed: set[str] = set()

    def store(self, batch: Sequence[Entry]) -> None:
        """Write some entries; those whom the file has named before are duplicates."""
        firsts: dict[str, Entry] = {}
        for entry in batch:
            first = firsts.setdefault(entry.address.key, entry)
            if first is not entry:
                self._duplicate(entry)
                if first.status is Status.ACTIVE:
                    firsts[entry.address.key] = replace(first, status=entry.status)
        readers = self._readers(firsts)
        suppressed = self._suppressed(firsts)
        changes = _Changes()
        for key, entry in firsts.items():
            row = readers.get(key)
            # Whoever must not be mailed by any row of the file is not mailed, first row or not.
            if entry.status is Status.SUPPRESSED and key not in suppressed:
                changes.suppressed.append(self._suppression(key))
            elif entry.status is Status.UNSUBSCRIBED and row and row.status == Status.ACTIVE:
                changes.left.append({"id": row.id})

            if key in self._seen_suppressed or (row and self._was_seen(row.id)):
                self._duplicate(entry)
            elif key in suppressed or entry.status is Status.SUPPRESSED:
                self._seen_suppressed.add(key)
                self.counts["suppressed_kept"] += 1
            elif row is None:
                changes.new.append(self._new_row(entry))
                has_left = entry.status is Status.UNSUBSCRIBED
                self.counts["added_unsubscribed" if has_left else "added"] += 1
            elif Status.UNSUBSCRIBED in (row.status, entry.status):
                self.counts["unsubscribed_kept"] += 1
            else:
                known = Profile(row.name, row.language, row.attributes)
                merged = entry.profile.over(known)
                self.counts["unchanged" if merged == known else "updated"] += 1
                if merged != known:
                    changes.updated.append({"id": row.id, **_columns(merged)})
        self._write(changes)

    def _duplicate(self, entry: Entry) -> None:
        self._problems.duplicate(entry, self._file.columns.email_at)

    def _was_seen(self, number: int) -> bool:
        if number > self._newest:
            return True
        before, self._seen[number] = self._seen[number], 1
        return bool(before)

    def _readers(self, keys: Iterable[str]) -> dict[str, Any]:
        s = subscribers.c
        query = select(s.email_key, s.id, s.name, s.language, s.attributes, s.status)
        rows = self._connection.execute(query.where(s.email_key.in_(keys)))
        return {row.email_key: row for row in rows}

    def _suppressed(self, keys: Iterable[str]) -> set[str]:
        key = suppressions.c.email_key
        return set(self._connection.scalars(select(key).where(key.in_(keys))))

    def _new_row(self, entry: Entry) -> dict[str, Any]:
        return {
            "email": entry.address.email,
            "email_key": entry.address.key,
            **_columns(entry.profile),
            "status": entry.status.value,
            "token": self._new_token(),
            "created_at": self._now,
            "unsubscribed_at": None if entry.status is Status.ACTIVE else self._now,
        }

    def _suppression(self, key: str) -> dict[str, Any]:
        reason = f"suppressed in {self._file.path.name}"
        return {"email_key": key, "reason": reason, "created_at": self._now}

    def _write(self, changes: _Changes) -> None:
        leaving = {"status": Status.UNSUBSCRIBED.value, "unsubscribed_at": self._now}
        insert_each(self._connection, subscribers, changes.new)
        update_each(self._connection, subscribers, changes.updated)
        update_each(self._connection, subscribers, changes.left, values=leaving)
        insert_each(self._connection, suppressions, changes.suppressed)


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a batch will write, as parameters of its statements."""

    new: list[dict[str, Any]] = field(default_factory=list)
    updated: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    suppressed: list[dict[str, Any]] = field(default_factory=list)


def _columns(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "language": profile.language,
        "attributes": profile.attributes,
    }


def _batches(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    while batch := list(itertools.islice(entries, _BATCH)):
        yield batch
