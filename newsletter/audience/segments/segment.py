"""A segment: ``language == "uk" and "events" in tags``, made into a condition of the database.

The words are those of Python, whose own parser reads them; nothing of it is ever run. Only what
stands in the table below has a meaning, and every value of it goes to the database as a bound
parameter, never as part of a statement.
"""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import ColumnElement, and_, not_, or_

from newsletter.audience.segments.field import Field, Language, Since, Text
from newsletter.audience.text import shown
from newsletter.errors import SegmentError

LONGEST = 500
"""Characters of the longest segment."""

DEEPEST = 20
"""How deep brackets and words may be nested."""

EXAMPLE = 'language == "uk" and "events" in tags'


@dataclass(frozen=True, slots=True)
class Segment:
    """Some of the readers of a list.

    Attributes:
        text: As it was written.
    """

    text: str
    _tree: ast.expr = field(repr=False, compare=False)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The segment that an expression describes.

        ::

            language == "uk"                   also readers of uk-UA (RFC 4647 §3.3.1)
            city in ("Lviv", "Kyiv")           one of several; also: not in
            "events" in tags                   one of the words of a list, "events, culture"
            city                               whether anything is known of it
            since >= "2026-01-01"              when they came: <, <=, >, >=
            name, email, domain                further fields; all others are imported columns
            and, or, not, ( )

        Raises:
            SegmentError: It is none; says where.
        """
        if len(text) > LONGEST:
            raise SegmentError(
                f"the segment has {len(text)} characters", f"The longest has {LONGEST}."
            )
        try:
            with warnings.catch_warnings(action="ignore"):  # an odd backslash is no news
                tree = ast.parse(text.replace("\n", " ").strip(), mode="eval").body
        except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
            raise _wrong(text, getattr(error, "offset", None)) from None
        segment = cls(text.strip(), tree)
        segment.clause("sqlite")  # says what is wrong with it, before anybody relies on it
        return segment

    def clause(self, dialect: str) -> ColumnElement[bool]:
        """The condition, to be put to the table ``subscribers``.

        Args:
            dialect: ``Database.dialect``.
        """
        return _Reading(self.text, dialect).condition(self._tree, DEEPEST)


class _Reading:
    """One expression being read."""

    def __init__(self, text: str, dialect: str) -> None:
        self._text = text
        self._dialect = dialect

    def condition(self, node: ast.expr, depth: int) -> ColumnElement[bool]:
        if not depth:
            raise SegmentError("the segment is nested too deep", "Write it with fewer brackets.")
        match node:
            case ast.BoolOp(op=op, values=values):
                join = and_ if isinstance(op, ast.And) else or_
                return join(*(self.condition(value, depth - 1) for value in values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return not_(self.condition(operand, depth - 1))
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._comparison(left, op, right)
            case ast.Name():
                return self._field(node).known()
        raise self._wrong(node)

    def _comparison(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> ColumnElement[bool]:
        if isinstance(op, ast.In | ast.NotIn):
            found = (
                self._field(left).one_of(self._values(right))
                if isinstance(left, ast.Name)
                else self._field(right).has(self._value(left))
            )
            return found if isinstance(op, ast.In) else not_(found)
        if isinstance(op, ast.Eq | ast.NotEq):
            if not isinstance(left, ast.Name):
                left, right = right, left
            found = self._field(left).one_of((self._value(right),))
            return found if isinstance(op, ast.Eq) else not_(found)
        compare = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}.get(type(op))
        if compare is None:  # "is"
            raise self._wrong(left)
        return self._field(left).compared(compare, self._value(right))

    def _field(self, node: ast.expr) -> Field:
        if not isinstance(node, ast.Name):
            raise self._wrong(node)
        if node.id == "language":
            return Language(self._dialect)
        if node.id == "since":
            return Since(self._dialect)
        return Text.named(node.id, self._dialect)

    def _value(self, node: ast.expr) -> str:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return node.value
        if isinstance(node, ast.Name):
            raise SegmentError(
                f"segment: {node.id} stands where a value should",
                f'Put values in quotes: "{node.id}".',
            )
        raise self._wrong(node)

    def _values(self, node: ast.expr) -> tuple[str, ...]:
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            if not node.elts:
                raise self._wrong(node)
            return tuple(self._value(value) for value in node.elts)
        return (self._value(node),)

    def _wrong(self, node: ast.AST) -> SegmentError:
        return _wrong(self._text, getattr(node, "col_offset", 0) + 1)


def _wrong(text: str, offset: int | None) -> SegmentError:
    if curly := next((character for character in text if character in "“”„‘’«»"), ""):
        return SegmentError(
            f"the segment has the quotation mark {curly} in it: {shown(text)}",
            'Write straight ones: language == "uk".',
        )
    place = f" at character {offset}" if offset and offset > 1 else ""
    hint = f"Write it like this: {EXAMPLE}"
    if "=" in text.replace("==", "").replace("!=", "").replace("<=", "").replace(">=", ""):
        hint = f"To compare, write ==. {hint}"
    return SegmentError(f"cannot understand the segment{place}: {shown(text)}", hint)
