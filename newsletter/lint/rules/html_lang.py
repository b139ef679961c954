"""A letter whose document names no language, or a wrong one.

What: ``<html>`` without ``lang``, with one that is no language tag, or with another language than
the issue's.

Why: programs that show a letter as a page of its own, and the web version, take the language for
reading aloud, for hyphens and for quotation marks from there.

Source: Email Markup Consortium, Accessibility Report 2025: missing in 67% of letters; WCAG 2.2,
3.1.1; BCP 47.

Bad::

    html: <html><body><p>The ferry is back.</p></body></html>

Good::

    html: <html lang="en-GB"><body><p>The ferry is back.</p></body></html>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.model import LANGUAGE
from newsletter.lint.plain import primary
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "A06"
GROUP = Group.ACCESSIBILITY
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_HINT = 'In the template, write lang="{{ issue.language }}" on <mjml> or <html>.'


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, for the letter as a whole."""
    said = (context.document.root.get("lang") or "").strip()
    meant = context.edition.language
    if not said:
        yield Problem("the document does not say its language", _HINT)
    elif not re.fullmatch(LANGUAGE, said):
        yield Problem(f'"{said}" is no language tag', _HINT)
    elif primary(said) not in (primary(meant), "und"):
        yield Problem(f'the document says lang="{said}", but the issue is in "{meant}"', _HINT)
