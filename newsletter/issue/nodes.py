"""YAML text → plain values, each with its place.

The parser's events are not recursive, so that depth, size, aliases and tags are judged before
anything is built: libyaml's own composer crashes at 200,000 ``[`` (PyYAML 6.0.3). Every scalar is
the text that was typed; nothing is guessed from how it looks (``no``, ``012``, ``12:30``).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from newsletter.issue.manuscript import Span, Where
from newsletter.issue.problems import Problem, shorten

DEEPEST = 50
"""Levels of lists and mappings; a full issue has 5."""

MOST = 20_000
"""Values in one file; a full issue has about 100."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")

_APART = "\0"
# Begins a step to a value that is read but does not count: below a duplicate or complex key.

_NULLS = ("", "~", "null")

Value = str | list["Value"] | dict[str, "Value"] | None


@dataclass(slots=True)
class Tree:
    """What a file says.

    Attributes:
        text: The source that the spans point into.
        value: Text, lists and mappings; None where nothing was written.
        spans: Where each value stands. An entry of a list that is a mapping starts at its ``-``.
        keys: Where the key of each value in a mapping stands.
        holes: Values that are not what was meant (aliases); nothing more is said about them.
        problems: What is wrong with it whatever it means: duplicate keys, aliases, tags …
        is_complete: False if reading stopped at a limit.
    """

    text: str
    value: Value = None
    spans: dict[Where, Span] = field(default_factory=dict)
    keys: dict[Where, Span] = field(default_factory=dict)
    holes: set[Where] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    is_complete: bool = True
    _line_starts: list[int] = field(default_factory=list)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column, counted from 0, of an offset in the text."""
        if not self._line_starts:
            starts = [index + 1 for index, char in enumerate(self.text) if char == "\n"]
            self._line_starts = [0, *starts]
        line = bisect.bisect_right(self._line_starts, offset) - 1
        return line, offset - self._line_starts[line]

    def get(self, where: Where) -> Value:
        """The value at a place; None if there is none."""
        value = self.value
        for step in where:
            if isinstance(value, dict) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def problem(self, offset: int, rule: str, message: str, hint: str = "") -> Problem:
        """A problem at an offset."""
        return Problem(*self.place(offset), rule, message, hint)


def build(text: str) -> Tree:
    """The values of a YAML document.

    Raises:
        yaml.YAMLError: It is not YAML; ``newsletter.issue.syntax`` says why.
    """
    return _Builder(text).build()


@dataclass(slots=True)
class _Frame:
    """A list or mapping that is being read."""

    where: Where
    container: list[Value] | dict[str, Value]
    start: int
    key: str | None = None
    step: str = ""


def _container(event: yaml.CollectionStartEvent) -> list[Value] | dict[str, Value]:
    return [] if isinstance(event, yaml.SequenceStartEvent) else {}


class _Builder:
    def __init__(self, text: str) -> None:
        self.tree = Tree(text)
        self.stack: list[_Frame] = []
        self.named: set[str] = set()
        self.last_end = 0

    def build(self) -> Tree:
        nodes = 0
        for event in _events(self.tree.text):
            if isinstance(event, yaml.NodeEvent):
                nodes += 1
                if nodes > MOST:
                    self._give_up(event, "too-many-values", f"more than {MOST:,} values")
                    break
                if len(self.stack) > DEEPEST:
                    self._give_up(event, "too-deep", f"more than {DEEPEST} levels of nesting")
                    break
                self._node(event)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close(event)
        return self.tree

    def _node(self, event: yaml.NodeEvent) -> None:
        if event.anchor is not None:
            self._refuse_name(event)
        frame = self.stack[-1] if self.stack else None
        is_key = frame is not None and isinstance(frame.container, dict) and frame.key is None
        if frame is not None and is_key:
            self._key(frame, event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(frame, event)
        else:
            self._scalar(frame, event)
        if getattr(event, "tag", None) is not None:
            self._refuse_tag(event)
        self.last_end = _end(event)

    def _key(self, frame: _Frame, event: yaml.NodeEvent) -> None:
        start = _start(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._complex_key(frame, event)
            return
        key = frame.key = frame.step = event.value
        where = (*frame.where, key)
        self._look_for_controls(start, key)
        if where in self.tree.keys:
            first, _ = self.tree.place(self.tree.keys[where].start)
            self._report(
                start,
                "duplicate-key",
                f'"{shorten(key)}" stands here twice, first on line {first + 1}',
                "Keep one of the two."
                if not frame.where
                else 'Keep one of the two, or begin a new entry with "- ".',
            )
            frame.step = f"{_APART}{start}"  # read on, but keep the first
        else:
            self.tree.keys[where] = Span(start, _end(event))

    def _complex_key(self, frame: _Frame, event: yaml.NodeEvent) -> None:
        """A list, mapping or alias that is itself a key: ``{{ name }}``, ``? [a, b]``."""
        start = _start(event)
        frame.key, frame.step = "", f"{_APART}{start}"
        if self.tree.text[start - 1 : start + 1] == "{{":
            self.tree.holes.add(frame.where)
            self._report(
                start - 1,
                "leading-sign",
                'text that begins with "{" has no quotes around it',
                "Put quotes around the whole text.",
            )
        elif isinstance(event, yaml.CollectionStartEvent):
            self._report(start, "yaml-syntax", "a key must be one word, followed by a colon")
        if isinstance(event, yaml.CollectionStartEvent):
            self.stack.append(_Frame((*frame.where, frame.step), _container(event), start))

    def _open(self, frame: _Frame | None, event: yaml.CollectionStartEvent) -> None:
        start = _start(event)
        if frame and isinstance(frame.container, list) and not event.flow_style:
            start = self._dash(start)
        opened = _Frame(self._where(frame), _container(event), start)
        self._put(frame, opened.container)
        if event.tag is not None:
            self.tree.holes.add(opened.where)
        self.stack.append(opened)

    def _scalar(self, frame: _Frame | None, event: yaml.NodeEvent) -> None:
        where = self._where(frame)
        self.tree.spans[where] = Span(_start(event), _end(event))
        if getattr(event, "tag", None) is not None:
            self.tree.holes.add(where)
        if isinstance(event, yaml.ScalarEvent):
            is_null = not event.style and event.value in _NULLS
            self._put(frame, None if is_null else event.value)
            self._look_for_controls(_start(event), event.value)
        else:
            self.tree.holes.add(where)
            self._put(frame, None)

    def _where(self, frame: _Frame | None) -> Where:
        if frame is None:
            return ()
        step = len(frame.container) if isinstance(frame.container, list) else frame.step
        return (*frame.where, step)

    def _put(self, frame: _Frame | None, value: Value) -> None:
        if frame is None:
            self.tree.value = value
        elif isinstance(frame.container, list):
            frame.container.append(value)
        else:
            if not frame.step.startswith(_APART):
                frame.container[frame.step] = value
            frame.key = None

    def _close(self, event: yaml.CollectionEndEvent) -> None:
        frame = self.stack.pop()
        # The end of a block is only known from what follows it; its own end is that of its
        # last value.
        end = max(self.last_end, frame.start)
        if _end(event) > _start(event):
            end = _end(event)
        self.tree.spans[frame.where] = Span(frame.start, end)
        self.last_end = end

    def _dash(self, start: int) -> int:
        """The "-" of the list entry whose value starts at ``start``."""
        before = self.tree.text[:start].rstrip(" \n")
        return len(before) - 1 if before.endswith("-") else start

    def _report(self, offset: int, rule: str, message: str, hint: str = "") -> None:
        self.tree.problems.append(self.tree.problem(offset, rule, message, hint))

    def _give_up(self, event: yaml.Event, rule: str, what: str) -> None:
        self.tree.is_complete = False
        self._report(_start(event), rule, f"{what}, which no issue has")

    def _refuse_name(self, event: yaml.NodeEvent) -> None:
        name = event.anchor or ""
        if name in self.named:
            return
        self.named.add(name)
        is_alias = isinstance(event, yaml.AliasEvent)
        sign, what = ("*", "an alias") if is_alias else ("&", "an anchor")
        self._report(
            _start(event),
            "alias",
            f'"{sign}{shorten(name)}" is {what} in YAML, which an issue must not use',
            f'Put quotes around the text if it should begin with "{sign}".',
        )

    def _refuse_tag(self, event: yaml.NodeEvent) -> None:
        start = _start(event)
        typed = self.tree.text[start:].split(None, 1)[0]
        self._report(
            start,
            "tag",
            f'"{shorten(typed)}" is a tag in YAML, which an issue must not use',
            'Put quotes around the text if it should begin with "!".',
        )

    def _look_for_controls(self, start: int, value: str) -> None:
        if found := _CONTROL.search(value):
            self._report(
                start,
                "control-character",
                f"this text holds an invisible character (U+{ord(found[0]):04X})",
                "Take out the code with the backslash that makes it.",
            )


def _events(text: str) -> Iterator[yaml.Event]:
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.CSafeLoader)
    return events


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0
