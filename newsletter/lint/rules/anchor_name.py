"""A place in the letter that links cannot reach everywhere.

What: a link to a place in the letter (``href="#ferry"``) where that place has an ``id``, but no
``<a name="ferry">``.

Why: several programs, Gmail and classic Outlook among them, keep the name and drop the id, so that
the bullets of a summary lead nowhere. A few programs follow no such link at all, whatever the
letter does; do not rely on them.

Source: caniemail, html-anchor-links, notes 6 and 7.

Bad::

    html: <a href="#ferry">The ferry is back</a> <h2 id="ferry">The ferry is back</h2>

Good::

    html: |
      <a href="#ferry">The ferry is back</a> <h2 id="ferry"><a name="ferry"></a>The ferry</h2>
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.findings import Severity
from newsletter.lint.caniemail.names import names
from newsletter.lint.caniemail.support import support
from newsletter.lint.rule import Context, Group, Problem, Target

ID = "C01"
GROUP = Group.CLIENTS
SEVERITY = Severity.WARNING
TARGET = Target.EDITION


def check(context: Context) -> Iterator[Problem]:
    """A problem for each place that a link names, at the link."""
    feature = support().lookup("html-anchor-links")
    programs = [
        result
        for result in feature.among(context.options.clients)
        if any("`name` attribute" in note for note in result.notes)
    ]
    if not programs:
        return
    document = context.document
    elements = [element for element in document.root.iter() if isinstance(element.tag, str)]
    named = {""} | {element.get("name") for element in elements if element.tag == "a"}
    ids = {element.get("id") for element in elements}
    told = set()
    for element in elements:
        address = element.get("href") or ""
        name = unquote(address[1:])
        if address.startswith("#") and name in ids - named and name not in told:
            told.add(name)
            where = f"{names(programs, feature.results)} (tested {feature.tested[:7]})"
            yield Problem(
                f'the link to "#{name}" leads nowhere in {where}: the place has an id only',
                f'In the template, write <a name="{name}"></a> where the id is.',
                *(document.place(element, "href") or ()),
            )
