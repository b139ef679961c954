from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.findings import Finding

Findings = Callable[..., list[Finding]]
Places = Callable[..., list[str]]


def test_each_placeholder_is_found_at_its_letter(places: Places) -> None:
    assert places(
        "placeholder",
        """
        subject: TK what the inbox shows
        intro: |
          Hello,

          the fare is TK roubles and TKTK kopecks.
        summary:
          - text: "Ferry «back» on TODO"
        sections:
          - headline: Ferry
            body: >-
              He said: [link]
              lorem
              ipsum.
        """,
    ) == ["1:10 error", "5:15 error", "5:30 error", "7:28 error", "11:16 error", "12:7 error"]


@pytest.mark.parametrize(
    "words",
    [
        "TK",
        "TK-year-old",
        "“TK”",
        "сказала TK в пятницу",
        "TKTKTK",
        "TODO: call him",
        "FIXME",
        "Lorem ipsum dolor",
        "see [link]",
        "see [link TK]",
        "INSERT HEADLINE HERE",
        "[insert name of the mayor]",
        "the fare is [fare tk] roubles",
        "[tk]",
        "by tktk, in all",
        "a fee of $tk",
        "the mayor (tk)",
        "[photo]",
        "Dear *|FNAME|*",
        "Dear %%first_name%%",
        "Dear {name}",
        "Dear { first_name }",
        "Dear ${subscriber.name}",
        "Dear [[name]]",
        "Dear <<First Name>>",
        "Dear %recipient.fname%",
        "Dear [firstname,fallback=friend]",
        "Liebe {Vorname}",
        "**To be placed**",
    ],
)
def test_placeholders_are_errors(places: Places, words: str) -> None:
    assert [p.split()[1] for p in places("placeholder", f"intro: |\n  {words}")] == ["error"]


@pytest.mark.parametrize(
    "words",
    [
        "TK Maxx opens, TK Elevator delivers",
        "flight TK 1952 and a fare of TK 500",
        "Tk 500, the tk of the ferry, STK, TKO, a TK-80 computer, shop.TK",
        "по новому ТК отпуск длиннее",  # Cyrillic: labour code
        "в ХХХ томе",  # Cyrillic
        "she keeps a TODO list in a TODO app",
        "мой TODOист и XXXL",
        "see [link](https://example.com/TODO/TK) and https://example.com/FIXME",
        "see [link][1]\n\n  [1]: https://example.com/",
        "the comment `# TODO: mend` stood in the source",
        "to do, todo, fix me, insert a coin here, here [sic] and [there]",
        "Dear {{ name | friend }} and {{email}}",
        "a set {a, b}, {x} and {1}, a list [1] of [sic] […], 100%% and 5% of 6%",
        "call print() and f( ), [a list](https://example.org) and ![](a.jpg)",
        "[a][] [note][1]\n\n  [note]: https://example.org/",
        "What??? “Who???” Really?! She asked: “???”",
        "- [ ] to buy\n  - [x] bought",
        "שלום לכולם, זה המכתב הראשון",
        "صباح الخير",
    ],
)
def test_ordinary_words_are_none(places: Places, words: str) -> None:
    assert places("placeholder", f"intro: |\n  {words}") == []


def test_a_spanish_headline_may_say_everything_in_capitals(places: Places) -> None:
    assert places("placeholder", "subject: ESTO ES TODO", language="es") == []
    assert places("placeholder", "language: pt-BR\nsubject: TODO DIA") == []
    assert places("placeholder", "subject: ESTO ES TODO", language="en") == ["1:18 error"]
    assert places("placeholder", "subject: 'TODO: titular'", language="es") == ["1:11 error"]


def test_three_x_may_be_a_numeral_and_only_warn(places: Places) -> None:
    assert places("placeholder", "subject: Super Bowl XXX") == ["1:21 warning"]


def test_names_and_addresses_are_not_words(places: Places) -> None:
    assert (
        places(
            "placeholder",
            """
            sections:
              - headline: Ferry
                id: todo
                link: https://example.com/TODO
                body: Back.
            """,
        )
        == []
    )


def test_the_newsroom_has_placeholders_of_its_own(places: Places) -> None:
    piece = "intro: Der Preis folgt (folgt noch), sagt er. KOMMT."
    options = {"placeholders": ["folgt noch", "kommt", ""]}
    assert places("placeholder", piece, options=options) == ["1:25 error", "1:47 error"]
    assert places("placeholder", piece) == []


@pytest.mark.parametrize("words", ["the fare is ??? roubles", "the fare ()", "by [] in all"])
def test_gaps_only_warn(places: Places, words: str) -> None:
    found = places("placeholder", f"intro: |\n  {words}")
    assert [place.split()[1] for place in found] == ["warning"]


def test_the_hint_says_how_a_merge_field_is_written(findings: Findings) -> None:
    [found] = findings("placeholder", "intro: Dear *|FNAME|*,")
    assert found.message == (
        '"*|FNAME|*" is no merge field here: readers would see it as it stands'
    )
    assert "{{ name | friend }}" in found.hint
