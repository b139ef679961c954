"""Pages begin before they are worked out, and end whatever happens."""

from __future__ import annotations

import re
from typing import Any

import pytest

from newsletter.preview.desk import Desk
from newsletter.preview.shelf import Shelf

PAGES = ["", "issue/2026-11-20"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_announces_the_style_sheets_that_it_names(running: Any, path: str) -> None:
    answer = running.get(path)
    announced = re.findall(r"<([^>]+)>; rel=preload; as=style", answer.headers["link"])
    assert announced == re.findall(r'<link rel="stylesheet" href="([^"]+)">', answer.text)
    assert announced


def test_an_issue_that_never_was_is_no_page(running: Any) -> None:
    answer = running.get("issue/2026-11-27")
    assert answer.status == 404
    assert "There is no such page" in answer.text


@pytest.mark.parametrize("path", PAGES)
def test_a_mistake_of_the_preview_s_own_is_said_in_the_page(
    running: Any, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the ferry has sunk")

    monkeypatch.setattr(Desk, "view", broken)
    monkeypatch.setattr(Shelf, "stock", broken)
    text = running.get(path).text
    assert text.count("<!doctype html>") == 1
    assert "The preview has a mistake of its own." in text
    assert "RuntimeError: the ferry has sunk" in text


def test_an_issue_that_goes_while_it_is_asked_for_is_said_to_be_gone(
    running: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Desk, "view", lambda *_, **__: None)
    text = running.get("issue/2026-11-20").text
    assert "There is no issue 2026-11-20 any more." in text
    assert "mistake" not in text
