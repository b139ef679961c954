"""Entries of an imported list written into the database, a block at a time.

Nobody comes back by an import: whoever unsubscribed or is suppressed stays so. What readers have
set themselves on a page is their own word, and stays, too; so does the address they moved to.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Connection, func, select

from newsletter.audience.csv_entries import NOTHING_SAID, Entry
from newsletter.audience.profile import Profile
from newsletter.audience.provenance import of_row, states_nothing
from newsletter.audience.standing import COMPLAINED
from newsletter.audience.status import Status
from newsletter.audience.suppression import suppress_hash
from newsletter.database.dialects import insert_each, update_each, write_alone
from newsletter.database.keys import Keys
from newsletter.database.tables import (
    former_addresses,
    subscribers,
    subscriptions,
    suppressions,
)

COUNTS = (
    "added",
    "added_pending",
    "added_unsubscribed",
    "updated",
    "unchanged",
    "unsubscribed_kept",
    "suppressed_kept",
    "own_kept",
)
"""What can become of a row, see ``ImportReport``."""

_LEFT_ALONE = ("added_unsubscribed", "unsubscribed_kept")
"""Of whom nothing more is taken over."""


@dataclass(slots=True)
class _Reader:
    """A reader whom a block names.

    Attributes:
        number: Number of the row; None until it is written.
        entry: Where the block names them first; None if they were there before.
        profile: What is known of them, with what the block says.
        own: Fields that they set themselves on a page.
        is_changed: Whether the row is to be written.
    """

    number: int | None
    entry: Entry | None
    profile: Profile
    own: Sequence[str] = ()
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a block will write, as parameters of its statements.

    Attributes:
        subscribed: New subscriptions, with the key of the address for the reader.
        confirmed: Subscriptions that were pending.
        left: Subscriptions that were confirmed or pending.
        stated: Subscriptions that were imported before; now it is said how their readers agreed.
        suppressed: New suppressions.
    """

    subscribed: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    confirmed: list[dict[str, Any]] = field(default_factory=list)
    left: list[dict[str, Any]] = field(default_factory=list)
    stated: list[dict[str, Any]] = field(default_factory=list)
    suppressed: list[dict[str, Any]] = field(default_factory=list)


