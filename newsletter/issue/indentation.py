"""Lines that begin at the wrong column, or with a tab."""

from __future__ import annotations

import re

import yaml

from newsletter.issue.draft import Draft, entry

_PREFIX = re.compile(r"[ \t]*(?:-[ \t]+)*")
_BLOCK = re.compile(r"(?:^|:\s+|-\s+)[|>][-+0-9]*\s*(?:\s#.*)?$")
_TAB_WIDTHS = (2, 4, 8, 3)


def tabs(draft: Draft, line: int, column: int, problem: str) -> bool:
    """Report tabs that indent, all at once, and exchange them for spaces.

    Args:
        draft: The copy.
        line: The line that could not be read.
        column: The place in it.
        problem: What libyaml says of it.
    """
    prefix = _prefix(draft.lines[line])
    is_here = "\t" in prefix and (draft.lines[line][column : column + 1] == "\t")
    if not (is_here or "tab character" in problem):
        return False
    found = [number for number in _tabbed(draft) if not draft.is_painted(number, 0)]
    if line not in found:
        found = sorted([*found, line])
    also = ", ".join(str(number + 1) for number in found[1:6])
    more = f" (also on line {also}{' …' if len(found) > 6 else ''})" if also else ""
    first = draft.lines[found[0]]
    draft.report(
        found[0],
        max(first.find("\t"), 0),
        "tab",
        f"a tab stands where only spaces may{more}",
        "Use two spaces for each level; your editor can convert tabs to spaces.",
    )
    originals = {number: _prefix(draft.lines[number]) for number in found}

    def read_up_to(width: int) -> int:
        lines = list(draft.lines)
        for number, old in originals.items():
            lines[number] = old.expandtabs(width) + lines[number].removeprefix(old)
        try:
            for _ in yaml.parse("\n".join(lines), Loader=yaml.CSafeLoader):
                pass
        except yaml.MarkedYAMLError as error:
            return error.problem_mark.line if error.problem_mark else 0
        return len(lines)

    width = max(_TAB_WIDTHS, key=read_up_to)
    for number, old in originals.items():
        draft.replace(number, 0, len(old), old.expandtabs(width))
    return True


def _prefix(line: str) -> str:
    found = _PREFIX.match(line)
    return found[0] if found else ""


def _tabbed(draft: Draft) -> list[int]:
    """Lines with a tab in their indentation; tabs inside a text below ``|`` may stay."""
    found = []
    block: int | None = None
    for number, line in enumerate(draft.lines):
        spaces = len(line) - len(line.lstrip(" "))
        if block is not None and (spaces > block or not line.strip(" ")):
            continue
        if "\t" in _prefix(line):
            found.append(number)
            if block is not None:
                continue
        part = entry(line.expandtabs(2))
        block = part.column if part.key and _BLOCK.search(line) else None
    return found


def crooked(draft: Draft, line: int, column: int, problem: str) -> bool:
    """Report a key or dash that does not line up, and move it to the nearest column that does."""
    part = entry(draft.lines[line])
    too_deep = "mapping values are not allowed" in problem and column == part.colon
    if not (part.is_known or part.has_dash):
        return False
    if not (too_deep or ("did not find expected" in problem and column == part.indent)):
        return False
    above = [n for n in range(line - 1, -1, -1) if draft.lines[n].strip()]
    beside = (entry(draft.lines[n]) for n in above)
    neighbour = next((other for other in beside if other.indent <= part.indent), None)
    if neighbour is None or not (neighbour.is_known or neighbour.has_dash):
        return False  # the line above is the one that is wrong
    columns: dict[int, int] = {}
    for number in above:
        other = entry(draft.lines[number])
        if other.has_dash and part.has_dash:
            columns.setdefault(other.indent, number)
        elif other.is_known and not part.has_dash:
            columns.setdefault(other.column, number)
        if too_deep and columns:
            break
    by_distance = sorted(columns, key=lambda c: abs(c - part.indent))
    if not by_distance or by_distance[0] == part.indent:
        return False
    target = by_distance[0]
    is_clear = len(by_distance) < 2 or (
        abs(by_distance[1] - part.indent) > abs(target - part.indent)
    )
    name = "-" if part.has_dash else f"{part.key}:"
    other = entry(draft.lines[columns[target]])
    aligned = "-" if part.has_dash else f"{other.key}:"
    draft.report(
        line,
        part.indent,
        "indentation",
        f'"{name}" does not line up with the lines it belongs to',
        f'Start it below "{aligned}" of line {columns[target] + 1}, at column {target + 1}.'
        if is_clear
        else "",
    )
    draft.move(line, target - part.indent)
    return True
