"""Which refusals in our own sessions are believed to be about their readers: a pure decision.

A bounce is written by the reader's own mail system as a rule, about one letter. A refusal that we
hear ourselves may be the mistake of a relay that stands between: one whose directory is down says
"user unknown" to everybody, and one that is set up wrongly says it always. Nobody may be struck off
for that. So refusals count only where they are few among many that were taken: in the whole
sending, at the reader's domain, and at that moment.
"""

from __future__ import annotations

from collections import defaultdict

SHARE = 0.1
"""Of the answers in a sending, and of those of a domain, fewer than this may be refusals. A list
that is mailed regularly loses one to three readers in a hundred a month; at ten nobody can tell
from outside whether it is the list or a server that is out of order."""

FEW = 3
"""So many refusals are few whatever their share, if at least as many were taken (in the whole
sending: more). Three colleagues may leave a firm of eight between two letters."""

NEIGHBOURS = 20
"""So many answers before a refusal or after it, in the order of time, are its moment."""

AT_ONCE = 6
"""More refusals than this among a refusal and its neighbours, in the whole sending or at one
domain, are an outage. With five dead addresses in a hundred, spread evenly, that happens to one
refusal in thousands; while a directory is down, to all of them."""


class Answers:
    """What servers answered to the letters of one sending, in the order of time."""

    def __init__(self) -> None:
        self._all = _Series()
        self._by_domain: defaultdict[str, _Series] = defaultdict(_Series)

    def add(self, domain: str, *, refused: bool) -> tuple[int, int]:
        """One more answer.

        Args:
            domain: The reader's mail domain.
            refused: It counts against the reader; else the letter was taken.

        Returns:
            Its place, for ``believable``.
        """
        return self._all.add(refused=refused), self._by_domain[domain].add(refused=refused)

    def believable(self, domain: str, place: tuple[int, int]) -> bool:
        """Whether a refusal says something of its reader, as far as one can see from all of them.

        Args:
            domain: The reader's mail domain.
            place: As ``add`` has returned it.
        """
        everywhere, there = self._all, self._by_domain[domain]
        return (
            _few_in_all(everywhere)
            and _few_at_a_domain(there)
            and not everywhere.is_outage(place[0])
            and not there.is_outage(place[1])
        )


class _Series:
    """Answers in their order, a byte each: there may be a million."""

    def __init__(self) -> None:
        self._answers = bytearray()
        self.refused = 0

    def add(self, *, refused: bool) -> int:
        self._answers.append(refused)
        self.refused += refused
        return len(self._answers) - 1

    @property
    def taken(self) -> int:
        return len(self._answers) - self.refused

    @property
    def share(self) -> float:
        return self.refused / len(self._answers)

    def is_outage(self, place: int) -> bool:
        # Before it, around it, after it: an outage has a first refusal and a last one.
        windows = ((NEIGHBOURS, 0), (NEIGHBOURS // 2, NEIGHBOURS // 2), (0, NEIGHBOURS))
        return any(
            self._answers.count(1, max(0, place - before), place + after + 1) > AT_ONCE
            for before, after in windows
        )


def _few_in_all(answers: _Series) -> bool:
    few = answers.refused <= FEW or answers.share < SHARE
    return few and answers.taken > answers.refused


def _few_at_a_domain(answers: _Series) -> bool:
    """A single refusal is enough at a domain with a single reader: nobody there contradicts it."""
    few = answers.refused <= FEW and answers.taken >= answers.refused
    return few or answers.refused == 1 or answers.share < SHARE