class Store:
    """An import under way.

    Attributes:
        counts: How many rows have come to what, by the names in ``COUNTS``.
    """

    def __init__(
        self,
        keys: Keys,
        source: str,
        now: datetime.datetime,
        duplicate: Callable[[Entry], None],
        *,
        overwrite: bool = False,
    ) -> None:
        """Nothing is written yet.

        Args:
            keys: Those of the database.
            source: Where the readers come from, kept with their subscriptions.
            now: The time of the import.
            duplicate: Is told of rows whose address stands further up.
            overwrite: Whether the file counts more than what readers set themselves.
        """
        self._keys = keys
        self._source = source
        self._now = now
        self._duplicate = duplicate
        self._overwrite = overwrite
        self.counts = dict.fromkeys(COUNTS, 0)
        # Whom the file has named already: for each list a byte for each reader, by number, and
        # numbers made of the addresses that are suppressed, or readers' former ones: few.
        self._seen: dict[str, bytearray] = {}
        self._seen_others: set[int] = set()

    def hashes(self, block: Iterable[Entry]) -> dict[str, str]:
        """What is kept of the addresses for good; made before the database is held."""
        return {entry.address.key: self._keys.hash(entry.address.key) for entry in block}

    def write(
        self, connection: Connection, block: Sequence[Entry], hashes: Mapping[str, str]
    ) -> None:
        """Write some entries; those whom the file has named before are duplicates.

        Args:
            connection: In a transaction of their own.
            block: Entries whose standing is that of the whole file.
            hashes: Of the same block.
        """
        # The counts, and who stays away, must be right while others write, too.
        write_alone(connection, subscribers, subscriptions, suppressions)
        readers = self._readers(connection, hashes)
        held = _held(connection, readers)
        suppressed = _among(connection, suppressions.c.email_hash, hashes)
        moved = _among(connection, former_addresses.c.email_hash, hashes)
        changes = _Changes()
        for entry in block:
            key = entry.address.key
            if entry.standing.status is Status.SUPPRESSED:
                self._suppress(connection, entry, hashes[key], suppressed, changes)
            if hashes[key] in suppressed:
                if self._was_named(key, entry.list):
                    self._duplicate(entry)
                else:
                    self.counts["suppressed_kept"] += 1
                continue
            reader = readers.get(key)
            if reader is None and hashes[key] in moved:
                if self._was_named(key, entry.list):
                    self._duplicate(entry)
                else:
                    self.counts["unchanged"] += 1
                    self.counts["own_kept"] += 1
                continue
            if reader is None:
                reader = readers[key] = _Reader(None, entry, entry.profile, is_changed=True)
            place = (key, entry.list)
            if place in held and held[place] is None:  # named before in this block
                self._duplicate(entry)
                continue
            if reader.number is not None and self._was_seen(entry.list, reader.number):
                self._duplicate(entry)
                continue
            subscription, held[place] = held.get(place), None
            outcome = self._subscribe(entry, subscription, changes)
            says_more = reader.entry is not entry and outcome not in _LEFT_ALONE
            if says_more and self._lay_over(entry.profile, reader) and outcome == "unchanged":
                outcome = "updated"
            self.counts[outcome] += 1
        self._save(connection, readers, hashes, changes)

    def _lay_over(self, said: Profile, reader: _Reader) -> bool:
        """Take over what the file says of a reader; returns whether anything is new."""
        before = reader.profile
        merged = everything = said.over(before)
        if reader.own and not self._overwrite:
            merged = said.over(before, reader.own)
            self.counts["own_kept"] += merged != everything
        if merged == before:
            return False
        # What is somebody else's word now is the reader's own no more.
        reader.own = [name for name in reader.own if getattr(merged, name) == getattr(before, name)]
        reader.profile, reader.is_changed = merged, True
        return True

    def _readers(self, connection: Connection, hashes: Iterable[str]) -> dict[str, _Reader]:
        s = subscribers.c
        query = select(s.email_key, s.id, s.name, s.language, s.attributes, s.own_fields)
        return {
            key: _Reader(number, None, Profile(name, language, attributes), own)
            for key, number, name, language, attributes, own in connection.execute(
                query.where(s.email_key.in_(hashes))
            )
        }

    def _subscribe(self, entry: Entry, held: Any, changes: _Changes) -> str:
        """Note what is to be written of a subscription; returns what becomes of the row."""
        status = entry.standing.status
        if held is None:
            changes.subscribed.append((entry.address.key, self._subscription(entry)))
            return {
                Status.CONFIRMED: "added",
                Status.PENDING: "added_pending",
            }.get(status, "added_unsubscribed")
        if held.status == Status.UNSUBSCRIBED:
            return "unsubscribed_kept"
        if status is Status.UNSUBSCRIBED:
            changes.left.append(
                {"id": held.id, "unsubscribed_at": entry.consent.unsubscribed_at or self._now}
            )
            return "unsubscribed_kept"
        if status is Status.CONFIRMED and held.status == Status.PENDING:
            changes.confirmed.append(
                {
                    "id": held.id,
                    "confirmed_at": entry.consent.confirmed_at or self._now,
                    "source": self._source_of(entry),
                }
            )
            return "updated"
        if status is Status.CONFIRMED and states_nothing(held.source):
            source = self._source_of(entry)
            if not states_nothing(source):
                changes.stated.append({"id": held.id, "source": source})
                return "updated"
        return "unchanged"

    def _subscription(self, entry: Entry) -> dict[str, Any]:
        status, consent = entry.standing.status, entry.consent
        confirmed_at, requested_at = consent.confirmed_at, consent.requested_at
        left_at = None
        if status is Status.CONFIRMED:
            confirmed_at = confirmed_at or self._now
        elif status is Status.PENDING:
            confirmed_at = None
            # From then on it is counted how long they take to confirm.
            requested_at = requested_at or self._now
        else:
            left_at = consent.unsubscribed_at or self._now
        return {
            "list": entry.list,
            "status": status.value,
            "requested_at": requested_at,
            "confirmed_at": confirmed_at,
            "unsubscribed_at": left_at,
            "source": self._source_of(entry),
            "wording": consent.consent_wording,
        }

    def _source_of(self, entry: Entry) -> str:
        return of_row(self._source, entry.consent.consent_source)

    def _suppress(
        self,
        connection: Connection,
        entry: Entry,
        email_hash: str,
        suppressed: set[str],
        changes: _Changes,
    ) -> None:
        if email_hash not in suppressed:
            suppressed.add(email_hash)
            changes.suppressed.append(
                {
                    "email_hash": email_hash,
                    "reason": entry.standing.reason.value,
                    "source": self._source,
                    "created_at": self._now,
                }
            )
        elif entry.standing == COMPLAINED:  # counts more than what was known, perhaps
            suppress_hash(
                connection, email_hash, COMPLAINED.reason, source=self._source, now=self._now
            )

    def _was_named(self, key: str, list_name: str) -> bool:
        number = hash((key, list_name))
        if number in self._seen_others:
            return True
        self._seen_others.add(number)
        return False

    def _was_seen(self, list_name: str, number: int) -> bool:
        seen = self._seen.setdefault(list_name, bytearray())
        if number >= len(seen):
            seen.extend(bytes(number + 1 - len(seen) + len(seen) // 8))
        before, seen[number] = seen[number], 1
        return bool(before)

    def _save(
        self,
        connection: Connection,
        readers: Mapping[str, _Reader],
        hashes: Mapping[str, str],
        changes: _Changes,
    ) -> None:
        new = {key: one for key, one in readers.items() if one.entry is not None}
        newest = connection.scalar(select(func.max(subscribers.c.id))) or 0 if new else 0
        insert_each(
            connection,
            subscribers,
            [
                self._row(one.entry, one.profile, hashes[key])
                for key, one in new.items()
                if one.entry is not None
            ],
        )
        if new:
            s = subscribers.c
            query = select(s.email_key, s.id).where(s.id > newest)
            for key, number in connection.execute(query):
                new[key].number = number
        rows = []
        for key, values in changes.subscribed:
            number = readers[key].number
            if number is not None and key in new:
                self._was_seen(values["list"], number)
            rows.append({"subscriber_id": number, **values})
        insert_each(connection, subscriptions, rows)
        update_each(
            connection,
            subscribers,
            [
                {"id": reader.number, **_columns(reader.profile), "own_fields": list(reader.own)}
                for key, reader in readers.items()
                if reader.is_changed and key not in new
            ],
        )
        update_each(
            connection,
            subscriptions,
            changes.left,
            values={"status": Status.UNSUBSCRIBED.value},
        )
        update_each(
            connection,
            subscriptions,
            changes.confirmed,
            values={"status": Status.CONFIRMED.value},
        )
        update_each(connection, subscriptions, changes.stated)
        insert_each(connection, suppressions, changes.suppressed)

    def _row(self, entry: Entry, profile: Profile, email_hash: str) -> dict[str, Any]:
        since = self._now
        if entry.consent is not NOTHING_SAID:
            known = (entry.consent.requested_at, entry.consent.confirmed_at, since)
            since = min(moment for moment in known if moment is not None)
        return {
            "email": entry.address.email,
            "email_key": entry.address.key,
            "email_hash": email_hash,
            **_columns(profile),
            "created_at": since,
        }


def _held(connection: Connection, readers: Mapping[str, _Reader]) -> dict[tuple[str, str], Any]:
    """What the readers are on already, by address and list."""
    keys = {reader.number: key for key, reader in readers.items()}
    if not keys:
        return {}
    s = subscriptions.c
    query = select(s.subscriber_id, s.list, s.id, s.status, s.source)
    query = query.where(s.subscriber_id.in_(keys))
    return {(keys[row.subscriber_id], row.list): row for row in connection.execute(query)}


def _among(connection: Connection, column: Column[str], hashes: Mapping[str, str]) -> set[str]:
    """Those of the hashes that stand in a column of a small table, often an empty one."""
    if connection.scalar(select(column).limit(1)) is None:
        return set()
    return set(connection.scalars(select(column).where(column.in_(hashes.values()))))


def _columns(profile: Profile) -> dict[str, Any]:
    return {
        "name": profile.name,
        "language": profile.language,
        "attributes": profile.attributes,
    }
