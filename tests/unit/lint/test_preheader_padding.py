from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


PAD = "&#847;&#8199;"


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ("<p>The Harbour Letter</p>", "no hidden preheader stands before"),
        ("<p>News</p><div style='display:none'>And a library</div>", "no hidden preheader"),
        ("<div style='display:none'> </div><p>News</p>", "no hidden preheader"),
        ("<div style='display:none'>And a library</div><p>News</p>", "has only 13 characters"),
        (f"<div style='display:none'>And a library{PAD * 93}</div>", "has only 199 characters"),
        ("<div style='display:none'>" + "And a library" + " " * 200 + "</div>", "has only 13 "),
    ],
)
def test_a_row_that_would_go_on_with_the_letter_is_an_error(
    findings: Findings, html: str, said: str
) -> None:
    (found,) = findings("preheader-padding", html=f"<body>{html}<p>No. 42</p></body>")
    assert (found.line, found.column, found.severity) == (1, 1, "error")
    assert said in found.message


@pytest.mark.parametrize(
    "html",
    [
        f"<div style='display:none'>And a library{PAD * 94}</div>",
        f"<div style='display:none'>And a library</div><div style='display:none'>{PAD * 94}</div>",
        f"<div style='max-height:0;overflow:hidden'><span>And a library</span>{PAD * 94}</div>",
        "<style>.pre { display: none }</style>" + f"<div class='pre'>And a library{PAD * 94}</div>",
        "<div style='display:none'>" + "&nbsp;&zwnj;" * 100 + "x</div>",
        "<div><div style='opacity:0'>" + 20 * "A long line. " + "</div></div>",
        "<div style='display:none'>For {{ name | you }}" + "x" * 177 + "</div>",
    ],
)
def test_hidden_text_as_long_as_any_row_is_fine(findings: Findings, html: str) -> None:
    assert findings("preheader-padding", html=f"<body>{html}<p>No. 42</p></body>") == []
