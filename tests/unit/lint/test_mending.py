"""``fix`` with the rules that read words: what they mend, and that they leave the words alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.issue.manuscript import Manuscript
from newsletter.lint import exam
from newsletter.lint.engine import Diagnosis
from newsletter.lint.fix import fix
from newsletter.lint.registry import rules
from newsletter.lint.rule import Rule

THAT_MEND = (
    *("quotes", "broken-line", "doubled-word", "punctuation-style", "invisible-characters"),
)
NOWHERE = Path("nowhere")
"""No rule here reads files, and making a folder takes longer than all of them."""
MENDING = [rule for rule in rules() if rule.slug in THAT_MEND]


def mend(piece: str, using: Sequence[Rule] = MENDING, language: str = "en") -> Manuscript:
    def examine(manuscript: Manuscript) -> Iterable[Diagnosis]:
        return exam.diagnose(manuscript.text, using, root=NOWHERE, language=language)

    return fix(exam.read(piece, Path("issue.yaml")), examine).manuscript


def test_a_pasted_text_is_mended_and_the_rest_kept_to_the_byte() -> None:
    typed = """\
# A note: "keep  this".
subject: The ferry  is back
preheader: 'It''s "back" , they say'
date: 2026-11-20
intro: |   # comment
  “Good,” said Anna. "It’s the
  the ferry." And it’s here, isn't it?  Yes.

  The night fer\u200bry sails from

  Friday on. it sails every
  day
sections:
  - headline: "She said: \\"No\\""
    body: >-
      It was war.In spring,
      they left .
"""
    mended = """\
# A note: "keep  this".
subject: The ferry is back
preheader: 'It''s “back”, they say'
date: 2026-11-20
intro: |   # comment
  “Good,” said Anna. “It’s the
  the ferry.” And it’s here, isn’t it? Yes.

  The night ferry sails from

  Friday on. it sails every
  day
sections:
  - headline: "She said: “No”"
    body: >-
      It was war. In spring,
      they left.
"""
    assert mend(typed).text == mended.replace("It''s", "It’s")


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("en", "He left the\nthe quay.", "He left the quay."),
        ("en", "It sails from\n\nfriday on.", "It sails from friday on."),
        ("de", '„Ja“, sagt er. "Nein."', "„Ja“, sagt er. „Nein.“"),
        ("fr", '« Oui », dit-il. "Non."', "« Oui », dit-il. «\u00a0Non.\u00a0»"),
        ("uk", '«Так», — каже. "Ні" і "може".', "«Так», — каже. «Ні» і «може»."),
        ("en", "One…  two... three…", "One… two… three…"),
        ("en", "It’s and we’re and don't, ”no“.", "It’s and we’re and don’t, “no”."),
        ("en", "The boat – a tug – and a -- b.", "The boat – a tug – and a – b."),
    ],
)
def test_single_repairs_from_end_to_end(language: str, typed: str, meant: str) -> None:
    lines = "\n".join(f"  {line}".rstrip() for line in typed.split("\n"))
    mended = mend(f"intro: |\n{lines}\n", language=language)
    assert (mended.issue.intro or "").strip() == meant
    quoted = mend(f"intro: {json.dumps(typed)}\n", language=language)
    assert quoted.issue.intro == meant


_WORDS = """
the The ferry Anna sails 20 1,000 1.000 war.In isn't it’s ’90s “ ” " „ « » ‘ ’ `a` ... … -- – — -
, . ! ? ; : ( ) [x](https://example.org/a) **bold** *it* # > | і вона станції oй не 'a'
{{name|friend}} iPhone a@example.org
"""
_PARTS = st.sampled_from(_WORDS.split())
_JOINS = st.sampled_from(
    ["", " ", " ", " ", "  ", "\n", "\n\n", "\u00a0", "\u200b", "\u200d", "\u00ad", "\t", "  \n"]
)
_TEXTS = st.lists(st.tuples(_PARTS, _JOINS), min_size=1, max_size=25).map(
    lambda pairs: "".join(part + join for part, join in pairs)
)


def letters(manuscript: Manuscript) -> str:
    return "".join(filter(str.isalnum, manuscript.issue.intro or ""))


@given(text=_TEXTS, language=st.sampled_from(["en", "de", "fr", "uk", "pl", "he"]))
@settings(max_examples=60, deadline=None)
def test_mending_keeps_every_letter_and_is_done_in_one_go(text: str, language: str) -> None:
    piece = f"intro: {json.dumps(text, ensure_ascii=False)}\n".replace("\t", "\\t")
    before = exam.read(piece, Path("issue.yaml"))
    keeping = [rule for rule in MENDING if rule.slug != "doubled-word"]
    after = mend(piece, keeping, language)
    assert letters(after) == letters(before)
    again = mend(after.text, keeping, language)
    assert again.text == after.text


@given(text=_TEXTS, language=st.sampled_from(["en", "ru", "tr"]))
@settings(max_examples=30, deadline=None)
def test_no_text_makes_a_rule_that_reads_words_stumble(text: str, language: str) -> None:
    piece = f"intro: {json.dumps(text, ensure_ascii=False)}\n".replace("\t", "\\t")
    characters = set(mend(piece, rules_that_read(), language).issue.intro or "")
    assert characters <= {*text, *"“”‘’„«»–—… \u00a0.'"}


def rules_that_read() -> list[Rule]:
    more = {"placeholder", "weekday-date-mismatch", "date-style", "mixed-script", "shouting"}
    return [rule for rule in rules() if rule.slug in {*THAT_MEND, *more}]
