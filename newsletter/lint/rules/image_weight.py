"""A picture, or all of them together, that is heavy.

What: files of the project as readers get them, made smaller and written anew: more than 1 MiB for
one (warning); 3 MiB or more for all of a letter (note), and 10 MiB if they travel inside the
message, where they take a third more (warning).

Why: on a telephone a heavy picture comes late or never, and its reader pays for it. Photographs
stay far below, so it is nearly always a GIF that moves too long, or a see-through PNG of a
photograph. Many servers refuse messages of more than 10 MiB, for that reader wholly.

Source: react-email's linter warns from 1 MiB; 10 MiB is Postfix's message_size_limit.

Bad::

    sections:
      - kind: picture
        image:
          src: pictures/cut-out.png
          alt: A ferry, cut out of its photograph
    ---
    pictures: {pictures/cut-out.png: 600}

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
from newsletter.render.picture_file import PictureProblem, is_remote, short
from newsletter.render.pictures import find_picture

ID = "S05"
GROUP = Group.SIZE
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

MIB = 2**20
ONE, ALL, MESSAGE = 1 * MIB, 3 * MIB, 10 * MIB
"""Bytes: of a picture, of all pictures of a letter, of a message."""

_IN_BASE64 = 78 / 57  # 57 bytes become a line of 76 characters and its end (RFC 2045 §6.8)

_HINTS = {
    "image/gif": "Shorten it, or show one picture of it and link to the film.",
    "image/png": 'Show it smaller with "width:"; a photograph that is not see-through is '
    "sent as JPEG, which is a tenth.",
    "image/jpeg": 'Crop it, or show it smaller with "width:".',
}


def check(context: Context) -> Iterator[Problem]:
    """Each heavy picture where it first stands, and all together."""
    weights: dict[str, int] = {}
    for shown in shown_pictures(context.issue):
        if is_remote(shown.src):
            continue
        path, root = context.manuscript.path, context.root
        found = find_picture(shown.src, path, root, width=shown.width)
        if isinstance(found, PictureProblem) or found.name in weights:
            continue
        weights[found.name] = weight = len(found.data)
        if weight > ONE:
            yield Problem(
                f'the picture "{short(shown.src)}" is sent with {_mib(weight)}',
                _HINTS[found.content_type],
                shown.where,
                shown.offset,
            )
    together = sum(weights.values())
    if not context.publication.assets_url and together * _IN_BASE64 >= MESSAGE:
        yield Problem(
            f"the pictures make a message of {_mib(together * _IN_BASE64)}; "
            f"many servers take no more than {MESSAGE // MIB}",
            "Take some out, or have them hosted: newsletter assets build.",
        )
    elif together >= ALL:
        yield Problem(
            f"the pictures of this letter have {_mib(together)} together", severity=Severity.INFO
        )


def _mib(size: float) -> str:
    return f"{size / MIB:.1f} MiB"
