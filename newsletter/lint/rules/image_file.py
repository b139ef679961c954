"""A picture that readers would not see.

What: a file that is missing, outside the project, damaged, or of a type that mail clients do not
show; an address that is not https (errors). An https address that ends like such a type (warning,
since the file itself is not looked at: checking uses no network).

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

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter.findings import Severity
from newsletter.issue.manuscript import Where
from newsletter.lint.markdown import pictures
from newsletter.lint.rule import Context, Problem, Target
from newsletter.lint.text import images, texts
from newsletter.render.pictures import is_remote, picture_problem

ID = "image-file"
SEVERITY = Severity.ERROR
TARGET = Target.ISSUE

_NOT_SHOWN = re.compile(r"(?i)\.(webp|avif|svgz?|heic|heif|tiff?|jxl)$")


def check(context: Context) -> Iterator[Problem]:
    """Problems of every picture, in its own field or inside a text."""
    for src, where, offset in _sources(context):
        problem = picture_problem(src, context.manuscript.path, context.root)
        if problem:
            yield Problem(problem.message, problem.hint, where, offset)
        elif is_remote(src) and (ending := _NOT_SHOWN.search(_path(src))):
            yield Problem(
                f"many mail programs do not show {ending[1].upper()} pictures",
                "Use a JPEG, PNG or GIF.",
                where,
                offset,
                Severity.WARNING,
            )


def _sources(context: Context) -> Iterator[tuple[str, Where, int | None]]:
    for where, image in images(context.issue):
        yield image.src, (*where, "src"), None
    for text in texts(context.issue):
        for picture in pictures(text.value) if text.markdown else ():
            yield picture.src, text.where, picture.offset


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:  # an unclosed "[" in the host
        return ""
