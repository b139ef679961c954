"""How much the texts of an issue may hold: far more than any issue does, and no more.

Some texts of 200 kB take minutes to be read as Markdown (markdown-it-py 4.0: 200,000 quotation
marks in one paragraph); within these bounds none takes more than a few seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter.issue.nodes import Tree
from newsletter.issue.problems import Problem

SIGNS = 10_000
"""Signs that may mean something in Markdown, in all texts; an issue of 5,000 words has 300."""

ADDRESSES = 2_000
"""Web addresses, mail addresses and merge fields, in all texts."""

_SIGN = re.compile(r"""[]\[!"'`*_<>&^|~\\]""")
_ADDRESS = re.compile(r"://|www\.|@|\{\{", re.IGNORECASE)


def beyond(tree: Tree) -> Iterator[Problem]:
    """A problem where there is too much of something: at most one for each kind."""
    counted = (
        (_SIGN, SIGNS, 'signs like [ " * and <', "Take out what was pasted in by mistake."),
        (_ADDRESS, ADDRESSES, "addresses and merge fields", "Link to a page that lists them."),
    )
    numbers = [0] * len(counted)
    for where, span in tree.spans.items():
        value = tree.get(where)
        if not isinstance(value, str):
            continue
        for index, (pattern, most, what, hint) in enumerate(counted):
            before = numbers[index]
            numbers[index] += len(pattern.findall(value))
            if before <= most < numbers[index]:
                said = f"up to here more than {most:,} {what}, which no issue has"
                yield tree.problem(span.start, "too-much", said, hint)
