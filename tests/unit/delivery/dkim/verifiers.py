"""Two verifiers that are not ours: dkimpy, and OpenDKIM's library."""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from newsletter.delivery.dkim.record import Record

_FILE = 1  # DKIM_QUERY_FILE: public keys come from a file instead of the DNS
_SET = 1
_QUERY_METHOD, _QUERY_INFO = 6, 7
_OK = 0


def by_dkimpy(message: bytes, records: Sequence[Record], signature: int = 0) -> bool:
    """What dkimpy says of one of the message's signatures, counted from 0."""
    import dkim

    texts = {record.name: record.value for record in records}

    def look_up(name: bytes, timeout: int = 5) -> bytes:
        return texts.get(name.decode().rstrip("."), "").encode()

    try:
        return bool(dkim.DKIM(message).verify(idx=signature, dnsfunc=look_up))
    except dkim.DKIMException:
        return False


@cache
def opendkim() -> ctypes.CDLL | None:
    """The library below ``opendkim-testmsg``, which itself asks nothing but the DNS."""
    name = ctypes.util.find_library("opendkim")
    if name is None:
        return None
    library = ctypes.CDLL(name)
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    library.dkim_init.restype = pointer
    library.dkim_init.argtypes = [pointer, pointer]
    library.dkim_options.argtypes = [pointer, ctypes.c_int, ctypes.c_int, pointer, size]
    library.dkim_verify.restype = pointer
    library.dkim_verify.argtypes = [pointer, ctypes.c_char_p, pointer, pointer]
    library.dkim_chunk.argtypes = [pointer, ctypes.c_char_p, size]
    library.dkim_eom.argtypes = [pointer, pointer]
    library.dkim_free.argtypes = [pointer]
    library.dkim_close.argtypes = [pointer]
    return library


def by_opendkim(message: bytes, records: Sequence[Record], folder: Path) -> bool:
    """What OpenDKIM says of a message; the records go into a file in the folder."""
    library = opendkim()
    assert library is not None
    keys = folder / "keys"
    keys.write_text("".join(f"{record.name} {record.value}\n" for record in records))
    with _open(library, keys) as handle:
        status = ctypes.c_int(-1)
        verifying = library.dkim_verify(handle, b"test", None, ctypes.byref(status))
        assert status.value == _OK
        try:
            library.dkim_chunk(verifying, message, len(message))
            library.dkim_chunk(verifying, None, 0)
            return bool(library.dkim_eom(verifying, None) == _OK)
        finally:
            library.dkim_free(verifying)


@contextlib.contextmanager
def _open(library: ctypes.CDLL, keys: Path) -> Iterator[int]:
    handle = library.dkim_init(None, None)
    try:
        method = ctypes.c_int(_FILE)
        name = ctypes.create_string_buffer(str(keys).encode())
        for option, value, size in (
            (_QUERY_METHOD, ctypes.byref(method), ctypes.sizeof(method)),
            (_QUERY_INFO, name, len(name.value)),
        ):
            assert library.dkim_options(handle, _SET, option, value, size) == _OK
        yield handle
    finally:
        library.dkim_close(handle)
