"""Which of the paragraphs before the first story are the summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from newsletter.issue.drafts import sentences
from newsletter.issue.drafts.match import Announced, match
from newsletter.issue.drafts.notes import is_byline

LONGEST_ITEM = 600
"""Characters of an entry of a list that may be a bullet."""

_LONGEST_LINE = 320  # characters of a bullet without a mark

FEWEST = 2
"""Lines without a mark that make a summary; a single sentence is a greeting."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A paragraph before the first story: its words, and whether it is an entry of a list."""

    text: str
    is_item: bool = False


def find(opening: Sequence[Opening], stories: Sequence[Announced]) -> range:
    """The paragraphs that are the summary: the first list, else a run of one-sentence lines.

    Lines without a mark need stories that they announce, or as many of them as there are stories.
    Short paragraphs are a summary only if each announces one of the stories, and none is left.

    Args:
        opening: Everything before the first story, in order.
        stories: The stories, in order.

    Returns:
        Their indexes; empty if there is no summary.
    """
    for run in _runs([part.is_item and len(part.text) <= LONGEST_ITEM for part in opening]):
        return run
    if not stories:
        return range(0)
    lines = [not part.is_item and _may_be_bullet(part.text) for part in opening]
    for run in _runs(lines):
        if len(run) >= FEWEST:
            return _trimmed(run, [opening[index].text for index in run], stories)
    return _paragraphs(opening, stories)


def _paragraphs(opening: Sequence[Opening], stories: Sequence[Announced]) -> range:
    texts = [part.text for part in opening]
    is_short = all(len(text) <= _LONGEST_LINE and not sentences.goes_on(text) for text in texts)
    if not is_short or not FEWEST <= len(texts) == len(stories) or None in match(texts, stories):
        return range(0)
    return range(len(opening))


def _may_be_bullet(text: str) -> bool:
    is_line = sentences.is_one(text, _LONGEST_LINE) and not sentences.goes_on(text)
    return is_line and not is_byline(text)


def _runs(flags: Sequence[bool]) -> list[range]:
    """Where neighbours are true, from the first to the last such run."""
    runs, start = [], None
    for index, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = index
        elif not flag and start is not None:
            runs.append(range(start, index))
            start = None
    return runs


def _trimmed(run: range, texts: Sequence[str], stories: Sequence[Announced]) -> range:
    """Without a greeting before it: first lines that announce nothing, if there are too many."""
    found = match(texts, stories)
    start = 0
    while len(texts) - start > len(stories) and found[start : start + 1] == [None]:
        start += 1
    count = len(texts) - start
    if count < FEWEST or not (any(s is not None for s in found) or count == len(stories)):
        return range(0)
    return range(run.start + start, run.stop)
