"""A table that only arranges things, and is read out as a table.

What: a table without ``role="presentation"`` or ``"none"``, be it for all mail programs or for
classic Outlook alone. Tables of data, which have ``<th>`` or ``<caption>``, are left alone.

Why: a screen reader says "table with one row and one column" before every part of the letter.

Source: Email Markup Consortium, Accessibility Report 2025: 86% of letters; WAI-ARIA 1.2,
presentation role.

Bad::

    html: <table><tr><td>The ferry is back.</td></tr></table>

Good::

    html: <table role="presentation"><tr><td>The ferry is back.</td></tr></table>
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

if TYPE_CHECKING:
    from lxml.etree import Element

ID = "A03"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_CHOSEN = frozenset({"presentation", "none", "table", "grid", "list", "listitem", "article"})
_OUTLOOK_ONLY = re.compile(r"<table\b(?![^>]*\brole\s*=\s*[\"']?(?:presentation|none)\b)[^>]*>")
_DATA = re.compile(r"<(?:th|caption)\b")


def check(context: Context) -> Iterator[Problem]:
    """At most two problems: the first such table with their number, and those for Outlook."""
    document = context.document
    bare = [table for table in document.root.iter("table") if _only_arranges(table)]
    if bare:
        yield Problem(
            f"{_count(len(bare))} without saying so",
            _HINT,
            *(document.place(bare[0]) or ()),
        )
    hidden = [
        node.text or ""
        for node in document.root.iter()
        if not isinstance(node.tag, str) and "<table" in (node.text or "")
    ]
    outlook = sum(len(_OUTLOOK_ONLY.findall(text)) for text in hidden if not _DATA.search(text))
    if outlook:
        yield Problem(f"{_count(outlook)} for classic Outlook without saying so", _HINT)


_HINT = 'In the template, write role="presentation" on tables that hold no data.'


def _count(number: int) -> str:
    return "a table only arranges things" if number == 1 else f"{number} tables only arrange things"


def _only_arranges(table: Element) -> bool:
    role = (table.get("role") or "").strip().lower()
    if role in _CHOSEN:
        return False
    return not any(
        next(one for one in cell.iterancestors() if one.tag == "table") is table
        for cell in table.iter("th", "caption")
    )
