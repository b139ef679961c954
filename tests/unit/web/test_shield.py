"""What stands in front of the pages: who may ask what, and what is never said."""

from __future__ import annotations

import datetime
import html
import json
import socket
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.audience.tokens import Purpose, seal
from newsletter.report.clicks import Clicks
from tests.unit.web.conftest import Serve, Served, wait_for

PAGES = ("/", "/subscribe", "/preferences", "/pages.css", "/health")


@pytest.mark.parametrize("path", [*PAGES, "/confirm/x", "/nothing"])
def test_every_answer_keeps_to_itself(same_pages: Served, path: str) -> None:
    answer = same_pages.get(path)
    assert answer.header("Referrer-Policy") == "no-referrer"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    policy = answer.header("Content-Security-Policy")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert answer.header("Set-Cookie") == ""
    assert answer.header("Server") == ""


@pytest.mark.parametrize("path", ["/", "/subscribe", "/preferences"])
def test_pages_ask_nobody_else_for_anything(same_pages: Served, path: str) -> None:
    text = same_pages.get(path).text
    assert "http://" not in text
    assert "https://" not in text
    assert "<script" not in text


@pytest.mark.parametrize(
    "path",
    [
        "/.env",
        "/.git/config",
        "/newsletter.toml",
        "/newsletter.db",
        "/.newsletter/newsletter.db",
        "/.newsletter/keys",
        "/issues/2026-11-20.yaml",
        "/archive/../newsletter.toml",
        "/archive/%2e%2e/newsletter.toml",
        "/archive/..%2f.newsletter%2fkeys",
        "/metrics",
        "/static/../newsletter.toml",
        "//example.com/",
    ],
)
def test_what_is_not_named_is_not_there(same_pages: Served, path: str) -> None:
    (same_pages.project.root / ".env").write_text("SECRET=1")
    assert same_pages.get(path).status == 404


@pytest.mark.parametrize(
    "token",
    [
        "0e123",
        "0",
        "null",
        "[]",
        "x" * 79,
        "x" * 5000,
        "a%00b",
        "%D9%A1%D9%A2",
        "%EF%BC%91",
        "..",
        "%",
    ],
)
@pytest.mark.parametrize("place", ["confirm", "unsubscribe", "preferences", "address"])
def test_what_is_no_token_is_no_page(same_pages: Served, place: str, token: str) -> None:
    assert same_pages.get(f"/{place}/{token}").status == 404
    assert same_pages.post(f"/{place}/{token}").status == 404


def test_forms_from_other_sites_are_refused(pages: Served) -> None:
    now = int(pages.clock().timestamp())
    keys = pages.database.keys
    paths = [
        "/subscribe",
        "/preferences",
        f"/confirm/{seal(keys, Purpose.CONFIRM, 1, now)}",
        f"/unsubscribe/{seal(keys, Purpose.UNSUBSCRIBE, 1, 1)}",
        f"/address/{seal(keys, Purpose.NEW_MAILBOX, 1, now)}",
    ]
    for path in paths:
        assert pages.post(path, Sec_Fetch_Site="cross-site").status == 403
        assert pages.post(path, Sec_Fetch_Site="same-site").status == 403
        assert pages.post(path, Origin="https://elsewhere.example.com").status == 403
        assert pages.post(path, Origin="http://[").status == 403


def test_forms_of_our_own_are_taken_whatever_browser_sends_them(pages: Served) -> None:
    path = f"/unsubscribe/{seal(pages.database.keys, Purpose.UNSUBSCRIBE, 1, 1)}"
    ways: list[dict[str, str]] = [
        {},
        {"Sec_Fetch_Site": "same-origin", "Origin": "null"},
        {"Origin": "null"},  # an older browser, told to send no referrer
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://letter.onion", "Host": "letter.onion"},
    ]
    for headers in ways:
        assert pages.post(path, **headers).status == 200


