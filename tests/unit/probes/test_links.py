from __future__ import annotations

import datetime
import gzip
import json
import os
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme

from newsletter.errors import NewsletterError
from newsletter.findings import Severity
from newsletter.probes.answer import Failure
from newsletter.probes.gate import Manners
from newsletter.probes.links import ALWAYS_THERE
from tests.unit.probes.kit import QUICK, Net, Probe, Site, by_method, page, raw

HASTY = Manners(pause=0.0, seconds=0.6, connect_seconds=0.3)


def hanging(handler: BaseHTTPRequestHandler) -> None:
    """Says nothing until the other side hangs up."""
    handler.close_connection = True
    handler.connection.recv(1)


def test_a_page_that_is_there_is_asked_for_once_and_without_its_body(
    probe: Probe, site: Site
) -> None:
    site.pages["/ferry"] = page()
    report = probe.run(f"[a]({site.url('/ferry')}) and [b]({site.url('/ferry#top')})")
    assert report.findings == ()
    assert site.log == [("HEAD", "/ferry")]
    assert (report.summary.links, report.summary.asked, report.summary.dead) == (1, 1, 0)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_is_gone_is_an_error_wherever_it_is_linked(
    probe: Probe, site: Site, status: int
) -> None:
    site.pages["/old"] = page(status)
    address = site.url("/old")
    found = probe.run(f"[a]({address})\nand [b](<{address}>)\nor {address}").findings
    assert [(f.line, f.column, f.severity) for f in found] == [
        (5, 7, Severity.ERROR),
        (6, 12, Severity.ERROR),
        (7, 6, Severity.ERROR),
    ]
    assert f"www.example.com has no such page ({status} " in found[0].message
    assert {f.rule for f in found} == {"link-reachable"}


@pytest.mark.parametrize("said", [400, 403, 404, 405, 410, 500, 501])
def test_a_server_that_lies_to_head_is_asked_again_with_get(
    probe: Probe, site: Site, said: int
) -> None:
    site.pages["/a"] = by_method(head=page(said), get=page())
    assert probe.link(site.url("/a")) is None
    assert site.methods("/a") == ["HEAD", "GET"]


@pytest.mark.parametrize("hatred", [hanging, raw(b""), raw(b"HTTP/1.1 banana\r\n\r\n")])
def test_a_server_that_hates_head_is_asked_again_with_get(
    probe: Probe, site: Site, hatred: Callable[[BaseHTTPRequestHandler], None]
) -> None:
    site.pages["/a"] = by_method(head=hatred, get=page())
    assert probe.link(site.url("/a"), Manners(pause=0.0, seconds=3)) is None
    assert site.methods("/a")[-1] == "GET"


@pytest.mark.parametrize("status", [401, 403, 429, 500, 503, 999])
def test_a_server_that_refuses_is_not_called_dead(probe: Probe, site: Site, status: int) -> None:
    site.pages["/a"] = page(status)
    found = probe.link(site.url("/a"))
    assert found is not None
    assert found.severity is Severity.INFO
    assert found.message.startswith("could not check this link: www.example.com answered")
    assert str(status) in found.message


@pytest.mark.parametrize(
    ("failure", "severity", "said"),
    [
        (Failure.NO_SUCH_HOST, Severity.ERROR, 'there is no website "exmaple.org"'),
        (Failure.NAME_TROUBLE, Severity.INFO, "the name exmaple.org could not be looked up"),
    ],
)
def test_only_a_name_that_does_not_exist_is_dead(
    probe: Probe, net: Net, failure: Failure, severity: Severity, said: str
) -> None:
    net.names["exmaple.org"] = [failure]
    found = probe.link("https://exmaple.org/a")
    assert found is not None
    assert found.severity is severity
    assert said in found.message


def test_a_refused_connection_could_not_be_checked(probe: Probe, site: Site) -> None:
    found = probe.link("http://www.example.com:1/")
    assert found is not None
    assert found.severity is Severity.INFO
    assert "www.example.com took no connection" in found.message


