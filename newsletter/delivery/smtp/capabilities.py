"""What a server offers in its answer to EHLO (RFC 5321 §4.1.1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Capabilities:
    """The extensions that a server offers.

    Attributes:
        keywords: Keyword in capital letters → its parameters.
    """

    keywords: Mapping[str, str]

    @classmethod
    def parse(cls, lines: Sequence[bytes]) -> Self:
        """What the lines of the answer offer; the first one only greets."""
        keywords: dict[str, str] = {}
        for line in lines[1:]:
            # Some servers write "AUTH=LOGIN" beside or instead of "AUTH LOGIN".
            text = line[4:].decode("ascii", "replace").replace("=", " ", 1)
            keyword, _, parameters = text.strip().partition(" ")
            if keyword:
                known = keywords.get(keyword.upper(), "")
                keywords[keyword.upper()] = f"{known} {parameters}".strip()
        return cls(keywords)

    def __contains__(self, keyword: str) -> bool:
        return keyword in self.keywords

    @property
    def size(self) -> int:
        """Octets of the largest message that is taken; 0 if there is no fixed limit (RFC 1870)."""
        limit = self.keywords.get("SIZE", "")
        return int(limit) if limit.isascii() and limit.isdigit() and len(limit) <= 20 else 0

    @property
    def logins(self) -> frozenset[str]:
        """Names of the login mechanisms (RFC 4954)."""
        return frozenset(self.keywords.get("AUTH", "").upper().split())
