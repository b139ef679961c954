class Match:
    schema: str
    index: int
    text: str
    url: str

class LinkifyIt:
    def __init__(self) -> None: ...
    def add(self, schema: str, definition: None) -> LinkifyIt: ...
    def match(self, text: str) -> list[Match] | None: ...
