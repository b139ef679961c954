from __future__ import annotations

import datetime

import pytest

from newsletter.issue.drafts import dates

DAY = datetime.date(2026, 3, 7)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-03-07", "weekly-20260307", "07.03.2026", "7 March 2026", "Mar. 7, 2026"),
        *("Saturday, 7th March 2026", "7. März 2026", "7 березня 2026 року", "7 de marzo de 2026"),
        *("The Letter, 7 March 2026, No. 12", "2026-03-07 and again 7 March 2026"),
    ],
)
def test_a_day_with_its_year_is_found(text: str) -> None:
    assert dates.find(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["03/07/2026", "7 March", "next Friday", "2026-13-01", "2026", "7 March 2026 to 8 March 2026"],
)
def test_what_is_unsure_is_no_day(text: str) -> None:
    assert dates.find(text) is None


def test_a_line_that_is_only_a_day_is_told_from_a_title() -> None:
    assert dates.is_date("Saturday, 7 March 2026")
    assert not dates.is_date("The Letter, 7 March 2026")
    assert not dates.is_date("No. 43, 7 March 2026")
