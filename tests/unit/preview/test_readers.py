"""Subscribers are found by name and address, and whatever they are called stays text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.audience.profile import Profile
from newsletter.audience.subscribers import add, suppress
from newsletter.audience.tokens import Purpose, seal, unseal
from newsletter.preview.routes.readers import MOST
from newsletter.project import Project

HERE = "issue/2026-11-20"
HOSTILE = "<img src=x onerror=alert(1)>\u202e\"'&</script>"


@pytest.fixture(scope="module")
def root(make_project: Any, tmp_path_factory: Any) -> Path:
    root: Path = make_project(tmp_path_factory.mktemp("readers") / "letter")
    project = Project.open(root)
    add(project.database, "zoe@example.com", Profile(name="Zoë Sample", language="de"))
    add(project.database, "evil@example.com", Profile(name=HOSTILE))
    add(project.database, "percent_100@example.com", Profile(name="100 %"))
    suppress(project.database, "zoe@example.com", "bounced")
    for number in range(MOST):
        add(project.database, f"reader{number:02}@example.org", Profile())
    project.close()
    return root


@pytest.fixture(scope="module")
def running(root: Path, serve_project: Any) -> Iterator[Any]:
    with serve_project(root) as server:
        yield server


def names(running: Any, search: str) -> list[str]:
    return [
        reader["email"] for reader in running.post("readers", {"search": search}).json["readers"]
    ]


def test_readers_are_found_by_parts_of_name_and_address(running: Any) -> None:
    assert names(running, "sample") == ["zoe@example.com"]
    assert names(running, "  ZOE@ ") == ["zoe@example.com"]
    assert names(running, "evil") == ["evil@example.com"]
    assert names(running, "nobody") == []
    assert names(running, "%") == ["percent_100@example.com"]
    assert names(running, "_") == ["percent_100@example.com"]
    assert names(running, "' OR 1=1 --") == []


def test_only_the_first_are_listed_and_it_is_said_that_there_are_more(running: Any) -> None:
    answer = running.post("readers", {}).json
    assert (len(answer["readers"]), answer["more"]) == (MOST, True)
    assert running.post("readers", {"search": "zoe"}).json["more"] is False


def test_a_reader_is_shown_with_their_state_and_without_a_link_that_works(
    running: Any, root: Path
) -> None:
    answer = running.post("readers", {"search": "zoe"})
    (reader,) = answer.json["readers"]
    assert (reader["name"], reader["status"]) == ("Zoë Sample", "suppressed")
    assert set(reader) == {"id", "name", "email", "status"}
    project = Project.open(root)
    keys = project.database.keys
    project.close()
    assert unseal(keys, Purpose.UNSUBSCRIBE, seal(keys, Purpose.UNSUBSCRIBE, 1, 0)) == (1, 0)
    for name in ("", "/letter.html", "/marked.html"):
        page = running.get(f"{HERE}{name}?reader={reader['id']}").text
        links = re.findall(r"unsubscribe/(\w+)", page)
        assert links or name == "", "the letter has a link"
        assert not any(unseal(keys, Purpose.UNSUBSCRIBE, link) for link in links)


def test_a_hostile_name_is_text_in_json_and_in_every_document(running: Any) -> None:
    answer = running.post("readers", {"search": "evil"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    (reader,) = answer.json["readers"]
    assert "onerror" in reader["name"]
    for name in ("", "/letter.html", "/marked.html"):
        page = running.get(f"{HERE}{name}?reader={reader['id']}")
        assert page.status == 200
        assert "<img src=x" not in page.text
        assert "&lt;img src=x onerror" in page.text


def test_a_letter_is_the_chosen_readers(running: Any) -> None:
    (reader,) = running.post("readers", {"search": "zoe"}).json["readers"]
    assert "Hello Zoë Sample" in running.get(f"{HERE}/letter.html?reader={reader['id']}").text
    assert "Hello Alex Example" in running.get(f"{HERE}/letter.html").text


@pytest.mark.parametrize("number", ["999999", "0", "999999999999999999"])
def test_an_unknown_number_is_said(running: Any, number: str) -> None:
    page = running.get(f"{HERE}?reader={number}")
    assert page.status == 200
    assert f"no subscriber number {number}" in page.text
    assert running.get(f"{HERE}/letter.html?reader={number}").status == 404
    assert running.get(f"{HERE}/marked.html?reader={number}").status == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"search": None},
        {"search": 7},
        {"search": []},
        {"search": {}},
        {"search": "\0"},
        {"search": "x" * 100_000},
    ],
)
def test_whatever_is_searched_for_is_answered(running: Any, asked: object) -> None:
    answer = running.post("readers", asked)
    assert answer.status in (200, 400)
    assert "Traceback" not in answer.text


def test_half_a_character_is_refused(running: Any) -> None:
    assert running.post("readers", b'{"search": "\\ud800"}').status == 400


def test_looking_makes_no_database(folder: Path, serve_project: Any) -> None:
    with serve_project(folder) as running:
        assert running.post("readers", {}).json == {"readers": [], "more": False}
        assert running.get("").status == 200
        assert running.get(f"{HERE}?reader=1").status == 200
        assert running.get("outbox").status == 200
    assert not list(folder.glob("**/*.db*"))
    assert not (folder / "outbox").exists()


def test_a_database_that_cannot_be_read_is_said(folder: Path, serve_project: Any) -> None:
    (folder / ".newsletter").mkdir()
    (folder / ".newsletter" / "newsletter.db").write_bytes(b"this is no database" * 100)
    with serve_project(folder) as running:
        answer = running.post("readers", {})
        assert answer.status == 409
        assert json.loads(answer.body)["message"]
        assert running.get(f"{HERE}?reader=1").status == 200
