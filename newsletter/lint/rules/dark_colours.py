"""Dark colours that only some of the dark programs get.

What: a style sheet with ``@media (prefers-color-scheme: dark)``, and without rules for
``[data-ogsc]`` or ``[data-ogsb]``.

Why: Apple Mail follows the first. Outlook.com and the Outlook apps darken a letter by themselves
and mark what they have changed with these attributes; without rules for them, their own choice of
colours holds, which nobody has looked at. Gmail follows neither.

Source: caniemail, css-at-media-prefers-color-scheme, note on Outlook.

Bad::

    html: |
      <style>@media (prefers-color-scheme: dark) { h1 { color: #fff !important } }</style>
      <h1>The ferry is back</h1>

Good::

    html: |
      <style>@media (prefers-color-scheme: dark) { h1 { color: #fff !important } }
      [data-ogsc] h1 { color: #fff !important }</style>
      <h1>The ferry is back</h1>
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.caniemail.features import features
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C04"
GROUP = Group.CLIENTS
SEVERITY = Severity.INFO
TARGET = Target.EDITION

_DARK = "css-at-media-prefers-color-scheme"


def check(context: Context) -> Iterator[Problem]:
    """At most one problem, for the letter as a whole."""
    root = context.document.root
    if "outlook" not in context.options.clients:
        return
    if not any(use.slug == _DARK for use in features(root)):
        return
    sheets = "".join(style.text or "" for style in root.iter("style"))
    if "[data-ogsc]" not in sheets and "[data-ogsb]" not in sheets:
        yield Problem(
            "the letter's dark colours do not reach Outlook, which darkens letters by itself",
            "In the template, repeat the dark rules for text behind [data-ogsc] and those for "
            "backgrounds behind [data-ogsb].",
        )
