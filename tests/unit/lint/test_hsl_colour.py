from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:hsl(190, 80%, 23%)">a</p>',
        '<p style="border:1px solid HSLA(190 80% 23% / .5)">a</p>',
        "<style>p { background:hsl(190, 80%, 23%) }</style><p style='color:hsl(1,2%,3%)'>a</p>",
    ],
)
def test_a_colour_written_as_hsl_is_one_warning(places: Places, html: str) -> None:
    assert places("hsl-colour", html=html) == ["1:1 warning"]


@pytest.mark.parametrize(
    "html",
    [
        '<p style="color:#0b5c6b; color:hsl(190, 80%, 23%)">a</p>',
        "<style>@media screen { p { color:hsl(190, 80%, 23%) } }</style><p>hsl(1, 2%, 3%)</p>",
        "<body><!--[if !mso]><!--><p style='color:hsl(1,2%,3%)'>a</p><!--<![endif]-->",
    ],
)
def test_what_outlook_does_not_need_is_fine(places: Places, html: str) -> None:
    assert places("hsl-colour", html=html) == []


def test_a_project_without_outlook_may_write_it(places: Places) -> None:
    html = '<p style="color:hsl(190, 80%, 23%)">a</p>'
    assert places("hsl-colour", html=html, options={"clients": ["gmail"]}) == []
