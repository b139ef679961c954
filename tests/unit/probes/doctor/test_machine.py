"""This machine: its clock, its disk, and who may read what."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from newsletter.probes.doctor.checkup import Level
from newsletter.probes.doctor.machine import check_clock, check_room, judge_room
from newsletter.probes.doctor.permissions import check_permissions
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING, only

NOON = datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("seconds", "level", "words"),
    [
        (0, OK, "agrees"),
        (299, OK, "298 s"),
        (301, ERROR, "5 minutes ahead of"),
        (-301, ERROR, "5 minutes behind"),
        (-3600 * 24, ERROR, "1,440 minutes behind"),
    ],
)
def test_the_clock_may_be_five_minutes_off(seconds: int, level: Level, words: str) -> None:
    now = NOON + datetime.timedelta(seconds=seconds)
    found = check_clock(now, NOON, "www.example.org")
    assert found.level is level
    assert words in found.said


def test_without_another_clock_nothing_is_known() -> None:
    found = check_clock(NOON, None, "")
    assert (found.level, found.is_essential) == (UNCHECKED, False)


@pytest.mark.parametrize(
    ("free", "level"),
    [
        (49_000_000, ERROR),
        (50_000_000, WARNING),
        (499_000_000, WARNING),
        (500_000_000, OK),
    ],
)
def test_the_ledger_needs_room(tmp_path: Path, free: int, level: Level) -> None:
    assert judge_room(free, tmp_path).level is level


def test_room_is_looked_for_before_there_is_a_folder(tmp_path: Path) -> None:
    found = check_room(tmp_path / "not" / "yet")
    assert f"are free for {tmp_path}" in found.said


@pytest.mark.parametrize(
    ("mode", "level"), [(0o600, OK), (0o400, OK), (0o640, WARNING), (0o644, ERROR), (0o604, ERROR)]
)
def test_secrets_are_for_one_user(tmp_path: Path, mode: int, level: Level) -> None:
    secret = tmp_path / "newsletter.db"
    secret.touch()
    secret.chmod(mode)
    found = only(check_permissions([secret, tmp_path / "missing"]))
    assert found.level is level
    if level is not OK:
        assert f"chmod 600 '{secret}'" in found.hint
