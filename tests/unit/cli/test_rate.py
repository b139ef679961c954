from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.outcome import Accepted
from tests.unit.cli.sent_kit import (
    SLUG,
    Output,
    begin,
    being_sent,
    call,
    call_json,
    make_project,
    opened,
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make_project(tmp_path)


def test_a_running_sending_takes_the_new_rate(project: Path, capsys: Output) -> None:
    with being_sent(project, 300, "5/s") as sending:
        assert call(capsys, "rate", SLUG, "2000/s") == (
            f"{SLUG} goes out from now on: 2000/s at most.\n"
        )
        sending.thread.join(20)  # at the old rate it would take a minute
        assert not sending.thread.is_alive()
        assert sending.sent == 300


def test_it_is_kept_for_when_somebody_sends_it(project: Path, capsys: Output) -> None:
    begin(project, 1)
    said = call_json(capsys, "rate", "20000/h")
    assert (said["issue"], said["rate"], said["window"]) == (SLUG, "20000/h", None)
    assert call_json(capsys, "status")[0]["rate"] == "20000/h"
    assert "as the settings say" in call(capsys, "rate", SLUG, "--none")
    assert call_json(capsys, "status")[0]["rate"] is None


@pytest.mark.parametrize("words", [["fast"], ["0/s"], ["-5/s"], [SLUG, "fast"]])
def test_what_is_no_rate_is_refused(project: Path, capsys: Output, words: list[str]) -> None:
    begin(project, 1)
    assert run(["rate", *words]) == 2
    assert call_json(capsys, "status")[0]["rate"] is None


@pytest.mark.parametrize("words", [[], [SLUG, ""], [SLUG, "5/s", "--none"], ["5/s", "--none"]])
def test_one_must_say_how_fast(project: Path, capsys: Output, words: list[str]) -> None:
    begin(project, 1)
    assert run(["rate", *words]) == 2
    assert "50/s" in capsys.readouterr().err


def test_a_finished_one_has_no_rate(project: Path, capsys: Output) -> None:
    begin(project, 1, Accepted())
    assert run(["rate", "5/s"]) == 1
    assert "is finished" in capsys.readouterr().err


def test_everything_of_the_pace_can_be_changed_in_one_go(project: Path, capsys: Output) -> None:
    begin(project, 1)
    more = ["--domain-rate", "Example.COM=5/s", "--domain-rate", "example.net=none"]
    said = call(capsys, "rate", SLUG, "20/s", *more, "--window", "07:00-21:00", "--ramp", "500")
    assert said == (
        f"{SLUG} goes out from now on: 20/s at most, 5/s to example.com, "
        "in the window 07:00-21:00, ramp 500.\n"
    )
    kept = call_json(capsys, "rate", "--ramp", "0", "--window", "none")
    assert kept == {
        "issue": SLUG,
        "rate": "20/s",
        "domain_rates": {"example.com": "5/s", "example.net": None},
        "ramp": 0,
        "window": "",
        "window_zone": "",
    }
    status = call_json(capsys, "status")[0]
    assert status["pace"]["domain_rates"] == {"example.com": "5/s", "example.net": ""}
    assert call(capsys, "rate", "--none") == (
        f"{SLUG} goes out as the settings say: no limit of speed.\n"
    )
    assert call_json(capsys, "status")[0]["pace"] == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--window", "7-21"], "written like this: 07:00-21:00"),
        (["--domain-rate", "example.com"], "write example.com=5/s"),
        (["--domain-rate", "example.com=fast"], "is not a rate such as 5/s"),
        (["--domain-rate", "not a domain=5/s"], "is not a mail domain"),
        (["--ramp", "-1"], "-1"),
        (["--ramp", "5", "--none"], "50/s"),
        ([SLUG, "fast", "--ramp", "5"], "is not a rate"),
    ],
)
def test_what_means_nothing_changes_nothing(
    project: Path, capsys: Output, words: list[str], said: str
) -> None:
    begin(project, 1)
    assert run(["rate", *words]) == 2
    assert said in capsys.readouterr().err
    assert call_json(capsys, "status")[0]["pace"] == {}


def test_one_word_beside_an_option_is_an_issue_unless_it_is_a_rate(
    project: Path, capsys: Output
) -> None:
    begin(project, 1)
    assert call_json(capsys, "rate", SLUG, "--ramp", "5")["rate"] is None
    assert call_json(capsys, "rate", "9/s", "--ramp", "5")["rate"] == "9/s"


def test_a_wish_that_cannot_be_understood_can_be_taken_back(project: Path, capsys: Output) -> None:
    campaign = begin(project, 1)
    with opened(project) as database:
        Campaigns(database).change_pace(campaign, lambda *_: ("", '{"later": 1}'))
    assert run(["rate", "5/s"]) == 2
    assert "newsletter rate ISSUE --none" in capsys.readouterr().err
    assert "as the settings say" in call(capsys, "rate", "--none")
    assert call_json(capsys, "rate", "5/s")["rate"] == "5/s"
