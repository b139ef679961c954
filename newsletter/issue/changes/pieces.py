"""Two texts, word by word → pieces that stayed, went and came."""

from __future__ import annotations

import dataclasses
import difflib
from collections import deque
from collections.abc import Iterator, Sequence

from newsletter.issue.changes.model import Change, Piece
from newsletter.issue.changes.words import Token, bag, joined, likeness

REWRITTEN = 0.3
"""Share of common words below which a text is shown as replaced: what is left of the old one are
small words, and a sentence pieced together around them reads like none."""


LONGEST = 2_000
"""Words and signs of a paragraph up to which it is compared word by word: difflib takes time that
grows with the square. A paragraph of a newsletter has about 100."""


def pieces(old: Sequence[Token], new: Sequence[Token]) -> tuple[Piece, ...]:
    """What became of each word."""
    if _texts(old) == _texts(new):
        return _whole(Change.SAME, new)
    is_long = max(len(old), len(new)) > LONGEST
    if is_long or likeness(bag(old), bag(new)) < REWRITTEN:
        return _whole(Change.REMOVED, old) + _whole(Change.ADDED, new)
    return tuple(
        piece
        for before, after in _runs(old, new)
        for piece in (
            _whole(Change.SAME, _spaced(before, after))
            if _texts(before) == _texts(after)
            else _whole(Change.REMOVED, before) + _whole(Change.ADDED, after)
        )
    )


Run = tuple[Sequence[Token], Sequence[Token]]


def _runs(old: Sequence[Token], new: Sequence[Token]) -> Iterator[Run]:
    """Runs of both texts that belong together: the same words, or what was exchanged for what."""
    matcher = difflib.SequenceMatcher(None, [t.text for t in old], [t.text for t in new])
    runs = deque((old[a:b], new[c:d]) for _, a, b, c, d in matcher.get_opcodes())
    while runs:
        before, after = map(list, runs.popleft())
        # A comma between two exchanges is part of one: "[-May, July-]{+June, August+}".
        while (
            len(runs) > 1
            and _is_exchange(before, after)
            and not any(token.is_word for token in runs[0][1])
            and _is_exchange(*runs[1])
        ):
            for sign_or_exchange in (runs.popleft(), runs.popleft()):
                before += sign_or_exchange[0]
                after += sign_or_exchange[1]
        yield before, after


def _spaced(before: Sequence[Token], after: Sequence[Token]) -> Sequence[Token]:
    """The same words with a space before them if either text has one: what went may precede."""
    is_spaced = before[0].is_spaced or after[0].is_spaced
    return [dataclasses.replace(after[0], is_spaced=is_spaced), *after[1:]]


def _is_exchange(before: Sequence[Token], after: Sequence[Token]) -> bool:
    return bool(before and after) and _texts(before) != _texts(after)


def _texts(parts: Sequence[Token]) -> list[str]:
    return [part.text for part in parts]


def _whole(change: Change, parts: Sequence[Token]) -> tuple[Piece, ...]:
    return (Piece(change, joined(parts)),) if parts else ()
