"""An inbox row that goes on with the letter's first words.

What: a letter without hidden text before its first words (the preheader), or with less than 200
characters of it, counting the invisible ones that pad it.

Why: inboxes show as much as fits behind the subject. Behind a short preheader they show what comes
next: the newsletter's name, "No. 42", "View in browser".

Source: react-email and Maizzle pad to 200 characters; MJML, issue 1829.

Bad::

    html: <body><div style="display:none">Also a library</div><p>The Harbour Letter</p></body>

Good::

    html: |
      <body><div style="display:none">Also a library that stays open until ten, a market under a
      roof, the last of the winter's storms, a choir that sings from the lighthouse on Sunday, a map
      of all the benches in town, and three recipes for smoked herring from our readers.</div>
      <p>The Harbour Letter</p></body>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.lead import lead_text
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.render.mjml import PREHEADER

ID = "H04"
GROUP = Group.INBOX
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

# A field may stand for more characters than its name has.
_FIELD = re.compile(r"\{\{ \w+ \}\}")


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, for the letter as a whole."""
    text = _FIELD.sub(20 * "x", lead_text(context.document.root)).strip(" ")
    if not text:
        yield Problem(
            "no hidden preheader stands before the letter's first words, which inboxes then show",
            "In the template, write <mj-preview>{{ issue.preheader }}</mj-preview>.",
        )
    elif len(text) < PREHEADER:
        yield Problem(
            f"the hidden preheader has only {len(text)} characters with its padding; inboxes go on "
            "with the letter's first words",
            f"In the template, pad it to {PREHEADER} characters: <mj-preview> does.",
        )
