from __future__ import annotations

from pathlib import Path

import pytest

from tests.databases import database, place, postgres, postgresql_url
from tests.unit.sending.desk import Desk, People

__all__ = ["database", "place", "postgres", "postgresql_url"]


@pytest.fixture(autouse=True)
def nobodys_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the one who runs the tests has told git and ssh does not matter here."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("SSH_AUTH_SOCK", "GIT_DIR", "GIT_INDEX_FILE", "GNUPGHOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    return Desk(root)


@pytest.fixture
def people(desk: Desk) -> People:
    return People(desk.root)
