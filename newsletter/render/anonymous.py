"""An issue as it speaks to nobody in particular: for the web, where no reader is known."""

from __future__ import annotations

import re

from newsletter.issue.merge_field import FIELD
from newsletter.issue.model import Issue
from newsletter.render.merge import ADDRESS_FIELDS, Tokens
from newsletter.render.spoken import spoken

_EMPHASIS = re.compile(r"[*_~]+$")
_BEFORE = re.compile(r"[,،、]?[ \t]+$")  # what joins a name to the words before it
_AFTER = re.compile(r"[ \t]*[,،、:;!]?[ \t]+")  # and, at the beginning of a line, to those after it
_ENDS = re.compile(r"[.,:;!?…)،؛؟。、!?]|\s|$")


def anonymous(issue: Issue, tokens: Tokens) -> Issue:
    """A copy of an issue in which merge fields are tokens, or gone if nothing stands in for them.

    Args:
        issue: The issue.
        tokens: Hides the fields that have a default, and those that are web addresses.
    """
    return spoken(issue, lambda text: tokens.hide(without_unknown(text)))


def without_unknown(text: str) -> str:
    """A text without those merge fields that have nothing to show when no reader is known.

    With a field goes what joined it to the words around it: "Good morning, {{ name }}!" becomes
    "Good morning!", and "{{ name }}, the ferry is late" becomes "The ferry is late". Fields with
    a default, and those that are web addresses, stay.
    """
    before = ""
    end = 0
    for field in FIELD.finditer(text):
        if field[1] in ADDRESS_FIELDS or (field[2] or "").strip():
            continue
        before += text[end : field.start()]
        end = field.end()
        emphasis = _EMPHASIS.search(before)
        if emphasis and text.startswith(emphasis[0], end):
            before, end = before[: emphasis.start()], end + len(emphasis[0])
        if before == "" or before[-1] == "\n":
            if joined := _AFTER.match(text, end):
                end = joined.end()
                before += text[end : end + 1].upper()
                end = min(end + 1, len(text))
        elif before[-1] in " \t" and _ENDS.match(text, end):
            # Two words keep the space between them; a mark of punctuation follows its word.
            before = before[:-1] if text[end : end + 1] in " \t" else _BEFORE.sub("", before)
    return before + text[end:]
