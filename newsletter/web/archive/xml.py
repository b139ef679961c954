"""XML documents: elements with text, and nothing that XML cannot hold."""

from __future__ import annotations

import re
from xml.etree import ElementTree as Tree  # only writes: nothing is parsed

# What XML 1.0 (section 2.2) does not allow, and U+FFFE, U+FFFF.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = Tree.Element


def element(
    name: str, attributes: dict[str, str] | None = None, *children: Element, text: str = ""
) -> Element:
    """An element; what its text or attributes must not hold is left out."""
    made = Tree.Element(name, {key: clean(value) for key, value in (attributes or {}).items()})
    made.text = clean(text) or None
    made.extend(children)
    return made


def clean(text: str) -> str:
    """A text without the characters that XML does not allow."""
    return _FORBIDDEN.sub("", text)


def document(root: Element) -> bytes:
    """A whole document in UTF-8."""
    Tree.indent(root, " ")
    written: bytes = Tree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"
