from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


WORDS = (
    "The night ferry sails again from Friday, and the council is content with the compromise. " * 2
)


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (f'<p style="font-size:13px">{WORDS}</p>', "running text of 13 pixels is hard to read"),
        (f'<p style="font-size:9pt">{WORDS}</p>', "running text of 12 pixels"),
        (f'<p><font size="2">{WORDS}</font></p>', "running text of 13 pixels"),
        (f'<td style="font-size:16px"><span style="font-size:11px">{WORDS}</span></td>', "of 11 "),
        (f'<div style="font-size:20px"><p style="font-size:.6em">{WORDS}</p></div>', "of 12 pix"),
        (f"<li><small>{WORDS}</small></li>", "running text of 13.33 pixels"),
        (
            f'<p style="line-height:1.2">{WORDS}</p>',
            "lines of running text are only 1.2 times their size apart",
        ),
        (f'<p style="font:16px/20px Arial, sans-serif">{WORDS}</p>', "only 1.25 times their size"),
        (f'<p style="font-size:16px;line-height:130%">{WORDS}</p>', "only 1.3 times their size"),
        (f'<p style="font-size:14px;line-height:1.4">{WORDS}</p>', "only 1.4 times their size"),
    ],
)
def test_small_and_tight_text_is_a_warning(findings: Findings, html: str, said: str) -> None:
    (found,) = findings("text-size", html=html)
    assert found.severity == "warning"
    assert said in found.message


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{WORDS}</p>",
        f'<p style="font-size:14px;line-height:1.5">{WORDS}</p>',
        f'<p style="font-size:15px;line-height:22px">{WORDS}</p>',
        '<p style="font-size:11px;line-height:1.1">Sponsored by Example Bakery</p>',
        f'<h2 style="font-size:26px;line-height:1.2">{WORDS}</h2>',
        f'<p style="font-size:24px;line-height:1.3">{WORDS}</p>',
        f'<p>{WORDS}<sup style="font-size:11px;line-height:0">1</sup></p>',
        f'<p style="line-height:1.5">{WORDS}<span style="line-height:1">{WORDS}</span></p>',
        f'<p style="font-size:clamp(9px, 2vw, 12px)">{WORDS}</p>',
        f'<p style="font-size:11px;display:none">{WORDS}</p>',
        f'<pre style="font-size:12px;line-height:1.2">{WORDS}</pre>',
        f'<table><tr><td style="font-size:0"><div style="font-size:16px">{WORDS}</div></td></tr>',
    ],
)
def test_text_that_can_be_read_labels_and_headlines_are_fine(findings: Findings, html: str) -> None:
    assert findings("text-size", html=html) == []