def test_no_page_repeats_what_was_typed_but_the_field_to_mend_it_in(pages: Served) -> None:
    sign = "zq9canary"
    for path in ("/subscribe", "/preferences"):
        for typed in (f"{sign}@example.com", f"<script>{sign}", f"{sign}"):
            fields = {"email": typed, "list": ["main", f"main{sign}"], "website": ""}
            answer = pages.fill_in(path, fields)
            field = f'value="{html.escape(typed)}"'
            assert answer.text.count(field) == (answer.status == 400)
            assert sign not in answer.text.replace(field, "")
    for path in (
        f"/{sign}",
        f"/?q={sign}&lang={sign}",
        f"/confirm/{sign}",
        f"/subscribe?list={sign}",
    ):
        answer = pages.get(path, Accept_Language=sign, Host=sign)
        assert sign not in answer.text
        assert all(sign not in value for _, value in answer.headers)


def test_no_header_of_a_request_leads_anywhere_else(pages: Served) -> None:
    usual = pages.get("/subscribe?lang=en")
    odd = pages.get(
        "/subscribe?lang=en",
        Host="evil.example.com",
        X_Forwarded_Host="evil.example.com",
        X_Forwarded_Prefix="/evil",
        Forwarded="host=evil.example.com",
    )
    cut = 'name="stamp"'
    assert usual.text.partition(cut)[0] == odd.text.partition(cut)[0]
    assert "evil" not in odd.text


def test_pages_work_with_and_without_the_base_path(pages: Served) -> None:
    for path in ("/", "/subscribe", "/pages.css", "/confirm/x"):
        assert pages.get(path).status == pages.get(f"/letter{path}").status
    answer = pages.get("/letter")
    assert (answer.status, answer.header("Location")) == (308, "/letter/")


def test_too_much_is_refused(pages: Served) -> None:
    assert pages.ask("POST", "/subscribe", b"a" * 20_000).status == 413
    assert pages.ask("POST", "/subscribe", b"a=1&" * 4000).status in (400, 413)
    fields = b"&".join(b"a=%d" % number for number in range(200))
    assert pages.ask("POST", "/subscribe", fields).status == 400
    assert pages.get("/", X_Large="a" * 40_000).status == 431


