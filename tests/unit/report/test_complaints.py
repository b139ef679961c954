from __future__ import annotations

import datetime

import pytest

from newsletter.database.engine import Database
from newsletter.errors import SendRefusedError
from newsletter.report.complaints import Complaints, complaints, not_too_many

LATER = datetime.datetime(2026, 11, 27, 9, tzinfo=datetime.UTC)


def test_complaints_are_held_against_the_letters_that_were_taken(sent: Database) -> None:
    assert complaints(sent, LATER) == Complaints(1, 24)
    assert str(complaints(sent, LATER)) == (
        "1 complaint of 24 letters in the last 30 days (4.17 %)"
    )


def test_after_thirty_days_they_are_forgotten(sent: Database) -> None:
    assert complaints(sent, LATER + datetime.timedelta(days=30)) == Complaints(0, 0)


@pytest.mark.parametrize(
    ("number", "of", "held"), [(2, 1000, False), (3, 1000, True), (0, 0, False)]
)
def test_the_next_letter_is_held_back_from_three_in_a_thousand(
    number: int, of: int, held: bool
) -> None:
    if not held:
        not_too_many(Complaints(number, of))
        return
    with pytest.raises(SendRefusedError, match=r"3 complaints of 1,000 letters.*0\.30 %") as caught:
        not_too_many(Complaints(number, of))
    assert "--despite-complaints" in caught.value.hint
