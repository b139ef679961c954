"""Findings for the person at the terminal: place, words, and the line itself with a caret."""

from __future__ import annotations

import functools
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import click

from newsletter.cli.output import count
from newsletter.cli.reports import Report
from newsletter.findings import Finding, Severity
from newsletter.lint.engine import MENDED

COLUMNS = 72
"""Of a line that is shown; a paragraph stands on one line of hundreds."""

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_NOUNS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def write(report: Report) -> str:
    """Each finding with its line, then one line that sums them up."""
    lines: list[str] = []
    source = functools.cache(_lines)
    for finding in report.findings:
        if report.notes or finding.severity is not Severity.INFO:
            lines += [coloured(finding), *_snippet(finding, source(finding.path))]
    return "\n".join([*lines, *report.remarks, *_summary(report)])


def coloured(finding: Finding) -> str:
    """Exactly ``str(finding)`` once the colours are gone, which click takes out when piped."""
    place, mark, said = str(finding).partition(f": {finding.severity}: ")
    severity = click.style(mark[2:-2], fg=_COLOURS[finding.severity], bold=True)
    return f"{click.style(place, bold=True)}: {severity}: {said}"


def _snippet(finding: Finding, lines: Sequence[str]) -> list[str]:
    # What concerns the letter as a whole stands at its first character: there is nothing to see.
    if (finding.line, finding.column) == (1, 1) or finding.line > len(lines):
        return []
    line = lines[finding.line - 1]
    first = _first(line, finding.column - 1)
    shown = line[first : first + COLUMNS]
    before = shown[: finding.column - 1 - first]
    cut_before, cut_behind = "…" * bool(first), "…" * (len(line) > first + COLUMNS)
    number = f"{finding.line:>6} | "
    caret = " " * (len(number) + len(cut_before) + _width(before)) + "^"
    shown = "".join(character if character.isprintable() else "�" for character in shown)
    return [
        click.style(number, fg="blue") + f"{cut_before}{shown}{cut_behind}",
        click.style(caret, fg=_COLOURS[finding.severity], bold=True),
    ]


def _first(line: str, at: int) -> int:
    """Where a long line is cut so that the place is seen with the words before it."""
    if at < COLUMNS - 10:
        return 0
    start = at - COLUMNS // 2
    word = line.find(" ", start, at)
    return word + 1 if word >= 0 else start


def _width(text: str) -> int:
    """Columns that a terminal takes: none for marks, two for wide characters (UAX #11)."""
    return sum(
        0
        if unicodedata.category(character) in {"Mn", "Me", "Cf"}
        else 2
        if unicodedata.east_asian_width(character) in "WF"
        else 1
        for character in text
    )


def _lines(path: str) -> Sequence[str]:
    try:
        text = Path(path).read_bytes()[:1_000_000].decode("utf-8-sig", errors="replace")
    except OSError:
        return ()
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _summary(report: Report) -> list[str]:
    tally = Counter(finding.severity for finding in report.findings)
    if not tally:
        return [f"No problems in {_names(report.paths)}."]
    said = [count(tally[s], noun) for s, noun in _NOUNS.items() if tally[s]]
    lines = [f"{', '.join(said)} in {count(len(report.paths), 'issue')}{_groups(report)}"]
    if fixable := sum(finding.hint.endswith(MENDED) for finding in report.findings):
        lines.append(f"To mend {count(fixable, 'of them', 'of them')}: newsletter fix")
    if tally[Severity.INFO] and not report.notes:
        lines.append("To see the notes: newsletter check --notes")
    return lines


def _groups(report: Report) -> str:
    """What the findings are about, the most frequent first; nothing for a handful."""
    groups = {rule.slug: rule.group.value for rule in report.rules}
    shown = [f for f in report.findings if report.notes or f.severity is not Severity.INFO]
    tally = Counter(groups.get(finding.rule, "file") for finding in shown)
    if len(shown) < 4 or len(tally) < 2:
        return ""
    return " (" + ", ".join(f"{number} {group}" for group, number in tally.most_common()) + ")"


def _names(paths: Sequence[Path]) -> str:
    return paths[0].stem if len(paths) == 1 else count(len(paths), "issue")
