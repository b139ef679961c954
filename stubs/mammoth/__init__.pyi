from collections.abc import Callable
from typing import BinaryIO, NamedTuple

from mammoth import images as images

class Message(NamedTuple):
    type: str
    message: str

class Result:
    value: str
    messages: list[Message]

def convert_to_html(
    fileobj: BinaryIO,
    *,
    style_map: str = ...,
    include_embedded_style_map: bool = ...,
    include_default_style_map: bool = ...,
    convert_image: Callable[[images.Image], object] = ...,
    external_file_access: bool = ...,
) -> Result: ...
