r"""Control characters in the letter.

What: the codes U+0080 to U+009F and all others that only machines read, in the HTML or the text,
as characters or as ``&#146;``. In an issue file they are refused on loading; here they are
found where a template or ``newsletter.toml`` brings them in.

Why: Gmail cut off a tiny letter because of one of them. They are remains of old encodings: U+0092
was an apostrophe in Windows-1252.

Source: email-bugs 41, measured in Gmail; Unicode, chapter 23.1; HTML, parse error
control-character-reference.

Bad::

    html: "<p>It\x92s back.</p>"

Good::

    html: "<p>It’s back.</p>"
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.render.merge import Merged

ID = "S03"
GROUP = Group.SIZE
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_REFERENCE = re.compile(r"&#(?:0*(?:12[7-9]|1[345]\d)|[xX]0*(?:7[fF]|[89][0-9a-fA-F]));?")


def check(context: Context) -> Iterator[Problem]:
    """One problem for each part that has any."""
    for name, part in (("HTML", context.edition.html), ("text", context.edition.text)):
        yield from _of(name, part)


def _of(name: str, part: Merged) -> Iterator[Problem]:
    source = "".join(piece for piece in part.parts if isinstance(piece, str))
    controls = [(m.start(), f"U+{ord(m[0]):04X}") for m in _CONTROL.finditer(source)]
    if name == "HTML" and "&#" in source:
        controls += [(m.start(), m[0]) for m in _REFERENCE.finditer(source)]
    if controls:
        at, first = min(controls)
        before = re.sub(r"<[^>]*>|\s+", " ", source[max(0, at - 80) : at])[-30:].strip()
        times = f" and {len(controls) - 1} more" if len(controls) > 1 else ""
        yield Problem(
            f'the {name} part has a control character ({first}{times}) behind "{before}"',
            "Look for it in the template or in newsletter.toml, and type the sign again.",
        )
