"""Which template line a part of rendered source comes from, for error messages.

While a traced template is compiled, each line of its literal text is prefixed with a mark. The
marks come out with the text, are taken out again, and leave a map from offsets to template lines.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jinja2 import Environment
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

# Private-use characters, which no template has a reason to contain.
_MARK = re.compile("\ue0f0([^\ue0f1]*)\ue0f2(\\d+)\ue0f1")


class Tracing(Extension):
    """A Jinja2 extension that marks the literal text of templates."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Mark where each piece and each line of literal text begins."""
        name = stream.name or ""
        for token in stream:
            if token.type == "data":
                lines = token.value.split("\n")
                marked = (
                    f"\ue0f0{name}\ue0f2{number}\ue0f1{line}"
                    for number, line in enumerate(lines, token.lineno)
                )
                yield Token(token.lineno, "data", "\n".join(marked))
            else:
                yield token


@dataclass(frozen=True, slots=True)
class Marks:
    """Rendered source, and where its parts come from.

    Attributes:
        source: The source without marks.
        offsets: Where a marked part starts in ``source``, ascending.
        places: File and line of each of them, counted from 1.
    """

    source: str
    offsets: tuple[int, ...]
    places: tuple[tuple[str, int], ...]

    @classmethod
    def read(cls, marked: str, environment: Environment) -> Marks:
        """Take the marks out of a marked source."""
        pieces: list[str] = []
        offsets: list[int] = []
        places: list[tuple[str, int]] = []
        end = length = 0
        for match in _MARK.finditer(marked):
            pieces.append(marked[end : match.start()])
            length += len(pieces[-1])
            offsets.append(length)
            file = environment.get_template(match[1]).filename or match[1]
            places.append((file, int(match[2])))
            end = match.end()
        pieces.append(marked[end:])
        return cls("".join(pieces), tuple(offsets), tuple(places))

    def place(self, offset: int) -> tuple[str, int] | None:
        """File and line of the template that the character at an offset comes from."""
        index = bisect.bisect_right(self.offsets, offset) - 1
        return self.places[index] if index >= 0 else None
