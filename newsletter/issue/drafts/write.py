"""An issue → the canonical text of its file, which reads back as exactly that issue.

Keys stand in one order, long texts below ``|``, other texts without quotes where YAML reads them
as text, and one blank line before every section.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from newsletter.issue.model import Issue, Part

_ORDER = (
    *(
        "subject",
        "preheader",
        "date",
        "expires",
        "number",
        "title",
        "language",
        "template",
        "draft",
        "visibility",
        "lists",
    ),
    *("intro", "summary", "sections"),
    *("kind", "headline", "label", "id", "byline", "image"),
    *("src", "alt", "credit", "caption", "width"),
    *("body", "text", "source", "story", "items", "url", "note", "link", "outro"),
    "corrections",
)
_APART = frozenset({"intro", "summary", "sections", "outro", "corrections"})
_PARAGRAPHS = frozenset({"body", "intro", "outro"})

# What YAML 1.1 or 1.2 reads as a truth, as nothing, as a number or a date.
_WORD_OF_YAML = re.compile(r"(?i)y|n|yes|no|on|off|true|false|null|nan|inf|none")
_NUMBER = re.compile(r"[-+.\d][\d_,.:xXoOeEa-fA-F+TtZz -]*")
# What YAML 1.2 (section 5.1) does not print, and what libyaml takes for the end of a line.
_UNPRINTED = re.compile(
    "[^\x20-\x7e\xa1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)


def to_yaml(issue: Issue, *, opening: str = "", comments: Mapping[str, str] | None = None) -> str:
    """The file of an issue.

    Args:
        issue: What it says.
        opening: Comment lines before it, each with its ``#``.
        comments: Behind the values of top-level keys: ``{"draft": "change to false …"}``.

    Returns:
        Text that ``newsletter.issue.load`` reads as an equal issue.
    """
    lines = [opening.rstrip("\n"), ""] if opening else []
    for key, value in _fields(issue):
        if key in _APART:
            lines += [""] if lines and lines[-1] else []
        written = list(_entry(key, value, 0))
        if comments and key in comments:
            written[0] += f"  # {comments[key]}"
        lines += written
    return "\n".join(lines) + "\n"


def _fields(part: Part) -> Iterator[tuple[str, Any]]:
    """The keys of a part that say something, in their order."""
    fields = type(part).model_fields
    for key in sorted(fields, key=_ORDER.index):
        value = getattr(part, key)
        is_silent = value == fields[key].default or (value == () and not fields[key].is_required())
        if not is_silent:
            yield key, value


def _entry(key: str, value: Any, indent: int) -> Iterator[str]:
    lead = " " * indent
    if key == "lists":
        yield f"{lead}{key}: [{', '.join(_scalar(name) for name in value)}]"
    elif isinstance(value, tuple):
        yield f"{lead}{key}:"
        for index, item in enumerate(value):
            if index and key == "sections":
                yield ""
            yield from _item(item, indent + 2)
    elif isinstance(value, Part):
        yield f"{lead}{key}:"
        for name, inner in _fields(value):
            yield from _entry(name, inner, indent + 2)
    elif isinstance(value, str) and (key in _PARAGRAPHS or "\n" in value):
        header, *lines = _block(value, indent)
        yield f"{lead}{key}: {header}"
        yield from lines
    else:
        yield f"{lead}{key}: {_scalar(value)}"


def _item(item: Part, indent: int) -> Iterator[str]:
    lines = [line for key, value in _fields(item) for line in _entry(key, value, indent + 2)]
    first = lines[0] if lines else f"{' ' * (indent + 2)}kind: story"
    yield f"{' ' * indent}- {first[indent + 2 :]}"
    yield from lines[1:]


def _block(value: str, indent: int) -> list[str]:
    """A text below ``|``, or in quotes if its white space cannot stand there."""
    text = value.rstrip("\n")
    lines = text.split("\n")
    ends = len(value) - len(text)  # with "|+", blank lines between sections would count, too
    if not lines[0].strip() or ends > 1 or _UNPRINTED.search(re.sub("[\n\xa0]", "", value)):
        return [_quoted(value)]
    header = f"|{'2' if lines[0][0] == ' ' else ''}{'' if ends else '-'}"
    return [header, *(f"{' ' * (indent + 2)}{line}" if line else "" for line in lines)]


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | datetime.date):
        return str(value)
    return value if _is_plain(value) else _quoted(value)


def _is_plain(text: str) -> bool:
    first = text[:1]
    return (
        bool(first)
        and (first.isalnum() or first in "“”„«»‘’¿¡…")
        and text.isprintable()
        and ": " not in text
        and " #" not in text
        and not text.endswith((":", " "))
        and "\u00a0" not in text[:1] + text[-1:]
        and not _WORD_OF_YAML.fullmatch(text)
        and not _NUMBER.fullmatch(text)
    )


def _quoted(text: str) -> str:
    """In double quotes; what YAML does not print is written as its number."""
    written = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(_escape, written)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
