"""Onion addresses: which are right, and what they are good for."""

from __future__ import annotations

import base64
import hashlib

import pytest

from newsletter.onion import (
    is_misspelled_onion,
    is_private_in_transit,
    is_valid_onion,
    leads_to_onion,
)


def name_of(key: bytes, version: int = 3) -> str:
    """The name of an onion service, made as the specification of Tor says."""
    tail = bytes([version])
    checksum = hashlib.sha3_256(b".onion checksum" + key + tail).digest()[:2]
    return base64.b32encode(key + checksum + tail).decode().lower() + ".onion"


NAME = name_of(bytes(range(32)))


def test_a_name_of_version_3_is_right_in_any_case_and_below_it_too() -> None:
    assert is_valid_onion(NAME)
    assert is_valid_onion(NAME.upper())
    assert is_valid_onion(f"letters.{NAME}")


@pytest.mark.parametrize(
    "host",
    [
        "",
        "onion",
        "example.onion",
        "expyuzz4wqqyqhjn.onion",  # version 2: gone since 2021
        NAME.removesuffix(".onion"),
        f"{NAME}.example.org",
        f"a{NAME}",
        ("b" if NAME[0] == "a" else "a") + NAME[1:],  # one character is another
        name_of(bytes(32), version=4),
        "1" * 56 + ".onion",  # not base32
        "ж" * 56 + ".onion",
    ],
)
def test_any_other_is_not(host: str) -> None:
    assert not is_valid_onion(host)


def test_its_pages_are_private_on_the_way_without_https() -> None:
    assert is_private_in_transit(f"http://{NAME}/letter")
    assert is_private_in_transit("https://example.org")
    assert not is_private_in_transit("http://example.org")
    assert not is_private_in_transit(f"http://example.org/{NAME}")
    assert not is_private_in_transit(f"http://{NAME}@example.org/")
    assert not is_private_in_transit("http://example.onion")


def test_a_name_that_cannot_exist_is_a_misspelling() -> None:
    assert is_misspelled_onion("http://example.onion/x")
    assert not is_misspelled_onion(f"http://{NAME}")
    assert not is_misspelled_onion("https://onion.example.org")
    assert not is_misspelled_onion("http://[::1")
    assert not leads_to_onion("http://[::1")
