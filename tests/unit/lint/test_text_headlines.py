from __future__ import annotations

from collections.abc import Callable

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]


PIECE = """
title: Back on the water
sections:
  - headline: "“It floats”: the *Ada* is back"
    body: |
      Text.

      ## A [list](https://example.com/) of boats

      More.
  - headline: The market
    body: Text.
"""
HTML = (
    "<h1>Back on the water</h1><h2>Sponsors of ours</h2>"
    '<h2 data-place="sections.0.headline">“It floats”: the *Ada* is back</h2>'
    "<h3>A <a href='https://example.com/'>list</a> of boats</h3><h2>The market</h2>"
)
TEXT = """Back on the water
=================

"It floats": the *Ada*
is back
----------------------
Text.

A list [1] of boats
~~~~~~~~~~~~~~~~~~~

The market
"""


def test_all_in_order_are_fine_and_so_are_the_templates_own(findings: Findings) -> None:
    assert findings("text-headlines", PIECE, html=HTML, text=TEXT) == []


def test_a_missing_one_is_an_error_where_it_stands(findings: Findings) -> None:
    text = TEXT.replace("the *Ada*\nis back", "")
    (found,) = findings("text-headlines", PIECE, html=HTML, text=text)
    assert (found.line, found.column, found.severity) == (3, 15, "error")
    assert found.message == 'the headline "“It floats”: the *Ada* is back" is not in the text part'


def test_another_order_is_an_error(findings: Findings) -> None:
    text = "The market\n" + TEXT.replace("The market", "")
    (found,) = findings("text-headlines", PIECE, html=HTML, text=text)
    assert found.message == 'the headline "The market" is not in its place in the text part'
