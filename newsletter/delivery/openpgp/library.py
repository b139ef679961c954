"""The way to pysequoia, which is there only if somebody wants OpenPGP."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

from newsletter.errors import ConfigurationError


def must_be_installed() -> None:
    """Pass if keys can be worked with on this machine.

    Raises:
        ConfigurationError: The library is not there.
    """
    try:
        import pysequoia  # noqa: F401
    except ImportError as error:
        raise ConfigurationError(
            "OpenPGP needs the package pysequoia, which is not installed",
            "Install it: pip install 'newsletter-as-code[openpgp]'. Until then nothing is sent to "
            "lists that encrypt.",
        ) from error


@contextlib.contextmanager
def failing_as(error: Callable[[], Exception]) -> Iterator[None]:
    """Turn whatever the library says into an error of ours.

    Its own errors carry pages of Rust, and may quote the key; a Rust panic is not even an
    ``Exception`` in Python and would end the program.

    Args:
        error: Makes the error to raise.
    """
    try:
        yield
    except BaseException as raised:
        is_panic = type(raised).__name__ == "PanicException"
        if isinstance(raised, RuntimeError | ValueError | OverflowError) or is_panic:
            raise error() from None
        raise