@pytest.mark.parametrize("seconds_apart", [None, 0.05])
def test_a_server_that_never_finishes_is_given_up(
    probe: Probe, site: Site, seconds_apart: float | None
) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(400):
            time.sleep(seconds_apart or 0)
            handler.wfile.write(b"X-%d: drip\r\n" % number)

    site.pages["/slow"] = drip if seconds_apart else hanging
    found = probe.link(site.url("/slow"), HASTY)
    assert found is not None
    assert found.severity is Severity.INFO
    assert "www.example.com did not answer in time" in found.message


def test_a_flood_of_headers_is_cut_off(probe: Probe, site: Site) -> None:
    site.pages["/flood"] = raw(b"HTTP/1.1 200 OK\r\n" + b"X-Much: more\r\n" * 200_000)
    found = probe.link(site.url("/flood"))
    assert found is not None
    assert "gave an answer that is not HTTP, or broke it off" in found.message


def test_a_body_is_never_read_however_large_or_packed(probe: Probe, site: Site) -> None:
    written = 0
    gave_up = threading.Event()
    bomb = gzip.compress(bytes(1_000_000))

    def endless(handler: BaseHTTPRequestHandler) -> None:
        nonlocal written
        handler.close_connection = True
        handler.send_response(200)
        handler.send_header("Content-Encoding", "gzip")
        handler.end_headers()
        try:
            while written < 1_000_000_000:
                written += handler.wfile.write(bomb * 100)
        except OSError:
            gave_up.set()

    site.pages["/endless"] = by_method(head=page(405), get=endless)
    assert probe.link(site.url("/endless")) is None
    assert gave_up.wait(10), "the client went on reading"
    assert written < 100_000_000  # what the system's buffers take


def test_nothing_is_told_about_the_newsletter(
    probe: Probe, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    site.pages["/a"] = page(200, set_cookie="reader=1")
    site.pages["/b"] = page()
    probe.run(site.url("/a"))
    probe.run(site.url("/b"))
    for headers in site.headers:
        assert headers == {
            "host": f"www.example.com:{site.port}",
            "user-agent": "Mozilla/5.0 (compatible; link-check)",
            "accept": "*/*",
            "accept-encoding": "identity",
        }
    assert len(site.headers) == 2


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://169.254.169.254/latest/meta-data/", "169.254.169.254 is not on the public"),
        ("http://[::1]:8000/", "::1 is not on the public internet"),
        ("http://[::ffff:8.8.8.8]/", "is not on the public internet"),
        ("http://2130706433/", "2130706433 is not on the public internet"),
        ("http://0x7f.1/", "0x7f.1 is not on the public internet"),
        ("http://0177.0.0.01/", "0177.0.0.01 is not on the public internet"),
        ("http://localhost/", "localhost is not on the public internet"),
        ("http://printer.local/", "printer.local is not on the public internet"),
        ("http://abcdefgh.onion/", "abcdefgh.onion is not on the public internet"),
        ("http://intranet/", "intranet is not on the public internet"),
        ("https://ada:secret@www.example.com/", "a user name or a password, which is sent to"),
        ("https://www.example.com\\@10.0.0.1/", "a user name or a password"),
        ("https://www.exa mple.com/", "not written like a web address"),
        ("https://www.example.com:99999/", "not written like a web address"),
        ("https://www..example.com/", "not written like a web address"),
    ],
)
def test_what_must_not_be_asked_is_not(probe: Probe, net: Net, address: str, said: str) -> None:
    found = probe.link(address)
    assert found is not None
    assert found.severity is Severity.INFO
    assert said in found.message
    assert net.asked == []


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1", "192.168.1.1"], ["fd00::1"]])
def test_a_public_name_of_a_private_machine_is_not_asked(
    probe: Probe, net: Net, site: Site, addresses: list[str]
) -> None:
    net.names["inside.example.org"] = [addresses]
    found = probe.link(site.url("/", "inside.example.org"))
    assert found is not None
    assert "inside.example.org is not on the public internet" in found.message
    assert site.log == []


def test_a_name_is_looked_up_once_for_each_connection(probe: Probe, net: Net, site: Site) -> None:
    # DNS rebinding: the first answer is allowed, all others are the router.
    net.names["rebound.example.org"] = [["127.0.0.1"], ["192.168.1.1"]]
    site.pages["/a"] = by_method(head=raw(b""), get=page())  # needs a second connection
    found = probe.link(site.url("/a", "rebound.example.org"))
    assert found is not None
    assert "rebound.example.org is not on the public internet" in found.message
    assert site.methods("/a") == ["HEAD"]
    assert net.asked == ["rebound.example.org"] * 2


