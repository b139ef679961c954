"""A text as it travels: encoded once for all readers, with places left for each one's own."""

from __future__ import annotations

import functools
import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter.render.merge import Context, Merged, Slot
from newsletter.render.quoted_printable import LINE, encode, encode_line, encode_stretch

_SOFT_BREAK = b"=\r\n"
_ROOM = LINE - 1  # the last octet of a line is for the soft break

# Octets that stand for themselves, escaped for their context and encoded for the way.
_UNRESERVED = string.ascii_letters + string.digits + "_.-~"
_PRINTED = "".join(chr(octet) for octet in range(32, 127) if chr(octet) != "=")
_PLAIN = {
    Context.TEXT: _PRINTED.encode(),
    Context.HTML: _PRINTED.translate(dict.fromkeys(map(ord, "&<>\"'"))).encode(),
    Context.URL: _UNRESERVED.encode(),
}

# Most values stand twice in a letter: in the text and in the HTML. So a few are enough.
_encoded = functools.lru_cache(maxsize=64)(encode_line)


@dataclass(frozen=True, slots=True)
class Blank:
    """An open place of an encoded text; it begins where a line begins.

    Attributes:
        slot: What goes there.
        is_open: Whether text follows on the same line, so that a soft line break is needed.
    """

    slot: Slot
    is_open: bool
    _plain: bytes = field(init=False, repr=False, compare=False)
    _end: bytes = field(init=False, repr=False, compare=False)
    _default: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_plain", _PLAIN[self.slot.context])
        object.__setattr__(self, "_end", _SOFT_BREAK if self.is_open else b"")
        object.__setattr__(self, "_default", self._any(""))

    def fill(self, value: str) -> bytes:
        """One reader's value, encoded: at most 76 octets a line, none beginning with a dot.

        It ends where a line can begin, or the text behind it begins with a line end.

        Args:
            value: Plain text; if it is blank, the default stands in.

        Raises:
            ValueError: It holds half a character.
        """
        if not value or value.isspace():
            return self._default
        octets = value.encode()
        if octets.translate(None, self._plain):
            return self._any(value)
        # Nothing needs an escape, so only the ends and the length are left to look at.
        if (
            len(octets) > _ROOM
            or octets.startswith((b".", b"From "))
            or octets.endswith(b" ")
            or b"  " in octets
        ):
            return _encoded(value) + self._end
        return octets + self._end

    def _any(self, value: str) -> bytes:
        filled = self.slot.fill({self.slot.field: value})
        return _encoded(filled) + self._end if filled else b""


def encode_merged(merged: Merged, constants: Mapping[str, str]) -> tuple[bytes | Blank, ...]:
    """A merged text in quoted-printable, its slots left open.

    Filling the blanks and joining everything gives lines of at most 76 octets that decode to what
    ``Merged.fill`` gives. Soft line breaks around the blanks are what makes this possible: no
    value, however long, moves what stands around it.

    Args:
        merged: The text; its lines end in a line feed.
        constants: Values that are the same for all readers: their slots are filled at once.

    Raises:
        ValueError: The text holds half a character.
    """
    runs = _runs(merged, constants)
    encoded: list[bytes | Blank] = []
    for run, following in zip(runs, [*runs, None][1:], strict=True):
        if isinstance(run, Slot):
            is_open = following is not None and not (
                isinstance(following, str) and following.startswith(("\n", "\r"))
            )
            encoded.append(Blank(run, is_open))
        else:
            encoded.append(encode(run) if following is None else encode_stretch(run))
    return tuple(encoded)


def transferred(merged: Merged, constants: Mapping[str, str], values: Mapping[str, str]) -> bytes:
    """A merged text as it travels to one reader.

    Args:
        merged: The text.
        constants: Plain text for merge fields that are the same for all readers.
        values: Plain text for the others.

    Raises:
        ValueError: Something holds half a character.
    """
    return b"".join(
        part.fill(values.get(part.slot.field, "")) if isinstance(part, Blank) else part
        for part in encode_merged(merged, constants)
    )


def _runs(merged: Merged, constants: Mapping[str, str]) -> list[str | Slot]:
    """Text and slots in turn, without empty texts, no two texts side by side."""
    runs: list[str | Slot] = []
    for part in merged.parts:
        if isinstance(part, Slot) and part.field not in constants:
            runs.append(part)
            continue
        text = part.fill(constants) if isinstance(part, Slot) else part
        if runs and isinstance(runs[-1], str):
            runs[-1] += text
        elif text:
            runs.append(text)
    return runs
