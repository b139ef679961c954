"""Sentences that a line break or a blank line cuts in two, or that stop in the middle.

What: a paragraph that ends without an end mark while the next begins with a small letter; a line
break asked for inside a sentence; a paragraph or a bullet that begins with a small letter; a long
paragraph that just stops. Lists, lines behind a colon, greetings, signatures and names such as
iPhone are fine, and so is a newsletter that writes everything small.

Why: text pasted from a mail or a PDF breaks where its lines ended, and readers stumble. A
paragraph that stops may have lost its end.

Source: newspaper practice; what copy editors call a bad break.

Bad::

    intro: |
      The night ferry sails again from

      next Friday on.

Good::

    intro: |
      The night ferry sails again:

      from next Friday on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsletter.findings import Severity
from newsletter.issue.drafts.sentences import goes_on, has_end
from newsletter.issue.markdown import CODE
from newsletter.issue.passages import Passage, PassageKind
from newsletter.lint.plain import plain, primary
from newsletter.lint.rule import Context, Edit, Group, Problem, Target

ID = "N06"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE

_SMALL_START = re.compile(r"[\s\"'“”„«»‘’‚(\[]*([^\W\d_][\w'’-]*)")
_LONG = 15  # words; shorter paragraphs without end mark are signatures, addresses, labels
_GREETING = 8  # words of "Dear friends and neighbours of the harbour,"
_HOUSE_STYLE = 0.4  # share of small beginnings from which on they are meant
_VERSE = 3  # line breaks of a poem, an address, a programme
_WITHOUT_END_MARKS = frozenset({"th", "lo", "km", "my", "bo"})
_PARTICLES = frozenset(
    {"al", "el", "bin", "ibn", "abu", "van", "von", "vom", "zu", "zum", "zur", "de", "der", "den"}
    | {"del", "della", "di", "da", "do", "dos", "du", "la", "le", "les", "d", "l", "ten", "ter"}
    | {"af", "av"}
)
_CREDIT = re.compile(
    r"[\s*(—–-]*(?:(?:additional |with )?report(?:ing|ed)|edit(?:ing|ed)|photo\w*|picture\w*|"
    r"illustration\w*|compiled|written|translat\w+|text\w*|by|foto\w*|bild\w*|von|redaktion\w*|"
    r"фото|текст|автор\w*|редакц\w+|переклад\w*|перевод|tekst|zdjęci\w+|texte|traduction)\b",
    re.IGNORECASE,
)


def check(context: Context) -> Iterator[Problem]:
    """Problems of the paragraphs, then of the bullets."""
    paragraphs = [p for p in context.passages if p.kind is PassageKind.PARAGRAPH]
    bullets = [p for p in context.passages if p.kind is PassageKind.BULLET]
    yield from _line_breaks(context, paragraphs)
    if not _is_small_style(paragraphs):
        yield from _paragraphs(context)
    if not _is_small_style(bullets):
        yield from _bullets(bullets)
    if primary(context.language) not in _WITHOUT_END_MARKS:
        yield from _stops(context, paragraphs)


def _small_word(text: str) -> str:
    """The word that a text begins with if it begins with a small letter; iPhone does not."""
    found = _SMALL_START.match(text)
    if found is None or not found[1][0].islower() or not found[1].islower():
        return ""
    if found[1] in _PARTICLES and re.match(r"[\s'’-]*[^\W\d_]", text[found.end() :]):
        following = text[found.end() :].lstrip(" '’-")
        if following[:1].isupper():
            return ""  # "von der Leyen", "al-Khatib"
    if re.match(r"['’-]?[^\W\d_]*[A-ZА-Я]|[./@\d]|\.\w", text[found.end() :]):
        return ""
    return found[1]


def _is_small_style(passages: Sequence[Passage]) -> bool:
    small = sum(bool(_small_word(passage.text)) for passage in passages)
    return small > 2 and small >= _HOUSE_STYLE * len(passages)


def _line_breaks(context: Context, paragraphs: Sequence[Passage]) -> Iterator[Problem]:
    for passage in paragraphs:
        if not 0 < len(passage.breaks) < _VERSE:
            continue
        for at in sorted(passage.breaks):
            before, after = plain(passage.text[:at]), plain(passage.text[at + 1 :])
            if not _is_open(before) or not _small_word(after):
                continue
            yield Problem(
                f"a line break stands inside the sentence, behind {_last_word(before)}",
                "Take it out.",
                passage.where,
                passage.at(at),
                fix=_join(context, passage.where, passage.at(at - 1) + 1, passage.at(at + 1)),
            )


def _is_open(text: str) -> bool:
    """Whether a text ends in a word, so that its sentence may go on."""
    return text.rstrip()[-1:].isalnum()


def _paragraphs(context: Context) -> Iterator[Problem]:
    before: Passage | None = None
    for passage in context.passages:
        last, before = before, passage
        if passage.kind is not PassageKind.PARAGRAPH:
            continue
        word = _small_word(passage.text)
        if not word:
            continue
        if last is None or last.where != passage.where:
            yield _small(passage, word)
        elif last.kind is PassageKind.PARAGRAPH:
            yield from _behind(context, last, passage, word)


def _behind(context: Context, last: Passage, passage: Passage, word: str) -> Iterator[Problem]:
    text = plain(last.text).rstrip()
    start, end = last.at(len(last.text.rstrip()) - 1) + 1, passage.at(0)
    between = context.manuscript.value(passage.where)[start:end]
    if between.strip() or _is_greeting(last) or _is_signature(passage):
        return  # a picture, a rule or code stands between them
    if has_end(text):
        if text.rstrip("\"'”’»›“‘)")[-1:] != "…":
            yield _small(passage, word)
    elif text[-1:] in ":：—–…" or text.endswith(CODE):
        return
    else:
        is_word = _is_open(text) or text[-1:] in ",;،"
        fix = _join(context, passage.where, start, end) if is_word else ()
        yield Problem(
            f'the sentence is cut in two before "{word}": a blank line stands in it',
            "Join the two parts, or end the first with a full stop.",
            passage.where,
            passage.at(0),
            fix=fix,
        )


def _is_greeting(passage: Passage) -> bool:
    """Whether the text goes on small behind it, as it does in German or Polish letters."""
    text = passage.text.rstrip()
    return text.endswith((",", "!", "،")) and len(text.split()) <= _GREETING


def _is_signature(passage: Passage) -> bool:
    return len(passage.text.split()) <= _GREETING and _is_open(passage.text)


def _small(passage: Passage, word: str) -> Problem:
    return Problem(
        f'the {passage.kind} begins with a small letter: "{word}"',
        "Has its beginning been lost? If not, write it with a capital.",
        passage.where,
        passage.at(0),
    )


def _bullets(bullets: Sequence[Passage]) -> Iterator[Problem]:
    last: Passage | None = None
    for bullet in bullets:
        word = _small_word(bullet.text)
        if word and last and not has_end(last.text) and last.text.rstrip()[-1:] not in ":;":
            yield Problem(
                f'the bullet before this one goes on here: "{word}"',
                "Make one bullet of the two.",
                bullet.where,
                bullet.at(0),
            )
        elif word:
            yield _small(bullet, word)
        last = bullet


def _stops(context: Context, paragraphs: Sequence[Passage]) -> Iterator[Problem]:
    """Long paragraphs without an end mark, where all others have one."""
    long = [p for p in paragraphs if len(p.text.split()) >= _LONG]
    stopping = [p for p in long if _stops_short(p)]
    if len(stopping) > max(1, len(long) // 5):
        return
    for passage in stopping:
        following = _following(context, passage)
        if following is not None and _small_word(following.text):
            continue  # told of there
        text = passage.text.rstrip()
        yield Problem(
            f"the paragraph stops without a full stop, behind {_last_word(text)}",
            "Is its end missing?",
            passage.where,
            passage.at(len(text) - 1),
        )


def _stops_short(passage: Passage) -> bool:
    text = plain(passage.text).rstrip()
    if has_end(text) or _CREDIT.match(text) or passage.breaks:
        return False
    is_link = any(link.end >= len(text) and link.start == 0 for link in passage.links)
    return not is_link and (_is_open(text) or (goes_on(text) and text[-1:] in ",;،"))


def _following(context: Context, passage: Passage) -> Passage | None:
    behind = context.passages[context.passages.index(passage) + 1 :]
    if behind and behind[0].where == passage.where:
        return behind[0] if behind[0].kind is PassageKind.PARAGRAPH else None
    return None


def _join(context: Context, where: tuple[str | int, ...], start: int, end: int) -> tuple[Edit, ...]:
    """One space instead of a break and the white space, or backslash, around it."""
    between = context.manuscript.value(where)[start:end]
    return (Edit(where, start, end, " "),) if not between.strip(" \t\n\\") else ()


def _last_word(text: str) -> str:
    return f'"{text.split()[-1]}"' if text.split() else ""
