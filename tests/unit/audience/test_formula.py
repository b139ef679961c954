from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.formula import neutralise, restore


@pytest.mark.parametrize("cell", ["=1+1", "+380", "-5", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_run_becomes_text(cell: str) -> None:
    assert neutralise(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "Ann", "o'clock", "'tis", "a=b"])
def test_plain_text_stays(cell: str) -> None:
    assert neutralise(cell) == cell
    assert restore(cell) == cell


@given(st.text("'=+-@\t\rab"))
def test_there_and_back_again_changes_nothing(cell: str) -> None:
    assert restore(neutralise(cell)) == cell
