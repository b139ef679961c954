from __future__ import annotations

import pytest

from newsletter.findings import Severity
from newsletter.probes.answer import Answer, Failure, Hop
from newsletter.probes.verdict import judge


def said(address: str, *hops: tuple[int, str], status: int = 200) -> str | None:
    answer = Answer(address, status, hops=tuple(Hop(*hop) for hop in hops))
    verdict = judge(answer, is_picture=False)
    return f"{verdict.severity}: {verdict.message}" if verdict else None


@pytest.mark.parametrize(
    ("address", "hops"),
    [
        ("https://example.org/a", [(301, "https://example.org/a/")]),
        ("https://example.org/a", [(302, "https://example.org/en/a")]),
        ("https://example.org/a", [(302, "https://www.example.org/a")]),
        ("https://example.org/", [(302, "https://example.org/en/")]),
        ("https://example.org/index.html", [(302, "https://example.org/")]),
        ("https://example.org/en/home", [(302, "https://example.org/")]),
        ("https://example.org/shop", [(302, "https://example.org/")]),
    ],
)
def test_small_detours_are_not_worth_a_word(address: str, hops: list[tuple[int, str]]) -> None:
    assert said(address, *hops) is None


@pytest.mark.parametrize(
    ("address", "hops", "expected"),
    [
        (
            "http://example.org/a",
            [(301, "https://example.org/a"), (302, "https://example.org/b")],
            "info: this link has moved for good to https://example.org/a",
        ),
        (
            "https://short.example.com/x1",
            [(302, "https://example.org/")],
            "info: this link leads on to https://example.org/",
        ),
        (
            "https://example.org/2024/ferry",
            [(301, "https://example.org/")],
            "warning: this link leads to the start page of example.org: the page may be gone",
        ),
        (
            "https://example.org/the-night-ferry",
            [(302, "https://example.com")],
            "warning: this link leads to the start page of example.com: the page may be gone",
        ),
    ],
)
def test_detours_that_are(address: str, hops: list[tuple[int, str]], expected: str) -> None:
    assert said(address, *hops) == expected


def test_every_failure_has_words_and_a_next_step() -> None:
    for failure in Failure:
        verdict = judge(Answer("https://example.org/a", failure=failure), is_picture=True)
        assert verdict is not None
        assert verdict.hint
        assert "{" not in verdict.message


def test_only_404_410_and_the_dns_make_an_error() -> None:
    statuses = [
        status
        for status in range(100, 1000)
        if (v := judge(Answer("https://example.org/a", status), is_picture=False))
        and v.severity is Severity.ERROR
    ]
    assert statuses == [404, 410]
    failures = [
        failure
        for failure in Failure
        if (v := judge(Answer("https://example.org/a", failure=failure), is_picture=False))
        and v.severity is Severity.ERROR
    ]
    assert failures == [Failure.NO_SUCH_HOST]
