"""Something to play, fill in or run, which a letter cannot do.

What: films and sound, forms and their fields, scripts, frames and embedded objects.

Why: most programs take them out, some with everything inside. Forms that are shown may not send;
scripts run nowhere, and many filters take them for an attack.

Source: caniemail, html-video, html-form, html-input-… and others; no mail program runs scripts.

Bad::

    html: <video src="https://example.com/ferry.mp4" controls></video>

Good::

    html: |
      <a href="https://example.com/ferry"><img src="https://example.com/ferry.jpg"
      alt="Watch the ferry leave" width="600"></a>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.judgement import OWN_RULES
from newsletter.lint.caniemail.lacks import lacks
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C15"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION

_RUN_NOWHERE = ("script", "iframe", "embed", "applet")
_HINT = "Show a picture that links to a page where it works."


def check(context: Context) -> Iterator[Problem]:
    """One problem for each kind of element, at the first of them."""
    document = context.document
    found = lacks(document.root, context.options.clients)
    for slug in OWN_RULES["interactive-element"]:
        lack = found.get(slug)
        if lack and lack.missing:
            yield Problem(
                f"{lack.feature.title} does not work in {lack.where}",
                _HINT,
                *(document.place(lack.elements[0]) or ()),
            )
    for tag in _RUN_NOWHERE:
        element = next(document.root.iter(tag), None)
        if element is not None:
            yield Problem(
                f"<{tag}> works in no mail program",
                _HINT,
                *(document.place(element) or ()),
            )
