"""Settling what is unknown, once it is known after all."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.delivery.campaigns import Campaign
from newsletter.delivery.reconcile.bounce import read_bounce
from newsletter.delivery.reconcile.doubts import Doubt, Resolution, doubts, resolve
from newsletter.delivery.reconcile.evidence import Evidence, Fate
from newsletter.delivery.reconcile.log_line import LogLine
from newsletter.delivery.reconcile.source import LogFile, Mails, recognise
from newsletter.delivery.reconcile.trail import Trail
from newsletter.delivery.reply import LONGEST_TEXT, scrub
from newsletter.delivery.roll import Roll

BATCH = 500
"""Deliveries written in one transaction."""

AFTERWARDS = datetime.timedelta(minutes=15)
"""How long after an attempt a relay may still write about it (RFC 5321 §4.5.3.2: 10 minutes for
the end of the data), clocks that differ a little included."""

_STATES = {
    Fate.QUEUED: State.ACCEPTED,
    Fate.SENT: State.ACCEPTED,
    Fate.FAILED: State.FAILED,
    Fate.BOUNCED: State.BOUNCED,
}


@dataclass(frozen=True, slots=True)
class Reconciled:
    """What came of it.

    Attributes:
        unknown: How many deliveries were unknown before.
        settled: How many of them are in each state now, or would be.
        meanwhile: How many of those somebody else has changed meanwhile; they were left alone.
        begun: Still unknown: the relay began to read them, and nothing shows that it took them.
        absent: Still unknown: not in a log, though it covers the time of the attempt.
        not_covered: Still unknown: nothing that was read covers the time of the attempt.
    """

    unknown: int
    settled: Mapping[str, int]
    meanwhile: int
    begun: int
    absent: int
    not_covered: int

    @property
    def left(self) -> int:
        """How many are unknown still."""
        return self.unknown - sum(self.settled.values())


def reconcile(
    database: Database,
    campaigns: Sequence[Campaign],
    paths: Iterable[Path],
    now: datetime.datetime,
    *,
    dry_run: bool = False,
) -> Reconciled:
    """Settle deliveries that are unknown by what logs and bounces say of their Message-IDs.

    A message that no log knows stays unknown: there may be other logs, and other relays.

    Args:
        database: The newsletter's database.
        campaigns: Whose deliveries.
        paths: Logs of a Postfix relay, bounces, Maildirs; in any order.
        now: The time.
        dry_run: Write nothing.

    Raises:
        NotFoundError: A file is not there.
        SendRefusedError: A file cannot be read, or is nothing that evidence comes in.
        DatabaseError: The database cannot be read or written.
    """
    sources = [recognise(path, now) for path in paths]
    by_id = {doubt.message_id: doubt for doubt in doubts(database, [c.id for c in campaigns])}
    wanted = {message_id: doubt.address for message_id, doubt in by_id.items()}
    logs = sorted((s for s in sources if isinstance(s, LogFile)), key=lambda log: log.first)
    trail = Trail(wanted, now)
    last = _follow(trail, logs, now)
    found = dict(trail.found)
    for mails in (s for s in sources if isinstance(s, Mails)):
        for message in mails.messages():
            evidence = read_bounce(message, wanted)
            before = found.get(evidence.message_id) if evidence else None
            if evidence and (before is None or evidence.outweighs(before)):
                found[evidence.message_id] = evidence
    resolved = [_resolution(by_id[message_id], evidence) for message_id, evidence in found.items()]
    changed = len(resolved) if dry_run else _write(database, campaigns, resolved, now)
    left = [doubt for doubt in by_id.values() if doubt.message_id not in found]
    begun = absent = 0
    for doubt in left:
        if doubt.message_id in trail.begun:
            begun += 1
        elif last and logs[0].first <= doubt.claimed_at and last >= doubt.noted_at + AFTERWARDS:
            absent += 1
    return Reconciled(
        unknown=len(by_id),
        settled=Counter(one.state.value for one in resolved),
        meanwhile=len(resolved) - changed,
        begun=begun,
        absent=absent,
        not_covered=len(left) - begun - absent,
    )


def _follow(
    trail: Trail, logs: Sequence[LogFile], now: datetime.datetime
) -> datetime.datetime | None:
    """Read logs in the order of time; returns when the last line was written."""
    last = None
    for log in logs:
        raw = b""
        for raw in log.lines():
            trail.read(raw)
        line = LogLine.parse(raw.decode("utf-8", "replace"), now)
        at = line.at if line else log.first
        last = max(last, at) if last else at
    return last


def _resolution(doubt: Doubt, evidence: Evidence) -> Resolution:
    where = "a bounce came back" if evidence.fate is Fate.BOUNCED else "found in the relay's log"
    if evidence.at is None and evidence.fate is not Fate.BOUNCED:
        where = "a notice of the relay came back"
    said = scrub(evidence.said, doubt.address)
    if len(said) > LONGEST_TEXT:
        said = said[: LONGEST_TEXT - 1] + "…"
    return Resolution(doubt, _STATES[evidence.fate], f"{where}: {said}" if said else where)


def _write(
    database: Database,
    campaigns: Sequence[Campaign],
    resolved: Sequence[Resolution],
    now: datetime.datetime,
) -> int:
    changed = 0
    for start in range(0, len(resolved), BATCH):
        changed += resolve(database, resolved[start : start + BATCH], now)
    touched = {one.doubt.campaign for one in resolved}
    for campaign in campaigns:
        if campaign.id in touched:
            Roll(database, campaign).close(now)
    return changed
