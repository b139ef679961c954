"""Functions that remember what they said of the last few things that they were asked about."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Generic, TypeVar

S = TypeVar("S")
T = TypeVar("T")

ISSUES = 64
"""Issues of which something is remembered, since each is compared with the few before it."""


def remembered(most: int) -> Callable[[Callable[[S], T]], Callable[[S], T]]:
    """A decorator for functions of one thing: a manuscript, an issue, a context.

    A thing counts as itself, not by what it says, which would take long to compare: the archive
    gives the same manuscript as long as its file stays the same.

    Args:
        most: How many things to remember at most.
    """

    def remember(say: Callable[[S], T]) -> Callable[[S], T]:
        @functools.lru_cache(maxsize=most)
        def say_once(key: _Identity[S]) -> T:
            return say(key.thing)

        @functools.wraps(say)
        def ask(thing: S) -> T:
            return say_once(_Identity(thing))

        return ask

    return remember


class _Identity(Generic[S]):
    __slots__ = ("thing",)

    def __init__(self, thing: S) -> None:
        self.thing = thing

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.thing is self.thing

    def __hash__(self) -> int:
        return id(self.thing)
