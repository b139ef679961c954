"""A picture whose width is a share, which classic Outlook takes for a share of the file.

What: ``<img width="100%">`` or any other share, in the attribute.

Why: classic Outlook for Windows takes the share of the file's own width, not of the column. A
photograph 3000 pixels wide tears the letter apart.

Source: caniemail, html-width, note 1; the "bad example" of email-guidelines.

Bad::

    html: <img src="https://example.com/ferry.jpg" alt="The ferry" width="100%">

Good::

    html: |
      <img src="https://example.com/ferry.jpg" alt="The ferry" width="600" style="width:100%">
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.features import visible
from newsletter.lint.caniemail.support import support
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C10"
GROUP = Group.CLIENTS
SEVERITY = Severity.ERROR
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such picture."""
    if "outlook" not in context.options.clients:
        return
    document = context.document
    tested = support().lookup("html-width").tested[:7]
    for seen in visible(document.root):
        width = (seen.element.get("width") or "").strip()
        if seen.outlook and seen.element.tag == "img" and width.endswith("%"):
            yield Problem(
                f'width="{width}" on a picture is taken from the file by classic Outlook for '
                f"Windows (tested {tested})",
                'Write the width in pixels, width="600", and the share as style="width:100%".',
                *(document.place(seen.element, "src") or ()),
            )
