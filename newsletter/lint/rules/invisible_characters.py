r"""Characters that nobody sees, left behind by a word processor or a web page.

What: zero-width spaces and joiners, soft hyphens, byte order marks, tabs and odd spaces inside a
text; a non-breaking space between ordinary words, or beside another space; direction controls that
are not closed again, and direction marks where nothing is written from right to left; characters
that only one font knows. What spelling needs is fine: joiners in emoji, in Persian and in Indian
scripts, non-breaking spaces between a number and its unit, before French punctuation, behind
initials and short words, and around dashes.

Why: links with them do not work, a search for the word does not find it, lines break in odd places,
and screen readers spell them out.

Source: Unicode Technical Report 36, Security Considerations, and Standard Annex 9, Bidirectional
Algorithm; W3C, Unicode in XML and other markup languages.

Bad::

    intro: "The fer\u200bry sails again."

Good::

    intro: "The ferry takes 20\u00a0minutes. \U0001F468\u200D\U0001F469\u200D\U0001F467"
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.scripts import RANGES, Script
from newsletter.lint.characters import told
from newsletter.lint.plain import primary
from newsletter.lint.rule import Context, Edit, Group, Problem, Target
from newsletter.lint.text import Text, texts, without_code

ID = "N18"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_ODD = re.compile(
    "[\t\u00a0\u00ad\u034f\u061c\u115f\u1160\u180e\u2000-\u2006\u2007\u2008\u200b-\u200f\u2028-\u202f"
    "\u205f-\u206f\u2800\u3000\u3164\ue000-\uf8ff\ufe00-\ufe0f\ufeff\ufff9-\ufffd\ufffe\uffff"
    "\U000e0000-\U000e007f\U000f0000-\U0010ffff]"
)
_NOTHING = frozenset(
    "\u00ad\u034f\u115f\u1160\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff\u3164\ufff9\ufffa\ufffb"
    "\ufffc\ufffe\uffff"
)
_SPACES = frozenset(
    "\t\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2008\u205f\u2800\u3000\u2028\u2029"
)
_NO_BREAK = frozenset("\u00a0\u202f\u2007")
_JOINERS = frozenset("\u200c\u200d")
_DIRECTION_MARKS = frozenset("\u200e\u200f\u061c")
_OPENING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_CLOSING = {"\u202c": "\u202a\u202b\u202d\u202e", "\u2069": "\u2066\u2067\u2068"}
_OVERRIDES = frozenset("\u202d\u202e")

_JOINING = re.compile(f"[{RANGES[Script.ARABIC]}{RANGES[Script.INDIC]}\u0600-\u06ff\u1800-\u18af]")
_FROM_RIGHT = re.compile(f"[{RANGES[Script.HEBREW]}{RANGES[Script.ARABIC]}\u0590-\u08ff]")
_WIDE = frozenset({"ja", "zh", "ko", "yue"})
_FLAG = "\U0001f3f4"
_FLAG_LENGTH = 8  # a black flag and the tags of a region: gbeng, and their end

_LONG_WORD_BEFORE = re.compile(r"(?:^|[\s(«“\"„])[^\W\d_A-Z][^\W\d_]{3,}[,;.!?]?$")
_LONG_WORD_BEHIND = re.compile(r"[^\W\d_]{4,}")
_SENTENCE_END = re.compile(r"[^\W\d_]{3,}[.!?]$")


@functools.cache  # 4 ms, and few issues need it
def _breaking() -> re.Pattern[str]:
    """Letters of scripts that break lines inside a word."""
    return re.compile(f"[{RANGES[Script.THAI]}{RANGES[Script.EAST_ASIAN]}]")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each kind of character in each text, at the first of them."""
    for text in texts(context.issue, addresses=True):
        if not _ODD.search(text.value):
            continue
        value = without_code(text.value) if text.markdown else text.value
        found: dict[str, list[tuple[int, str | None]]] = {}
        for match in _ODD.finditer(value):
            wrong = _wrong(value, match.start(), context.language)
            if wrong is not None:
                found.setdefault(match[0], []).append((match.start(), wrong))
        for character, places in found.items():
            yield _problem(text, character, places)
        yield from _directions(text, value)


