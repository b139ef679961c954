"""Months and weekdays by their names."""

from __future__ import annotations

from newsletter.lint.months import months, weekdays


def test_a_language_has_its_own_names_whichever_was_asked_before() -> None:
    for language in ("he", "ru", "pt", "it", "nl", "sv"):
        months.cache_clear()
        weekdays.cache_clear()
        months(language)
        weekdays(language)
    assert "março" in months("pt")
    assert all(ord(name[0]) < 0x250 for name in (*months("pt"), *weekdays("it")))


def test_dates_and_calendars_name_a_month_in_different_forms() -> None:
    assert months("uk")["листопада"] == months("uk")["листопад"] == 11
    assert months("en")["nov"] == months("en-GB")["november"] == 11


def test_a_weekday_bends() -> None:
    assert weekdays("uk")["суботи"] == weekdays("uk")["субота"] == 5
