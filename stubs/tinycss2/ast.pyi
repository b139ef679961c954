class Node:
    type: str
    name: str
    lower_name: str
    value: str | list[Node]
    lower_value: str
    lower_unit: str
    lower_at_keyword: str
    arguments: list[Node]
    content: list[Node] | None
    prelude: list[Node]
    important: bool
    source_line: int
    source_column: int
    def serialize(self) -> str: ...
