from __future__ import annotations

import asyncio
import datetime
import ssl
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from starlette.applications import Starlette

from newsletter.errors import ConfigurationError, FeedbackError
from newsletter.feedback.webhooks.base import LONGEST_BODY
from newsletter.project import Project
from newsletter.web.routes.webhooks import fetch, webhook_routes
from tests.contract.callers import Postmark
from tests.unit.feedback.kit import NOW, send

SETTINGS = 'name = "The Harbour Letter"\nfrom = "letter@example.org"\n'


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    environment = {"NEWSLETTER_FEEDBACK_POSTMARK_SECRET": Postmark.secret}
    with closing(Project.open(tmp_path, environment)) as project:
        yield project


class Client:
    """Asks the routes of a project, as a server would."""

    def __init__(self, project: Project, now: Callable[[], datetime.datetime] | None) -> None:
        self._app = Starlette(routes=webhook_routes(project, now))

    def ask(self, method: str, path: str, **content: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="https://letter.example.org"
            ) as client:
                return await client.request(method, path, **content)

        return asyncio.run(ask())

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self.ask("POST", path, **content)


@pytest.fixture
def client(project: Project) -> Client:
    return Client(project, lambda: NOW)


def test_an_event_of_a_provider_is_recorded(project: Project, client: Client) -> None:
    sent, caller = send(project.database), Postmark()
    request = caller.request(caller.event("dead", sent))
    refused = client.post("/webhooks/postmark", content=request.body)
    assert (refused.status_code, sent.suppressed) == (401, None)
    answer = client.post("/webhooks/postmark", content=request.body, headers=dict(request.headers))
    assert (answer.status_code, answer.text, sent.suppressed) == (200, "recorded\n", "bounce")


def test_only_providers_with_a_secret_have_an_address(client: Client) -> None:
    assert client.post("/webhooks/mailgun").status_code == 404
    assert client.ask("GET", "/webhooks/postmark").status_code == 405


def test_a_body_without_end_is_cut_off(client: Client) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(LONGEST_BODY // 65536 + 2):
            yield b"x" * 65536

    assert client.post("/webhooks/postmark", content=endless()).status_code == 413


def test_a_secret_that_is_too_short_is_said_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    environment = {"NEWSLETTER_FEEDBACK_BREVO_SECRET": "short"}
    with (
        closing(Project.open(tmp_path, environment)) as project,
        pytest.raises(ConfigurationError, match="brevo_secret is shorter"),
    ):
        webhook_routes(project)


# ── fetching what Amazon signs with ──────────────────────────────────────────────────────────────


class _Files(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = {
            "/good.pem": (200, b"certificate"),
            "/large.pem": (200, b"x" * 100_000),
            "/elsewhere.pem": (302, b""),
        }.get(self.path, (404, b""))
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "/good.pem")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], str]]:
    """A server with a certificate that this machine believes."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    made = httpx.Client

    def client(**options: object) -> httpx.Client:
        return made(verify=trusted, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(httpx, "Client", client)
    server = HTTPServer(("127.0.0.1", 0), _Files)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield lambda path: f"https://localhost:{server.server_port}{path}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_small_file_is_fetched(files: Callable[[str], str]) -> None:
    assert fetch(files("/good.pem")) == b"certificate"


@pytest.mark.parametrize("path", ["/large.pem", "/elsewhere.pem", "/missing.pem"])
def test_what_is_not_as_it_should_be_is_not_taken(files: Callable[[str], str], path: str) -> None:
    with pytest.raises(FeedbackError):
        fetch(files(path))


@pytest.mark.parametrize("url", ["http://localhost/x.pem", "file:///etc/passwd", "https://[", ""])
def test_nothing_is_fetched_but_by_https(url: str) -> None:
    with pytest.raises(FeedbackError):
        fetch(url)


def test_nothing_happens_in_the_future(project: Project) -> None:
    sent, caller = send(project.database), Postmark()
    request = caller.request(
        caller.event("complaint", sent) | {"BouncedAt": "2999-01-01T00:00:00Z"}
    )
    headers = dict(request.headers)
    Client(project, None).post("/webhooks/postmark", content=request.body, headers=headers)
    assert sent.suppressed == "complaint"
    assert "2999" not in str(sent.all())
