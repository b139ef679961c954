"""A form: bytes with numbered places, filled in by copying a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Form:
    """Stretches of bytes and the places between them.

    Args:
        parts: Bytes, and numbers of the values that go between them, in order.
    """

    def __init__(self, parts: Iterable[bytes | int]) -> None:
        self._pieces: list[bytes] = []
        places: list[tuple[int, int]] = []
        for part in parts:
            if isinstance(part, int):
                places.append((len(self._pieces), part))
                self._pieces.append(b"")
            elif self._pieces and (not places or places[-1][0] < len(self._pieces) - 1):
                self._pieces[-1] += part
            else:
                self._pieces.append(part)
        self._places = tuple(places)
        self._size = sum(map(len, self._pieces))

    def fill(self, values: Sequence[bytes]) -> tuple[list[bytes], int]:
        """The pieces with the values in their places, and how many octets they are together.

        Args:
            values: By number. The stretches between them stay the same objects each time.
        """
        pieces = self._pieces.copy()
        size = self._size
        for place, number in self._places:
            value = values[number]
            pieces[place] = value
            size += len(value)
        return pieces, size
