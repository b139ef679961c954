from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from newsletter.errors import NotFoundError, SendRefusedError
from newsletter.sending.plan import Checks, Plan, PlannedAudience


def make_plan(**changes: object) -> Plan:
    values: dict[str, object] = {
        "issue": "2026-11-20",
        "subject": "The night ferry is back",
        "content": "c0ffee" * 10,
        "commit": "",
        "changed": False,
        "author": "ann@example.org",
        "made_at": "2026-11-20T12:00:00+00:00",
        "audience": PlannedAudience(
            active=1204,
            unsubscribed=3,
            suppressed=1,
            pending=2,
            lists=["weekly"],
            segment="",
            salt="5a17",
            digest="abcdef" * 10,
        ),
        "checks": Checks(errors=0, warnings=1, notes=2),
        "transport": "maildir:outbox",
        "rate": "50/s",
        "seconds": 25,
        "expires_at": None,
        "earlier": 0,
        "settings": {"name": "Портовий лист", "lint.memory": 4},
    }
    return Plan.model_validate({**values, **changes})


def test_a_plan_comes_back_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(make_plan().dump())
    assert Plan.read(file) == make_plan()


def test_its_digest_is_that_of_the_canonical_json_without_it() -> None:
    written = json.loads(make_plan().dump())
    digest = written.pop("digest")
    canonical = json.dumps(written, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert hashlib.sha256(canonical.encode()).hexdigest() == digest


@pytest.mark.parametrize(
    "tamper",
    [
        lambda text: text.replace('"active":1204', '"active":9999'),
        lambda text: text.replace("maildir:outbox", "smtp://relay.example.org"),
        lambda text: text + "\n",
        lambda text: text.replace(",", ", "),
        lambda text: text.replace('"earlier":0', '"earlier":0,"earlier":0'),
    ],
    ids=["a number", "the transport", "a line end", "white space", "a key twice"],
)
def test_a_byte_that_was_changed_is_found(tamper: object) -> None:
    assert callable(tamper)
    data = tamper(make_plan().dump().decode()).encode()
    assert data != make_plan().dump()
    with pytest.raises(SendRefusedError, match="was changed after it was made"):
        Plan.parse(data, "plan.json")


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b"null", b"\xff", b'{"digest":"x"}', b"[" * 100_000, b'{"a":"\\ud800"}'],
)
def test_what_is_no_plan_is_refused(data: bytes) -> None:
    with pytest.raises(SendRefusedError, match="not a plan of this version"):
        Plan.parse(data, "plan.json")


def test_a_plan_of_another_format_is_refused() -> None:
    raw = {**make_plan().model_dump(mode="json"), "format": 1, "digest": ""}
    with pytest.raises(SendRefusedError, match="not a plan of this version"):
        Plan.parse(json.dumps(raw).encode(), "plan.json")


def test_a_plan_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        Plan.read(tmp_path / "plan.json")


def test_the_same_planned_later_by_somebody_else_is_the_same() -> None:
    later = make_plan(
        author="ben@example.org",
        made_at="2026-11-21T12:00:00+00:00",
        commit="0" * 40,
        changed=True,
    )
    assert list(make_plan().differences(later)) == []


def test_what_differs_is_said_in_words() -> None:
    others = {"active": 1203, "digest": "123456" * 10, "lists": ["alerts", "weekly"]}
    segment = 'language == "uk"'
    audience = make_plan().audience.model_copy(update={**others, "segment": segment})
    now = make_plan(
        content="decade" * 10,
        audience=audience,
        transport="smtp://relay.example.org:587",
        expires_at="2026-11-27T22:00:00+00:00",
        earlier=1,
        settings={"name": "Портовий лист", "accent": "#000000"},
    )
    assert list(make_plan().differences(now)) == [
        "content: planned c0ffeec0, now decadede",
        "audience: planned 1,204 readers (abcdefab), now 1,203 readers (12345612)",
        'lists: planned ["weekly"], now ["alerts", "weekly"]',
        f"segment: planned nothing, now {segment}",
        "transport: planned maildir:outbox, now smtp://relay.example.org:587",
        "expires: planned nothing, now 2026-11-27T22:00:00+00:00",
        "earlier sendings: planned 0, now 1",
        "accent: planned nothing, now #000000",
        "lint.memory: planned 4, now nothing",
    ]
    assert not any(
        "audience" in line for line in make_plan().differences(now, exact_audience=False)
    )
