"""What came of asking, kept for a while, so that checking again asks nobody anything.

A file that may be deleted or damaged at any time: then everything is asked again.
"""

from __future__ import annotations

import contextlib
import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from newsletter.errors import NewsletterError
from newsletter.files import write_atomically
from newsletter.probes.answer import Answer, Failure, Hop, State
from newsletter.probes.places import Target

KEPT = {State.OK: datetime.timedelta(hours=24), State.DEAD: datetime.timedelta(hours=1)}
"""How long an answer holds. What could not be checked is not kept."""

_VERSION = 1
_T = TypeVar("_T")
_LARGEST = 10 * 1024 * 1024


class Cache:
    """Answers by target, and the hosts that want no requests.

    Args:
        path: The file.
        now: The time, with its zone; what is too old by then is forgotten.
    """

    def __init__(self, path: Path, now: datetime.datetime) -> None:
        self.waits: dict[str, datetime.datetime] = {}
        self._path = path
        self._now = now
        self._answers: dict[Target, tuple[datetime.datetime, Answer]] = {}
        # Damaged in whatever way: JSON of any shape, no JSON, no text, no permission.
        with contextlib.suppress(OSError, ValueError, TypeError, KeyError, RecursionError):
            if path.stat().st_size <= _LARGEST:
                self._fill(json.loads(path.read_text("utf-8")))

    def get(self, target: Target) -> Answer | None:
        """What is known of a target, if that still holds."""
        kept = self._answers.get(target)
        return kept[1] if kept else None

    def put(self, target: Target, answer: Answer, now: datetime.datetime) -> None:
        """Keep an answer, if it is of a kind that holds for a while."""
        if answer.state in KEPT:
            self._answers[target] = (now, answer)

    def write(self) -> None:
        """Write the file; a folder that takes none costs only the time of asking again."""
        content = {
            "version": _VERSION,
            "links": [
                {"picture": target.is_picture, "asked": asked.isoformat(), **_written(answer)}
                for target, (asked, answer) in self._answers.items()
            ],
            "waits": {host: until.isoformat() for host, until in self.waits.items()},
        }
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        with contextlib.suppress(NewsletterError):
            write_atomically(self._path, text, mode=0o600)

    def _fill(self, content: dict[str, Any]) -> None:
        if content["version"] != _VERSION:
            return
        for item in content["links"]:
            asked = _time(item["asked"])
            answer = _read(item)
            age = self._now - asked
            if answer.state in KEPT and datetime.timedelta() <= age < KEPT[answer.state]:
                target = Target(answer.address, bool(item["picture"]))
                self._answers[target] = (asked, answer)
        for host, written in content["waits"].items():
            until = _time(written)
            if self._now < until:
                self.waits[str(host)] = until


def _written(answer: Answer) -> Mapping[str, Any]:
    return {
        "address": answer.address,
        "status": answer.status,
        "failure": answer.failure,
        "hops": [[hop.status, hop.address] for hop in answer.hops],
        "type": answer.content_type,
        "size": answer.size,
    }


def _read(item: dict[str, Any]) -> Answer:
    return Answer(
        address=_of(str, item["address"]),
        status=None if item["status"] is None else _of(int, item["status"]),
        failure=None if item["failure"] is None else Failure(item["failure"]),
        hops=tuple(Hop(_of(int, status), _of(str, address)) for status, address in item["hops"]),
        content_type=_of(str, item["type"]),
        size=None if item["size"] is None else _of(int, item["size"]),
    )


def _of(kind: type[_T], value: object) -> _T:
    if not isinstance(value, kind):
        raise TypeError(f"not {kind.__name__}")
    return value


def _time(written: str) -> datetime.datetime:
    time = datetime.datetime.fromisoformat(written)
    if time.tzinfo is None:
        raise ValueError("no time zone")
    return time
