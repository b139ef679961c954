"""Values in cells as other programs write them."""

from __future__ import annotations

import csv
import datetime
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.audience.moments import parse_moment
from newsletter.audience.profile import field_name, parse_language, parse_value
from newsletter.errors import AudienceError

# As programs in Go print a time: "2026-05-31 18:30:00.5 +0000 UTC".
_GO = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?) ([+-]\d{4})(?: \S+)*")


def moment_if_known(text: str) -> datetime.datetime | None:
    """A point in time; None if there is none, or it cannot be read: then it is not known."""
    if found := _GO.fullmatch(text.strip()):
        text = found[1] + found[2]
    try:
        return parse_moment(text)
    except AudienceError:
        return None


def language_if_known(text: str) -> str:
    """A language tag; empty if there is none, or it is not one."""
    try:
        return parse_language(text)
    except AudienceError:
        return ""


def parse_tags(text: str) -> str:
    """Tags, in the form in which segments look for them: ``events, culture``.

    Programs write them with commas between, each perhaps in quotes, or as a JSON list.

    Raises:
        AudienceError: One has control characters in it, or all together are too long.
    """
    text = text.strip()
    names: Iterable[Any] = ()
    if text.startswith("["):
        try:
            names = json.loads(text)
        except ValueError:
            names = text.strip("[]").split(",")
    elif text:
        try:
            names = next(csv.reader([text], skipinitialspace=True), ())
        except csv.Error:
            names = text.split(",")
    # A comma within a tag would make two of it.
    tags = (str(name).replace(",", " ").strip(" \"'") for name in names)
    return parse_value("tags", ", ".join(dict.fromkeys(filter(None, tags))))


def parse_json(text: str) -> Mapping[str, str]:
    """Merge fields, and perhaps a name, from a JSON object.

    What is not text, a number or a truth value is left out.

    Raises:
        AudienceError: It is no object, or a value is not fit for a letter.
    """
    text = text.strip()
    if not text:
        return {}
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise AudienceError("the further values are not a JSON object", 'Write {"city": "Lviv"}.')
    fields = {}
    for label, value in values.items():
        try:
            field = field_name(label)
        except AudienceError:
            continue  # its maker chose the name; there is nothing to mend in the row
        if field in {"email", "language"}:
            continue
        if isinstance(value, list) and field == "tags":
            fields[field] = parse_tags(json.dumps(value))
        elif isinstance(value, bool):
            fields[field] = "true" if value else "false"
        elif isinstance(value, str | int | float):
            fields[field] = parse_value(label, str(value))
    return {field: value for field, value in fields.items() if value}
