from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]

Mended = Callable[..., list[tuple[str, str]]]


@pytest.mark.parametrize(
    ("piece", "place"),
    [
        ("intro: See [it](http://example.com/a).", "1:17"),
        ("intro: See http://example.com/a today.", "1:12"),
        ("intro: See <HTTP://example.com/a> today.", "1:12"),
        ("sections: [{kind: button, label: Go, url: 'http://example.com'}]", "1:43"),
    ],
)
def test_http_is_a_warning_where_the_address_stands(places: Places, piece: str, place: str) -> None:
    assert places("insecure-link", piece) == [f"{place} warning"]


@pytest.mark.parametrize("text", ["[a](https://example.com)", "`http://example.com`", "http: no"])
def test_anything_else_is_fine(places: Places, text: str) -> None:
    assert places("insecure-link", f"intro: '{text}'") == []


def test_it_is_mended_only_where_https_is_known_to_answer(mended: Mended) -> None:
    known = "intro: '[a](http://example.com/a) and [b](https://example.com/b)'"
    assert mended("insecure-link", known) == [("", "s")]
    assert mended("insecure-link", "intro: '[a](http://example.org/a)'") == [("", "s")]
    assert mended("insecure-link", "intro: '[a](http://example.com/a)'") == []


def test_an_onion_service_is_encrypted_by_itself(places: Places) -> None:
    onion = "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion"
    assert places("insecure-link", f"intro: '[a](http://{onion}/a)'") == []
    assert places("insecure-link", "intro: '[a](http://example.onion/a)'") != []
