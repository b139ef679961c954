"""Merge fields: the few places of a letter that differ from reader to reader.

An editor writes ``{{ name }}`` or ``{{ name | friend }}`` (the words after the bar stand in when a
reader has no name). While a letter is rendered the field is an opaque token of letters and digits,
which Markdown, MJML, premailer and quoted-printable leave alone. Afterwards the letter is cut
at its tokens into ``Merged``: literal text and slots, each slot knowing how a value must
be escaped where it stands. A reader's data is put in as text; it is never evaluated.
"""

from __future__ import annotations

import bisect
import enum
import html
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from newsletter.issue.merge_field import FIELD

ADDRESS_FIELDS = frozenset({"unsubscribe_url", "view_url"})
"""Fields that the program makes itself and that are whole web addresses."""

BUILT_IN_FIELDS = ADDRESS_FIELDS | {"email", "name"}
"""Fields that every reader has; all others come from the columns of the imported list."""


class Context(enum.StrEnum):
    """Where a slot stands, and so how its value is escaped."""

    HTML = "html"
    """Text or an attribute of HTML."""
    URL = "url"
    """A part of a web address, in HTML or in plain text."""
    TEXT = "text"
    """Plain text, including header values: control characters become spaces."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One open place: which field, what stands in without a value, and how to escape it."""

    field: str
    default: str
    context: Context

    def fill(self, values: Mapping[str, str]) -> str:
        """The field's value for one reader, escaped for this place.

        An empty or blank value counts as none: the default stands in.
        """
        value = values.get(self.field, "")
        if not value.strip():
            value = self.default
        value = re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", value)
        if self.context is Context.HTML:
            return html.escape(value)
        if self.context is Context.URL:
            return quote(value, safe="")
        return value


@dataclass(frozen=True, slots=True)
class Merged:
    """A text cut at its merge fields."""

    parts: tuple[str | Slot, ...]

    def fill(self, values: Mapping[str, str]) -> str:
        """The text for one reader; ``values`` maps field names to plain text."""
        return "".join(p if isinstance(p, str) else p.fill(values) for p in self.parts)

    @property
    def slots(self) -> tuple[Slot, ...]:
        """The open places, in order."""
        return tuple(part for part in self.parts if isinstance(part, Slot))


class Tokens:
    """Turns merge fields into opaque tokens before rendering and into slots afterwards.

    One object serves one edition. The token's salt is chosen so that it occurs nowhere in the
    manuscript; the same manuscript always gives the same tokens.
    """

    def __init__(self, source: str) -> None:
        salt = 0
        while f"mergefield{salt}x" in source:
            salt += 1
        self._prefix = f"mergefield{salt}x"
        self._fields: list[tuple[str, str]] = []
        self._numbers: dict[tuple[str, str], int] = {}
        self._token = re.compile(self._prefix + r"(\d+)z")

    def token(self, field: str, default: str = "") -> str:
        """The token that stands for a field; the same field and default share one."""
        key = (field, default)
        if key not in self._numbers:
            self._numbers[key] = len(self._fields)
            self._fields.append(key)
        return f"{self._prefix}{self._numbers[key]:04d}z"

    def hide(self, text: str) -> str:
        """``text`` with each merge field replaced by its token; anything else stays as it is.

        A field that is a web address takes no default: it would be a link that nobody checks.
        """
        return FIELD.sub(
            lambda m: self.token(m[1], "" if m[1] in ADDRESS_FIELDS else (m[2] or "").strip()), text
        )

    def origins(self, text: str) -> Callable[[int], int]:
        """Where in ``text`` the character at an offset of ``hide(text)`` comes from."""
        starts, ends, fields = [0], [0], [(0, 0)]  # of each field: in the hidden text, in the text
        for field in FIELD.finditer(text):
            starts.append(field.start() - fields[-1][1] + ends[-1])
            ends.append(starts[-1] + len(self.hide(field[0])))
            fields.append(field.span())

        def origin(offset: int) -> int:
            last = bisect.bisect_right(starts, offset) - 1
            if offset < ends[last]:
                return fields[last][0]
            return offset - ends[last] + fields[last][1]

        return origin

    def is_address(self, text: str) -> bool:
        """Whether a text starts with the token of a field that is a whole web address."""
        match = self._token.match(text)
        return bool(
            match and self._knows(match) and self._fields[int(match[1])][0] in ADDRESS_FIELDS
        )

    def occur_in(self, text: str) -> bool:
        """Whether a text holds a token."""
        return self._token.search(text) is not None

    def _knows(self, match: re.Match[str]) -> bool:
        # Markdown can spell a token that the source does not hold: "&#48;" is a zero.
        return int(match[1]) < len(self._fields)

    def cut(self, text: str, context: Context) -> Merged:
        """Rendered text, cut at its tokens.

        A token inside a web address gets ``Context.URL``, be it in an ``href`` or ``src`` or in
        running plain text. Only a field that is itself a web address, and stands where one begins,
        keeps the context.
        """
        parts: list[str | Slot] = []
        addresses = _Addresses(text, context)
        end = 0
        for match in filter(self._knows, self._token.finditer(text)):
            if match.start() > end:
                parts.append(text[end : match.start()])
            field, default = self._fields[int(match[1])]
            where = context
            into = addresses.into(match.start())
            if into or (into == 0 and field not in ADDRESS_FIELDS):
                where = Context.URL
            parts.append(Slot(field, default, where))
            end = match.end()
        if end < len(text):
            parts.append(text[end:])
        return Merged(tuple(parts))


_ADDRESS = {
    Context.HTML: re.compile(r"""(?=(?:href|src)\s*=\s*(?:"([^"<]*)|'([^'<]*)))""", re.IGNORECASE),
    Context.TEXT: re.compile(r"((?:https?://|mailto:)\S*)", re.IGNORECASE),
}


class _Addresses:
    """The web addresses of a text, asked from left to right.

    They are looked for in the tag or line around a place, and once in each: one paragraph may have
    thousands of fields.
    """

    def __init__(self, text: str, context: Context) -> None:
        self._text = text
        self._context = context
        self._start = self._stop = 0
        self._spans: dict[int, list[tuple[int, int]]] = {}  # by the kind of quotes around them

    def into(self, position: int) -> int | None:
        """How many characters into an address a place is; None if it is in no address."""
        if not self._start <= position < self._stop:
            self._look_around(position)
        starts = []
        for spans in self._spans.values():
            number = bisect.bisect_right(spans, position, key=lambda span: span[0]) - 1
            if number >= 0 and position <= spans[number][1]:
                starts.append(spans[number][0])
        return position - min(starts) if starts else None

    def _look_around(self, position: int) -> None:
        end = "<" if self._context is Context.HTML else "\n"
        self._start = max(self._text.rfind(end, 0, position), 0)
        self._stop = self._text.find(end, position)
        if self._stop < 0:
            self._stop = len(self._text)
        self._spans = {}
        for found in _ADDRESS[self._context].finditer(self._text, self._start, self._stop):
            kind = found.lastindex or 0
            self._spans.setdefault(kind, []).append(found.span(kind))
