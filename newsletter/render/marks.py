"""Marks: what a template puts in front of a value so that its place can be read off the result.

A marked value is equal to the text it stands for, has its length and goes through every filter as
that text would. Only when Jinja2 puts it out, which it does by ``__html__``, is there a mark before
it: ``~nonce~7~``, which MJML and the HTML parser leave alone, in text and in attributes. What a
filter has made of it is not marked any more.

Letters are not made from marked values: see ``newsletter.render.galley``.
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Callable
from typing import Any, TypeVar, cast

from markupsafe import Markup, escape

from newsletter.issue.manuscript import Where
from newsletter.render.place import Place

Value = TypeVar("Value")

Mark = Callable[[int], str]
"""Gives the mark of a character of a text: how many characters into it → ``~nonce~7~``."""


class Marks:
    """The marks of one letter.

    Args:
        source: The manuscript. A digest of it is the nonce: equal input gives equal marks, and no
            text can hold its own digest.
        origin: The way to a value → from an offset into it as it is rendered to the offset of the
            same character as the issue holds it.
    """

    def __init__(self, source: str, origin: Callable[[Where], Callable[[int], int]]) -> None:
        digest = hashlib.sha256(source.encode(errors="surrogatepass")).digest()
        self._prefix = f"~{int.from_bytes(digest[:6])}~"
        self._mark = re.compile(rf"{self._prefix}(\d+)~")
        self._origin = origin
        self._places: list[Place] = []

    def text(self, text: str, where: Where) -> str:
        """Plain text marked as coming from a value; blank text stays as it is."""
        return MarkedText(text, self._new(Place(where))) if text.strip() else text

    def inside(self, where: Where, shift: int = 0) -> Mark:
        """The marks of the characters of a value.

        Args:
            where: The way to it.
            shift: Where the rendered text begins in the value, if not at its first character;
                negative if something was put before the value.
        """
        origin = self._origin(where)
        return lambda offset: self._new(Place(where, origin(max(offset + shift, 0))))

    def place(self, text: str | None) -> Place | None:
        """The place that the first whole mark in a text stands for."""
        found = self._mark.search(text) if text and self._prefix in text else None
        return self._places[int(found[1])] if found else None

    def _new(self, place: Place) -> str:
        self._places.append(place)
        return f"{self._prefix}{len(self._places) - 1}~"


class MarkedText(str):
    """Plain text with a mark."""

    __slots__ = ("_mark",)
    _mark: str

    def __new__(cls, text: str, mark: str) -> MarkedText:
        """``text``, put out with ``mark`` in front."""
        self = super().__new__(cls, text)
        self._mark = mark
        return self

    def __html__(self) -> str:
        return self._mark + escape(str(self))


class MarkedHtml(Markup):
    """HTML with marks inside."""

    __slots__ = ("_draw",)
    _draw: Callable[[], str] | None

    def __new__(cls, html: str = "", draw: Callable[[], str] | None = None) -> MarkedHtml:
        """``html``, put out as what ``draw`` gives; without it (after a filter) as it is."""
        self = super().__new__(cls, html)
        self._draw = draw
        return self

    def __html__(self) -> str:  # type: ignore[override]
        return self._draw() if self._draw else str(self)


def unmarked(value: Value) -> Value:
    """A value, or a tuple, mapping or dataclass of values, as it would be without any marks."""
    return cast("Value", _unmarked(value))


def _unmarked(value: Any) -> Any:
    match value:
        case MarkedText():
            return str(value)
        case MarkedHtml():
            return Markup(str(value))  # noqa: S704 - it is the same HTML
        case tuple():
            return tuple(map(_unmarked, value))
        case dict():
            return {name: _unmarked(item) for name, item in value.items()}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            names = [field.name for field in dataclasses.fields(value)]
            changes = {name: _unmarked(getattr(value, name)) for name in names}
            return dataclasses.replace(value, **changes)
        case _:
            return value
