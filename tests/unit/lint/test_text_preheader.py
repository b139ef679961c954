from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


HIDDEN = '<div style="display:none">And a library</div>'  # the preheader of the test's edition
LETTER = f"{HIDDEN}<p>The ferry is back.</p>"


@pytest.mark.parametrize(
    "text", ["And a library\n\nThe ferry is back.", "The ferry is back. AND A\nLIBRARY"]
)
def test_the_preheader_in_the_text_is_an_error(findings: Findings, text: str) -> None:
    (found,) = findings("text-preheader", html=LETTER, text=text)
    assert (found.severity, found.message) == ("error", "the preheader stands in the text part")


@pytest.mark.parametrize("pad", ["\u034f\u2007", "\u200c\u00a0", "\ufeff", "\u00ad "])
def test_its_padding_is_an_error(findings: Findings, pad: str) -> None:
    (found,) = findings("text-preheader", html=LETTER, text=f"News{pad * 30} The ferry is back.")
    assert "invisible characters in a row" in found.message


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (LETTER, "The ferry is back."),
        (f"{HIDDEN}<p>A ferry, and a library.</p>", "A ferry, and a library."),
        (f"{HIDDEN}<h2>And a library</h2>", "And a library\n----"),
        ("<p>And a library</p>", "And a library"),
        (LETTER, "Zero\u200bwidth, soft\u00adhyphens, میر\u200cود, 1\u2007234, 👩\u200d🚒"),
    ],
)
def test_words_that_the_letter_has_and_single_signs_are_fine(
    findings: Findings, html: str, text: str
) -> None:
    assert findings("text-preheader", html=html, text=text) == []
