import socket
import ssl
from collections.abc import Callable, Iterable, Sequence
from typing import Any

class Cursor:
    description: Sequence[Sequence[Any]] | None
    rowcount: int
    def execute(self, operation: str, args: Sequence[Any] = ...) -> None: ...
    def fetchall(self) -> Iterable[Sequence[Any]]: ...

class Connection:
    autocommit: bool
    parameter_statuses: dict[str, str]
    def cursor(self) -> Cursor: ...
    def execute_simple(self, statement: str) -> object: ...
    def register_out_adapter(self, typ: type, out_func: Callable[[Any], Any]) -> None: ...
    def close(self) -> None: ...

def connect(
    user: str,
    host: str = ...,
    database: str | None = ...,
    port: int = ...,
    password: str | None = ...,
    ssl_context: ssl.SSLContext | bool | None = ...,
    application_name: str | None = ...,
    sock: socket.socket | None = ...,
) -> Connection: ...
