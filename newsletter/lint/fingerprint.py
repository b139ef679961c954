"""The passages of an issue in a form in which thousands of them are compared quickly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.passages import RUNNING, PassageKind, passages
from newsletter.lint.remembered import ISSUES, remembered
from newsletter.lint.similarity import is_alike, shingles, words

LEAST_WORDS = 12
"""Shorter passages are not compared: "Doors open at 7.00 pm. Entry is free." may stand twice."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage long enough to be compared.

    Attributes:
        where: The way to the value that it stands in.
        at: Characters into that value where it begins.
        kind: What it is to a reader.
        section: The number of its section; None outside of sections.
        normal: Its words, as ``similarity.words`` gives them, with single spaces between.
    """

    where: Where
    at: int
    kind: PassageKind
    section: int | None
    normal: str

    @property
    def words(self) -> list[str]:
        """Its words."""
        return self.normal.split(" ")


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """An issue for comparing.

    Attributes:
        pieces: Its passages; advertisements are left out, since they are meant to return.
        index: Each shingle with the number of the first piece that has it.
        within: Pairs of pieces of this issue that are alike: the later, and the one before it.
    """

    pieces: tuple[Piece, ...]
    index: Mapping[int, int]
    within: tuple[tuple[int, int], ...]

    def common(self, other: Fingerprint) -> list[tuple[int, int]]:
        """Pairs of pieces that are alike: the number of ours, the number of the other's."""
        shared = self.index.keys() & other.index.keys()
        pairs = Counter((self.index[shingle], other.index[shingle]) for shingle in shared)
        return sorted(
            (ours, theirs)
            for ours, theirs in pairs
            if is_alike(self.pieces[ours].words, other.pieces[theirs].words)
        )


@remembered(ISSUES)
def fingerprint(manuscript: Manuscript) -> Fingerprint:
    """The fingerprint of a manuscript; remembered."""
    pieces = tuple(_pieces(manuscript))
    index: dict[int, int] = {}
    again: set[tuple[int, int]] = set()
    for number, piece in enumerate(pieces):
        for shingle in shingles(piece.words):
            first = index.setdefault(shingle, number)
            if first != number:
                again.add((number, first))
    within = sorted(
        pair for pair in again if is_alike(pieces[pair[0]].words, pieces[pair[1]].words)
    )
    return Fingerprint(pieces, index, tuple(within))


def _pieces(manuscript: Manuscript) -> Iterator[Piece]:
    sections = manuscript.issue.sections
    for passage in passages(manuscript.issue):
        if passage.kind not in RUNNING:
            continue
        if passage.section is not None and sections[passage.section].kind == "sponsor":
            continue
        row = words(passage.text)
        if len(row) >= LEAST_WORDS:
            yield Piece(passage.where, passage.at(0), passage.kind, passage.section, " ".join(row))
