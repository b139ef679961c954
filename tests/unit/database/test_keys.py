from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.errors import ConfigurationError, DatabaseError


def test_keys_are_made_once_and_are_for_their_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "state" / "keys"
    keys = Keys.load(path)
    assert Keys.load(path) == keys
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["keys"]


def test_two_programs_that_begin_together_have_the_same_keys(tmp_path: Path) -> None:
    found: list[Keys] = []
    begin = threading.Barrier(8)

    def load() -> None:
        begin.wait()
        found.append(Keys.load(tmp_path / "keys"))

    threads = [threading.Thread(target=load) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8


@pytest.mark.parametrize("damage", ["", "addresses = 3", "links = []", "no TOML at all ="])
def test_damaged_keys_are_not_replaced(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "keys"
    path.write_text(damage)
    with pytest.raises(ConfigurationError, match="does not hold the keys") as caught:
        Keys.load(path)
    assert "Put back the copy" in caught.value.hint
    assert path.read_text() == damage


def test_an_error_never_shows_a_key(tmp_path: Path) -> None:
    keys = Keys.new()
    path = tmp_path / "keys"
    path.write_text(keys.dump().replace("links", "link"))
    with pytest.raises(ConfigurationError) as caught:
        Keys.load(path)
    shown = f"{caught.value} {caught.value.hint} {keys!r}"
    assert keys.addresses.hex() not in shown
    assert keys.links[0].hex() not in shown


def test_a_new_link_key_comes_first_and_hashes_stay(tmp_path: Path) -> None:
    keys = Keys.new()
    newer = keys.with_new_link_key()
    assert newer.links[1:] == keys.links
    assert newer.hash("ann@example.com") == keys.hash("ann@example.com")
    assert newer.fingerprint == keys.fingerprint
    path = tmp_path / "keys"
    path.write_text(newer.dump())
    assert Keys.load(path) == newer


def test_without_the_key_a_hash_says_nothing_of_its_address() -> None:
    addresses = [f"reader{number}@example.com" for number in range(1000)]
    stolen = {Keys.new().hash(address) for address in addresses}
    guesses = {Keys.new().hash(address) for address in addresses}
    assert len(stolen) == 1000
    assert not stolen & guesses


def test_a_database_is_opened_with_its_own_keys_only(tmp_path: Path) -> None:
    path = tmp_path / "newsletter.db"
    keys = Keys.new()
    Database.open(path, keys=keys).close()
    Database.open(path, keys=keys.with_new_link_key()).close()
    with pytest.raises(DatabaseError, match="not those that belong to it") as caught:
        Database.open(path, keys=Keys.new())
    assert "keys_file" in caught.value.hint


def test_without_keys_a_database_on_a_server_says_so(postgresql_url: str) -> None:
    database = Database.open(postgresql_url)
    with pytest.raises(ConfigurationError, match="its keys are missing"):
        _ = database.keys
    database.close()
