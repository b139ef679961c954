"""Words that this newsroom does not use.

What: the words of ``house_words`` in the settings, each with what the newsroom writes instead:
whole words, in any case, endings not guessed (list each form). And the names of
``house_spellings`` with other capitals: "Youtube" for "YouTube", "black sea" for "Black Sea".
Titles and headlines in capitals are left alone, and so are addresses and code.

Why: one thing has one name in one house. It spares readers a second look, and editors the debate.

Source: a newsroom's own style book; the lists are empty until ``newsletter.toml`` fills them.

Bad::

    sections:
      - headline: Ferry returns
        body: Passengers utilise the new gangway.
    ---
    lint:
      house_words: {utilise: use}

Good::

    sections:
      - headline: Ferry returns
        body: Passengers use the new gangway.
    ---
    lint:
      house_words: {utilise: use}
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from newsletter.findings import Severity
from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.rule import Context, Edit, Group, Problem, Target

ID = "N17"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_SENTENCE_START = re.compile(r"(?:^|[.!?…:]|\n)[\s\"'“”„«»‘’(\[–—-]*$")


def check(context: Context) -> Iterator[Problem]:
    """A problem for each word, with a repair where it is plain how to write it instead."""
    words = {" ".join(k.split()).casefold(): v for k, v in context.options.house_words.items()}
    names = {" ".join(n.split()).casefold(): n for n in context.options.house_spellings}
    unlisted = tuple(sorted({*words, *names} - {""}))
    if not unlisted:
        return
    pattern = _pattern(unlisted)
    for passage in context.passages:
        for found in pattern.finditer(passage.text):
            if _is_address(passage, found):
                continue
            said = found[0]
            key = " ".join(said.split()).casefold()
            if key in words and said != words[key]:
                instead = _in_case_of(said, words[key], _is_start(passage, found))
                yield Problem(
                    f'this newsroom does not write "{said}"',
                    f'It writes "{words[key]}".' if words[key] else "Leave it out.",
                    passage.where,
                    passage.at(found.start()),
                    fix=_fix(context, passage, found, instead),
                )
            elif key in names and _is_miscapitalised(passage, found, names[key]):
                yield Problem(
                    f'this newsroom writes "{names[key]}"',
                    "Mind the capitals.",
                    passage.where,
                    passage.at(found.start()),
                    fix=_fix(context, passage, found, names[key]),
                )


@functools.lru_cache(maxsize=16)
def _pattern(listed: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(listed, key=len, reverse=True)
    either = "|".join(r"\s+".join(map(re.escape, words.split())) for words in longest_first)
    return re.compile(rf"(?<!\w)(?<!\w[-'’])(?:{either})(?!\w)(?![-’']\w\w)", re.IGNORECASE)


def _is_address(passage: Passage, found: re.Match[str]) -> bool:
    if any(link.is_bare and link.start <= found.start() < link.end for link in passage.links):
        return True
    around = passage.text[max(0, found.start() - 1)] + passage.text[found.end() : found.end() + 2]
    return "@" in around or "/" in around[:1] or re.fullmatch(r".\.\w", around) is not None


def _is_start(passage: Passage, found: re.Match[str]) -> bool:
    return (
        _SENTENCE_START.search(passage.text, max(0, found.start() - 6), found.start()) is not None
    )


def _in_case_of(said: str, instead: str, is_start: bool) -> str | None:  # noqa: FBT001
    """The replacement in the capitals of what it replaces; None if it is not plain."""
    if said.islower():
        return instead
    if said == said.capitalize() and is_start:
        return instead[:1].upper() + instead[1:]
    if said.isupper() and len(said) > 1 and instead.islower():
        return instead.upper()
    # A name inside a sentence, or in a headline that capitalises each word.
    return instead if instead[:1].isupper() and said[:1].isupper() else None


def _is_miscapitalised(passage: Passage, found: re.Match[str], name: str) -> bool:
    said = found[0]
    if said == name or (said.isupper() and len(said) > 1) or " ".join(said.split()) == name:
        return False
    if passage.text.isupper() or passage.kind is PassageKind.CREDIT:
        return False
    is_start = _is_start(passage, found)
    if is_start and said == name[:1].upper() + name[1:]:
        return False  # "IPhone" begins a sentence
    # NATO, WHO: in small letters some of them are words.
    if name.isupper():
        is_word = said.islower() and len(name) < 5
        return not is_word and not (is_start and len(name) < 5)
    return True


def _fix(
    context: Context, passage: Passage, found: re.Match[str], instead: str | None
) -> tuple[Edit, ...]:
    start, end = passage.at(found.start()), passage.at(found.end() - 1) + 1
    if not instead or context.manuscript.value(passage.where)[start:end] != found[0]:
        return ()
    return (Edit(passage.where, start, end, instead),)
