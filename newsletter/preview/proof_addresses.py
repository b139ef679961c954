"""Where proofs went last, kept on this machine and never in git."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path

from newsletter.files import write_atomically

MOST = 12
"""Addresses that are remembered, the latest first."""


class ProofAddresses:
    """The addresses that proofs were sent to. Safe to use from several threads.

    Args:
        path: The file that remembers them, readable by its owner only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._writing = threading.Lock()

    def read(self) -> tuple[str, ...]:
        """The addresses, the latest first; none if nothing is remembered."""
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        if not isinstance(kept, list):
            return ()
        return tuple(address for address in kept if isinstance(address, str))[:MOST]

    def remember(self, addresses: Sequence[str]) -> None:
        """Put addresses in front.

        Raises:
            NewsletterError: The file cannot be written.
        """
        with self._writing:
            self._write(dict.fromkeys([*addresses, *self.read()]))

    def forget(self, address: str) -> None:
        """Remember an address no more.

        Raises:
            NewsletterError: The file cannot be written.
        """
        with self._writing:
            self._write(kept for kept in self.read() if kept != address)

    def _write(self, addresses: Iterable[str]) -> None:
        text = json.dumps(list(addresses)[:MOST], ensure_ascii=False, indent=1) + "\n"
        write_atomically(self._path, text, mode=0o600)
