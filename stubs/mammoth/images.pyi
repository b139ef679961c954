from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

class Image:
    alt_text: str | None
    content_type: str | None
    def open(self) -> AbstractContextManager[BinaryIO]: ...

def img_element(func: Callable[[Image], dict[str, str]]) -> Callable[[Image], object]: ...