@pytest.mark.parametrize("target", ["http://10.1.2.3/", "http://inside.example.org/", "//[::1]/"])
def test_a_redirect_into_a_network_is_not_followed(
    probe: Probe, net: Net, site: Site, target: str
) -> None:
    net.names["inside.example.org"] = [["10.1.2.3"]]
    site.pages["/a"] = page(302, location=target)
    found = probe.link(site.url("/a"))
    assert found is not None
    assert found.severity is Severity.INFO
    assert "is not on the public internet (it leads on to http://" in found.message


@pytest.mark.parametrize("target", ["file:///etc/passwd", "gopher://example.com/", "http://[", ""])
def test_a_redirect_to_no_web_address_could_not_be_checked(
    probe: Probe, site: Site, target: str
) -> None:
    site.pages["/a"] = page(302, location=target)
    found = probe.link(site.url("/a"))
    assert found is not None
    assert found.severity is Severity.INFO


def test_redirects_that_do_not_end_could_not_be_checked(probe: Probe, site: Site) -> None:
    site.pages["/a"] = page(302, location="/b")
    site.pages["/b"] = page(302, location="/a")
    found = probe.link(site.url("/a"))
    assert found is not None
    assert "it is redirected again and again" in found.message
    assert len(site.log) == 12  # 1 + 5 redirects, with HEAD and with GET


def test_where_a_redirect_leads_is_shown(probe: Probe, site: Site) -> None:
    site.pages["/old"] = page(301, location="/new")
    site.pages["/new"] = page()
    found = probe.link(site.url("/old"))
    assert found is not None
    assert found.severity is Severity.INFO
    assert found.message == f"this link has moved for good to {site.url('/new')}"


def test_a_redirect_to_a_dead_page_is_dead(probe: Probe, site: Site) -> None:
    site.pages["/old"] = page(301, location=site.url("/gone", "news.example.org"))
    found = probe.link(site.url("/old"))
    assert found is not None
    assert found.severity is Severity.ERROR
    assert f"leads on to {site.url('/gone', 'news.example.org')}" in found.message


def test_a_page_whose_address_leads_to_a_start_page_may_be_gone(probe: Probe, site: Site) -> None:
    site.pages["/2024/11/petrels"] = page(302, location=site.url("/", "news.example.org"))
    site.pages["/"] = page()
    found = probe.link(site.url("/2024/11/petrels"))
    assert found is not None
    assert found.severity is Severity.WARNING
    assert "start page of news.example.org" in found.message


def test_hostile_locations_do_not_reach_the_terminal(probe: Probe, site: Site) -> None:
    site.pages["/a"] = page(301, location="/caf\u00e9\x1b[31m?q='\"<b>")
    site.pages["/caf%C3%A9%1B[31m"] = page()
    found = probe.link(site.url("/a"))
    assert found is not None
    assert found.message.isascii()
    assert found.message.isprintable()


def test_a_server_that_wants_to_be_left_alone_is(probe: Probe, site: Site) -> None:
    one = Manners(pause=0.0, per_host=1)
    site.pages["/a"] = page(429, retry_after="3600")
    site.pages["/b"] = site.pages["/c"] = page()
    text = f"{site.url('/a')} {site.url('/b')} {site.url('/c', 'news.example.org')}"
    report = probe.run(text, one)
    assert [f.severity for f in report.findings] == [Severity.INFO] * 2
    assert "www.example.com wants no more requests for now" in report.findings[1].message
    asked = list(site.log)
    assert ("HEAD", "/c") in asked
    assert ("HEAD", "/b") not in asked

    probe.now += datetime.timedelta(minutes=59)  # in a later run, too
    assert probe.run(text, one).summary.unchecked == 2
    assert site.log == asked

    probe.now += datetime.timedelta(minutes=2)
    site.pages["/a"] = page()
    assert probe.run(text, one).findings == ()