def test_other_methods_change_nothing(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    path = f"/unsubscribe/{seal(pages.database.keys, Purpose.UNSUBSCRIBE, 1, 1)}"
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        assert pages.ask(method, path).status == 405
    assert pages.rows("subscriptions")[0].status == "confirmed"


def test_the_log_names_routes_and_never_readers(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    path = f"/unsubscribe/{seal(pages.database.keys, Purpose.UNSUBSCRIBE, 1, 1)}"
    pages.post(f"{path}?secret=1")
    pages.get("/wp-login.php?user=ann")
    wait_for(lambda: "(none)" in pages.log.getvalue())
    lines = [json.loads(line) for line in pages.log.getvalue().splitlines()]
    assert {(line["method"], line["route"], line["status"]) for line in lines} >= {
        ("POST", "/confirm/{token}", 200),
        ("POST", "/unsubscribe/{token}", 200),
        ("GET", "(none)", 404),
    }
    for hidden in ("ann", path.rpartition("/")[2], "127.0.0.1", "secret", "wp-login"):
        assert hidden not in pages.log.getvalue()


def test_the_style_sheet_is_kept_until_it_changes(pages: Served) -> None:
    answer = pages.get("/pages.css")
    again = pages.get("/pages.css", If_None_Match=answer.header("ETag"))
    assert (answer.status, again.status, again.body) == (200, 304, b"")


def test_a_client_that_never_finishes_its_header_is_dropped(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.patience.SECONDS", 0.2)
    with serve() as pages, socket.create_connection(("127.0.0.1", pages.port)) as slow:
        slow.settimeout(20)
        slow.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n")
        assert slow.recv(100) == b""


def test_a_client_that_never_finishes_its_form_is_told_so(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.forms.SECONDS", 0.2)
    with serve() as pages, socket.create_connection(("127.0.0.1", pages.port)) as slow:
        slow.settimeout(20)
        slow.sendall(b"POST /subscribe HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nemail=")
        assert slow.recv(100).startswith(b"HTTP/1.1 408 ")


def test_a_slow_client_is_given_time_between_requests(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter.web.patience.SECONDS", 0.2)
    asked = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    with serve() as pages, socket.create_connection(("127.0.0.1", pages.port)) as kept:
        kept.settimeout(20)
        for _ in range(2):
            kept.sendall(asked)
            answer = b""
            while not answer.endswith(b"ok\n"):
                piece = kept.recv(10_000)
                assert piece, "hung up"
                answer += piece
            time.sleep(0.5)


_TEXT = st.text(max_size=300)
_FIELDS = st.dictionaries(
    st.sampled_from(["email", "list", "stamp", "website", "do", "name", "language", "lang"])
    | _TEXT,
    st.lists(_TEXT | st.just("main"), max_size=3),
    max_size=8,
)


def test_no_form_brings_the_server_down(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    now = int(pages.clock().timestamp())
    keys = pages.database.keys
    paths = [
        "/subscribe",
        "/preferences",
        f"/preferences/{seal(keys, Purpose.PREFERENCES, 1, now)}",
        f"/confirm/{seal(keys, Purpose.CONFIRM, 1, now)}",
        f"/unsubscribe/{seal(keys, Purpose.UNSUBSCRIBE, 2, 1)}",
        f"/address/{seal(keys, Purpose.NEW_MAILBOX, 1, now)}",
    ]

    @settings(max_examples=60)
    @given(st.sampled_from(paths), _FIELDS, st.booleans())
    def fuzz(path: str, fields: dict[str, list[str]], stamped: bool) -> None:
        if stamped and path in ("/subscribe", "/preferences"):
            fields = {name: value for name, value in fields.items() if name != "stamp"}
            answer = pages.fill_in(path, fields)
        else:
            answer = pages.post(path, fields)
        assert answer.status < 500

    @settings(max_examples=60)
    @given(
        st.sampled_from(paths),
        st.binary(max_size=500),
        st.sampled_from(
            [
                "application/x-www-form-urlencoded",
                "multipart/form-data",
                "multipart/form-data; boundary=x",
                "multipart/form-data; boundary=",
                "text/plain",
                "application/json",
                "",
            ]
        ),
        st.booleans(),
    )
    def fuzz_bytes(path: str, body: bytes, kind: str, framed: bool) -> None:
        if framed:
            body = b"--x\r\nContent-Disposition: form-data; name=" + body + b"\r\n--x--"
        assert pages.ask("POST", path, body, Content_Type=kind).status < 500

    fuzz()
    fuzz_bytes()
    assert '"defect"' not in pages.log.getvalue()


def test_links_by_way_of_us_lead_only_where_a_letter_led(
    serve: Serve, newsroom: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = newsroom / "newsletter.toml"
    links = {("2026-11-20", "abc"): "https://example.com/ferry?a=1"}

    def follow(clicks: Clicks, slug: str, code: str, today: datetime.date) -> str | None:
        return links.get((slug, code))

    monkeypatch.setattr(Clicks, "follow", follow)
    with serve() as pages:
        assert pages.get("/go/2026-11-20/abc").status == 404, "not counted unless it is turned on"
    file.write_text("count_clicks = true\n" + file.read_text())
    with serve() as pages:
        led = pages.get("/go/2026-11-20/abc")
        assert (led.status, led.header("Location")) == (302, "https://example.com/ferry?a=1")
        assert led.header("Cache-Control") == "no-store"
        assert led.header("Referrer-Policy") == "no-referrer"
        assert pages.get("/go/2026-11-20/other?url=https://evil.example.com").status == 404
