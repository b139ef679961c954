"""Lines of a plain text, and which of them are one paragraph that was broken.

Two things break lines: a program that wraps at a column, and a hand that pressed the return key.
The first breaks all paragraphs where the next word would not have fitted; the second leaves a
line without an end before one that begins in the middle.
"""

from __future__ import annotations

import enum
import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from newsletter.issue.drafts import sentences
from newsletter.issue.drafts.blocks import Remark

WIDEST_WRAP = 120
"""Columns. Mail programs and editors wrap at 60 to 100; a longer line was not wrapped."""

MARK = re.compile(
    r"""(?:(?P<bullet>[-*+•‣◦▪●○■□►–—·])|\(?(?P<number>\d{1,3})[.)])[ ]+(?=\S)""", re.VERBOSE
)
"""What begins an entry of a list."""

_MANY = 3  # paragraphs without a blank line before them, in a wrapped text

# "- Not again, - she said": a dash that begins what somebody says, in Slavic and Romance languages.
_SPEECH = re.compile(r"[-–—][ ].*[,.!?…][ ]?[-–—][ ]+[^\W\d_]")
# A picture of Markdown, and the line before a signature (RFC 3676, section 4.3).
_ALONE = re.compile(r"!\[[^\]]*\]\((?:[^()]|\([^()]*\))+\)|--")
_RULE = re.compile(r"(?:[-*_=~#•–—][ ]?){3,}|\.{5,}")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text, or several that were one.

    Attributes:
        text: Without spaces at its ends.
        number: Of its first line in the draft, from 1.
        blanks: Blank lines before it; 1 for the first line of a text.
        indent: Columns before its text.
    """

    text: str
    number: int
    blanks: int
    indent: int = 0

    @property
    def is_marked(self) -> bool:
        """Whether it begins with a bullet or a number, or is quoted or a rule."""
        return bool(MARK.match(self.text)) or self.text[:1] == ">" or self.is_rule

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture as Markdown has it, and nothing else."""
        return self.text[:1] == "!" and self.stands_alone

    @property
    def stands_alone(self) -> bool:
        """Whether no line belongs to it: a picture, or what a signature begins with."""
        return self.text[:2] in {"![", "--"} and _ALONE.fullmatch(self.text) is not None

    @property
    def is_rule(self) -> bool:
        """Whether it is a line between parts: ``---``, ``* * *``."""
        return is_rule(self.text)


def is_rule(text: str) -> bool:
    """Whether a line is nothing but a rule."""
    return _RULE.fullmatch(text.strip()) is not None


def is_speech(text: str) -> bool:
    """Whether a line that begins with a dash is what somebody says, rather than a bullet."""
    return _SPEECH.match(text) is not None


def split(text: str) -> list[Line]:
    """The lines of a text that are not blank."""
    found: list[Line] = []
    blanks = 1
    for number, raw in enumerate(text.split("\n"), 1):
        words = raw.strip()
        if words:
            found.append(Line(words, number, blanks, len(raw) - len(raw.lstrip())))
            blanks = 0
        else:
            blanks += 1
    return found


def unbroken(lines: Sequence[Line]) -> tuple[list[Line], list[Remark]]:
    """Lines joined where one paragraph was broken, and a remark for each that a hand broke."""
    width = _wrapped_at(lines)
    joined: list[list[Line]] = []
    remarks: list[Remark] = []
    for line in lines:
        how = _how(joined[-1], line, width) if joined and line.blanks == 0 else None
        if how is None:
            joined.append([line])
            continue
        if how is _How.BROKEN:
            remarks.append(broken(line.number, joined[-1][-1].text, line.text))
        joined[-1].append(line)
    loose = sum(parts[0].blanks == 0 and not parts[0].is_marked for parts in joined)
    if width is not None and loose >= _MANY:
        said = f"lines are wrapped at {width} columns, without blank lines between paragraphs"
        hint = "Where one ends was guessed. Put blank lines in between, and import it again."
        remarks.insert(0, Remark(1, "wrapped", said, hint))
    return [_one(parts) for parts in joined], remarks