def _problem(text: Text, character: str, places: list[tuple[int, str | None]]) -> Problem:
    edits = tuple(
        Edit(text.where, at, at + 1, replacement)
        for at, replacement in places
        if replacement is not None and replacement != character
    )
    times = f", {len(places)} times in this text" if len(places) > 1 else ""
    around = " ".join(_ODD.sub("", text.value[max(0, places[0][0] - 12) : places[0][0]]).split())
    behind = f' behind "{around.split()[-1]}"' if around else ""
    is_seen = character == "\ufffd" or unicodedata.category(character) == "Co"
    what = "a" if is_seen else "an invisible"
    return Problem(
        f"{what} {told(character)} stands{behind}{times}",
        "Write what was meant; a letter was lost in copying."
        if is_seen
        else "Take it out, or write an ordinary space.",
        text.where,
        places[0][0],
        fix=edits,
    )


def _wrong(value: str, at: int, language: str) -> str | None:
    """What should stand there instead; None if the character is right.

    A character that is wrong and that nobody can mend stands for itself.
    """
    character, before, behind = value[at], value[at - 1 : at], value[at + 1 : at + 2]
    if character == "\u200b" and (_breaking().match(before) or _breaking().match(behind)):
        return None
    if character in _NOTHING:
        return ""
    if character in _NO_BREAK:
        return _no_break(value, at)
    if character in _SPACES:
        return _space(value, at, language)
    if character in _JOINERS:
        return _joiner(value, at)
    if character in _DIRECTION_MARKS:
        return None if _FROM_RIGHT.search(value) else ""
    if character in _OPENING or character in _CLOSING:
        return None  # see _directions
    if "\u206a" <= character <= "\u206f":
        return ""
    if "\ufe00" <= character <= "\ufe0f":
        return None if before and not (before.isalpha() or before.isspace()) else ""
    if "\U000e0000" <= character <= "\U000e007f":
        start = value[max(0, at - _FLAG_LENGTH) : at].rstrip(
            "".join(map(chr, range(0xE0020, 0xE0080)))
        )
        return None if start.endswith(_FLAG) else ""
    if character in "\u2007\u2009\u200a":
        return None
    return character  # a private font's, or U+FFFD


def _space(value: str, at: int, language: str) -> str | None:
    if value[at] == "\u3000" and primary(language) in _WIDE:
        return None
    line_start = value.rfind("\n", 0, at) + 1
    if value[at] == "\t" and not value[line_start:at].strip(" \t>-*+0123456789.)"):
        return None  # indentation, which Markdown reads
    is_beside_space = value[at - 1 : at].isspace() or value[at + 1 : at + 2].isspace()
    return "" if is_beside_space or at in {0, len(value) - 1} else " "


def _no_break(value: str, at: int) -> str | None:
    before, behind = value[at - 1 : at], value[at + 1 : at + 2]
    if not before or not behind or before in "\n" or behind in "\n":
        return ""
    if before in " \t" or behind in " \t":
        return ""
    if before in _NO_BREAK:
        return ""
    head, tail = value[max(0, at - 40) : at], value[at + 1 : at + 12]
    if _SENTENCE_END.search(head) and behind.isupper() and head[-1] in ".!?":
        return " "
    is_between_words = _LONG_WORD_BEFORE.search(head) and _LONG_WORD_BEHIND.match(tail)
    return " " if is_between_words and behind.islower() else None


def _joiner(value: str, at: int) -> str | None:
    before, behind = value[at - 1 : at], value[at + 1 : at + 2]
    if _JOINING.match(before):
        return None
    if value[at] == "\u200d" and before and behind and _is_emoji(before) and _is_emoji(behind):
        return None
    return ""


def _is_emoji(character: str) -> bool:
    return (
        character == "\ufe0f"
        or unicodedata.category(character) in {"So", "Sk"}
        or ("\U0001f3fb" <= character <= "\U0001f3ff")
    )


def _directions(text: Text, value: str) -> Iterator[Problem]:
    """Controls open at the end of a paragraph, those that close nothing, and overrides."""
    start = 0
    for paragraph in value.split("\n"):
        opened: list[int] = []
        wrong: list[int] = []
        for index, character in enumerate(paragraph):
            if character in _OVERRIDES:
                wrong.append(index)
            if character in _OPENING:
                opened.append(index)
            elif closes := _CLOSING.get(character):
                if opened and paragraph[opened[-1]] in closes:
                    opened.pop()
                else:
                    wrong.append(index)
        for index in sorted({*wrong, *opened}):
            character = paragraph[index]
            said = "turns letters round" if character in _OVERRIDES else "has no partner"
            yield Problem(
                f"an invisible {told(character)} {said}",
                "Take it out, or close it in the same paragraph.",
                text.where,
                start + index,
            )
        start += len(paragraph) + 1
