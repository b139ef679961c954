"""A server's reply, made safe to keep and to show."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_TEXT = 300
"""Characters of a reply that are kept."""

_CODE = re.compile(rb"[2-5][0-9][0-9]")
_USUAL = re.compile(
    rb"([2-5][0-9][0-9]) (?:([245]\.\d{1,3}\.\d{1,3}) )?([A-Za-z][!-~]*(?: [!-~]+)*)"
)
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})(?:\s+|$)")
_ADDRESS = re.compile(r"[^\s<>()\"',;:=]+(?:@|%40)[^\s<>()\"',;:=]+")
_ADDRESS_STANDS_FOR = "(address)"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered to one command (RFC 5321 §4.2, RFC 3463).

    Attributes:
        code: Three digits, or 0 if the answer had none.
        enhanced: Enhanced status code such as ``5.1.1``, or empty.
        text: The rest, on one line.
    """

    code: int
    enhanced: str = ""
    text: str = ""

    @classmethod
    def parse(cls, lines: Sequence[bytes]) -> Reply:
        """The reply in the lines that a server sent, whatever they are."""
        if len(lines) == 1 and (usual := _USUAL.fullmatch(lines[0])):  # as nearly all of them
            number, status, rest = usual.groups()
            return cls(int(number), status.decode() if status else "", rest.decode())
        code = int(lines[-1][:3]) if lines and _CODE.match(lines[-1]) else 0
        enhanced = ""
        said = []
        for line in lines:
            part = _plain(line[3:].lstrip(b"- ") if code else line)
            if match := _ENHANCED.match(part):
                enhanced = match[1]
                part = part[match.end() :]
            said.append(part)
        return cls(code, enhanced, " ".join(filter(None, said)))

    @property
    def positive(self) -> bool:
        """Whether the command was carried out (2xx), or its data is asked for (3xx)."""
        return self.code // 100 in {2, 3}

    def told(self, address: str = "") -> str:
        """The reply as it may be recorded: without addresses, at most 300 characters of text.

        Servers repeat the reader's address in their answers; the ledger must not.

        Args:
            address: The reader's address, whose parts are blotted out as well.
        """
        text = scrub(self.text, address)
        if len(text) > LONGEST_TEXT:
            text = text[: LONGEST_TEXT - 1] + "…"
        return " ".join(filter(None, (str(self.code) if self.code else "", self.enhanced, text)))


def scrub(text: str, address: str = "") -> str:
    """Text without anything that looks like an address, and without the parts of this one."""
    local = address.rpartition("@")[0]
    # Most replies repeat nothing, and a pattern made for one address costs more than the search.
    repeated = not (text.isascii() and local.isascii()) or local.lower() in text.lower()
    if address and repeated:  # first: the general pattern would leave the head of "o'brien@…"
        text = re.sub(re.escape(address), _ADDRESS_STANDS_FOR, text, flags=re.IGNORECASE)
    if "@" in text or "%40" in text:
        text = _ADDRESS.sub(_ADDRESS_STANDS_FOR, text)
    if len(local) >= 3 and repeated:
        text = re.sub(
            rf"(?<!\w){re.escape(local)}(?!\w)", _ADDRESS_STANDS_FOR, text, flags=re.IGNORECASE
        )
    return text


def _plain(raw: bytes) -> str:
    text = raw.decode("utf-8", "replace")
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()
