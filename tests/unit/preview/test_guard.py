"""Only the editor's own browser gets an answer."""

from __future__ import annotations

import http.client
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.preview.guard import read_token


def ask(running: Any, path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=15)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name.replace("_", "-"), value)
    connection.endheaders()
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


@pytest.fixture(scope="module")
def running(make_project: Any, serve_project: Any, tmp_path_factory: Any) -> Iterator[Any]:
    with serve_project(make_project(tmp_path_factory.mktemp("guard") / "letter")) as server:
        yield server


@pytest.fixture
def prefix(running: Any) -> str:
    return f"/{running.base.rpartition('/')[2]}"


def test_the_printed_address_is_answered_and_never_cached(running: Any, prefix: str) -> None:
    answer = ask(running, f"{prefix}/issue/2026-11-20/letter")
    assert answer.status == 200
    assert answer.getheader("Cache-Control") == "no-store"
    assert answer.getheader("Access-Control-Allow-Origin") is None
    assert answer.getheader("Referrer-Policy") == "no-referrer"
    assert "script-src 'self'" in (answer.getheader("Content-Security-Policy") or "")


def test_the_letter_itself_may_run_no_script(running: Any, prefix: str) -> None:
    policy = ask(running, f"{prefix}/issue/2026-11-20/letter.html").getheader(
        "Content-Security-Policy"
    )
    assert policy is not None
    assert "script-src 'none'" in policy
    assert "allow-scripts" not in policy
    assert "img-src 'self' data: https:" in policy


@pytest.mark.parametrize("path", ["/", "/wrong/issue/2026-11-20/letter", "//", "/static/page.js"])
def test_without_the_token_nothing_is_shown(running: Any, path: str) -> None:
    answer = ask(running, path)
    assert answer.status == 403
    assert answer.getheader("Cache-Control") == "no-store"


@pytest.mark.parametrize("host", ["evil.example.com", "evil.example.com:8484", "127.0.0.1", ""])
def test_a_name_that_points_here_is_refused(running: Any, prefix: str, host: str) -> None:
    assert ask(running, f"{prefix}/issue/2026-11-20/letter", Host=host).status == 403


def test_localhost_with_the_port_is_us(running: Any, prefix: str) -> None:
    path = f"{prefix}/issue/2026-11-20/letter"
    assert ask(running, path, Host=f"localhost:{running.port}").status == 200
    assert ask(running, path, Host=f"localhost:{running.port + 1}").status == 403


@pytest.mark.parametrize("path", ["issue/2026-11-20/letter.html", "events/2026-11-20"])
def test_other_sites_get_neither_letter_nor_events(running: Any, prefix: str, path: str) -> None:
    url = f"{prefix}/{path}"
    assert ask(running, url, Origin="https://evil.example.com").status == 403
    assert ask(running, url, Origin="null").status == 403
    assert ask(running, url, Sec_Fetch_Site="cross-site", Sec_Fetch_Mode="no-cors").status == 403
    assert ask(running, url, Sec_Fetch_Site="same-site", Sec_Fetch_Mode="cors").status == 403


def test_a_link_clicked_elsewhere_may_open_the_page(running: Any, prefix: str) -> None:
    clicked = {
        "Sec_Fetch_Site": "cross-site",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "document",
    }
    path = f"{prefix}/issue/2026-11-20/letter"
    assert ask(running, path, **clicked).status == 200
    assert ask(running, path, **{**clicked, "Sec_Fetch_Dest": "iframe"}).status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_nothing_can_be_changed(running: Any, prefix: str, method: str) -> None:
    assert ask(running, f"{prefix}/issue/2026-11-20/letter", method).status == 405


@pytest.mark.parametrize(
    "path",
    [
        "issue/..%2f..%2fnewsletter/letter",
        "issue/../../newsletter.toml",
        "issue/%2e%2e%2f%2e%2e%2fnewsletter.toml/letter.html",
        "issue/%2fetc%2fpasswd/letter.html",
        "issue/2026-11-20%00/letter.html",
        "issue/2026-11-20.yaml/letter",
        "issue/2026-11-20/picture/..%2fferry.png",
        "issue/2026-11-20/picture/pictures%2fferry.png",
        "issue/2026-11-20/picture/%00",
        "issue/2026-11-20/newsletter.toml",
        "issue/2026-11-20/outbox/..%2f..%2fnewsletter.toml",
        "outbox/%2e%2e%2f%2e%2e%2fnewsletter.toml/letter.html",
        "outbox/%00/letter.html",
        "outbox/%2fetc%2fpasswd/letter.html",
        "static/../app.py",
        "static/%2e%2e/app.py",
        "static/%2e%2e%2fapp.py",
        "static//etc/passwd",
        "static/%00",
        "static/..%5capp.py",
        "events/..%2f..%2fnewsletter",
    ],
)
def test_only_issues_of_the_project_and_their_pictures_are_served(
    running: Any, prefix: str, path: str
) -> None:
    answer = ask(running, f"{prefix}/{path}")
    assert answer.status in (403, 404)
    assert b"Harbour Letter <letter@" not in answer.body  # type: ignore[attr-defined]
    assert b"root:" not in answer.body  # type: ignore[attr-defined]


def test_no_header_of_the_request_changes_the_page(running: Any, prefix: str) -> None:
    path = f"{prefix}/issue/2026-11-20/letter"
    plain = ask(running, path)
    dressed = ask(
        running, path, X_Forwarded_Host="evil.example.com", X_Forwarded_Proto="https",
        Forwarded="host=evil.example.com",
    )  # fmt: skip
    assert plain.body == dressed.body  # type: ignore[attr-defined]


def test_the_token_is_kept_for_the_next_start_and_readable_by_its_owner_only(
    tmp_path: Path,
) -> None:
    path = tmp_path / ".newsletter" / "preview-token"
    token = read_token(path)
    assert len(token) >= 20
    assert read_token(path) == token
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe", b"../../../../etc/passwd/x/y/z"])
def test_a_broken_token_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "preview-token"
    path.write_bytes(content)
    token = read_token(path)
    assert len(token) >= 20
    assert "/" not in token
    assert path.read_text().strip() == token
