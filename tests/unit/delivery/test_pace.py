"""When messages may leave, and how many in a day, on clocks of our own."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter.delivery.pace import Window, allowance, next_day
from newsletter.delivery.pace_options import PaceOptions
from newsletter.delivery.rate import Rate

BERLIN = ZoneInfo("Europe/Berlin")
DAY = datetime.date(2026, 11, 23)


def window(hours: str, zone: str = "UTC") -> Window:
    found = PaceOptions(window=hours, window_zone=zone).hours
    assert found
    return found


def utc(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


def days_ago(days: int) -> datetime.date:
    return DAY - datetime.timedelta(days=days)


@pytest.mark.parametrize(
    ("hours", "time", "is_open"),
    [
        ("07:00-21:00", "06:59:59", False),
        ("07:00-21:00", "07:00:00", True),
        ("07:00-21:00", "20:59:59", True),
        ("07:00-21:00", "21:00:00", False),
        ("21:00-07:00", "20:59:59", False),
        ("21:00-07:00", "23:30:00", True),
        ("21:00-07:00", "06:59:59", True),
        ("21:00-07:00", "07:00:00", False),
    ],
)
def test_a_window_is_open_from_its_first_minute_until_its_last(
    hours: str, time: str, is_open: bool
) -> None:
    assert window(hours).is_open(utc(f"2026-11-23T{time}")) is is_open


def test_a_window_is_meant_in_its_own_zone() -> None:
    berlin = window("07:00-21:00", "Europe/Berlin")
    assert berlin.is_open(utc("2026-11-23T06:00:00"))
    assert not berlin.is_open(utc("2026-11-23T05:59:00"))
    assert berlin.is_open(utc("2026-07-23T05:00:00")), "in summer an hour earlier"


def test_the_next_opening_is_now_or_later_today_or_tomorrow() -> None:
    day = window("07:00-21:00")
    assert day.next_opening(utc("2026-11-23T08:15:00")) == utc("2026-11-23T08:15:00")
    assert day.next_opening(utc("2026-11-23T03:00:00")) == utc("2026-11-23T07:00:00")
    assert day.next_opening(utc("2026-11-23T21:00:00")) == utc("2026-11-24T07:00:00")


def test_the_next_closing_is_that_of_the_present_opening() -> None:
    assert window("07:00-21:00").next_closing(utc("2026-11-23T08:00:00")) == utc(
        "2026-11-23T21:00:00"
    )
    night = window("21:00-07:00")
    assert night.next_closing(utc("2026-11-23T22:00:00")) == utc("2026-11-24T07:00:00")
    assert night.next_closing(utc("2026-11-23T02:00:00")) == utc("2026-11-23T07:00:00")


def test_an_hour_that_the_clocks_skip_waits_for_the_next_day() -> None:
    """In the night of 2026-03-29, Berlin has no 02:30."""
    short = window("02:30-03:00", "Europe/Berlin")
    opens = short.next_opening(utc("2026-03-28T12:00:00"))
    assert opens.astimezone(BERLIN).replace(tzinfo=None).isoformat() == "2026-03-30T02:30:00"


def test_without_a_zone_the_machines_own_clock_is_meant() -> None:
    hours = PaceOptions(window="07:00-21:00").hours
    assert hours
    noon_here = datetime.datetime(2026, 11, 23, 12).astimezone(datetime.UTC)
    assert hours.is_open(noon_here)
    assert not hours.is_open(noon_here - datetime.timedelta(hours=6))


def test_a_new_domain_begins_small_and_doubles() -> None:
    assert allowance(DAY, {}, 500) == 500
    assert allowance(DAY, {days_ago(1): 500}, 500) == 1000
    assert allowance(DAY, {days_ago(2): 500, days_ago(1): 1000}, 500) == 2000


def test_it_doubles_what_really_went_out() -> None:
    assert allowance(DAY, {days_ago(1): 300}, 500) == 600
    assert allowance(DAY, {days_ago(1): 20}, 500) == 500, "never less than the first day"


def test_what_went_out_today_counts_against_today() -> None:
    assert allowance(DAY, {DAY: 200}, 500) == 300
    assert allowance(DAY, {DAY: 900}, 500) == 0
    assert allowance(DAY, {days_ago(1): 500, DAY: 999}, 500) == 1


def test_a_weekly_letter_grows_too_and_long_silence_begins_anew() -> None:
    assert allowance(DAY, {days_ago(7): 2000, days_ago(6): 3}, 500) == 4000
    assert allowance(DAY, {days_ago(30): 2000}, 500) == 4000
    assert allowance(DAY, {days_ago(31): 2000}, 500) == 500


def test_the_next_day_begins_at_midnight_utc() -> None:
    assert next_day(DAY) == utc("2026-11-24T00:00:00")


def test_rates_of_domains_are_kept_as_the_wire_has_them() -> None:
    options = PaceOptions(domain_rates={"Example.COM": "5/s", "bücher.example.org": "60/min"})
    assert options.rates == {
        "example.com": Rate(5, 1),
        "xn--bcher-kva.example.org": Rate(60, 60),
    }
