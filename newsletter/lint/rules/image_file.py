"""A picture that readers would not see.

What: a file that is missing, outside the project, empty, damaged, a drawing (SVG), far too large,
or of a type that cannot be read; an address that is not https (errors). A picture that moves and is
not a GIF is sent without moving (warning). A file of a type that mail programs do not show, WebP,
AVIF, TIFF or BMP, is sent as JPEG or PNG (note).

Why: readers get the alternative text, or a broken frame. Pictures over http are blocked by most
clients, and can be read and changed on their way.

Source: caniemail, image-webp, image-avif and image-svg: WebP and AVIF are not shown by Outlook on
Windows, SVG not by Gmail.

Bad::

    sections:
      - kind: picture
        image:
          src: pictures/no-such-file.jpg
          alt: A ferry leaves the harbour at dusk

Good::

    sections:
      - kind: picture
        image:
          src: https://example.com/ferry.jpg
          alt: A ferry leaves the harbour at dusk
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.pictures import shown_pictures
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.render.pictures import picture_problem

ID = "I01"
GROUP = Group.IMAGES
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE


def check(context: Context) -> Iterator[Problem]:
    """Problems of every picture, in its own field or inside a text."""
    path, root = context.manuscript.path, context.root
    for shown in shown_pictures(context.issue):
        problem = picture_problem(shown.src, path, root, width=shown.width)
        if problem:
            yield Problem(
                problem.message, problem.hint, shown.where, shown.offset, problem.severity
            )
