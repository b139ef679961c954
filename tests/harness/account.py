"""The account of a campaign: what the ledger says of each reader, against what the relay has."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.ledger import Ledger
from tests.harness.relay import REFUSED, TAKEN

ALL = tuple(State)
ENDS = frozenset({State.ACCEPTED, State.UNKNOWN})
HAS_COPY = ENDS | {State.ATTEMPTING}
"""States in which nobody is sent a copy by itself; the last one becomes unknown."""


@dataclass(frozen=True, slots=True)
class Records:
    """What a relay has written down.

    Attributes:
        copies: How many copies it has for each reader.
        refusals: How often it refused each reader.
        names: The Message-IDs under which it saw each reader's letter.
        senders: The senders (MAIL FROM) that it saw.
    """

    copies: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    names: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    senders: set[str] = field(default_factory=set)


def read_records(path: Path) -> Records:
    """What a relay has written down so far."""
    records = Records()
    for line in path.read_bytes().splitlines():
        what, reader, message_id, mail_from = line.split(b"\t")
        of = {TAKEN: records.copies, REFUSED: records.refusals}
        of[what][reader.decode()] += 1
        records.senders.add(mail_from.decode())
        if message_id:
            records.names[reader.decode()].add(message_id.decode())
    return records


@dataclass(frozen=True, slots=True)
class Account:
    """Who was to get a letter, and what became of it on both sides.

    Attributes:
        audience: All who were to get it.
        ledger: Each reader's state, as the program tells it.
        records: The relay's side.
    """

    audience: frozenset[str]
    ledger: Mapping[str, str]
    records: Records

    @classmethod
    def take(
        cls, audience: Collection[str], database: Database, campaign: Campaign, records: Path
    ) -> Account:
        """The account as it stands.

        Args:
            audience: All who were to get it.
            database: With the ledger.
            campaign: Whose.
            records: What the relay has written down.
        """
        ledger = {entry.address: entry.state for entry in Ledger(database, campaign).entries(*ALL)}
        return cls(frozenset(audience), ledger, read_records(records))

    @property
    def copies(self) -> Mapping[str, int]:
        """How many copies the relay has for each reader."""
        return self.records.copies

    @property
    def states(self) -> Mapping[str, int]:
        """How many readers are in each state."""
        return Counter(self.ledger.values())

    @property
    def unknown(self) -> int:
        """How many are in doubt."""
        return self.states.get(State.UNKNOWN, 0)

    @property
    def twice(self) -> int:
        """How many were sent more than one copy."""
        return sum(number > 1 for number in self.copies.values())

    @property
    def lost(self) -> int:
        """How many have no copy and are not named as anything but accepted, or are not named."""
        promised = {
            reader
            for reader in self.audience
            if self.ledger.get(reader, State.ACCEPTED) == State.ACCEPTED
        }
        return sum(not self.copies.get(reader) for reader in promised)

    def problems(self, *, most_unknown: int = 0, ends: Collection[str] | None = ENDS) -> list[str]:
        """What is wrong, in words; nothing, if all is well.

        Args:
            most_unknown: How many may be in doubt.
            ends: The states that everybody must have come to; None while it is under way.
        """
        found = []
        if set(self.ledger) != self.audience:
            found.append("the ledger's readers are not the audience")
        if sum(self.states.values()) != len(self.audience):
            found.append(f"the states do not add up to the audience: {dict(self.states)}")
        if self.lost:
            found.append(f"{self.lost} are said to have it, and the relay has no copy")
        if self.twice:
            found.append(f"{self.twice} were sent more than one copy")
        if strangers := set(self.copies) - self.audience:
            found.append(f"{len(strangers)} got a letter who were not to get it")
        if self.unknown > most_unknown:
            found.append(f"{self.unknown} are in doubt, {most_unknown} could be")
        hidden = [
            reader
            for reader in self.audience & self.copies.keys()
            if self.ledger.get(reader) not in HAS_COPY
        ]
        if hidden:
            found.append(f"{len(hidden)} have a copy and would be sent another one")
        if ends is not None and set(self.states) - set(ends):
            found.append(f"not finished: {dict(self.states)}")
        if changed := sum(len(names) > 1 for names in self.records.names.values()):
            found.append(f"{changed} letters changed their Message-ID between attempts")
        if len(self.records.senders) > 1:
            found.append(f"there was more than one sender: {sorted(self.records.senders)}")
        return found
