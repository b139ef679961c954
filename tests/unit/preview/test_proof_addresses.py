"""The addresses of proofs are remembered on this machine, for its owner."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from newsletter.errors import NewsletterError
from newsletter.preview.proof_addresses import MOST, ProofAddresses
from tests.privileges import unprivileged


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".newsletter" / "proof-addresses.json"


def test_nothing_is_remembered_at_first_and_reading_makes_no_file(path: Path) -> None:
    assert ProofAddresses(path).read() == ()
    assert not path.parent.exists()


def test_the_latest_come_first_each_once(path: Path) -> None:
    addresses = ProofAddresses(path)
    addresses.remember(["a@example.com", "b@example.com"])
    addresses.remember(["c@example.com", "a@example.com"])
    found = ProofAddresses(path).read()
    assert found == ("c@example.com", "a@example.com", "b@example.com")


def test_only_their_owner_can_read_them(path: Path) -> None:
    addresses = ProofAddresses(path)
    addresses.remember(["zoë@example.com"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "zoë@example.com" in path.read_text(encoding="utf-8")
    path.chmod(0o644)
    addresses.remember(["b@example.com"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_one_is_forgotten_and_the_others_stay(path: Path) -> None:
    addresses = ProofAddresses(path)
    addresses.remember(["a@example.com", "b@example.com"])
    addresses.forget("a@example.com")
    addresses.forget("unknown@example.com")
    assert addresses.read() == ("b@example.com",)
    assert "a@example.com" not in path.read_text()


def test_no_more_than_some_are_remembered(path: Path) -> None:
    addresses = ProofAddresses(path)
    for number in range(MOST + 5):
        addresses.remember([f"{number}@example.com"])
    assert len(addresses.read()) == MOST
    assert addresses.read()[0] == f"{MOST + 4}@example.com"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ()),
        (b"{}", ()),
        (b"[", ()),
        (b"\xff\xfe", ()),
        (b'"a@example.com"', ()),
        (b'["a@example.com", 7, null, ["b"]]', ("a@example.com",)),
    ],
)
def test_a_broken_memory_is_none(path: Path, content: bytes, found: tuple[str, ...]) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    addresses = ProofAddresses(path)
    assert addresses.read() == found
    addresses.remember(["c@example.com"])
    assert addresses.read() == ("c@example.com", *found)


def test_a_folder_that_cannot_be_written_is_said(path: Path) -> None:
    path.parent.mkdir(mode=0o555)
    with unprivileged(), pytest.raises(NewsletterError, match="cannot write"):
        ProofAddresses(path).remember(["a@example.com"])
