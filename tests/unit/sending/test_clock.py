from __future__ import annotations

import datetime
import time
from collections.abc import Iterator

import pytest

from newsletter.sending.clock import end_of, local


@pytest.fixture(autouse=True)
def in_kyiv(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "EET-2EEST,M3.5.0/3,M10.5.0/4")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_news_without_an_end_is_never_stale() -> None:
    assert end_of(None) is None


def test_a_day_ends_at_midnight_here() -> None:
    assert end_of(datetime.date(2026, 11, 27)) == datetime.datetime(
        2026, 11, 27, 22, tzinfo=datetime.UTC
    )


def test_a_day_in_summer_ends_an_hour_earlier_by_the_sun() -> None:
    assert end_of(datetime.date(2026, 7, 1)) == datetime.datetime(
        2026, 7, 1, 21, tzinfo=datetime.UTC
    )


def test_a_time_without_a_zone_is_meant_here() -> None:
    assert end_of(datetime.datetime(2026, 11, 27, 18)) == datetime.datetime(  # noqa: DTZ001
        2026, 11, 27, 16, tzinfo=datetime.UTC
    )


def test_a_time_with_a_zone_is_meant_there() -> None:
    there = datetime.datetime.fromisoformat("2026-11-27T18:00+05:00")
    assert end_of(there) == datetime.datetime(2026, 11, 27, 13, tzinfo=datetime.UTC)
    assert local(there) == "2026-11-27 at 15:00"
