r"""Merge fields that stand in a draft: which of them stay, and how the others become words.

``{{ name | neighbour }}`` is as this newsletter writes them, and stays. ``{{ email }}`` is as half
of all mailing programs do, and so came perhaps with a text from elsewhere: it becomes words, by a
backslash where Markdown takes one (``{\{ email }}``), else by a space. Inside an address a field
would tell who follows it, and is percent-encoded; only a link that is nothing but one of
``LINKS`` stays. Each is named to the editor.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from newsletter.issue.drafts.blocks import Block, Remark
from newsletter.issue.merge_field import FIELD

LINKS = frozenset({"unsubscribe_url", "view_url"})
"""Fields that are whole web addresses."""

_ADDRESSES = frozenset({"link", "src", "url"})
_MARKDOWN = frozenset({"body", "caption", "intro", "note", "outro", "text"})
_LONGEST = 2_048  # characters of an address
_LONG = 100  # characters; what is longer, or goes over lines, is no greeting
_IN_ADDRESS = re.compile(r"(?i)(?:https?://|www\.|mailto:|\]\()[^\s)>]*\Z")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)[^`]{1,500}(?<!`)\1(?!`)")


def settle(
    values: Mapping[str, Any], blocks: Sequence[Block]
) -> tuple[dict[str, Any], list[Remark]]:
    """The values of an issue, with the merge fields of its draft made harmless.

    Args:
        values: As ``Issue`` takes them; every text is looked at.
        blocks: The draft, for the lines.
    """
    fields = _Fields.of(blocks)
    return {key: fields.settled(value, key) for key, value in values.items()}, fields.remarks


@dataclass(slots=True)
class _Fields:
    """The fields of a draft: where each stands, and what became of them."""

    lines: Mapping[str, deque[int]]
    remarks: list[Remark] = field(default_factory=list)

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> _Fields:
        lines: defaultdict[str, deque[int]] = defaultdict(deque)
        for block in blocks:
            picture = block.picture
            said = (picture.src, picture.alt, picture.caption, picture.title) if picture else ()
            for text in (block.text, *said):
                for found in FIELD.finditer(text) if "{{" in text else ():
                    lines[_squeezed(found)].append(block.line)
        return cls(lines)

    def settled(self, value: Any, key: str) -> Any:
        """A value, or the values inside it."""
        if isinstance(value, str):
            return self._text(value, key) if "{{" in value else value
        if isinstance(value, Mapping):
            return {inner: self.settled(part, inner) for inner, part in value.items()}
        if isinstance(value, Sequence):
            return [self.settled(part, key) for part in value]
        return value

    def _text(self, text: str, key: str) -> str:
        is_markdown = key in _MARKDOWN
        code = [found.span() for found in _CODE.finditer(text)] if is_markdown else []
        done, end = "", 0
        pieces: list[str] = []
        for found in FIELD.finditer(text):
            before = text[end : found.start()]
            done = f"{done}{before}"[-_LONGEST:]
            is_whole = done.endswith("](") and text[found.end() : found.end() + 1] == ")"
            if key in _ADDRESSES or (is_markdown and _IN_ADDRESS.search(done)):
                new = found[0] if is_whole and found[1] in LINKS else _encoded(found[0])
            elif (found[2] or "").strip() and found[0].isprintable() and len(found[0]) < _LONG:
                new = found[0]
            else:
                while code and code[0][1] <= found.start():
                    code.pop(0)
                in_code = bool(code) and code[0][0] < found.start()
                new = found[0].replace("{{", "{\\{" if is_markdown and not in_code else "{ {")
            self._remark(found, stays=new == found[0])
            pieces += before, new
            done, end = f"{done}{new}"[-_LONGEST:], found.end()
        return "".join([*pieces, text[end:]])

    def _remark(self, found: re.Match[str], *, stays: bool) -> None:
        lines = self.lines.get(_squeezed(found))
        line = lines.popleft() if lines else 1
        shown = " ".join(found[0].split())[:80]
        if stays:
            said = f"{shown} is filled in for each reader"
            hint = "Leave it if that is meant; if it came with a text from elsewhere, take it out."
        else:
            said = f"{shown} would have been filled in for each reader; it was made plain words"
            hint = "Take it out, or type it anew in the issue if it is meant."
        rule = "merge-field-kept" if stays else "merge-field"
        self.remarks.append(Remark(line, rule, said, hint))


def _squeezed(found: re.Match[str]) -> str:
    return "".join(found[0].split())


def _encoded(text: str) -> str:
    return "".join(text.split()).replace("{", "%7B").replace("}", "%7D")