class _How(enum.Enum):
    """How a line came to stand below the one it belongs to."""

    WRAPPED = enum.auto()
    BROKEN = enum.auto()


def _how(above: Sequence[Line], line: Line, width: int | None) -> _How | None:
    first, last = above[0], above[-1]
    if first.is_rule or line.is_rule or last.stands_alone or line.stands_alone:
        return None
    is_full = width is not None and _is_full(last.text, line.text, width)
    if line.is_marked:
        # A dash or the number of a day that came to stand at the beginning of a line.
        is_open = not (sentences.has_end(last.text) or sentences.goes_on(last.text))
        is_chance = is_full and is_open and not first.is_marked and line.text[0] not in ">*+•-"
        return _How.WRAPPED if is_chance else None
    if is_full or (width and first.is_marked and line.indent > first.indent):
        return _How.WRAPPED
    is_hanging = first.is_marked and line.indent > first.indent
    return _How.BROKEN if is_hanging or _is_broken(last.text, line.text) else None


def _one(parts: Sequence[Line]) -> Line:
    pieces = [parts[0].text]
    for before, behind in itertools.pairwise(parts):
        pieces += _between(before.text, behind.text), behind.text
    return replace(parts[0], text="".join(pieces))


def glue(before: str, behind: str) -> str:
    """Two pieces of a line as one."""
    return f"{before}{_between(before, behind)}{behind}"


def _between(before: str, behind: str) -> str:
    """A space, but for scripts that put none between words, and behind a hyphen."""
    is_tight = _is_wide(before[-1:]) and _is_wide(behind[:1])
    is_hyphenated = behind[:1].isalpha() and re.search(r"[^\W\d_]-$", before[-2:])
    return "" if is_tight or is_hyphenated else " "


def broken(number: int, before: str, behind: str) -> Remark:
    """The remark that a line was joined to the one before it."""
    said = f'"… {_tail(before)}" goes on with "{_head(behind)} …"; the two lines were joined'
    return Remark(number, "broken-line", said, "Make two of them again if they are two.")


def _tail(text: str) -> str:
    return " ".join(text.split()[-3:])[-40:]


def _head(text: str) -> str:
    return " ".join(text.split()[:3])[:40]


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"


def _wrapped_at(lines: Sequence[Line]) -> int | None:
    """The column at which a program wrapped the text; None if none did."""
    pairs = list(_pairs(lines))
    inner = [pair for pair in pairs if not sentences.has_end(pair[0])]
    if len(inner) < 3 or len(inner) * 2 < len(pairs):
        return None
    lengths = sorted(len(before) for before, _ in pairs)
    width = lengths[int(len(lengths) * 0.95)]
    if not 30 <= width <= WIDEST_WRAP:
        return None
    full = sum(_is_full(before, behind, width) for before, behind in inner)
    return width if full >= 0.75 * len(inner) else None


def _pairs(lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for before, behind in itertools.pairwise(lines):
        if behind.blanks == 0 and not behind.is_marked and not before.is_rule:
            yield before.text, behind.text


def _is_full(before: str, behind: str, width: int) -> bool:
    """Whether the first word of the next line would not have fitted on this one."""
    word = behind.split(None, 1)[0]
    return len(before) + 1 + len(word) > width - 2


def _is_broken(before: str, behind: str) -> bool:
    if MARK.match(before) and is_rule(before):
        return False
    end = before.rstrip("\"'”’»)")[-1:]
    if end in set(".!?…。！？؟") or before.lower().startswith(("http://", "https://")):
        return False
    if _begins_in_the_middle(behind):
        return True
    words = len(before.split())
    if sentences.goes_on(before) and end != ":":
        return words > 5 or end in set("–—-")
    return before.count("(") > before.count(")") and behind.count(")") > behind.count("(")


def _begins_in_the_middle(text: str) -> bool:
    word = text.split(None, 1)[0].lstrip("\"'“‘«„(")
    # "iPhone" and "eBay" begin sentences, "user_name" and "https" are no words.
    return word[:1].islower() and word[1:2] == word[1:2].lower() and "://" not in word
