"""An issue with each of its texts changed: what happens to the words before they are rendered."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from pydantic import BaseModel

from newsletter.issue.model import Image

Value = TypeVar("Value")

CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufffe\\uffff]")
"""What no HTML document may hold. Gmail also cuts a letter short at a C1 control."""


def spoken(value: Value, change: Callable[[str], str]) -> Value:
    """A copy of a value whose texts are changed, and hold no control characters.

    Addresses of pictures stay as they were typed: a merge field in one would give each reader
    another picture, and tell who looked at the letter.

    Args:
        value: An issue, or a part of one.
        change: What becomes of a text.
    """
    if isinstance(value, str):
        return change(CONTROL.sub("", value))  # type: ignore[return-value]
    if isinstance(value, tuple):
        return tuple(spoken(item, change) for item in value)  # type: ignore[return-value]
    if isinstance(value, BaseModel):
        names = type(value).model_fields.keys() - ({"src"} if isinstance(value, Image) else set())
        update = {name: spoken(getattr(value, name), change) for name in names}
        return value.model_copy(update=update)
    return value
