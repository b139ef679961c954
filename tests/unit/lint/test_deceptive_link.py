from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    "link",
    [
        "[www.example.org](https://example.com/t/77)",
        "[https://example.org/a](https://example.com/a)",
        "[our site example.org](https://tickets.example.com)",
        "[**example.org**](https://example.com)",
        "[example.org/a?b=c](https://example.org.evil.example.com/a)",
    ],
)
def test_words_that_name_another_site_are_an_error(places: Places, link: str) -> None:
    assert [p.split()[1] for p in places("deceptive-link", f"intro: See {link}.")] == ["error"]


@pytest.mark.parametrize(
    "link",
    [
        "[www.example.org](https://example.org/)",
        "[example.org](https://www.example.org/start)",
        "[news.example.org](https://example.org/news)",
        "[example.org](https://news.example.org/)",
        "https://example.org/a",
        "[Version 2.0](https://example.com)",
        "[U.S. court](https://example.com)",
        "[the file report.pdf](https://example.com/report.pdf)",
        "[Node.js](https://example.com)",
        "[e.g. this](https://example.com)",
        "[ada@example.org](mailto:ada@example.org)",
        "[10.30 am](https://example.com)",
    ],
)
def test_words_that_name_the_site_or_none_are_fine(places: Places, link: str) -> None:
    assert places("deceptive-link", f"intro: See {link}.") == []
