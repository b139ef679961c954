"""The archive over HTTP, asked by a client that tidies nothing up."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

from newsletter.web.archive.live import LiveArchive
from tests.unit.web.archive.kit import draw_picture, in_three_languages, make_project, write_issue
from tests.unit.web.archive.serving import FOLDER, Served, served

PAGE = f"{FOLDER}2026-11-20"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("letter")
    with contextlib.closing(make_project(folder)) as project:
        in_three_languages(project)
        image = draw_picture(project)
        write_issue(
            project, "2026-11-06", sections=[{"headline": "A", "body": "b", "image": image}]
        )
        (folder / ".env").write_text("SECRET=1")
        with served(LiveArchive(project, all_issues=True)) as running:
            yield running


def test_a_page_says_how_it_may_be_kept_and_what_it_may_do(server: Served) -> None:
    answer = server.ask(PAGE)
    assert answer.status == 200
    headers = answer.headers
    assert headers["content-type"] == "text/html; charset=utf-8"
    assert headers["cache-control"] == "public, max-age=300"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("frame-ancestors 'none'")
    assert "unsafe" not in policy
    assert "script-src" not in policy
    assert "set-cookie" not in headers
    assert "vary" not in headers


def test_who_has_a_page_gets_none(server: Served) -> None:
    answer = server.ask(PAGE)
    etag, modified = answer.headers["etag"], answer.headers["last-modified"]
    for asked in (
        {"if_none_match": etag},
        {"if_none_match": f'"x", W/{etag}'},
        {"if_none_match": "*"},
        {"if_modified_since": modified},
    ):
        again = server.ask(PAGE, **asked)
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == etag
    for asked in (
        {"if_none_match": '"x"'},
        {"if_none_match": '"x"', "if_modified_since": modified},
        {"if_modified_since": "Thu, 01 Jan 2015 00:00:00 GMT"},
        {"if_modified_since": "yesterday"},
    ):
        assert server.ask(PAGE, **asked).status == 200


def test_no_header_changes_what_is_answered(server: Served) -> None:
    hostile = {
        "host": "evil.example.com",
        "x_forwarded_host": "evil.example.com",
        "x_forwarded_proto": "javascript",
        "x_forwarded_prefix": "/evil",
        "x_original_url": "/evil",
        "x_rewrite_url": "/evil",
        "forwarded": "host=evil.example.com",
        "accept_language": "uk",
        "accept_encoding": "gzip",
        "accept": "application/json",
        "cookie": "theme=evil",
        "user_agent": "evil",
        "referer": "https://evil.example.com/",
        "origin": "https://evil.example.com",
        "range": "bytes=0-10",
    }
    for path in ("", "2026-11-20", "atom.xml", "search?q=boat", "2026-11-20/", "nothing"):
        plain, odd = server.ask(FOLDER + path), server.ask(FOLDER + path, **hostile)
        for answer in (plain, odd):
            answer.headers.pop("date")
        assert odd == plain
        assert b"evil" not in odd.body
        assert "evil" not in str(odd.headers)


def test_head_is_get_without_the_page(server: Served) -> None:
    get, head = server.ask(PAGE), server.ask(PAGE, "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_but_reading_is_possible(server: Served, method: str) -> None:
    assert server.ask(PAGE, method).status == 405


@pytest.mark.parametrize(
    "path",
    [
        *("../newsletter.toml", "..%2fnewsletter.toml", "%2e%2e/newsletter.toml", "%2e%2e%2f.env"),
        *("..%5c.env", ".env", ".git/config", "newsletter.toml", "issues/2026-11-20.yaml"),
        *(
            ".newsletter/newsletter.db",
            "%00",
            "2026-11-20%00.html",
            "//etc/passwd",
            "%2fetc/passwd",
        ),
        *("pictures/..%2f..%2f.env", "pictures/2026-11-06/..%2f.env", "\\\\host\\share", "%ff"),
        *("file:///etc/passwd", "2026-11-20.html/..", "CON", "search/", "search.db"),
    ],
)
def test_only_the_pages_of_the_archive_are_there(server: Served, path: str) -> None:
    answer = server.ask(FOLDER + path)
    assert answer.status == 404
    assert answer.body == b"Not Found"


def test_every_link_of_the_index_and_its_pictures_are_served(server: Served) -> None:
    import re

    seen: set[str] = set()
    todo = [""]
    while todo:
        path = todo.pop()
        answer = server.ask(FOLDER + path)
        assert answer.status == 200, path
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        found = set(re.findall(r'<(?:a|img)[^>]* (?:href|src)="([^"#]+)"', answer.body.decode()))
        todo += found - seen
        seen |= found
    assert "2026-11-20.uk" in seen
    pictures = [path for path in seen if path.startswith("pictures/")]
    assert pictures
    headers = server.ask(FOLDER + pictures[0]).headers
    assert headers["content-type"] == "image/jpeg"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert headers["content-security-policy"].endswith("sandbox")


def test_ways_into_the_archive_are_relative(server: Served) -> None:
    enter = server.ask("/letter/archive")
    assert (enter.status, enter.headers["location"]) == (308, "archive/")
    folder = server.ask(f"{PAGE}/")
    assert (folder.status, folder.headers["location"]) == (308, "../2026-11-20")
    assert server.ask("//evil.example.com/").status == 404
    assert server.ask(f"{FOLDER}/evil.example.com/").status == 404


def test_robots_are_told_at_the_root_too(server: Served) -> None:
    assert server.ask("/robots.txt").body == server.ask(f"{FOLDER}robots.txt").body


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=boat", "2026-11-20"),
        ("q=%22boat%22", "2026-11-20"),
        ("q=boat&page=-1", "2026-11-20"),
        ("q=boat&page=9999999999999999999999", "2026-11-20"),
        ("q=boat&page=%D9%A1", "2026-11-20"),
        ("q=boat&q=", "role"),
        ("q=%00%ff%22%3Cscript%3E", "Nothing was found"),
        ("q=" + "x" * 5000, "Nothing was found"),
        ("", "role"),
    ],
)
def test_a_search_answers_whatever_is_asked(server: Served, query: str, status: str) -> None:
    answer = server.ask(f"{FOLDER}search?{query}")
    assert answer.status == 200
    assert status in answer.body.decode()
    assert "<script" not in answer.body.decode()
    assert "xxxx" not in answer.body.decode()
    assert answer.headers["cache-control"] == "no-store"
    assert "form-action 'self'" in answer.headers["content-security-policy"]
