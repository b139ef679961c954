"""The rules that ask outside, so that they can be explained, set and switched off like others."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.context import Context
from newsletter.lint.rule import Group, Problem, Rule, Target

LINK_REACHABLE = """A link whose page is gone.

What: ``newsletter check --links`` asks each web server for the page. An error: the page answers
404 or 410, or no such name exists. A warning: a certificate that has run out or is another site's,
a page that was moved to the start of another site. A note: a page that has moved for good (with its
new address), or a server that cannot be asked (403, 429, 5xx, no answer in time): that says nothing
of what readers will see.

Why: a letter cannot be mended once it has been sent.

Source: RFC 9110, chapter 15; only 404, 410 and a name that does not exist mean that a page is gone,
since many news sites refuse programs.
"""

IMAGE_REACHABLE = """A picture on the web that readers would not see.

What: ``newsletter check --links`` asks for each https picture. An error: it is gone, or is no
picture. A warning: it is of a type that many mail programs do not show, or larger than 1 MiB.

Why: readers get a broken frame in its place.

Source: RFC 9110, chapter 15; caniemail, image formats.
"""

SPAM_SCORE = """A letter that SpamAssassin would hold back.

What: ``newsletter check --spam`` gives the letter to the SpamAssassin of this machine, with local
tests only. A warning: its points reach the limit (5). A note for each of its rules with half a
point or more.

Why: filters of many mail servers begin with these rules.

Source: Apache SpamAssassin 4.0, "Mail::SpamAssassin::Conf". Rules that only a letter on its way can
pass (signatures, relays, what was learnt) are left out.
"""


def _asks_outside(_: Context) -> Iterator[Problem]:
    """Nothing: these rules run when they are asked for, over all issues at once."""
    return iter(())


RULES = (
    Rule(
        "link-reachable",
        "L01",
        Group.LINKS,
        Severity.ERROR,
        Target.OUTSIDE,
        LINK_REACHABLE,
        _asks_outside,
    ),
    Rule(
        "image-reachable",
        "I03",
        Group.IMAGES,
        Severity.ERROR,
        Target.OUTSIDE,
        IMAGE_REACHABLE,
        _asks_outside,
    ),
    Rule(
        "spam-score",
        "P04",
        Group.SPAM,
        Severity.WARNING,
        Target.OUTSIDE,
        SPAM_SCORE,
        _asks_outside,
    ),
)
"""``check --links`` and ``check --spam``."""
