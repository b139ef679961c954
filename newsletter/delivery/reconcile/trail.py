"""Following our messages through the log of a Postfix relay.

A message has a number there, its queue id. ``cleanup`` says which Message-ID a queue id stands for,
as soon as it has read the header; later lines have the queue id only. Queue ids are used again for
other messages.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from newsletter.delivery.reconcile.evidence import Evidence, Fate
from newsletter.delivery.reconcile.log_line import LogLine

_RELEVANT = re.compile(rb"message-id=|status=|queue active|: removed|reject: ")
_NAMED = re.compile(rb" message-id=(\S+)")
_QUEUES = re.compile(rb"([0-9A-Za-z]{5,30}): ")
_QUEUE_ID = r"(?P<queue>[0-9A-Za-z]{5,30}): "
_MESSAGE_ID = re.compile(_QUEUE_ID + r"message-id=(?P<id>\S+)")
_QUEUED = re.compile(_QUEUE_ID + r"from=<.*\(queue active\)")
_EXPIRED = re.compile(_QUEUE_ID + r"from=<.*>, status=(?P<said>(?:force-)?expired, .*)")
_REMOVED = re.compile(_QUEUE_ID + r"removed")
# Anchored: the reply of the other server, which comes last, may hold anything.
_STATUS = re.compile(
    _QUEUE_ID + r"to=<(?P<to>[^<>]*)>, (?:orig_to=<(?P<orig>[^<>]*)>, )?(?:[a-z_]+=[^\s,]+, )*?"
    r"dsn=[245]\.\d{1,3}\.\d{1,3}, status=(?P<status>\w+)(?: \((?P<said>.*)\))?"
)
_MILTER = re.compile(
    _QUEUE_ID + r"milter-reject: END-OF-MESSAGE from \S+: (?P<said>[45]\.\d.*?); .*"
)
_REJECT = re.compile(_QUEUE_ID + r"reject: .*: (?P<said>[45]\.\d{1,3}\.\d{1,3} [^:]*)")


class Trail:
    """What the log says of some messages; lines must come in the order of time.

    It remembers no more than these messages, however long the log is.

    Args:
        wanted: Message-IDs, and for each the reader's address; empty if that is not known.
        now: The time, for lines without a year.
    """

    def __init__(self, wanted: Mapping[str, str], now: datetime.datetime) -> None:
        self._wanted, self._now = wanted, now
        self._queues: dict[str, str] = {}
        self.found: dict[str, Evidence] = {}
        """What was found, by Message-ID."""
        self.begun: set[str] = set()
        """Messages whose header the relay has read; that alone does not mean that it took them."""

    def read(self, raw: bytes) -> None:
        """Take in a line; lines that say nothing of our messages are passed over."""
        if not self._may_be_ours(raw):
            return
        line = LogLine.parse(raw.decode("utf-8", "replace"), self._now)
        if line is None or "/" not in line.program:
            return
        match line.service:
            case "cleanup":
                self._cleanup(line)
            case "qmgr" | "nqmgr" | "oqmgr" | "postsuper":
                self._queue_manager(line)
            case _:
                self._agent(line)

    def _may_be_ours(self, raw: bytes) -> bool:
        """Whether a line is worth being read: cheap, since nearly all are about others."""
        if not _RELEVANT.search(raw):
            return False
        named = _NAMED.search(raw)
        if named and named[1].decode("utf-8", "replace") in self._wanted:
            return True
        return bool(self._queues) and any(
            queue.decode() in self._queues for queue in _QUEUES.findall(raw)
        )

    def _cleanup(self, line: LogLine) -> None:
        if match := _MESSAGE_ID.match(line.text):
            if match["id"] in self._wanted:
                self._queues[match["queue"]] = match["id"]
                self.begun.add(match["id"])
            else:
                self._queues.pop(match["queue"], None)  # another message has got the number
        elif match := _MILTER.fullmatch(line.text) or _REJECT.fullmatch(line.text):
            if match["queue"] in self._queues and match["said"].startswith("5"):
                self._note(match["queue"], Fate.FAILED, f"refused ({match['said']})", line)
            self._queues.pop(match["queue"], None)

    def _queue_manager(self, line: LogLine) -> None:
        if match := _REMOVED.fullmatch(line.text):
            self._queues.pop(match["queue"], None)
        elif match := _EXPIRED.fullmatch(line.text):
            self._note(match["queue"], Fate.FAILED, match["said"], line)
        elif match := _QUEUED.fullmatch(line.text):
            self._note(match["queue"], Fate.QUEUED, "queued", line)

    def _agent(self, line: LogLine) -> None:
        match = _STATUS.fullmatch(line.text)
        if match is None or match["queue"] not in self._queues:
            return
        status, said = match["status"], match["said"] or ""
        said = f"{status} ({said})" if said else status
        reader = self._wanted[self._queues[match["queue"]]].casefold()
        # The relay may send copies to an archive of its own.
        its_own = reader and reader not in {
            match["to"].casefold(),
            (match["orig"] or "").casefold(),
        }
        if status in {"undeliverable", "deliverable"}:  # somebody asked whether it could be
            return
        if its_own or status not in {"sent", "bounced"}:
            self._note(match["queue"], Fate.QUEUED, "queued" if its_own else said, line)
        else:
            self._note(match["queue"], Fate.SENT if status == "sent" else Fate.FAILED, said, line)

    def _note(self, queue: str, fate: Fate, said: str, line: LogLine) -> None:
        if message_id := self._queues.get(queue):
            evidence = Evidence(message_id, fate, said, line.at)
            before = self.found.get(message_id)
            if before is None or evidence.outweighs(before):
                self.found[message_id] = evidence
