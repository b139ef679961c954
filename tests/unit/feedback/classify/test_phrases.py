"""The tables of what mail systems say: none contradicts another; how they are searched."""

from __future__ import annotations

from types import ModuleType

import pytest

from newsletter.feedback.classify.codes import Meaning
from newsletter.feedback.classify.phrases import (
    asian,
    central,
    english_gone,
    english_nobody,
    english_rules,
    english_trouble,
    german,
    romance,
    slavic,
)
from newsletter.feedback.classify.verdict import said
from newsletter.feedback.classify.wording import Phrases, Words, plain

MEANINGS = {
    "NOBODY": Meaning.DEAD,
    "CLOSED": Meaning.DEAD,
    "DOMAIN": Meaning.DEAD,
    "DEAD": Meaning.DEAD,
    "DOUBTFUL": Meaning.DOUBTFUL,
    "EITHER": Meaning.DOUBTFUL,
    "INACTIVE": Meaning.DOUBTFUL,
    "FULL": Meaning.FULL,
    "SENDER": Meaning.POLICY,
    "POLICY": Meaning.POLICY,
    "PASSING": Meaning.TEMPORARY,
    "TEMPORARY": Meaning.TEMPORARY,
}
MODULES = [
    asian,
    central,
    english_gone,
    english_nobody,
    english_rules,
    english_trouble,
    german,
    romance,
    slavic,
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__.split(".")[-1])
def test_each_phrase_by_itself_means_what_its_table_says(module: ModuleType) -> None:
    wrong = [
        (name, phrase, said(phrase.replace("…", "x")))
        for name, meaning in MEANINGS.items()
        for phrase in getattr(module, name, ())
        if said(phrase.replace("…", "x")) is not meaning
    ]
    assert wrong == []


def test_case_accents_quotes_hyphens_codes_and_addresses_make_no_difference() -> None:
    said_so = "550-5.1.1 The “E-Mail” ADDRESS <Reader@Example.org>... n’existe-pas (é)"
    assert plain(said_so) == "the e mail address @ nexiste pas e"


def test_a_gap_is_bridged_within_a_sentence_only() -> None:
    phrases = Phrases(("user … unknown",))
    assert phrases.found_in(Words("User <reader@example.org> is unknown"))
    assert phrases.found_in(Words("The user pays; user jane unknown"))
    assert not phrases.found_in(Words("No such user. Reason unknown"))
    assert not phrases.found_in(Words("user " + "word " * 30 + "unknown"))


def test_a_phrase_begins_where_a_word_begins() -> None:
    phrases = Phrases(("rbl", "temporar"))
    assert phrases.found_in(Words("listed on an RBL"))
    assert phrases.found_in(Words("temporarily deferred"))
    assert not phrases.found_in(Words("terribly sorry, contemporary art"))


def test_scripts_without_spaces_are_searched_anywhere() -> None:
    phrases = Phrases(("存在しません",))
    assert phrases.found_in(Words("このアドレスは存在しません。"))
