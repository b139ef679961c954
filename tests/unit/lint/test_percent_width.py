from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


def test_each_picture_with_a_share_is_an_error(places: Places) -> None:
    html = '<img src="a.jpg" width="100%" alt=""><img src="b.jpg" width=" 50% " alt="">'
    assert places("percent-width", html=html) == ["1:1 error", "1:1 error"]


@pytest.mark.parametrize(
    "html",
    [
        '<img src="a.jpg" width="600" style="width:100%" alt="">',
        '<table width="100%"><tr><td width="50%">a</td></tr></table>',
        "<body><!--[if !mso]><!--><img src='a.jpg' width='100%' alt=''><!--<![endif]-->",
    ],
)
def test_pixels_and_shares_of_tables_are_fine(places: Places, html: str) -> None:
    assert places("percent-width", html=html) == []


def test_a_project_without_outlook_may_write_it(places: Places) -> None:
    html = '<img src="a.jpg" width="100%" alt="">'
    assert places("percent-width", html=html, options={"clients": ["gmail"]}) == []
