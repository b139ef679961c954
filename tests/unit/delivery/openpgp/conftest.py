from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.delivery.openpgp.gnupg import Gnupg


@pytest.fixture(scope="session")
def gpg() -> Iterator[Gnupg]:
    # A short path: the socket of gpg's agent is in it, and may have 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="nl-", dir="/tmp"))
    home = Gnupg(folder)
    try:
        yield home
    finally:
        home.close()
        shutil.rmtree(folder, ignore_errors=True)
