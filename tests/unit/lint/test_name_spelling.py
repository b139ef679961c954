from __future__ import annotations

from collections.abc import Callable

from newsletter.findings import Finding

Places = Callable[..., list[str]]
Findings = Callable[..., list[Finding]]


def test_the_rare_spelling_is_told_with_the_usual_one(findings: Findings) -> None:
    piece = """
    sections:
      - headline: Ferry returns
        body: |
          Councillor Ines Okafor voted for it. “An island needs a boat,” Okafor said.

          The next day Okafar left for *Stannet*.
    """
    (found,) = findings("name-spelling", piece)
    assert (found.line, found.column, found.severity) == (6, 20, "warning")
    assert found.message == '"Okafar" is spelt "Okafor" 2 times, first in line 4'


def test_a_name_in_a_byline_and_a_credit_counts(places: Places) -> None:
    piece = """
    sections:
      - headline: Ferry returns
        byline: By Juno Aldersey
        body: It sails again, says Juno Aldersay.
    """
    assert places("name-spelling", piece) == ["3:21 warning"]


def test_each_place_of_a_spelling_that_the_house_does_not_use(
    findings: Findings, mended: Callable[..., list[tuple[str, str]]]
) -> None:
    piece = """
    sections:
      - headline: A train from Kyiv
        body: |
          The train from Kiev was late. It had left **Odessa** at noon.
    """
    options = {"house_spellings": ["Kyiv", "Odesa"]}
    found = findings("name-spelling", piece, options=options)
    assert [(f.line, f.column) for f in found] == [(4, 22), (4, 51)]
    assert found[0].message == '"Kiev" looks like "Kyiv", as this newsroom spells it'
    assert mended("name-spelling", piece, options=options) == [("Odessa", "Odesa")]


def test_a_listed_spelling_is_never_wrong(places: Places) -> None:
    piece = "sections: [{headline: A, body: 'Here Marta Nowak met Martha Nowak.'}]"
    assert places("name-spelling", piece) != []
    options = {"house_spellings": ["Martha Nowak", "Marta"]}
    assert places("name-spelling", piece, options=options) == []


def test_of_a_listed_name_of_two_words_the_long_ones_are_looked_for(places: Places) -> None:
    piece = "sections: [{headline: A, body: 'We met Sviatlana Tikhanovskaya by the sea.'}]"
    options = {"house_spellings": ["Sviatlana Tsikhanouskaya", "Black Sea"]}
    assert places("name-spelling", piece, options=options) == ["1:50 warning"]


def test_addresses_are_no_names(places: Places) -> None:
    piece = "sections: [{headline: A, body: 'Here is Kyiv: https://example.org/Kiev'}]"
    assert places("name-spelling", piece, options={"house_spellings": ["Kyiv"]}) == []
