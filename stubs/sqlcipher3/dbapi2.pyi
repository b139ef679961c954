from typing import Any

class Error(Exception):
    sqlite_errorcode: int

def connect(database: str, **options: Any) -> Any: ...
