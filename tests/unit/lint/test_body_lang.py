from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


def body(inner: str) -> str:
    return f'<html lang="en"><body lang="en">{inner}</body></html>'


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<div>The ferry</div>", "a <div> right inside <body> does not say the language"),
        ('<p lang=" ">The ferry</p>', "a <p> right inside <body> does not say the language"),
        ('<div lang="en_GB">The ferry</div>', 'says lang="en_GB", which names no language'),
        ('<div lang="english language">The ferry</div>', "which names no language"),
        ('The ferry <div lang="en">is back</div>', '"The ferry" stands in <body> outside'),
    ],
)
def test_words_without_a_language_of_their_own_are_an_error(
    findings: Findings, inner: str, said: str
) -> None:
    (found,) = findings("body-lang", html=body(inner))
    assert (found.line, found.column, found.severity) == (1, 1, "error")
    assert said in found.message


@pytest.mark.parametrize(
    "inner",
    [
        '<div lang="en">The ferry</div>',
        '<div lang="pt-BR">A balsa</div><div lang="zh-Hant-HK">渡輪</div>',
        '<div lang="und">The ferry</div>',
        "<div> </div><!-- a note --><style>p { margin: 0 }</style>",
    ],
)
def test_a_language_and_elements_without_words_are_fine(findings: Findings, inner: str) -> None:
    assert findings("body-lang", html=body(inner)) == []
