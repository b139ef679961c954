"""The JavaScript modules of a page."""

from __future__ import annotations

import functools
import re
from pathlib import Path

_FOLDER = Path(__file__).parent / "static"
_IMPORT = re.compile(r'^import .* from "\./([\w.]+)";$', re.MULTILINE)


@functools.cache
def imported(name: str) -> tuple[str, ...]:
    """All modules that a module needs, directly or not.

    A browser would ask for them one generation after the other, each once the one before has
    been read; a page that names them (``modulepreload``) gets them at once.
    """
    found: dict[str, None] = {}
    to_read = [name]
    while to_read:
        text = (_FOLDER / to_read.pop()).read_text(encoding="utf-8")
        new = [one for one in _IMPORT.findall(text) if one not in found and one != name]
        found.update(dict.fromkeys(new))
        to_read += new
    return tuple(found)