def test_answers_are_kept_for_a_while(probe: Probe, site: Site) -> None:
    site.pages["/fine"] = page()
    site.pages["/busy"] = page(503)
    text = f"{site.url('/fine')} {site.url('/gone')} {site.url('/busy')}"

    def asked_after(**time: int) -> set[str]:
        site.log.clear()
        probe.now += datetime.timedelta(**time)
        probe.run(text)
        return {path for _, path in site.log}

    assert asked_after(hours=0) == {"/fine", "/gone", "/busy"}
    assert asked_after(minutes=59) == {"/busy"}
    assert asked_after(minutes=2) == {"/gone", "/busy"}
    assert asked_after(hours=24) == {"/fine", "/gone", "/busy"}
    assert asked_after(hours=-48) == {"/fine", "/gone", "/busy"}  # a clock that was set back


def test_what_is_known_is_said_again(probe: Probe, site: Site) -> None:
    first = probe.run(site.url("/gone"))
    second = probe.run(site.url("/gone"))
    assert first.findings == second.findings
    assert (second.summary.asked, second.summary.cached, second.summary.dead) == (0, 1, 1)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "[",
        "[]",
        "null",
        '{"version": 1}',
        '{"version": 1, "links": [{}], "waits": {}}',
        '{"version": 1, "links": [], "waits": {"a": 1}}',
        '{"version": 9, "links": 3}',
        "[" * 100_000,
        "\udcff",
    ],
)
def test_a_damaged_cache_does_no_harm(probe: Probe, site: Site, damage: str) -> None:
    site.pages["/a"] = page()
    probe.cache.parent.mkdir(parents=True)
    probe.cache.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert probe.run(site.url("/a")).summary.asked == 1
    assert len(json.loads(probe.cache.read_text("utf-8"))["links"]) == 1


def test_a_folder_that_takes_no_cache_does_no_harm(probe: Probe, site: Site) -> None:
    site.pages["/a"] = page()
    (probe.folder / ".newsletter").write_text("a file where the folder should be")
    assert probe.run(site.url("/a")).findings == ()


def test_the_hundred_and_first_link_waits_for_the_next_run(probe: Probe, site: Site) -> None:
    text = "\n".join(site.url(f"/{number}") for number in range(103))
    site.pages |= {f"/{number}": page() for number in range(103)}
    summary = probe.run(text).summary
    assert (summary.links, summary.asked, summary.left_out) == (103, 100, 3)
    assert "3 left out" in str(summary)
    summary = probe.run(text).summary
    assert (summary.asked, summary.cached, summary.left_out) == (3, 100, 0)


def test_a_site_that_is_down_does_not_take_minutes(probe: Probe, site: Site) -> None:
    site.pages |= {f"/{number}": hanging for number in range(20)}
    report = probe.run(" ".join(site.url(f"/{number}") for number in range(20)), HASTY)
    assert report.summary.unchecked == 20
    assert len({path for _, path in site.log}) <= 4  # three, and one that had its turn by then


def test_few_requests_go_to_one_host_at_a_time(probe: Probe, site: Site) -> None:
    running = dict.fromkeys("ab", 0)
    most = dict(running)
    lock = threading.Lock()

    def count(handler: BaseHTTPRequestHandler) -> None:
        host = str(handler.headers["Host"])[0]
        with lock:
            running[host] += 1
            most[host] = max(most[host], running[host])
        time.sleep(0.02)
        with lock:
            running[host] -= 1
        page()(handler)

    site.pages |= {f"/{number}": count for number in range(8)}
    hosts = ("a.example.org", "b.example.org")
    probe.run(" ".join(site.url(f"/{number}", host) for number in range(8) for host in hosts))
    assert len(site.log) == 16
    assert max(most.values()) <= 2


def test_between_two_requests_to_a_host_there_is_a_pause(probe: Probe, site: Site) -> None:
    began: list[float] = []

    def note(handler: BaseHTTPRequestHandler) -> None:
        began.append(time.monotonic())
        page()(handler)

    site.pages |= {f"/{number}": note for number in range(3)}
    probe.run(" ".join(site.url(f"/{number}") for number in range(3)), Manners(pause=0.1))
    assert max(began) - min(began) > 0.15


def test_progress_is_told(probe: Probe, site: Site) -> None:
    told: list[tuple[int, int]] = []
    probe.run(
        f"{site.url('/a')} {site.url('/b')}", progress=lambda done, all_: told.append((done, all_))
    )
    assert told == [(1, 2), (2, 2)]


