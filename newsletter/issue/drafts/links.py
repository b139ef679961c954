"""Where the links of a draft may lead."""

from __future__ import annotations

import re
from urllib.parse import urljoin

from newsletter.issue.drafts.blocks import Remark

# Browsers skip these inside a scheme: "java\nscript:" runs.
_SKIPPED = re.compile(r"[\x00-\x20\x7f\xa0\u200b-\u200d\ufeff]+")
_SCHEME = re.compile(r"(?i)([a-z][a-z0-9+.-]*):")
_WEB = re.compile(r"(?i)(?:https?://[^/?#\s]|mailto:[^?\s])")


def checked(href: str, words: str, line: int, base: str = "") -> tuple[str, Remark | None]:
    """The address that a link of a draft leads to, or why it leads nowhere.

    Args:
        href: As the draft has it.
        words: What the link says, for the remark.
        line: Where it stands.
        base: Address of the page, from which relative addresses lead on; empty if unknown.

    Returns:
        An ``https:``, ``http:`` or ``mailto:`` address, or nothing: then the link's words stay
        alone. Places inside the draft are dropped without a word.
    """
    address = href.strip().strip("\x00\x1f\ufeff")
    squeezed = _SKIPPED.sub("", address)
    if not squeezed or squeezed.startswith("#"):
        return "", None
    if squeezed.lower().startswith("www."):
        address = f"https://{address}"
    elif squeezed.startswith("//"):
        address = f"https:{address}"
    elif base and not _SCHEME.match(squeezed):
        address = _joined(base, address)
    scheme = _SCHEME.match(_SKIPPED.sub("", address))
    if _WEB.match(address):
        return address, None
    shown = " ".join(words.split())[:80]
    if scheme and scheme[1].lower() == "tel":
        return "", None
    if scheme:
        said = f'the link of "{shown}" led to {scheme[1].lower()}: and was dropped'
        return "", Remark(line, "unsafe-link", said, "Links lead to https, http or mailto.")
    said = f'the link of "{shown}" led to "{address[:100]}", which is no whole web address'
    return "", Remark(
        line, "relative-link", said, "Its words stay; link them to the whole address."
    )


def _joined(base: str, address: str) -> str:
    try:
        return urljoin(base, address)
    except ValueError:  # "http://[": no address
        return address
