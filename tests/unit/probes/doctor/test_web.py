"""The page that readers unsubscribe at, on web servers of our own."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest
import trustme

from newsletter.probes.answer import Failure
from newsletter.probes.doctor.checkup import Checkup, Level
from newsletter.probes.doctor.web import Page, check_address, fetch, judge
from tests.smtp import SILENCE, free_port, odd_server
from tests.unit.probes.doctor.kit import ERROR, OK, UNCHECKED, WARNING
from tests.unit.probes.kit import Net, Serve, Site, page, raw

PATH = "/unsubscribe/sample"
MakeSite = Callable[..., Site]


@pytest.fixture
def net(authority: trustme.CA) -> Net:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return Net(tls=context)


def look(net: Net, address: str, seconds: float = 5.0) -> Checkup:
    return judge(address, fetch(address, net.network(), seconds=seconds))


@pytest.mark.parametrize(
    ("serve", "level", "words"),
    [
        (page(200), OK, "200"),
        (page(404), OK, "404"),
        (page(405), OK, "405"),
        (page(500), ERROR, "500"),
        (page(503), ERROR, "503"),
        (page(301, location="https://example.org/elsewhere"), WARNING, "elsewhere"),
        (page(401), WARNING, "401"),
        (raw(b"220 not a web server\r\n"), UNCHECKED, "understood"),
    ],
)
def test_a_page_must_answer_by_itself(
    secure_site: MakeSite, net: Net, serve: Serve, level: Level, words: str
) -> None:
    site = secure_site("www.example.com")
    site.pages[PATH] = serve
    found = look(net, site.url(PATH, scheme="https"))
    assert (found.level, words in found.said) == (level, True)


def test_the_page_is_asked_for_once_and_nothing_is_changed(secure_site: MakeSite, net: Net) -> None:
    site = secure_site("www.example.com")
    site.pages[PATH] = page(200)
    look(net, site.url(PATH, scheme="https"))
    assert site.log == [("GET", PATH)]
    assert not {"cookie", "authorization", "referer"} & set(site.headers[0])


def test_an_expired_certificate_is_an_error(secure_site: MakeSite, net: Net) -> None:
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    site = secure_site("www.example.com", not_after=yesterday)
    found = look(net, site.url(PATH, scheme="https"))
    assert (found.level, "expired" in found.said) == (ERROR, True)


def test_a_certificate_of_another_site_is_an_error(secure_site: MakeSite, net: Net) -> None:
    found = look(net, secure_site("other.example.com").url(PATH, scheme="https"))
    assert (found.level, "another site" in found.said) == (ERROR, True)


def test_an_unknown_authority_is_an_error(secure_site: MakeSite) -> None:
    found = look(Net(), secure_site("www.example.com").url(PATH, scheme="https"))
    assert found.level is ERROR


@pytest.mark.parametrize(
    ("answer", "level"),
    [(Failure.NO_SUCH_HOST, ERROR), (Failure.NAME_TROUBLE, UNCHECKED), (["10.0.0.1"], ERROR)],
)
def test_only_a_clear_no_is_an_error(net: Net, answer: Any, level: Level) -> None:
    net.names["www.example.com"] = [answer]
    assert look(net, f"https://www.example.com{PATH}").level is level


def test_a_web_server_that_is_not_there_is_neither_fine_nor_dead(net: Net) -> None:
    found = look(net, f"https://www.example.com:{free_port()}{PATH}")
    assert found.level is UNCHECKED


def test_a_web_server_that_says_nothing_is_neither_fine_nor_dead(net: Net) -> None:
    with odd_server(lambda moment: SILENCE) as server:
        found = look(net, f"https://www.example.com:{server.port}{PATH}", seconds=0.3)
    assert found.level is UNCHECKED


def test_a_host_of_this_machine_only_is_an_error(net: Net) -> None:
    assert look(net, "https://localhost/unsubscribe/sample").level is ERROR


def dated(written: str) -> Serve:
    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response_only(200)
        handler.send_header("Date", written)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return serve


@pytest.mark.parametrize(
    ("written", "time"),
    [
        ("Fri, 20 Nov 2026 12:00:00 GMT", "2026-11-20T12:00:00+00:00"),
        ("Fri, 20 Nov 2026 12:00:00", "2026-11-20T12:00:00+00:00"),
        ("yesterday", None),
    ],
)
def test_the_time_of_the_server_is_heard(
    secure_site: MakeSite, net: Net, written: str, time: str | None
) -> None:
    site = secure_site("www.example.com")
    site.pages[PATH] = dated(written)
    heard = fetch(site.url(PATH, scheme="https"), net.network()).date
    assert heard == (datetime.datetime.fromisoformat(time) if time else None)


@pytest.mark.parametrize("address", ["", "http://www.example.com/unsubscribe/sample"])
def test_without_https_nobody_is_asked(address: str) -> None:
    found = check_address(address)
    assert found
    assert found.level is ERROR
    assert "base_url" in found.said
    assert check_address("HTTPS://www.example.com/unsubscribe/sample") is None


def test_an_answer_without_a_status_is_no_page() -> None:
    assert judge("https://www.example.com", Page()).level is ERROR


def test_an_onion_service_is_not_asked_for_and_not_called_wrong() -> None:
    found = check_address(
        "http://aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion/unsubscribe/x"
    )
    assert found is not None
    assert (found.level, found.is_essential) == (UNCHECKED, False)
    assert "Tor" in found.said
    assert "one click" in found.hint
    misspelled = check_address("http://example.onion/unsubscribe/x")
    assert misspelled is not None
    assert misspelled.level is ERROR