def test_a_progress_that_fails_ends_the_check_with_its_own_error(probe: Probe, site: Site) -> None:
    def fail(done: int, total: int) -> None:
        raise NewsletterError("the terminal is gone")

    with pytest.raises(NewsletterError, match="the terminal is gone"):
        probe.run(f"{site.url('/a')} {site.url('/b')}", progress=fail)


def test_without_a_connection_that_is_said_once(probe: Probe, net: Net) -> None:
    net.names |= {f"{name}.example.org": [Failure.NAME_TROUBLE] for name in "abc"}
    report = probe.run(" ".join(f"https://{name}.example.org/" for name in "abc"))
    (found,) = report.findings
    assert found.severity is Severity.INFO
    assert "none of 3 links could be checked" in found.message
    assert report.summary.unchecked == 3


def test_a_dns_that_knows_no_name_at_all_is_not_believed_nor_remembered(
    probe: Probe, net: Net
) -> None:
    names = [*(f"{name}.example.org" for name in "abc"), ALWAYS_THERE]
    net.names |= {name: [Failure.NO_SUCH_HOST] for name in names}
    issue = " ".join(f"https://{name}.example.org/" for name in "abc")
    for _ in range(2):
        report = probe.run(issue)
        (found,) = report.findings
        assert found.severity is Severity.INFO
        assert "none of 3 links could be checked" in found.message
        assert str(report.summary) == "could not check any of 3 links"
        assert report.summary.cached == 0


def test_names_that_do_not_exist_are_remembered_if_the_dns_knows_others(
    probe: Probe, net: Net
) -> None:
    net.names |= {f"{name}.example.org": [Failure.NO_SUCH_HOST] for name in "ab"}
    issue = "https://a.example.org/ https://b.example.org/"
    assert [probe.run(issue).summary.dead for _ in range(2)] == [2, 2]
    assert probe.run(issue).summary.cached == 2


def test_the_second_address_of_a_host_is_tried(probe: Probe, net: Net, site: Site) -> None:
    net.allowed |= {ip_address("::1")}  # nobody listens there
    net.names["www.example.com"] = [["::1", "127.0.0.1"]]
    site.pages["/a"] = page()
    assert probe.link(site.url("/a")) is None


class TestCertificates:
    """Over TLS; every reader's browser looks at the certificate, too."""

    @pytest.fixture(autouse=True)
    def trust(self, net: Net, authority: trustme.CA) -> None:
        net.tls = ssl.create_default_context()
        authority.configure_trust(net.tls)

    def test_the_name_is_verified_though_an_address_is_connected(
        self, probe: Probe, secure_site: Callable[..., Site]
    ) -> None:
        site = secure_site("www.example.com")
        site.pages["/a"] = page()
        assert probe.link(site.url("/a", scheme="https")) is None
        assert site.headers[0]["host"] == f"www.example.com:{site.port}"

    def test_a_certificate_of_another_name_is_a_warning(
        self, probe: Probe, secure_site: Callable[..., Site]
    ) -> None:
        found = probe.link(secure_site("other.example.com").url("/a", scheme="https"))
        assert found is not None
        assert found.severity is Severity.WARNING
        assert found.message == "the certificate of www.example.com belongs to another site"

    def test_an_expired_certificate_is_a_warning(
        self, probe: Probe, secure_site: Callable[..., Site]
    ) -> None:
        past = datetime.datetime(2025, 1, 2, tzinfo=datetime.UTC)
        site = secure_site("www.example.com", not_before=past, not_after=past.replace(month=2))
        found = probe.link(site.url("/a", scheme="https"))
        assert found is not None
        assert found.severity is Severity.WARNING
        assert "has expired" in found.message

    def test_an_unknown_authority_could_not_be_checked(
        self, probe: Probe, net: Net, secure_site: Callable[..., Site]
    ) -> None:
        net.tls = ssl.create_default_context()
        found = probe.link(secure_site("www.example.com").url("/a", scheme="https"))
        assert found is not None
        assert found.severity is Severity.INFO
        assert "the encrypted connection to www.example.com failed" in found.message

    def test_a_server_without_encryption_could_not_be_checked(
        self, probe: Probe, site: Site
    ) -> None:
        found = probe.link(site.url("/a", scheme="https"))
        assert found is not None
        assert found.severity is Severity.INFO


