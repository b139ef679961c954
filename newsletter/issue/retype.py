"""A stretch of an issue typed anew: the file then means exactly that, and the rest stays."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from newsletter.errors import NewsletterError
from newsletter.findings import Finding
from newsletter.issue.amend import Edit, Replacement, alike, begun, expected, in_source, put
from newsletter.issue.insert import insert
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.markdown_places import line_starts
from newsletter.issue.markdown_source import Piece, leaves, pieces
from newsletter.issue.nodes import build
from newsletter.issue.quoting import below, quoted, refuse_unseen
from newsletter.issue.stretch import Stretch, holder, is_body, line

_BREAK = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_WORDS = re.compile(r"\w+\s*|\s+|[^\w\s]\s*")
_MOST_PAIRS = 4_000_000  # of words that are compared one by one


def change(manuscript: Manuscript, stretch: Stretch, new_text: str) -> Manuscript:
    """Type a stretch anew.

    As few characters as possible are written: words that stay keep their quotes and line breaks.
    Where the new text cannot stand as the old one did, it gets quotes, or a block below ``|``.
    An emptied paragraph is taken out with the line between it and the next.

    Args:
        manuscript: The issue.
        stretch: What is typed anew, as ``newsletter.issue.stretch`` gave it for this manuscript.
        new_text: What stands there afterwards. White space around it is left off. In a line, line
            breaks become spaces; in a body, a blank line begins a paragraph.

    Returns:
        The issue afterwards: the same but for that one value.

    Raises:
        NewsletterError: It cannot stand there, or the stretch is not in this manuscript.
    """
    where = stretch.where
    if holder(manuscript.issue, where) is None:
        raise _gone()
    value = manuscript.value(where)
    piece = _piece(value, stretch) if is_body(where) else None
    if piece is None and stretch != line(where, value):
        raise _gone()
    if new_text == stretch.text:
        return manuscript
    new = typed(new_text, is_line=piece is None or piece.lead is None)
    if not stretch.text and where not in manuscript.spans:
        return insert(manuscript.text, manuscript.path, manuscript.name, where, new)
    if new == stretch.text:
        return manuscript
    edits = _edits(where, stretch, piece, value, new)
    for edit in edits[0]:
        refuse_unseen(edit.replacement)
    meant = expected(manuscript, edits[0])
    whole = _at(meant, where)
    if not whole.strip():
        edits, whole = [], ""
    elif piece is not None:
        _keep_the_others(value, piece, whole, is_emptied=not new)
    problem: tuple[Finding, ...] = ()
    for replacements in _ways(manuscript, where, edits, whole):
        read = put(manuscript, replacements, meant)
        if isinstance(read, Manuscript):
            return read
        problem = read
    if problem:
        raise NewsletterError(problem[0].message, problem[0].hint)
    raise _impossible(manuscript, where)


def typed(text: str, *, is_line: bool) -> str:
    """A text from a field of a page, as it is written into a file.

    Args:
        text: With any kind of line break.
        is_line: Whether it is one line.
    """
    text = _BREAK.sub("\n", text).strip()
    if is_line:
        return re.sub(r"[ \t]*\n\s*", " ", text)
    return re.sub(r"\n[ \t]+(?=\n)", "\n", text)


def _piece(value: str, stretch: Stretch) -> Piece:
    for piece in pieces(value):
        if (piece.places[0], piece.places[-1], piece.text) == (
            stretch.start,
            stretch.end,
            stretch.text,
        ):
            return piece
    raise _gone()


def _gone() -> NewsletterError:
    return NewsletterError(
        "this text is not in the file any more as it is shown", "Look at it again, then change it."
    )


def _edits(
    where: Where, stretch: Stretch, piece: Piece | None, value: str, new: str
) -> list[list[Edit]]:
    """The change as edits of the value, from the smallest to one of all that differs."""
    if piece is not None and not new:
        return [[_without(where, piece, value)]]
    old = stretch.text
    found = []
    for hunks in (list(_by_words(old, new)), [_as_one(old, new)]):
        edits = []
        for start, end, replacement in hunks:
            if piece is None:
                start, end = stretch.start + start, stretch.start + end
            else:
                is_line = old[end : end + 1] not in ("", "\n")
                replacement = _continued(replacement, piece.lead or "", is_line=is_line)
                start, end = piece.places[start], piece.places[end]
            edits.append(Edit(where, start, end, replacement))
        found.append(edits)
    return found


def _as_one(old: str, new: str) -> tuple[int, int, str]:
    head, tail = alike(old, new)
    return head, len(old) - tail, new[head : len(new) - tail]


def _by_words(old: str, new: str) -> Iterator[tuple[int, int, str]]:
    words, others = _WORDS.findall(old), _WORDS.findall(new)
    head, tail = alike(words, others)
    begin = sum(map(len, words[:head]))
    words, others = words[head : len(words) - tail], others[head : len(others) - tail]
    if len(words) * len(others) > _MOST_PAIRS:
        yield _as_one(old, new)
        return
    starts = [*accumulate(map(len, words), initial=begin)]
    matcher = difflib.SequenceMatcher(None, words, others, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            before, after = "".join(words[first:last]), "".join(others[new_first:new_last])
            start, end, replacement = _as_one(before, after)
            yield starts[first] + start, starts[first] + end, replacement


def _continued(text: str, lead: str, *, is_line: bool) -> str:
    """Further lines with what makes them part of their block; a quotation's ``>`` also alone."""
    text = begun(text, lead, is_line=is_line)
    return re.sub(r"\n(?=\n)", "\n" + lead.rstrip(), text) if lead.strip() else text


