from __future__ import annotations

import pytest

from newsletter.lint.caniemail.support import (
    ClientResult,
    Support,
    Value,
    support,
    validate_clients,
)

DATA = {
    "version": "9.9.9",
    "updated": "2030-01-02",
    "families": {"alpha": "Alpha Mail", "outlook": "Outlook"},
    "clients": ["alpha.ios", "alpha.web", "outlook.windows", "outlook.windows-mail"],
    "features": {
        "css-blink": {
            "title": "blink",
            "category": "css",
            "tested": "2029-12-31",
            "support": ["y", "a #2 #1", "n", "n"],
            "notes": {
                "1": "Partial. Only on [Sundays](https://example.com/sundays)",
                "2": "Buggy: hurts the eyes.",
            },
        },
        "css-glow": {
            "title": "glow",
            "category": "css",
            "tested": "2029-12-30",
            "support": ["u", "", "y", "y"],
            "notes": {},
        },
    },
}


def test_a_feature_says_who_lacks_it_with_the_notes_in_their_order() -> None:
    feature = Support(DATA).lookup("css-blink")
    assert feature.without({"alpha"}) == (
        ClientResult(
            "alpha",
            "web",
            Value.PARTLY,
            ("hurts the eyes.", "Only on Sundays."),
            "2029-12-31",
        ),
    )
    assert feature.url == "https://www.caniemail.com/features/css-blink/"


def test_a_program_that_is_no_more_is_left_out() -> None:
    lacking = Support(DATA).lookup("css-blink").without({"outlook"})
    assert [(result.platform, result.value) for result in lacking] == [("windows", Value.NO)]


def test_what_nobody_knows_or_has_tested_is_not_said_to_be_missing() -> None:
    feature = Support(DATA).lookup("css-glow")
    assert feature.without({"alpha", "outlook"}) == ()
    assert [result.value for result in feature.among({"alpha"})] == [Value.UNKNOWN]


def test_a_feature_that_caniemail_does_not_have_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        Support(DATA).lookup("css-sparkle")


def test_the_data_we_ship_knows_what_everybody_knows() -> None:
    flex = support().lookup("css-display-flex")
    assert [
        (result.client, result.platform)
        for result in flex.among({"outlook"})
        if result.value == "n"
    ] == [("outlook", "windows")]
    assert "outlook" not in {r.client for r in support().lookup("html-table").without({"outlook"})}


def test_clients_are_checked_and_each_is_kept_once() -> None:
    assert validate_clients(["Gmail", " gmail", "web-de"]) == ("gmail", "web-de")
    assert validate_clients([]) == ()


def test_a_mistyped_client_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(ValueError, match=r'"gmial" is no mail program .* did you mean "gmail"'):
        validate_clients(["outlook", "gmial"])


def test_a_client_like_no_other_is_refused_with_all_of_them() -> None:
    with pytest.raises(ValueError, match=r"it knows aol, apple-mail, .* yahoo"):
        validate_clients(["carrier pigeon"])
