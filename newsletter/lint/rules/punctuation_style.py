"""Punctuation that slipped, or that one issue writes in two ways.

What: a space before a comma or full stop (in French also where ``;:!?`` want none), none behind it
("war.In"), a mark that stands twice (``,,``), two spaces in a row; ``...`` beside ``…``, ``--`` or
a hyphen between spaces beside dashes; in English, British beside American spelling. Quotations,
addresses and code may have their own; the spelling of quotations is never looked at.

Why: such slips come with pasted text, and readers take them for carelessness.

Source: proselint, typography.punctuation, symbols and spelling.consistency; The Chicago Manual of
Style, 6.7 and 6.78.

Bad::

    intro: They came home from the war.In spring , they left again.

Good::

    intro: They came home from the war. In spring, they left again … for the U.S.A., at 7.30 pm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.passages import RUNNING, Passage, PassageKind
from newsletter.lint.plain import edit, plain, primary
from newsletter.lint.quotation import quotation
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.spelling import dialect, mixed

ID = "N13"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

# Hardly a paragraph has one of these; looking for them first takes a quarter of the time.
_MAY_BE_BEFORE = re.compile(r"[ \t][,.;:!?](?!\w)")
_MAY_BE_BEHIND = re.compile(r"[.!?,;،][^\W\d_]")
_MAY_BE_TWICE = re.compile(r",,|;;|\.\.")

_READ = RUNNING | {PassageKind.BULLET, PassageKind.NOTE, PassageKind.CAPTION}

_SPACE_BEFORE = re.compile(
    r"(?<=[^\W_]|[)”»’\"])[ \t]+(?=[,.;:!?](?:\s|$|[”\"»’)\]]))(?!\.\.|[:;][-()DPp])"
)
_FRENCH_SPACE_BEFORE = re.compile(r"(?<=[^\W_]|[)”»’\"])[ \t]+(?=[,.](?:\s|$|[”\"»’)\]]))(?!\.\.)")
_NO_SPACE_BEHIND = re.compile(
    # The word behind a full stop begins a sentence; behind a comma anything does.
    r"(?<=[^\W\d_A-ZА-Я]{2})[.!?](?=[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐЎŁŚŻŹĆ][^\W\d_A-ZА-Я])"
    r"|(?<=[^\W\d_]{2})[,;،](?=[^\W\d_]{2})"
)
_ENDING = re.compile(r"(?i)(?:com|org|net|de|uk|eu|io|gov|edu|info|ru|ua|innen|js|py|md)\b")
_TWICE = re.compile(r"(?<=[^\W_]),{2}(?!,)|(?<=[^\W_]);{2}(?!;)|(?<=[^\W\d_]{2})\.\.(?![.\w])")
_SPACES = re.compile(r"(?<=[^\s|])  +(?=[^\s|])")


def check(context: Context) -> Iterator[Problem]:
    """Slips first, then what is written in two ways."""
    for passage in context.passages:
        if passage.kind is not PassageKind.CELL:
            yield from _slips(context, passage)
    yield from _two_ways(context)
    if primary(context.language) == "en":
        yield from _spelling(context)


def _slips(context: Context, passage: Passage) -> Iterator[Problem]:
    text = plain(passage.text)
    if _MAY_BE_BEFORE.search(text):
        yield from _space_before(context, passage, text)
    if _MAY_BE_BEHIND.search(text):
        yield from _no_space_behind(context, passage, text)
    if _MAY_BE_TWICE.search(text):
        yield from _twice(context, passage, text)
    if "  " in text:
        yield from _two_spaces(context, passage, text)


def _space_before(context: Context, passage: Passage, text: str) -> Iterator[Problem]:
    is_french = primary(context.language) == "fr"
    for found in (_FRENCH_SPACE_BEFORE if is_french else _SPACE_BEFORE).finditer(text):
        mark = text[found.end()]
        yield Problem(
            f'a space stands before the {_NAMES[mark]} behind "{_word(text, found.start())}"',
            "Take it out.",
            passage.where,
            passage.at(found.start()),
            fix=edit(context, passage, found.start(), found.end(), ""),
        )


def _no_space_behind(context: Context, passage: Passage, text: str) -> Iterator[Problem]:
    for found in _NO_SPACE_BEHIND.finditer(text):
        at = found.start()
        if _ENDING.match(text, found.end()):
            continue
        yield Problem(
            f'no space stands behind the {_NAMES[found[0]]} of "{_around(text, at)}"',
            "Put one in.",
            passage.where,
            passage.at(at),
            fix=edit(context, passage, at, at + 1, f"{found[0]} "),
        )


def _twice(context: Context, passage: Passage, text: str) -> Iterator[Problem]:
    for found in _TWICE.finditer(text):
        is_sure = found[0] != ".."  # perhaps … was meant
        fix = edit(context, passage, found.start(), found.end(), found[0][0]) if is_sure else ()
        yield Problem(
            f'the {_NAMES[found[0][0]]} behind "{_word(text, found.start())}" stands twice',
            "Write one." if is_sure else "Write one, or … if something is left out.",
            passage.where,
            passage.at(found.start()),
            fix=fix,
        )


def _two_spaces(context: Context, passage: Passage, text: str) -> Iterator[Problem]:
    if spaces := [found.span() for found in _SPACES.finditer(text)]:
        times = f", {len(spaces)} times in this paragraph" if len(spaces) > 1 else ""
        yield Problem(
            f'two spaces stand behind "{_word(text, spaces[0][0])}"{times}',
            "One is enough.",
            passage.where,
            passage.at(spaces[0][0]),
            Severity.INFO,
            fix=tuple(e for start, end in spaces for e in edit(context, passage, start, end, " ")),
        )


_NAMES = {
    ",": "comma",
    "،": "comma",
    ".": "full stop",
    ";": "semicolon",
    ":": "colon",
    "!": "exclamation mark",
    "?": "question mark",
}


def _word(text: str, end: int) -> str:
    return (text[:end].split() or [""])[-1]


def _around(text: str, at: int) -> str:
    return _word(text, at) + (text[at:].split() or [""])[0]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write something.

    Attributes:
        name: How a finding calls it.
        sign: What a text has that is written this way.
        pattern: What is found.
        becomes: What stands there instead if this way is the rarer one; empty if nobody can tell.
    """

    name: str
    sign: str
    pattern: re.Pattern[str]
    becomes: str = ""


