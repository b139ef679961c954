"""Plain text in lines of a given width, as a terminal or a mail program shows them."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

COLUMNS = 72
"""Width of a line of mail; leaves room for quoting within 78 (RFC 5322 §2.1.1)."""


@cache  # 5 ms, and few letters need it
def _wide() -> re.Pattern[str]:
    """An East Asian wide character, with the punctuation that closes what stands there.

    A run without a space may be broken before the one, but not before the other.
    """
    return re.compile(
        r"[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f"
        r"\uff00-\uff60\U00020000-\U0003fffd][\u3001\u3002\u3009\u300b\u300d\u300f\u3011\u3015"
        r"\uff01\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\u2026\u201d\u2019]*"
    )


def width(text: str) -> int:
    """Columns that a text takes: East Asian wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_columns(character) for character in text)


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def wrap(text: str, *, first: str = "", rest: str = "", columns: int = COLUMNS) -> list[str]:
    """Text in lines; line feeds in it are kept.

    Words longer than a line, such as web addresses, stay whole. No-break spaces do not break.

    Args:
        text: The text; runs of spaces count as one.
        first: What stands before the first line (a bullet).
        rest: What stands before all others (an indent).
        columns: Width including ``first`` and ``rest``.
    """
    lines: list[str] = []
    indent = width(rest)
    for hard in text.split("\n"):
        line = [rest if lines else first]
        taken = width(line[0])  # columns, kept count of: measuring each line again is most work
        for word in re.split(r"[ \t]+", hard.strip(" \t")):
            for index, piece in enumerate(_pieces(word, columns - indent)):
                space = "" if len(line) == 1 or index else " "
                needed = width(piece)
                if len(line) > 1 and taken + len(space) + needed > columns:
                    lines.append("".join(line))
                    line, taken, space = [rest], indent, ""
                line.append(space + piece)
                taken += len(space) + needed
        lines.append("".join(line).rstrip(" "))
    return lines


def _pieces(word: str, columns: int) -> list[str]:
    if word.isascii() or width(word) <= columns or "://" in word:
        return [word]
    pieces: list[str] = []
    end = 0
    for match in _wide().finditer(word):
        if match.start() > end:
            pieces.append(word[end : match.start()])
        pieces.append(match[0])
        end = match.end()
    return [*pieces, word[end:]] if end < len(word) else pieces


def underlined(text: str, mark: str) -> list[str]:
    """A headline in lines with a line of ``mark`` below it, as long as the longest of them."""
    lines = wrap(text)
    return [*lines, mark * max(width(line) for line in lines)]
