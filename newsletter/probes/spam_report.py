"""What SpamAssassin prints, as a value.

Two things in it are the same in every language: the score, in the header ``X-Spam-Status`` or in
the first line of ``spamc -R``, and the table of rules that ends the report: points, a rule's name,
its description.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# About the way that a message took, which a sample has not taken; about its signature and sender,
# which a relay adds and a local test cannot look up; about what this one machine has learnt.
_ABOUT_THE_WAY = re.compile(
    r"NO_RECEIVED|NO_RELAYS|ALL_TRUSTED|UNPARSEABLE_RELAY|RDNS_\w+|HELO_\w+|RCVD_\w+|"
    r"(?:T_)?(?:ARC|DKIM|DKIMWL|DMARC|SPF)_\w+|USER_IN_\w+|"
    r"BAYES_\w+|AWL|TXREP\w*"
)


@dataclass(frozen=True, slots=True)
class FiredRule:
    """A rule of SpamAssassin that fired.

    Attributes:
        name: As SpamAssassin calls it.
        points: What it adds to the score; good signs are negative.
        description: What it is about, in SpamAssassin's words.
    """

    name: str
    points: float
    description: str

    @property
    def counts(self) -> bool:
        """Whether it is about the letter, not about the way that a delivered message takes."""
        return _ABOUT_THE_WAY.fullmatch(self.name) is None


@dataclass(frozen=True, slots=True)
class SpamReport:
    """What SpamAssassin says of a message.

    Attributes:
        score: Points, without those of rules that do not count.
        limit: From how many on it calls a message spam; 5.0 unless configured.
        rules: The rules that fired and count, most points first.
        ignored: Those that do not count.
    """

    score: float
    limit: float
    rules: tuple[FiredRule, ...]
    ignored: tuple[FiredRule, ...]

    @property
    def is_spam(self) -> bool:
        """Whether it would be called spam."""
        return self.score >= self.limit


_HEADER = re.compile(r"^X-Spam-Status:.*?\bscore=(-?[\d.]+)\s+required=(-?[\d.]+)", re.M | re.S)
_FIRST_LINE = re.compile(r"\s*(-?\d+(?:\.\d+)?)/(-?\d+(?:\.\d+)?)\s*\n")
_RULER = re.compile(r"^-{3,} -{10,} -{20,}\s*$", re.M)
_ROW = re.compile(r"\s{0,4}(-?\d+(?:\.\d+)?) ([A-Z][A-Z0-9_]+)(?: +(.*))?$")


def parse(output: str) -> SpamReport | None:
    """What ``spamc -R`` or ``spamassassin -t`` has printed; None if it is neither's report."""
    head = output.replace("\r\n", "\n")
    numbers = _FIRST_LINE.match(head) or _HEADER.search(head.partition("\n\n")[0])
    tables = _RULER.split(head)
    if numbers is None or len(tables) < 2:
        return None
    try:
        score, limit = float(numbers[1]), float(numbers[2])
    except ValueError:
        return None
    # The last table: what stands above it may quote the letter.
    fired = sorted(_rows(tables[-1]), key=lambda rule: -rule.points)
    ignored = tuple(rule for rule in fired if not rule.counts)
    return SpamReport(
        score=round(score - sum(rule.points for rule in ignored), 1),
        limit=limit,
        rules=tuple(rule for rule in fired if rule.counts),
        ignored=ignored,
    )


def _rows(table: str) -> list[FiredRule]:
    rows: list[tuple[str, float, list[str]]] = []
    for line in table.strip("\n").split("\n"):
        if not line.strip():
            break
        if found := _ROW.match(line):
            rows.append((found[2], float(found[1]), [found[3] or ""]))
        elif rows:
            rows[-1][2].append(line)  # the description goes on
    return [FiredRule(name, points, _printable(" ".join(said))) for name, points, said in rows]


def _printable(text: str) -> str:
    words = "".join(character if character.isprintable() else " " for character in text).split()
    return " ".join(words)[:200]
