"""A picture whose width mail programs have to guess.

What: an ``<img>`` of the letter without a ``width`` attribute in whole pixels.

Why: Outlook for Windows takes no notice of CSS widths: without the attribute it shows the file in
its own size, twice as wide as the letter.

Source: caniemail, "width attribute"; the Email Markup Consortium's guidelines for pictures.

Bad::

    html: <p><img src="https://example.com/ferry.jpg" alt="A ferry" style="width:300px"></p>

Good::

    html: <p><img src="https://example.com/ferry.jpg" alt="A ferry" width="300"></p>
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "I02"
GROUP = Group.IMAGES
SEVERITY = Severity.ERROR
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each such picture; one in percent is another rule's."""
    for image in context.document.root.iter("img"):
        width = (image.get("width") or "").strip()
        if re.fullmatch(r"\d+(?:px|%)?", width):
            continue
        place = context.document.place(image)
        said = (
            f'the width "{width}" of a picture is no number of pixels'
            if width
            else ("a picture of the letter has no width attribute")
        )
        where, offset = place or ((), None)
        yield Problem(said, 'Give it one in the template: width="300".', where, offset)
