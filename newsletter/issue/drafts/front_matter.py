"""Front matter of a Markdown draft: ``---``, keys, ``---`` (or ``+++`` and TOML)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from newsletter.issue.drafts import fields
from newsletter.issue.drafts.blocks import Block, BlockKind, Remark

_FENCED = re.compile(r"(?s)\A\s*?(---|\+\+\+)[ \t]*\n(.*?)\n?(?:^\1|^\.\.\.)[ \t]*(?:\n|\Z)", re.M)
_LONGEST = 20_000  # characters; what is longer is no front matter


def read(text: str) -> tuple[list[Block], list[Remark], str]:
    """Fields of the front matter, and the text behind it with its lines where they were."""
    found = _FENCED.match(text[:_LONGEST])
    if not found or not re.search(r"(?m)^\s*[\w\"'-]+\s*[:=]", found[2]):
        return [], [], text
    first = text.count("\n", 0, found.start(2)) + 1
    values = _toml(found[2]) if found[1] == "+++" else _yaml(found[2])
    if values is None:
        values = dict(_lines(found[2]))
    blocks, remarks = _blocks(values, found[2], first)
    behind = "\n" * text.count("\n", 0, found.end()) + text[found.end() :]
    return blocks, remarks, behind


def _yaml(source: str) -> Mapping[str, Any] | None:
    import yaml

    from newsletter.issue.nodes import build

    try:
        tree = build(source)
    except yaml.YAMLError:
        return None
    is_sound = isinstance(tree.value, dict) and not tree.holes and tree.is_complete
    return tree.value if is_sound and isinstance(tree.value, dict) else None


def _toml(source: str) -> Mapping[str, Any] | None:
    try:
        return tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None


def _lines(source: str) -> Iterator[tuple[str, str]]:
    """What can be read of front matter that is not YAML: a headline with a colon, for one."""
    for line in source.split("\n"):
        key, colon, value = re.sub(r"^(\s*[\w-]+)\s*=", r"\1:", line).partition(":")
        if colon and key.strip():
            yield key.strip().strip("\"'"), value.strip().strip("\"'")


def _blocks(values: Mapping[str, Any], source: str, first: int) -> tuple[list[Block], list[Remark]]:
    blocks: list[Block] = []
    remarks = []
    for name, value in values.items():
        line = _line(str(name), source, first)
        key = fields.canonical(str(name))
        texts = _texts(value)
        if texts is None or key not in fields.OF_ISSUE:
            if value is not None:
                said = f'"{str(name)[:40]}: {_said(value)}" is no field of an issue'
                remarks.append(Remark(line, "field", f"{said}, and was left out"))
            continue
        blocks += (Block(BlockKind.FIELD, text, line, key=key) for text in texts if text)
    return blocks, remarks


def _line(name: str, source: str, first: int) -> int:
    found = re.search(rf"(?m)^\s*[\"']?{re.escape(name)}\b", source)
    return first + source.count("\n", 0, found.start() if found else 0)


def _texts(value: Any) -> Sequence[str] | None:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(one, dict | list) or one is None for one in values):
        return None
    return [str(one).strip() for one in values]


def _said(value: Any) -> str:
    said = " ".join(str(value).split())
    return said if len(said) <= 200 else f"{said[:199]}…"
