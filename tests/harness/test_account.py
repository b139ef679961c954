"""The account finds what it is there to find."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from newsletter.delivery.ledger import Ledger
from newsletter.delivery.outcome import Accepted, Unknown
from tests.harness.rig import Rig
from tests.unit.delivery.kit import Hand

ONE = "taken\treader0@town0.example.com\t<1@example.org>\tletter@example.org\n"
TWO = "taken\treader1@town1.example.com\t<2@example.org>\tletter@example.org\n"


@pytest.mark.parametrize(
    ("records", "problem"),
    [
        (ONE + TWO, ""),
        (TWO, "1 are said to have it, and the relay has no copy"),
        (ONE + ONE + TWO, "1 were sent more than one copy"),
        (ONE + TWO + TWO.replace("town1", "town3"), "1 got a letter who were not to get it"),
        (ONE + TWO.replace("reader1@town1", "reader2@town2"), "1 have a copy and would be sent"),
        (ONE + "refused" + ONE[5:].replace("<1@", "<3@"), "1 letters changed their Message-ID"),
        (ONE + TWO.replace("\tletter@", "\tother@"), "there was more than one sender"),
    ],
)
def test_an_account_that_does_not_balance_says_why(
    tmp_path: Path, records: str, problem: str
) -> None:
    with closing(Rig(tmp_path, 3)) as rig:
        hand = Hand(Ledger(rig.database, rig.campaign))
        hand.one(Accepted())
        hand.one(Unknown("the connection broke"))
        (tmp_path / "relay.tsv").write_text(records)
        account = rig.account(tmp_path / "relay.tsv")
    problems = account.problems(most_unknown=1, ends=None)
    assert [problem in found for found in problems] == [True] * bool(problem)
    assert "1 are in doubt, 0 could be" in account.problems(ends=None)
    assert any("not finished: " in found for found in account.problems(most_unknown=1))