class TestPictures:
    """Remote pictures must be there and be something that mail programs show."""

    @pytest.mark.parametrize("kind", ["image/jpeg", "Image/PNG; q=1", "image/gif"])
    def test_pictures_that_are_shown(self, probe: Probe, site: Site, kind: str) -> None:
        site.pages["/ferry"] = page(content_type=kind)
        assert probe.picture(site.url("/ferry")) is None

    @pytest.mark.parametrize(
        ("headers", "severity", "said"),
        [
            ({"content_type": "text/html"}, Severity.ERROR, "sends text/html"),
            ({"content_type": "image/webp"}, Severity.WARNING, "type WEBP"),
            ({"content_type": "image/svg+xml"}, Severity.WARNING, "type SVG"),
            ({"content_type": "\x1b[31m"}, Severity.WARNING, "does not say"),
            ({}, Severity.WARNING, "does not say that this is a picture"),
        ],
    )
    def test_pictures_that_are_not(
        self, probe: Probe, site: Site, headers: dict[str, str], severity: Severity, said: str
    ) -> None:
        site.pages["/ferry"] = page(200, **headers)
        found = probe.picture(site.url("/ferry"))
        assert found is not None
        assert found.rule == "image-reachable"
        assert found.severity is severity
        assert said in found.message

    def test_a_type_is_believed_only_from_get(self, probe: Probe, site: Site) -> None:
        site.pages["/ferry"] = by_method(
            head=page(content_type="text/html"), get=page(content_type="image/jpeg")
        )
        assert probe.picture(site.url("/ferry")) is None

    def test_a_heavy_picture_is_a_warning(self, probe: Probe, site: Site) -> None:
        site.pages["/ferry"] = page(content_type="image/jpeg", content_length="3145728")
        found = probe.picture(site.url("/ferry"))
        assert found is not None
        assert found.message == "this picture has 3.0 MB"

    def test_one_address_can_be_a_link_and_a_picture(self, probe: Probe, site: Site) -> None:
        site.pages["/ferry"] = page(content_type="text/html")
        address = site.url("/ferry")
        report = probe.run(f"[a]({address}) ![A ferry]({address})")
        assert [f.rule for f in report.findings] == ["image-reachable"]
        assert report.summary.links == 2


CTRL_C = """
import asyncio, sys
from ipaddress import ip_address
from pathlib import Path
from newsletter.issue.load import load_text
from newsletter.probes.links import Network, check_links

async def look_up(host):
    return (ip_address("127.0.0.1"),)

folder, port = Path(sys.argv[1]), sys.argv[2]
text = (
    "subject: A\\npreheader: B\\ndate: 2026-11-20\\n"
    f"intro: http://www.example.com:{port}/a http://www.example.org:{port}/hang\\n"
    "sections: [{headline: Ferry, body: It sails again.}]\\n"
)
try:
    check_links(
        [load_text(text, folder / "2026-11-20.yaml")],
        folder / "links.json",
        network=Network(look_up, lambda address: True),
        progress=lambda done, total: print(done, flush=True),
    )
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


def test_ctrl_c_stops_at_once_and_keeps_what_was_learnt(tmp_path: Path, site: Site) -> None:
    site.pages["/a"] = page()
    site.pages["/hang"] = hanging
    command = [sys.executable, "-W", "error", "-c", CTRL_C, str(tmp_path), str(site.port)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "1\n"
        os.kill(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=30)
    assert (out, error) == ("stopped\n", "")
    kept = json.loads((tmp_path / "links.json").read_text("utf-8"))["links"]
    assert [link["address"] for link in kept] == [f"http://www.example.com:{site.port}/a"]


def test_nothing_is_asked_of_an_issue_without_links(probe: Probe, net: Net) -> None:
    text = "Write to [us](mailto:a@example.org), see [below](#ferry) or [here]({{ view_url }})."
    report = probe.run(text + "\nhttps://example.org/?u={{ city | town }}", QUICK)
    assert str(report.summary) == "No links to check."
    assert net.asked == []
    assert not probe.cache.exists()
