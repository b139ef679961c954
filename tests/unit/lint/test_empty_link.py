from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize("link", ["[a]()", "[a](#)", "[a](/)", "[a](<>)", "[a]( )", "[a](#/)"])
def test_a_link_without_an_address_is_an_error(places: Places, link: str) -> None:
    assert [p.split()[1] for p in places("empty-link", f"intro: See {link} now.")] == ["error"]
    assert places("link-address", f"intro: See {link} now.") == []


@pytest.mark.parametrize(
    "text",
    [
        "[a](https://example.com)",
        "[a](#ferry)",
        "`[a]()`",
        "\\[a]()",
        "an a[] (empty)",
        "f()",
    ],
)
def test_anything_else_is_fine(places: Places, text: str) -> None:
    assert places("empty-link", f"intro: See {text} now.") == []
