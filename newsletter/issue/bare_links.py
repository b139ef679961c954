"""Web addresses in running text that nobody marked as links."""

from __future__ import annotations

import functools
import re
from typing import Any

from linkify_it import LinkifyIt

_MAYBE = re.compile(r"(?i)https?:|mailto:|www\.|@")


class BareLinks(LinkifyIt):
    """Finds addresses in running text: with a protocol, ``www.``, or of mail.

    Without ``www.`` a name with a dot is no link: "war.In" is a missing space, not India.
    """

    def __init__(self) -> None:
        super().__init__()
        self.add("ftp:", None)
        self.add("//", None)

    def pretest(self, text: str) -> bool:
        """Whether a text may hold an address: if none does, no pattern is compiled (30 ms)."""
        return _MAYBE.search(text) is not None

    def match(self, text: str) -> list[Any]:
        """The addresses, each with ``index``, ``last_index`` and its whole ``url``."""
        found = [m for m in super().match(text) or [] if m.schema or _is_www(m.text)]
        for match in found:
            if not match.schema:
                match.url = f"https://{match.text}"
        return found


@functools.cache
def bare_links() -> BareLinks:
    """The finder, made once: it compiles its patterns for 20 ms."""
    return BareLinks()


def _is_www(text: str) -> bool:
    return text.lower().startswith("www.")
