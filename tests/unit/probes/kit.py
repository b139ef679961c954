"""A web server on loopback that misbehaves as it is told, and a net in which it has many names."""

from __future__ import annotations

import datetime
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from newsletter.findings import Finding
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.probes.addresses import IPAddress
from newsletter.probes.answer import Failure
from newsletter.probes.gate import Manners
from newsletter.probes.links import LinkReport, Network, check_links
from newsletter.probes.url import RefusedError

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)
Serve = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Site:
    """A server; ``pages`` says what it does for a path, ``log`` what it was asked."""

    port: int
    pages: dict[str, Serve] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    def url(self, path: str, host: str = "www.example.com", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def methods(self, path: str) -> list[str]:
        return [method for method, asked in self.log if asked == path]


def page(status: int = 200, **headers: str) -> Serve:
    """A page without surprises; ``content_type`` becomes ``Content-Type``."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-").title(), value)
        body = b"words" if handler.command == "GET" else b""
        if "content_length" not in headers:
            handler.send_header("Content-Length", "5")
        handler.end_headers()
        handler.wfile.write(body)

    return serve


def by_method(**serve: Serve) -> Serve:
    return lambda handler: serve[handler.command.lower()](handler)


def raw(data: bytes) -> Serve:
    """Bytes instead of HTTP, and then the end."""

    def serve(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(data)

    return serve


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients hang up on it, as they should."""


def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def setup(self) -> None:
            if tls is not None:
                # Here, in a thread of its own, so that one bad greeting stops nobody else.
                self.request = tls.wrap_socket(self.request, server_side=True)
            super().setup()

        def finish(self) -> None:
            super().finish()
            self.request.close()

        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.log.append((self.command, self.path))
            site.headers.append({name.lower(): value for name, value in self.headers.items()})
            site.pages.get(path, page(404))(self)

        do_HEAD = do_GET  # noqa: N815

    server = _Server(("127.0.0.1", 0), Handler)
    site = Site(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()
    thread.join()


@dataclass
class Net:
    """Names and where they lead: to loopback, unless they are in it."""

    names: dict[str, list[Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    allowed: set[IPAddress] = field(default_factory=lambda: {ip_address("127.0.0.1")})
    tls: ssl.SSLContext | None = None

    async def look_up(self, host: str) -> tuple[IPAddress, ...]:
        """Each entry of a name is one answer, the last for ever; a ``Failure`` is raised."""
        self.asked.append(host)
        answers = self.names.get(host, [["127.0.0.1"]])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Failure):
            raise RefusedError(answer)
        return tuple(map(ip_address, answer))

    def network(self) -> Network:
        return Network(self.look_up, self.allowed.__contains__, self.tls)


def issue_of(path: Path, text: str) -> Manuscript:
    """The manuscript of an issue whose intro, or whole file, is given."""
    if not text.startswith("subject:"):
        lines = "\n".join(f"  {line}" for line in text.split("\n"))
        text = (
            "subject: The night ferry is back\npreheader: And a library\ndate: 2026-11-20\n"
            f"intro: |\n{lines}\nsections: [{{headline: Ferry, body: It sails again.}}]\n"
        )
    manuscript = load_text(text, path)
    assert isinstance(manuscript, Manuscript), "\n".join(map(str, manuscript))
    return manuscript


QUICK = Manners(pause=0.0)


@dataclass
class Probe:
    """``check_links`` over a text, with everything around it kept in a folder."""

    folder: Path
    net: Net
    now: datetime.datetime = NOON

    @property
    def cache(self) -> Path:
        return self.folder / ".newsletter" / "cache" / "links.json"

    def run(self, text: str, manners: Manners = QUICK, **more: Any) -> LinkReport:
        manuscript = issue_of(self.folder / "issues" / "2026-11-20.yaml", text)
        return check_links(
            [manuscript],
            self.cache,
            network=self.net.network(),
            manners=manners,
            clock=lambda: self.now,
            **more,
        )

    def link(self, address: str, manners: Manners = QUICK) -> Finding | None:
        """The one finding about one link, if there is one."""
        findings = self.run(f"See [the timetable](<{address}>).", manners).findings
        assert len(findings) < 2, findings
        return findings[0] if findings else None

    def picture(self, address: str) -> Finding | None:
        findings = self.run(f"![A ferry]({address})").findings
        assert len(findings) < 2, findings
        return findings[0] if findings else None
