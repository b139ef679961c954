"""Only the editor's own browser gets an answer, and nothing but the project's own files."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from newsletter.preview.guard import new_token, read_key

SLUG = "2026-11-20"
ASKED = json.dumps({"slug": SLUG}).encode()
READ = [f"issue/{SLUG}", f"issue/{SLUG}/letter.html", "", "outbox", "events", "static/desk.css"]
CHANGED = [
    *(f"issue/{SLUG}/{name}" for name in ("stretch", "edit", "move", "fix", "undo", "redo")),
    f"issue/{SLUG}/open",
    f"issue/{SLUG}/proof",
    "proof-addresses",
    "readers",
    "shelf/check",
    "shelf/new",
    "shelf/import",
]


@pytest.fixture(scope="module")
def running(make_project: Any, serve_project: Any, tmp_path_factory: Any) -> Iterator[Any]:
    with serve_project(make_project(tmp_path_factory.mktemp("guard") / "letter")) as server:
        yield server


@pytest.mark.parametrize(
    "path",
    [
        "",
        f"issue/{SLUG}",
        f"issue/{SLUG}/letter.html",
        f"issue/{SLUG}/marked.html",
        f"issue/{SLUG}/web.html",
        f"issue/{SLUG}/picture/none",
        "outbox",
        "static/desk.css",
        "static/none.css",
        "nothing/here",
    ],
)
def test_every_answer_is_private(running: Any, path: str) -> None:
    headers = running.get(path).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert not [name for name in headers if name.lower().startswith("access-control-")]
    assert "server" not in headers


@pytest.mark.parametrize("asked", [{}, b"no JSON", {"slug": "none"}])
def test_what_is_answered_to_the_page_is_private_too(running: Any, asked: object) -> None:
    headers = running.post("shelf/check", asked).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in headers
    assert "access-control-allow-origin" not in headers


def test_our_own_pages_take_nothing_from_elsewhere(running: Any) -> None:
    policy = running.get(f"issue/{SLUG}").headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    "path", ["/", "/wrong/issue/2026-11-20", "//", "/static/desk.css", "/events", "/%00", "/é/"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_without_the_token_nothing_is_shown(running: Any, path: str, method: str) -> None:
    path = path.replace("é", "%C3%A9")
    answer = running.ask(path, method, Origin=running.origin)
    assert answer.status == 403
    assert answer.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in answer.headers


def test_the_token_must_be_whole_and_right(running: Any) -> None:
    for token in (running.prefix[:-1], running.prefix + "x", running.prefix.swapcase()):
        assert running.ask(f"{token}/issue/{SLUG}").status == 403


@pytest.mark.parametrize(
    "host", ["evil.example.com", "evil.example.com:8484", "127.0.0.1", "[::1]", "", "\xe9"]
)
@pytest.mark.parametrize("path", READ)
def test_a_name_that_points_here_is_refused(running: Any, path: str, host: str) -> None:
    assert running.ask(f"{running.prefix}/{path}", Host=host).status in (400, 403)


@pytest.mark.parametrize("path", CHANGED)
def test_a_name_that_points_here_changes_nothing(running: Any, path: str) -> None:
    host = f"evil.example.com:{running.port}"
    url = f"{running.prefix}/{path}"
    for origin in (f"http://{host}", running.origin):
        assert running.ask(url, "POST", ASKED, Host=host, Origin=origin).status == 403


def test_localhost_with_the_port_is_us(running: Any) -> None:
    path = f"{running.prefix}/issue/{SLUG}"
    assert running.ask(path, Host=f"localhost:{running.port}").status == 200
    assert running.ask(path, Host=f"LOCALHOST:{running.port}").status == 200
    assert running.ask(path, Host=f"localhost:{running.port + 1}").status == 403


@pytest.mark.parametrize("path", READ)
def test_other_sites_get_neither_letter_nor_events(running: Any, path: str) -> None:
    url = f"{running.prefix}/{path}"
    for headers in (
        {"Origin": "https://evil.example.com"},
        {"Origin": f"http://127.0.0.1:{running.port + 1}"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        {"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "cors"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"},
    ):
        assert running.ask(url, **headers).status == 403, headers


def test_a_link_clicked_elsewhere_may_open_the_page(running: Any) -> None:
    clicked = {
        "Sec_Fetch_Site": "cross-site",
        "Sec_Fetch_Mode": "navigate",
        "Sec_Fetch_Dest": "document",
    }
    assert running.ask(f"{running.prefix}/issue/{SLUG}", **clicked).status == 200


@pytest.mark.parametrize("path", CHANGED)
def test_only_our_own_page_may_change_anything(running: Any, path: str) -> None:
    url, ours = f"{running.prefix}/{path}", running.origin
    for headers in (
        {},
        {"Origin": "https://evil.example.com"},
        {"Origin": f"http://127.0.0.1:{running.port + 1}"},
        {"Origin": ours.replace("http:", "https:")},
        {"Origin": "null"},
        {"Origin": f"{ours}.evil.example.com"},
        {"Origin": ours, "Sec_Fetch_Site": "cross-site"},
        {"Origin": ours, "Sec_Fetch_Site": "same-site"},
        {"Origin": ours, "Sec_Fetch_Site": "none"},
        {"Referer": f"{running.base}/"},
    ):
        assert running.ask(url, "POST", ASKED, **headers).status == 403, headers
    assert running.ask(f"/wrong/{path}", "POST", ASKED, Origin=ours).status == 403
    assert running.get(path).status in (404, 405)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "POST"])
def test_pages_are_only_looked_at(running: Any, method: str) -> None:
    path = f"{running.prefix}/issue/{SLUG}"
    assert running.ask(path, method, Origin=running.origin).status == 405
    assert running.ask(path, method).status == 403


def test_an_open_page_finds_the_preview_again_by_the_key_alone(running: Any) -> None:
    key = running.get(f"issue/{SLUG}").text.partition('data-key="')[2].partition('"')[0]
    assert len(key) >= 20
    ours = {"Origin": running.origin, "Newsletter_Key": key}
    answer = running.ask("/resume", "POST", **ours)
    assert (answer.status, answer.text) == (200, running.prefix)
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["cache-control"] == "no-store"
    for method, headers in (
        ("GET", ours),
        ("POST", {**ours, "Newsletter_Key": "x" * len(key)}),
        ("POST", {**ours, "Newsletter_Key": "\xe9"}),
        ("POST", {"Origin": running.origin}),
        ("POST", {"Newsletter_Key": key}),
        ("POST", {**ours, "Origin": "https://evil.example.com"}),
        ("POST", {**ours, "Sec_Fetch_Site": "cross-site"}),
        ("POST", {**ours, "Host": "evil.example.com"}),
    ):
        refused = running.ask("/resume", method, **headers)
        assert refused.status in (400, 403), (method, headers)
        assert running.prefix not in refused.text
    assert running.ask(f"/resume?key={key}", "POST", Origin=running.origin).status == 403


def test_each_run_has_a_token_of_its_own_and_the_project_keeps_its_key(
    folder: Path, serve_project: Any
) -> None:
    bases, keys = set(), set()
    for _ in range(2):
        with serve_project(folder) as server:
            bases.add(server.prefix)
            page = server.get(f"issue/{SLUG}").text
            keys.add(page.partition('data-key="')[2].partition('"')[0])
    assert len(bases) == 2
    assert len(keys) == 1
    assert len({new_token() for _ in range(100)}) == 100
    assert min(len(base) for base in bases) > 24


LONG = "a" * 5000
OUTSIDE = [
    "..%2f..%2fnewsletter",
    "%2e%2e%2fsecret",
    "..%2fsecret.yaml",
    "%2fetc%2fpasswd",
    "..%5c..%5csecret",
    "%5c%5cserver%5cshare%5cissue",
    "2026-11-20%00",
    "%00",
    "2026-11-20.yaml",
    ".",
    "..",
    "linked",
    "looped",
    LONG,
]


@pytest.fixture(scope="module")
def besieged_root(make_project: Any, tmp_path_factory: Any) -> Path:
    """A project whose folders hold links that lead out."""
    root: Path = make_project(tmp_path_factory.mktemp("besieged") / "letter")
    outside = root.parent / "secret.yaml"
    outside.write_text("subject: TOP SECRET\n")
    (root / "issues" / "linked.yaml").symlink_to(outside)
    (root / "issues" / "looped.yaml").symlink_to("looped.yaml")
    (root / "issues" / "pictures" / "linked.png").symlink_to(outside)
    for part in ("new", "cur", "tmp"):
        (root / "outbox" / part).mkdir(parents=True)
    (root / "outbox" / "new" / "linked").symlink_to(outside)
    return root


@pytest.fixture(scope="module")
def besieged(besieged_root: Path, serve_project: Any) -> Iterator[Any]:
    with serve_project(besieged_root) as server:
        yield server


@pytest.mark.parametrize("slug", OUTSIDE)
@pytest.mark.parametrize("what", ["", "/letter.html", "/web.html", "/picture/ferry.png"])
def test_a_slug_never_leads_out_of_the_issues(besieged: Any, slug: str, what: str) -> None:
    answer = besieged.get(f"issue/{slug}{what}")
    assert answer.status == 404
    assert b"SECRET" not in answer.body
    assert b"root:" not in answer.body


@pytest.mark.parametrize("slug", OUTSIDE)
@pytest.mark.parametrize("what", ["stretch", "edit", "move", "fix", "undo", "open", "proof"])
def test_nothing_is_changed_by_a_slug_that_leads_out(besieged: Any, slug: str, what: str) -> None:
    asked = {"digest": "x", "place": "subject", "old": "TOP SECRET", "new": "y", "line": 1}
    rest = {"section": 0, "to": 1, "column": 1, "rule": "quotes", "to_": ""}
    if what == "proof":
        rest["to"] = "me@example.com"
    answer = besieged.post(f"issue/{slug}/{what}", {**asked, **rest})
    assert answer.status in (404, 405, 409)
    assert b"SECRET" not in answer.body


@pytest.mark.parametrize("name", [*OUTSIDE, "pictures%2fferry.png", "..%2fferry.png", "linked.png"])
def test_only_pictures_of_the_letter_are_served(besieged: Any, name: str) -> None:
    for folder in ("picture", "web-picture"):
        answer = besieged.get(f"issue/{SLUG}/{folder}/{name}")
        assert answer.status == 404
        assert b"SECRET" not in answer.body


@pytest.mark.parametrize("key", OUTSIDE)
def test_a_key_never_leads_out_of_the_outbox(besieged: Any, key: str) -> None:
    for path in (f"outbox/{key}/letter.html", f"outbox/{key}/picture/x"):
        answer = besieged.get(path)
        assert answer.status == 404
        assert b"SECRET" not in answer.body
    assert b"SECRET" not in besieged.get(f"outbox/{key}?part=source").body


@pytest.mark.parametrize(
    "path",
    [
        "../app.py",
        "%2e%2e/app.py",
        "%2e%2e%2fapp.py",
        "/etc/passwd",
        "%00",
        "..%5capp.py",
        "%5c%5cserver%5cshare",
        LONG,
        "",
        ".",
    ],
)
def test_only_our_own_static_files_are_served(running: Any, path: str) -> None:
    answer = running.get(f"static/{path}")
    assert answer.status == 404
    assert b"root:" not in answer.body
    assert b"from __future__" not in answer.body


@pytest.mark.parametrize(
    "name",
    [
        "../secret.yaml",
        "../../../../../../etc/passwd",
        "/etc/passwd",
        "issues/../../secret.yaml",
        "issues/linked.yaml",
        "issues/looped.yaml",
        "\\\\server\\share\\issue.yaml",
        "newsletter.toml\0",
        "none.j2",
        ".",
        "ROOT",
        "ROOT/../secret.yaml",
        "ROOT/issues/linked.yaml",
        "ROOT/issues/looped.yaml",
        "ROOT/issues",
        "ROOT/none.j2",
        "ROOT/newsletter.toml\0",
        f"ROOT/{LONG}",
        LONG,
        "\ud800",
    ],
)
def test_no_file_outside_the_project_is_opened(
    besieged: Any, besieged_root: Path, name: str
) -> None:
    path = name.replace("ROOT", str(besieged_root))
    asked = {"line": 1, "column": 1, "path": path}
    answer = besieged.post(f"issue/{SLUG}/open", asked)
    assert answer.status in (400, 404, 409)


def test_no_header_of_the_request_changes_the_page(running: Any) -> None:
    path = f"{running.prefix}/issue/{SLUG}"
    plain = running.ask(path)
    dressed = running.ask(
        path, X_Forwarded_Host="evil.example.com", X_Forwarded_Proto="https",
        X_Forwarded_For="192.0.2.1", Forwarded="host=evil.example.com",
    )  # fmt: skip
    assert plain.body == dressed.body


def test_the_key_is_kept_for_the_next_start_and_readable_by_its_owner_only(
    tmp_path: Path,
) -> None:
    path = tmp_path / ".newsletter" / "preview-key"
    key = read_key(path)
    assert len(key) >= 20
    assert read_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"\xff\xfe", b"../../../../etc/passwd/x/y/z"])
def test_a_broken_key_is_replaced(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "preview-key"
    path.write_bytes(content)
    key = read_key(path)
    assert len(key) >= 20
    assert "/" not in key
    assert path.read_text().strip() == key
