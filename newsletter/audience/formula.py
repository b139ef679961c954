"""Cells that a spreadsheet would take for a formula, made harmless and back again.

OWASP, "CSV Injection": a cell that starts with one of ``= + - @``, a tab or a carriage return is
run when the file is opened. An apostrophe before it makes it text.
"""

from __future__ import annotations

import re

# Apostrophes that are there already get one more, so that ``restore`` gives back what was there.
_HARMFUL = re.compile(r"'*[=+\-@\t\r]")


def neutralise(cell: str) -> str:
    """The cell, with an apostrophe before it if it could be a formula."""
    return f"'{cell}" if _HARMFUL.match(cell) else cell


def restore(cell: str) -> str:
    """The cell as it was before ``neutralise``."""
    return cell[1:] if cell.startswith("'") and _HARMFUL.match(cell) else cell
