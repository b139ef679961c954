"""The problems an issue file can have: their names, and one of them at its place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from newsletter.findings import Finding, Severity

RULES: dict[str, str] = {
    # The file
    "unreadable": "The file cannot be opened.",
    "too-large": "The file is larger than any issue: pictures belong beside it.",
    "binary-file": "The file is not text.",
    "empty-file": "The file says nothing.",
    "not-utf8": "The file is text, but not UTF-8.",
    "control-character": "A character that nobody sees and that YAML does not allow.",
    # The notation
    "yaml-syntax": "A line is not YAML.",
    "merge-conflict": "Git left two versions of the same lines.",
    "indentation": "A line does not line up with the lines it belongs to.",
    "tab": "A tab stands where only spaces may.",
    "colon": "Text with a colon has no quotes around it.",
    "hash": "Text is cut off where a word begins with #.",
    "leading-sign": "Text begins with a sign that means something in YAML.",
    "quotes": "Quotes are not closed, or text goes on behind them.",
    "apostrophe": "An apostrophe ends text in single quotes.",
    "curly-quotes": "Curly quotes stand where YAML wants straight ones.",
    "alias": "An anchor (&) or alias (*): a reference inside the file.",
    "tag": "A tag (!): a type that the file itself chooses.",
    "several-documents": "The file holds more than one document.",
    "too-deep": "Lists and keys are nested deeper than any issue.",
    "too-many-values": "The file has more values than any issue.",
    "duplicate-key": "A key stands twice in the same place.",
    # What it says
    "unknown-key": "A key that does not exist there.",
    "missing-key": "A key that must be there is not.",
    "empty-value": "A key that must have a value has none.",
    "wrong-type": "Text, number, list or keys, where something else is expected.",
    "bad-date": "A date that is none.",
    "bad-value": "A value that its key does not take.",
    "run-together": "Paragraphs that YAML would join, since no | stands before them.",
    "line-break": "A line break in a text that must be one line.",
    "unknown-kind": "A section of a kind that does not exist.",
    "too-much": "The texts have more signs or addresses than any issue.",
    "duplicate-id": "Two sections have the same id.",
}
"""Every rule that reading an issue may report, with what it finds."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A finding before it knows its file.

    Attributes:
        line: Counted from 0.
        column: In characters, counted from 0.
        rule: One of ``RULES``.
        message: What is wrong, without a full stop at its end.
        hint: What to type instead; empty if that cannot be known.
    """

    line: int
    column: int
    rule: str
    message: str
    hint: str = ""

    def finding(self, name: str) -> Finding:
        """The problem as a finding in the file called ``name``."""
        return Finding(
            name, self.line + 1, self.column + 1, self.rule, Severity.ERROR, self.message, self.hint
        )


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant by ``word``, or None if that is not clear."""
    by_lower = {name.lower(): name for name in names}
    close = difflib.get_close_matches(word.lower().strip(), by_lower, 1, cutoff=0.7)
    return by_lower[close[0]] if close else None


def shorten(text: str, width: int = 60) -> str:
    """Text on one line, cut in the middle of a report rather than filling it."""
    line = " ".join(text.split())
    return line if len(line) <= width else line[: width - 1].rstrip() + "…"
