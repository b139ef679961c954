"""``<picture>``, which hardly any mail program knows.

What: ``<picture>`` with its ``<source>``, often written for a logo that is to be another in dark
mode.

Why: most programs show the ``<img>`` inside, whatever the sources say: a dark logo stays dark on a
dark ground.

Source: caniemail, html-picture: Apple Mail only, of the large ones.

Bad::

    html: |
      <picture>
        <source srcset="https://example.com/light.png" media="(prefers-color-scheme: dark)">
        <img src="https://example.com/dark.png" alt="The Harbour Letter" width="200">
      </picture>

Good::

    html: <img src="https://example.com/logo.png" alt="The Harbour Letter" width="200">
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.lacks import lacks
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C03"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, at the first ``<picture>``."""
    document = context.document
    lack = lacks(document.root, context.options.clients).get("html-picture")
    if lack and lack.missing:
        yield Problem(
            f"<picture> is not known to {lack.where}; they show the <img> inside",
            "Make the picture in <img> one that can be seen on light and on dark ground, "
            "such as a logo with a pale rim.",
            *(document.place(lack.elements[0]) or ()),
        )
