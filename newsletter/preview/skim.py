"""The few values of an issue file that a list of issues shows, found without parsing all of it.

Parsing 500 full issues takes 2 s (2026-11-23), looking for lines that begin with ``subject:`` a
tenth of that. A file in which anything stands in the way (text over several lines, escapes, flow
style, a value of another kind) is parsed after all, so that what is shown is what it says.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.source import LARGEST

_KEY = re.compile(r"([a-z_]+)[ \t]*:(?:[ \t]+(.*))?")
_BLOCK = re.compile(r"[|>][-+0-9]*(?:[ \t]+#.*)?")
_SINGLE = re.compile(r"'((?:[^']|'')*)'(?:[ \t]+#.*)?")
_DOUBLE = re.compile(r'"([^"\\]*)"(?:[ \t]+#.*)?')
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`~")
_NOTE = re.compile(r"[ \t]#")
_PAIR = re.compile(r":(?:\s|$)")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
# Each begins with plain letters: the regex engine then jumps from one occurrence to the next.
_HEADLINES = (
    re.compile(r"title:[ \t]+(\S.*)"),
    re.compile(r"headline:[ \t]+(?:[|>][-+0-9]*[ \t]*\n[ \t]*)?(\S.*)"),
)
_PICTURES = (
    re.compile(r"src:[ \t]+[\"']?([^\s\"'>:]+\.[A-Za-z]{3,5})\b"),
    re.compile(r"\]\(<?([^\s\"')>:]+\.[A-Za-z]{3,5})\b"),
)
_LOOSE_SUBJECT = re.compile(r"^[\"']?subject[\"']?[ \t]*:[ \t]*(\S.*)$", re.M)
_LOOSE_DATE = re.compile(r"^[\"']?date[\"']?[ \t]*:[ \t]*[\"']?(\d{4}-\d{2}-\d{2})", re.M)
_BOOLEANS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Skim:
    """What a list shows of an issue file.

    Attributes:
        subject: Its subject; of a file that is no valid issue, what looks like one, or nothing.
        day: Its date, ``2026-11-20``; empty if a broken file has none.
        is_draft: Whether its editor has not released it yet.
        headlines: The headlines in it, to search in; roughly as they are written.
        pictures: Names of picture files in it.
        is_broken: Whether it was parsed and is no valid issue. If it was not parsed, nothing is
            known of that.
    """

    subject: str
    day: str
    is_draft: bool
    headlines: tuple[str, ...] = ()
    pictures: tuple[str, ...] = ()
    is_broken: bool = False


def skim(data: bytes, path: Path) -> Skim:
    """What a list shows of an issue file.

    Args:
        data: Its content.
        path: Where it is.
    """
    text = data[:LARGEST].decode(errors="replace").replace("\r\n", "\n").removeprefix("\ufeff")
    words = tuple(_bare(found[1]) for found in _written(text))
    pictures = tuple(sorted({name for pattern in _PICTURES for name in pattern.findall(text)}))
    if len(data) <= LARGEST and (plain := quick(data)):
        return Skim(*plain, words, pictures)
    read = load_text(data, path)
    if isinstance(read, Manuscript):
        issue = read.issue
        return Skim(issue.subject, issue.date.isoformat(), issue.draft, words, pictures)
    subject, day = _LOOSE_SUBJECT.search(text), _LOOSE_DATE.search(text)
    return Skim(
        _bare(subject[1]) if subject else "",
        day[1] if day and _is_day(day[1]) else "",
        is_draft=False,
        headlines=words,
        pictures=pictures,
        is_broken=True,
    )


def quick(data: bytes) -> tuple[str, str, bool] | None:
    """Subject, day and whether it is a draft, where the lines of a file say so beyond doubt.

    Of a file that is no valid issue the answer means nothing; of a valid one it is right, or None.
    """
    if b"\r" in data and b"\r" in data.replace(b"\r\n", b""):
        return None
    try:
        text = data.decode().replace("\r\n", "\n").removeprefix("\ufeff")
    except UnicodeDecodeError:
        return None
    found: dict[str, str] = {}
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if not line or line[0] in " \t#" or line == "-" or line.startswith("- "):
            continue  # indented, a note, or an entry of a list, which may stand at the margin
        key = _KEY.fullmatch(line.rstrip(" \t"))
        if key is None or key[1] in found:
            return None
        written = (key[2] or "").strip(" \t")
        if not written or written.startswith("#") or _BLOCK.fullmatch(written):
            found[key[1]] = ""
            continue
        value = _scalar(written)
        if value is None or (key[1] in _NEEDED and _goes_on(lines, number)):
            return None
        found[key[1]] = value
    subject, day, draft = (found.get(key, "") for key in _NEEDED)
    if "draft" not in found:
        draft = "false"
    if not subject or subject.lower() == "null" or not _is_day(day) or draft not in _BOOLEANS:
        return None
    return subject, day, _BOOLEANS[draft]


_NEEDED = ("subject", "date", "draft")


def _goes_on(lines: Sequence[str], number: int) -> bool:
    """Whether a plain text may go on behind its line."""
    for line in lines[number + 1 :]:
        if line.strip(" \t"):
            return line[0] in " \t" and not line.lstrip(" \t").startswith("#")
    return False


def _scalar(written: str) -> str | None:
    """A text on one line as YAML reads it; None if that takes more than a look."""
    if _CONTROL.search(written):
        return None
    if quoted := _SINGLE.fullmatch(written):
        return quoted[1].replace("''", "'").strip()
    if quoted := _DOUBLE.fullmatch(written):
        return quoted[1].strip()
    plain = _NOTE.split(written, maxsplit=1)[0].strip()
    if not plain or plain[0] in _INDICATORS or _PAIR.search(plain):
        return None
    return plain


def _written(text: str) -> Iterator[re.Match[str]]:
    """The headlines in a text, but for those in notes to colleagues."""
    for pattern in _HEADLINES:
        for found in pattern.finditer(text):
            if "#" not in text[text.rfind("\n", 0, found.start()) + 1 : found.start()]:
                yield found


def _bare(written: str) -> str:
    """A text without the quotes that it may stand in."""
    value = _scalar(written.strip())
    return (written.strip().strip("\"'") if value is None else value)[:300]


def _is_day(text: str) -> bool:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        return False
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        return False
    return True
