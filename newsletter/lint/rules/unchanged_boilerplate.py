"""Greeting, closing note, preheader or caption that is the last issue's.

What: what stands as it stood in the last issue, but in none before it: the preheader, the title of
the issue, a caption, a sentence of the greeting or of the closing note (of five words or more).
What stood in two of the last issues is standing text, and may stay. As long as there is only one
earlier issue, the title may stay, and so may sentences of greeting and closing that name no day and
no number.

Why: a greeting is written once a week and copied once a week. "See you at Saturday's reading"
goes out again when the reading is over, under a picture that is called what the last one was.

Source: newspaper practice: the furniture of a page is read last, and by nobody.

Bad::

    preheader: Plus a library that stays open until ten
    ---
    preheader: Plus a library that stays open until ten

Good::

    preheader: Plus a library that stays open until ten
    outro: Write to us whenever you like, we read every letter.
    ---
    preheader: Plus a mayor who is on leave
    outro: Write to us whenever you like, we read every letter.
    ---
    preheader: Plus a hundred new benches
    outro: Write to us whenever you like, we read every letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsletter.findings import Severity
from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.passages import Passage, PassageKind, passages
from newsletter.lint.months import is_of_the_day
from newsletter.lint.remembered import ISSUES, remembered
from newsletter.lint.rule import Context, Group, Problem, Target
from newsletter.lint.similarity import words

ID = "N20"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_LEAST = 5  # words of a sentence: "Good morning." and a signature always return
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’»“)]*\s+")
_NAMES = {
    "preheader": "the preheader",
    "title": "the title",
    "intro": "the greeting",
    "outro": "the closing note",
    "caption": "the caption",
}


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence that may return: of which field, where it stands, and how it reads."""

    field: str
    where: Where
    offset: int | None
    text: str

    @property
    def key(self) -> tuple[str, ...]:
        return self.field, *words(self.text)


def check(context: Context) -> Iterator[Problem]:
    """A problem for each field; greeting and closing note are told of once."""
    if not context.earlier:
        return
    last, *older = [_keys(manuscript) for manuscript in context.earlier]
    told: set[Where] = set()
    for sentence in _sentences(context.manuscript, context.passages):
        if sentence.key not in last or any(sentence.key in keys for keys in older):
            continue
        if not older and _may_be_standing(sentence, context.language):
            continue
        if sentence.where not in told:
            told.add(sentence.where)
            yield Problem(
                _message(sentence, context.earlier[0].path.name),
                "Say what is new; what is meant to stay is not found again after the next issue.",
                sentence.where,
                sentence.offset,
            )


@remembered(ISSUES)
def _keys(manuscript: Manuscript) -> frozenset[tuple[str, ...]]:
    found = _sentences(manuscript, tuple(passages(manuscript.issue)))
    return frozenset(sentence.key for sentence in found)


def _sentences(manuscript: Manuscript, said: tuple[Passage, ...]) -> Iterator[_Sentence]:
    sections = manuscript.issue.sections
    for passage in said:
        field = str(passage.where[-1])
        if field in {"intro", "outro"} and passage.section is None:
            for text, start in _split(passage.text):
                if len(words(text)) >= _LEAST:
                    yield _Sentence(field, passage.where, passage.at(start), text)
        elif passage.kind is PassageKind.CAPTION:
            is_advertisement = sections[passage.section or 0].kind == "sponsor"
            if len(words(passage.text)) >= _LEAST and not is_advertisement:
                yield _Sentence(field, passage.where, None, passage.text)
        elif passage.section is None and field in {"preheader", "title"}:
            yield _Sentence(field, passage.where, None, passage.text)


def _split(text: str) -> Iterator[tuple[str, int]]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[start : end.start()], start
        start = end.end()
    yield text[start:], start


def _may_be_standing(sentence: _Sentence, language: str) -> bool:
    """Whether a text that stood in the only issue before this one may be meant to return."""
    if sentence.field in {"intro", "outro"}:
        return not any(is_of_the_day(word, language) for word in words(sentence.text))
    return sentence.field == "title"


def _message(sentence: _Sentence, name: str) -> str:
    said = _NAMES[sentence.field]
    if sentence.field in {"intro", "outro"}:
        return f"this sentence of {said} stands in {name} already"
    return f"{said} is that of {name}"
