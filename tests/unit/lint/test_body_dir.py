from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def body(inner: str) -> str:
    return f'<html lang="en" dir="ltr"><body dir="ltr">{inner}</body></html>'


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<div>The ferry</div>", "a <div> right inside <body> does not say"),
        ('<div dir="">The ferry</div>', "a <div> right inside <body> does not say"),
        ('<table dir="left"><tr><td>The ferry</td></tr></table>', "a <table> right inside <body>"),
        ('<div><img src="a.png" alt=""></div>', "a <div> right inside <body> does not say"),
        ('<div lang="ar" dir="ltr">عبارة</div>', 'dir="ltr", which lang="ar" is not written in'),
        ('<div lang="en-GB" dir="rtl">The ferry</div>', 'lang="en-GB" is not written in'),
        ('The ferry <div dir="ltr">is back</div>', '"The ferry" stands in <body> outside'),
        ('<div dir="ltr">The ferry</div> is back', '"is back" stands in <body> outside'),
    ],
)
def test_words_without_a_direction_of_their_own_are_an_error(
    findings: Findings, inner: str, said: str
) -> None:
    (found,) = findings("body-dir", html=body(inner))
    assert (found.line, found.column, found.severity) == (1, 1, "error")
    assert said in found.message


def test_many_elements_of_one_kind_are_one_problem(findings: Findings) -> None:
    assert len(findings("body-dir", html=body("<p>One</p><p>Two</p><div>Three</div>"))) == 2


@pytest.mark.parametrize(
    "inner",
    [
        '<div dir="ltr">The ferry</div>',
        '<div dir="AUTO">The ferry</div>',
        '<div lang="he" dir="rtl">מעבורת</div><div lang="uk" dir="ltr">Паром</div>',
        '<div lang="fa" dir="auto">کشتی</div>',
        '<div dir="ltr"><p>The ferry</p></div>',
        "<div></div><!-- a note --><style>p { margin: 0 }</style>",
    ],
)
def test_a_direction_and_elements_without_words_are_fine(findings: Findings, inner: str) -> None:
    assert findings("body-dir", html=body(inner)) == []