_ELLIPSES = (
    _Way("three full stops (...)", "...", re.compile(r"(?<!\.)\.{3}(?!\.)"), "..."),
    _Way("the ellipsis (…)", "…", re.compile("…"), "…"),
)
_BREAKS = (
    _Way("two hyphens (--)", "--", re.compile(r"(?<=[\w.,!?)”’»] )--(?= \w)|(?<=\w)--(?=\w)")),
    _Way(
        "a hyphen between spaces ( - )",
        " - ",
        re.compile(r"(?<=[^\W\d_][^\W\d_] )-(?= [^\W\d_])"),
    ),
    _Way(
        "the dash between spaces ( – )",
        "–",
        re.compile(r"(?<=[^\W\d_].[ \u00a0])–(?=[ \u00a0])"),
        "–",
    ),
    _Way("the long dash (—)", "—", re.compile("—"), "—"),
)


def _two_ways(context: Context) -> Iterator[Problem]:
    yield from _rarer(context, _ELLIPSES)
    yield from _rarer(context, _BREAKS)


def _rarer(context: Context, ways: Sequence[_Way]) -> Iterator[Problem]:
    """The rarer ways of writing something, once each, where they stand first."""
    places: dict[str, list[tuple[Passage, int, int]]] = {}
    for passage in context.passages:
        if passage.kind not in _READ:
            continue
        text = plain(passage.text)
        for way in ways:
            for found in way.pattern.finditer(text) if way.sign in text else ():
                places.setdefault(way.name, []).append((passage, found.start(), found.end()))
    if len(places) < 2:
        return
    used = [way for way in ways if way.name in places]
    usual = max(used, key=lambda way: (len(places[way.name]), bool(way.becomes)))
    for way in used:
        if way is usual:
            continue
        passage, at, _ = places[way.name][0]
        # A hyphen can only become the dash that has spaces, too.
        sure = usual.becomes and (way.name == _ELLIPSES[0].name or way.name == _ELLIPSES[1].name)
        if usual is _BREAKS[2] and way in _BREAKS[:2]:
            sure = all(p.text[start - 1] == " " for p, start, _ in places[way.name])
        yield Problem(
            f"{way.name} stands here, {usual.name} {_times(len(places[usual.name]))} elsewhere",
            "Write it one way in all of the issue.",
            passage.where,
            passage.at(at),
            Severity.WARNING if way in _BREAKS[:2] else Severity.INFO,
            fix=tuple(
                e for p, a, b in places[way.name] for e in edit(context, p, a, b, usual.becomes)
            )
            if sure
            else (),
        )


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def _spelling(context: Context) -> Iterator[Problem]:
    read = [passage for passage in context.passages if passage.kind in _READ]
    words = mixed([passage.text for passage in read])
    if words is None:
        return
    places: dict[str, list[tuple[Passage, int, str]]] = {"British": [], "American": []}
    for passage in read:
        said = quotation(passage.text, context.language)
        for found in words.finditer(plain(passage.text)):
            if not said.holds(found.start()):
                places[dialect(found)].append((passage, found.start(), found[0]))
    rarer, usual = sorted(places, key=lambda dialect: len(places[dialect]))
    if places[rarer]:
        passage, at, word = places[rarer][0]
        yield Problem(
            f'"{word}" is {rarer} spelling, "{places[usual][0][2]}" is {usual}',
            "Spell all of the issue one way.",
            passage.where,
            passage.at(at),
            Severity.INFO,
        )
