from collections.abc import Iterator
from typing import Literal

class Element:
    tag: str
    attrib: dict[str, str]
    text: str | None
    def iter(self, tag: str = ...) -> Iterator[Element]: ...
    def set(self, name: str, value: str) -> None: ...
    def get(self, name: str) -> str | None: ...
    def getroottree(self) -> ElementTree: ...

class ElementTree:
    def getroot(self) -> Element: ...

class HTMLParser:
    def __init__(self, *, encoding: str = ...) -> None: ...

def fromstring(text: str, parser: HTMLParser = ...) -> Element: ...
def tostring(
    element: Element,
    *,
    method: Literal["html"],
    encoding: Literal["unicode"],
    doctype: str = ...,
    with_tail: bool = ...,
) -> str: ...
