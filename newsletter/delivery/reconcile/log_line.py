"""One line of a system log, in the forms in which Postfix's lines are found."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

# BSD syslog (RFC 3164), ISO 8601 (rsyslog, journalctl -o short-iso and short-full), RFC 5424.
_BSD_TIME = re.compile(
    r"(?:<\d{1,3}>)?(?P<month>[A-Z][a-z]{2}) {1,2}(?P<day>\d{1,2}) "
    r"(?P<time>\d\d:\d\d:\d\d)(?:\.\d+)? "
)
_ISO_TIME = re.compile(
    r"(?:<\d{1,3}>1 )?(?:[A-Z][a-z]{2} )?(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d:\d\d)"
    r"(?:[.,]\d+)? ?(?P<zone>Z|UTC|[+-]\d\d:?\d\d)?(?: ?[A-Z]{2,5})? "
)
_PROCESS = re.compile(r"\S+ (?P<program>[^\s\[\]]+)\[\d+\]: (?P<text>.*)", re.DOTALL)
_PROCESS_5424 = re.compile(
    r"\S+ (?P<program>\S+) \S+ \S+ (?:-|(?:\[(?:\\.|[^\]\\])*\])+) (?:\ufeff)?(?P<text>.*)",
    re.DOTALL,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_AHEAD = datetime.timedelta(days=1)
"""A line from further in the future than this must be from last year."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line.

    Attributes:
        at: When it was written.
        program: Who wrote it: ``postfix/smtp``.
        text: What it says.
    """

    at: datetime.datetime
    program: str
    text: str

    @property
    def service(self) -> str:
        """Which part of Postfix wrote it: ``smtp``."""
        return self.program.rpartition("/")[2]

    @classmethod
    def parse(cls, line: str, now: datetime.datetime) -> LogLine | None:
        """The line; None if it is in no form that is known.

        Args:
            line: With or without its end.
            now: The time; forms without a year mean the last such day. Forms without a time zone
                mean the one of this machine.
        """
        found = _time(line, now)
        if found is None:
            return None
        at, rest = found
        match = _PROCESS.fullmatch(rest) or _PROCESS_5424.fullmatch(rest)
        return cls(at, match["program"], match["text"]) if match else None


def _time(line: str, now: datetime.datetime) -> tuple[datetime.datetime, str] | None:
    line = line.rstrip("\r\n")
    if match := _ISO_TIME.match(line):
        zone = match["zone"] or ""
        zone = "+00:00" if zone in {"Z", "UTC"} else zone
        try:
            at = datetime.datetime.fromisoformat(f"{match['day']}T{match['time']}{zone}")
        except ValueError:
            return None
        return at.astimezone(datetime.UTC), line[match.end() :]
    match = _BSD_TIME.match(line)
    if match is None or match["month"] not in _MONTHS:
        return None
    month = _MONTHS.index(match["month"]) + 1
    for year in range(now.year + 1, now.year - 5, -1):  # 29 February is not in every year
        text = f"{year}-{month:02}-{int(match['day']):02}T{match['time']}"
        try:
            at = datetime.datetime.fromisoformat(text).astimezone(datetime.UTC)
        except ValueError:
            continue
        if at <= now + _AHEAD:
            return at, line[match.end() :]
    return None
