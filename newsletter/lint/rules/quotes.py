"""Quotation marks that are mixed, wrong way round, or without their partner.

What: straight and curly marks in one issue, or straight and curly apostrophes; marks that face the
wrong way (``”word“``); a quotation that is opened and not closed in its paragraph, or closed and
never opened; quotations set as another language sets them. A quotation over several paragraphs
may open each of them and close only the last. Straight marks alone are fine: readers get those of
the issue's language. Foreign text in its own marks is fine, too.

Why: a missing mark leaves open who is speaking. Mixed marks show which paragraph was pasted from
somewhere else.

Source: The Chicago Manual of Style, 6.115 and 13.30; CLDR's quotation marks of each language.

Bad::

    intro: |
      “We sail,” said the captain. "We always sail."

Good::

    intro: |
      “We sail,” said the captain. “We always sail. In the ’90s we sailed, too.”
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.passages import RUNNING, Passage
from newsletter.issue.scripts import script
from newsletter.lint.function_words import is_foreign
from newsletter.lint.plain import edit, plain, primary
from newsletter.lint.quotation import MARKS, STRAIGHT, Pair, Quotation, is_pair, quotation
from newsletter.lint.rule import Context, Edit, Group, Problem, Target
from newsletter.render.language import quotes

ID = "N05"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_AROUND = 2_000
"""Characters on each side of a quotation that tell the script of the text around it."""


@dataclass(frozen=True, slots=True)
class _Read:
    passage: Passage
    quotation: Quotation


def check(context: Context) -> Iterator[Problem]:
    """Problems of pairs first, then of marks without partner, then of what is mixed."""
    read = [_Read(p, quotation(p.text, context.language)) for p in context.passages]
    usual = _usual(context, read)
    yield from _wrong_way(context, read, usual)
    yield from _alone(context, read)
    yield from _straight(context, read, usual)
    yield from _other_styles(context, read, usual)
    yield from _apostrophes(context)


def _usual(context: Context, read: Sequence[_Read]) -> str:
    """How this issue sets a quotation: as most of them are, else as the language does."""
    first, last, *_ = quotes(context.language)
    own = first.strip() + last.strip()
    styles = Counter(
        pair.style
        for r in read
        for pair in r.quotation.pairs
        if pair.depth == 0
        and STRAIGHT not in pair.style
        and is_pair(pair.style, context.language)
        and (pair.style == own or not _is_foreign(context, r.passage, pair))
    )
    return max(styles, key=lambda style: (styles[style], style == own), default=own)


def _is_foreign(context: Context, passage: Passage, pair: Pair) -> bool:
    inside = passage.text[pair.start + 1 : pair.end]
    around = (
        passage.text[max(0, pair.start - _AROUND) : pair.start]
        + passage.text[pair.end : pair.end + _AROUND]
    )
    there, here = script(inside), script(around) or script(context.issue.subject)
    return (there is not None and there != here) or is_foreign(inside, context.language)


def _set(context: Context, passage: Passage, pair: Pair, usual: str) -> tuple[Edit, ...]:
    """The repair of a pair: the marks of the issue outside, those of the language inside."""
    outer_first, outer_last, inner_first, inner_last = quotes(context.language)
    if pair.depth:
        first, last = inner_first, inner_last
    elif usual == outer_first.strip() + outer_last.strip():
        first, last = outer_first, outer_last
    else:
        first, last = usual[0], usual[1]
    text = passage.text
    if text[pair.start + 1].isspace():
        first = first.strip()
    if text[pair.end - 1].isspace():
        last = last.strip()
    edits = (
        *_put(context, passage, pair.start, first),
        *_put(context, passage, pair.end, last),
    )
    expected = (text[pair.start] != first) + (text[pair.end] != last)
    return edits if len(edits) == expected else ()


def _put(context: Context, passage: Passage, at: int, mark: str) -> tuple[Edit, ...]:
    return () if passage.text[at] == mark else edit(context, passage, at, at + 1, mark)


def _wrong_way(context: Context, read: Sequence[_Read], usual: str) -> Iterator[Problem]:
    for r in read:
        for pair in r.quotation.pairs:
            if STRAIGHT not in pair.style and not is_pair(pair.style, context.language):
                said = _shorten(r.passage.text[pair.start : pair.end + 1])
                is_odd = is_pair(usual[0] + pair.style[1], context.language)
                at = pair.start if is_odd or pair.style[0] != usual[0] else pair.end
                yield Problem(
                    f"the quotation marks of {said} do not face each other",
                    f"Write {usual[0]}…{usual[1]}.",
                    r.passage.where,
                    r.passage.at(at),
                    fix=_set(context, r.passage, pair, usual),
                )
        if primary(context.language) == "en":
            yield from _wrong_apostrophes(context, r.passage)


_ELISION = re.compile(r"(?<![\w’'])‘(?=\d\ds?\b|(?i:tis|twas|em|til|cause)\b)")
_CLOSING = re.compile(r"’(?!\w)")


def _wrong_apostrophes(context: Context, passage: Passage) -> Iterator[Problem]:
    if "‘" not in passage.text:
        return
    for found in _ELISION.finditer(passage.text):
        if not _CLOSING.search(passage.text, found.end()):
            at = found.start()
            yield Problem(
                f"the apostrophe of {_word(passage.text, at)} faces the wrong way",
                "Where letters or digits are left out, write ’.",
                passage.where,
                passage.at(at),
                fix=edit(context, passage, at, at + 1, "’"),
            )


def _alone(context: Context, read: Sequence[_Read]) -> Iterator[Problem]:
    """Marks without partner. In English, each paragraph of a long quotation opens it again."""
    open_before: tuple[Passage, int] | None = None
    may_omit = primary(context.language) != "en"
    for r in read:
        unopened, unclosed = r.quotation.unopened, r.quotation.unclosed
        if r.passage.kind in RUNNING and open_before:
            begins = r.passage.text.lstrip()[:1]
            if begins and begins in MARKS:
                if begins in "»”":  # French repeats the closing mark
                    text = r.passage.text.replace(begins, " ", 1)
                    found = quotation(text, context.language)
                    unopened, unclosed = found.unopened[bool(found.unopened) :], found.unclosed
                open_before = None
            elif not may_omit or open_before[0].where != r.passage.where:
                yield _not_closed(*open_before)
                unopened, open_before = unopened[1:], None
            elif unopened:
                unopened, open_before = unopened[1:], None
        for at in unopened:
            yield Problem(
                f"{r.passage.text[at]} closes a quotation that was not opened",
                "Put the mark where the quotation begins, or take this one out.",
                r.passage.where,
                r.passage.at(at),
            )
        if r.passage.kind not in RUNNING:
            yield from (_not_closed(r.passage, at) for at in unclosed)
        elif unclosed:
            yield from (_not_closed(r.passage, at) for at in unclosed[:-1])
            if open_before:
                yield _not_closed(*open_before)
            open_before = r.passage, unclosed[-1]
    if open_before:
        yield _not_closed(*open_before)


def _not_closed(passage: Passage, at: int) -> Problem:
    mark = passage.text[at]
    return Problem(
        f"the quotation that {mark} opens here is not closed",
        "Close it. If it goes on in the next paragraph, begin that one with "
        f"{mark} and close the last.",
        passage.where,
        passage.at(at),
    )


def _straight(context: Context, read: Sequence[_Read], usual: str) -> Iterator[Problem]:
    pairs = [(r, pair) for r in read for pair in r.quotation.pairs]
    straight = [(r, pair) for r, pair in pairs if STRAIGHT in pair.style]
    if not straight:
        return
    halves = [(r, pair) for r, pair in straight if pair.style != STRAIGHT * 2]
    curly = [
        (r, pair)
        for r, pair in pairs
        if STRAIGHT not in pair.style and not _is_foreign(context, r.passage, pair)
    ]
    if not (curly or halves):
        return
    r, pair = (halves or (straight if len(straight) <= len(curly) else curly))[0]
    yield Problem(
        f"quotation marks are mixed: {len(straight)} straight, {len(curly)} curly",
        f"Use one kind; here stands {_shorten(r.passage.text[pair.start : pair.end + 1])}.",
        r.passage.where,
        r.passage.at(pair.start if pair.style[0] == STRAIGHT or not halves else pair.end),
        fix=tuple(e for s, pair in straight for e in _set(context, s.passage, pair, usual)),
    )


def _other_styles(context: Context, read: Sequence[_Read], usual: str) -> Iterator[Problem]:
    for r in read:
        for pair in r.quotation.pairs:
            if (
                pair.depth
                or pair.style == usual
                or STRAIGHT in pair.style
                or not is_pair(pair.style, context.language)
                or _is_foreign(context, r.passage, pair)
            ):
                continue
            said = _shorten(r.passage.text[pair.start : pair.end + 1])
            yield Problem(
                f"{said} is set in {pair.style[0]}…{pair.style[1]}, others in "
                f"{usual[0]}…{usual[1]}",
                "Use the same marks for all quotations.",
                r.passage.where,
                r.passage.at(pair.start),
                fix=_set(context, r.passage, pair, usual),
            )


_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’ʼ`´](?=[^\W\d_])")
_NO_APOSTROPHES = frozenset({"he", "yi"})  # geresh


def _apostrophes(context: Context) -> Iterator[Problem]:
    if primary(context.language) in _NO_APOSTROPHES:
        return
    found = [
        (passage, match.start(), match[0])
        for passage in context.passages
        for match in _APOSTROPHE.finditer(plain(passage.text))
    ]
    curly = [one for one in found if one[2] in "’ʼ"]
    straight = [one for one in found if one[2] == "'"]
    usual = "’" if len(curly) >= len(straight) and curly else "'"
    for passage, at, mark in found:
        if mark in "`´":
            yield Problem(
                f"{mark} stands for an apostrophe in {_word(passage.text, at)}",
                f"Write {usual}.",
                passage.where,
                passage.at(at),
                fix=edit(context, passage, at, at + 1, usual),
            )
    if not (curly and straight):
        return
    fewer = straight if usual == "’" else curly
    passage, at, _ = fewer[0]
    yield Problem(
        f"apostrophes are mixed: {len(straight)} straight ('), {len(curly)} curly (’)",
        f"Write {usual} everywhere; here stands {_word(passage.text, at)}.",
        passage.where,
        passage.at(at),
        fix=tuple(e for p, i, _ in fewer for e in edit(context, p, i, i + 1, usual))
        if usual == "’"
        else (),
    )


def _word(text: str, at: int) -> str:
    start = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    found = re.compile(r"[\w'’ʼ`´‘-]+").match(text, min(start, at))
    return found[0] if found and found.end() > at else text[at : at + 6]


def _shorten(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:24].rstrip()} … {text[-12:].lstrip()}"
