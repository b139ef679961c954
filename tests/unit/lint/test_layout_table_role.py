from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<table><tr><td>A</td></tr></table>", "a table only arranges things without saying so"),
        ('<table role=""><tr><td>A</td></tr></table>', "a table only arranges things"),
        (
            "<table><tr><td><table><tr><td>A</td></tr></table></td></tr></table>",
            "2 tables only arrange things without saying so",
        ),
        (  # the outer one arranges a table of data
            "<table><tr><td><table><tr><th>Day</th></tr></table></td></tr></table>",
            "a table only arranges things",
        ),
        (
            "<div><!--[if mso | IE]><table width=600><tr><td><![endif]-->A"
            "<!--[if mso | IE]></td></tr></table><![endif]--></div>",
            "a table only arranges things for classic Outlook without saying so",
        ),
    ],
)
def test_tables_that_do_not_say_what_they_are_for(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("layout-table-role", html=html)
    assert found.severity == "error"
    assert found.message.startswith(said)


def test_it_stands_where_the_words_in_the_table_come_from(findings: Findings) -> None:
    html = '<table><tr><td data-place="preheader">And a library</td></tr></table>'
    (found,) = findings("layout-table-role", "preheader: And a library", html=html)
    assert (found.line, found.column) == (1, 12)


@pytest.mark.parametrize(
    "html",
    [
        '<table role="presentation"><tr><td>A</td></tr></table>',
        '<table role=" None "><tr><td>A</td></tr></table>',
        "<table><thead><tr><th>Day</th></tr></thead><tr><td>Friday</td></tr></table>",
        "<table><caption>Fares</caption><tr><td>£2</td></tr></table>",
        '<table role="table"><tr><td>£2</td></tr></table>',
        '<div><!--[if mso]><table width=600 role="presentation"><tr><td><![endif]-->A</div>',
        "<div><!-- a <table> in a note to colleagues would be odd, but has <th> --></div>",
    ],
)
def test_tables_that_say_it_and_tables_of_data_are_fine(findings: Findings, html: str) -> None:
    assert findings("layout-table-role", html=html) == []