def _without(where: Where, piece: Piece, value: str) -> Edit:
    """A block taken out with its lines, and with the blank ones that parted it from the next."""
    lines = value.split("\n")
    first, last = piece.first, piece.last
    is_apart = first == 0 or not lines[first - 1].strip(" \t>")
    while is_apart and last < len(lines) - 1 and not lines[last].strip(" \t>"):
        last += 1
    if not any(line.strip(" \t>") for line in lines[last:]):  # it was the last one
        last = piece.last
        while first > 0 and not lines[first - 1].strip(" \t>"):
            first -= 1
    starts = line_starts(value)
    if last < len(lines) and not (first and last == len(lines) - 1 and not lines[-1]):
        return Edit(where, starts[first], min(starts[last], len(value)), "")
    # Up to the end of the text: the line break before it goes, and that at the end stays.
    return Edit(where, max(starts[first] - 1, 0), len(value) - value.endswith("\n"), "")


def _keep_the_others(value: str, piece: Piece, whole: str, *, is_emptied: bool) -> None:
    """Refuse signs that make something else of the paragraphs around (a fence, for example)."""
    before, after = leaves(value), leaves(whole)
    above, below_it = before[: piece.leaf], before[piece.leaf + 1 :]
    middle = len(after) - len(above) - len(below_it)
    is_same = (
        (middle == 0 if is_emptied else middle > 0)
        and after[: len(above)] == above
        and after[len(after) - len(below_it) :] == below_it
    )
    if not is_same:
        raise NewsletterError(
            "this would also change how the text above or below it is read",
            "Put a backslash before the sign it begins with, or change it in the file.",
        )


def _at(meant: dict[str, Any], where: Where) -> str:
    found: Any = meant
    for step in where:
        found = found[step]
    return str(found)


def _ways(
    manuscript: Manuscript, where: Where, edits: list[list[Edit]], whole: str
) -> Iterator[list[Replacement]]:
    """Ways to write the value, the one that writes least first."""
    for some in edits:
        replacements = [in_source(manuscript, edit) for edit in some]
        written = [replacement for replacement in replacements if replacement is not None]
        if len(written) == len(replacements):
            yield written
    span = manuscript.spans[where]
    source = manuscript.text[span.start : span.end]
    end = span.start + len(source.rstrip(" \n"))
    if "\n" in whole:
        if source[:1] not in ("|", ">"):
            yield from _as_block(manuscript, where, end, whole)
            yield [(span.start, end, quoted(whole, '"'))]
        return
    if source[:1] in ("|", ">") and is_body(where) and whole:
        return
    style = source[:1] if source[:1] in ("'", '"') else ""
    yield [(span.start, end, quoted(whole, style))]


def _as_block(
    manuscript: Manuscript, where: Where, end: int, whole: str
) -> Iterator[list[Replacement]]:
    """The value below a ``|``, if nothing but a comment stands behind it on its line."""
    text, start = manuscript.text, manuscript.spans[where].start
    behind = text[end:].split("\n", 1)[0]
    key = build(text).keys[where].start
    column = key - (text.rfind("\n", 0, key) + 1)
    if re.fullmatch(r"\s*(#.*)?", behind):
        sign, lines = below(whole, " " * (column + 2))
        yield [(start, end, sign), (end + len(behind),) * 2 + (lines,)]


def _impossible(manuscript: Manuscript, where: Where) -> NewsletterError:
    span = manuscript.spans[where]
    number, _ = manuscript.place(where)
    if manuscript.text[span.start] == ">":
        return NewsletterError(
            'this text stands below ">", where lines are joined: it takes no new ones here',
            f'Write "|" instead of ">" on line {number} of the file, each paragraph on one line.',
        )
    return NewsletterError(
        "this text cannot stand here without changing something else",
        f"Change it in the file, on line {number}.",
    )
