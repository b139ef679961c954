"""A letter that Gmail cuts off.

What: the bytes of the HTML part as it travels (S02): behind everything that this program does to
it, in quoted-printable, and with the name, the mail address and the links of a typical reader
filled in. From 70 KiB on a note, from 90 KiB a warning, from 102 KiB (104,448 bytes) an error.
Letters in scripts other than Latin take three to six times their number in bytes. What a relay
adds on its way, such as links of its own, is not known here.

Why: Gmail shows only the beginning of a larger letter and hides the rest, with the unsubscribe
link, behind "View entire message".

Source: Gmail's limit of 102 KB, as measured by many senders; letters of 99 KB were clipped after
a relay had added its own part, so the warning comes early.

Bad::

    html: <p>The night ferry sails again from Friday, and the council is content.</p>
    times: 1500

Good::

    html: <p>The night ferry sails again from Friday, and the council is content.</p>
    times: 100
"""

from __future__ import annotations

from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.render.transfer import transferred

ID = "S01"
GROUP = Group.SIZE
SEVERITY = Severity.ERROR
TARGET = Target.EDITION

NOTE, WARNING, LIMIT = 70 * 1024, 90 * 1024, 102 * 1024
"""Bytes."""

_TOKEN = 32 * "x"  # of a subscription: 16 bytes in hex (newsletter.audience)
_TYPICAL = {"name": "Alexandra Examplewright", "email": "alexandra.examplewright@mail.example.com"}


def check(context: Context) -> Iterator[Problem]:
    """At most one problem: how large the HTML is."""
    edition = context.edition
    base = context.headers.get("base_url") or "https://letters.example.com"
    values = {**_TYPICAL, "unsubscribe_url": f"{base}/unsubscribe/{_TOKEN}"}
    size = len(transferred(edition.html, {"view_url": edition.view_url}, values))
    if size < NOTE:
        return
    kib = f"{size / 1024:.1f} KiB"
    if size >= LIMIT:
        yield Problem(
            f"the HTML part is {size:,} bytes ({kib}), {size - LIMIT:,} more than the "
            f"{LIMIT:,} after which Gmail cuts a letter off",
            "Shorten stories and link to the rest.",
        )
    else:
        yield Problem(
            f"the HTML part is {size:,} bytes ({kib}); {LIMIT - size:,} are left before "
            "Gmail cuts the letter off",
            "Relays may add to it; shorten stories and link to the rest."
            if size >= WARNING
            else "",
            severity=Severity.WARNING if size >= WARNING else Severity.INFO,
        )
