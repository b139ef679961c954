from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]
Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    "html",
    [
        '<table width="600"><tr><td>a</td></tr></table>',
        '<table style="width:600px"><tr><td>a</td></tr></table>',
        '<div style="width:600px; max-width:600px">a</div>',
        '<div style="min-width:320px; max-width:100%">a</div>',
        '<img src="a.jpg" width="600" alt="">',
        '<img src="a.jpg" width="600px" style="display:block" alt="">',
    ],
)
def test_what_stays_wide_without_its_style_sheet_is_a_warning(places: Places, html: str) -> None:
    sheet = "<style>@media (max-width:480px) { table, div, img { width:100% } }</style>"
    assert places("fixed-width", html=html) == ["1:1 warning"]
    assert places("fixed-width", html=sheet + html) == ["1:1 warning"]


@pytest.mark.parametrize(
    "html",
    [
        '<table width="100%" style="max-width:600px"><tr><td>a</td></tr></table>',
        '<table width="600" style="width:100%; max-width:600px"><tr><td>a</td></tr></table>',
        '<table width="600" style="max-width:100%"><tr><td>a</td></tr></table>',
        '<img src="a.jpg" width="600" style="width:100%" alt="">',
        '<img src="a.jpg" width="600" style="max-width:100%; height:auto" alt="">',
        '<img src="a.jpg" width="200" alt="">',
        '<table style="width:100%"><tr><td style="width:600px" width="600">a</td></tr></table>',
        "<body><!--[if mso]><table width='600'><tr><td><![endif]--><p>a</p>",
        '<div style="display:none"><table width="600"><tr><td>a</td></tr></table></div>',
        '<p width="600">a</p><pre style="width:auto">b</pre>',
    ],
)
def test_what_shrinks_or_is_not_shown_is_fine(places: Places, html: str) -> None:
    assert places("fixed-width", html=html) == []


def test_one_problem_counts_the_others(findings: Findings) -> None:
    (found,) = findings("fixed-width", html=2 * '<table width="600"></table>')
    assert found.message.startswith("<table> is 600 pixels wide, as are 1 more: ")
