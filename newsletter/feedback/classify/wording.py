"""How texts and phrases are laid side by side: one plain form, and phrases with a gap.

A phrase is written as a server says it, `user … unknown`: the sign `…` stands for at most 60
characters of the same sentence. Case, accents, quotation marks, hyphens, addresses and reply
codes make no difference.
"""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"[^\s<>\"'()\[\],;:@]{1,64}@[\w.-]{1,255}")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"]{1,300}", re.IGNORECASE)
_CODES = re.compile(
    r"(?<![\w.])#?(?:[245]\d\d[ -]{1,3})?#?[245]\.\d{1,3}\.\d{1,3}(?![\w.]*\w)"
    r"|(?<![\w.])[245]\d\d(?=[ -])"
)
_APOSTROPHE = re.compile(r"(?<=\w)['’´`](?=\w)")
_QUOTES = str.maketrans(dict.fromkeys("\"'`´’‘“”„«»<>()[]{}*_|=~-‐‑–—/\\:;,!?#「」『』", " "))
_DOTS = re.compile(r"\.{2,}")
_GAP = 60
_KEY = 3
_UNPARTED = "\u0e00"  # from Thai on, the scripts here write without spaces between words


def plain(text: str) -> str:
    """A text in the form in which phrases are looked for; an address becomes `@`."""
    if "://" in text or "www." in text:
        text = _URL.sub(" ", text)
    if "@" in text:
        text = _ADDRESS.sub("@", text)
    text = _CODES.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in text if not unicodedata.combining(char))
    text = _APOSTROPHE.sub("", text.casefold()).translate(_QUOTES)
    if ".." in text:
        text = _DOTS.sub(" ", text)
    return " ".join(text.split())


class Words:
    """A text in its plain form, and what its words begin with: most phrases can be skipped."""

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        words = plain(text)
        self.text = f" {words}"
        self.starts = {word[:_KEY] for word in words.split(" ")}


class Phrases:
    """Some phrases, ready to be looked for.

    A phrase begins at the beginning of a word and may end inside one (`temporar`), but for
    scripts that do not part words.
    """

    __slots__ = ("_anywhere", "_by_start")

    def __init__(self, *groups: tuple[str, ...]) -> None:
        self._by_start: dict[str, list[tuple[str, ...]]] = {}
        self._anywhere: list[tuple[str, ...]] = []
        for phrase in dict.fromkeys(phrase for group in groups for phrase in group):
            pieces = tuple(_piece(piece) for piece in phrase.split("…"))
            if pieces[0].startswith(" "):
                start = pieces[0].split()[0][:_KEY]
                self._by_start.setdefault(start, []).append(pieces)
            else:
                self._anywhere.append(pieces)

    def found_in(self, words: Words) -> bool:
        """Whether any of the phrases stands in a text."""
        text = words.text
        for start in self._by_start.keys() & words.starts:
            for pieces in self._by_start[start]:
                if pieces[0] in text and (len(pieces) == 1 or _follow(pieces, text)):
                    return True
        return not text.isascii() and any(
            pieces[0] in text and _follow(pieces, text) for pieces in self._anywhere
        )


def _piece(text: str) -> str:
    text = plain(text)
    return text if text[:1] >= _UNPARTED else f" {text}"


def _follow(pieces: tuple[str, ...], text: str) -> bool:
    first, rest = pieces[0], pieces[1:]
    start = text.find(first)
    for _ in range(20):
        if start < 0:
            return False
        end = start + len(first)
        for piece in rest:
            at = text.find(piece, end, end + _GAP + len(piece))
            if at < 0 or ". " in text[end:at]:
                break
            end = at + len(piece)
        else:
            return True
        start = text.find(first, start + 1)
    return False
