"""Noticing that a refusal is not about its reader, since everybody meets the same."""

from __future__ import annotations

import re

from newsletter.delivery.outcome import About, Deferred, Failed, Outcome, Unknown

IN_A_ROW = 5
"""So many readers refused in the same words, for no reason of their own, pause a campaign."""


class Refusals:
    """The refusals in a row that say nothing of their readers."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        """The deliveries that met it."""
        self.words = ""
        """What was said to all of them."""

    def note(self, delivery: int, outcome: Outcome) -> bool:
        """Count an outcome; true when there were so many that something must be wrong with us."""
        words = _not_about_the_reader(outcome)
        if words != self.words:
            self.ids.clear()
            self.words = words
        if words:
            self.ids.append(delivery)
        return len(self.ids) >= IN_A_ROW


def _not_about_the_reader(outcome: Outcome) -> str:
    """What is the same in refusals that are not about their readers; empty for other outcomes."""
    match outcome:
        case Failed(reason, about) if about is not About.RECIPIENT:
            pass
        case Deferred(reason, About.SITE):
            pass
        case Unknown(reason):
            pass
        case _:
            return ""
    # Queue ids, times and addresses differ from reply to reply; codes stand at the start.
    return re.match(r"(?:\d{3})?(?: \d\.\d+\.\d+)?", reason)[0] or reason  # type: ignore[index]
