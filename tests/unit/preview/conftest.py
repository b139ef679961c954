"""A real project, a real server, a real browser."""

from __future__ import annotations

import functools
import http.client
import io
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from newsletter.preview.server import listen, make_server
from newsletter.project import Project

SETTINGS = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.org>"
postal_address = "1 Example Street, Sampletown"
reason = "You get this letter because you subscribed to it."
base_url = "https://news.example.org"
"""

PARAGRAPH = "The night ferry sails again from Friday, and the council is content with it. " * 4

ISSUE = f"""\
subject: The night ferry is back
preheader: A new timetable, and a market hall without a name
date: 2026-11-20
intro: Hello {{{{ name | neighbour }}}}, this is the letter.
summary:
  - text: The night ferry sails again.
    story: ferry
  - text: The market hall needs a name.
    story: market
sections:
  - headline: Night ferry returns
    id: ferry
    image:
      src: pictures/ferry.png
      alt: A ferry at night
    body: |
      {PARAGRAPH}

      [The timetable](https://example.org/timetable) is on the pier.

      {PARAGRAPH}

      {PARAGRAPH}

      {PARAGRAPH}
  - headline: The market hall
    id: market
    body: |
      {PARAGRAPH}

      {PARAGRAPH}

      {PARAGRAPH}
"""


def png(colour: tuple[int, int, int] = (29, 58, 69)) -> bytes:
    from PIL import Image

    file = io.BytesIO()
    Image.new("RGB", (600, 300), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="session")
def make_project() -> Callable[[Path], Path]:
    """Writes a newsletter with two issues, the latest 2026-11-20, into a new folder."""

    def make(root: Path) -> Path:
        (root / "issues" / "pictures").mkdir(parents=True)
        (root / "newsletter.toml").write_text(SETTINGS)
        (root / "issues" / "pictures" / "ferry.png").write_bytes(png())
        (root / "issues" / "2026-11-20.yaml").write_text(ISSUE)
        earlier = ISSUE.replace("2026-11-20", "2026-11-13").replace("is back", "is late")
        (root / "issues" / "2026-11-13.yaml").write_text(earlier)
        return root

    return make


@pytest.fixture
def folder(make_project: Callable[[Path], Path], tmp_path: Path) -> Path:
    return make_project(tmp_path / "letter")


@pytest.fixture
def issue(folder: Path) -> Path:
    return folder / "issues" / "2026-11-20.yaml"


@dataclass(frozen=True)
class Answer:
    """What the preview said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Running:
    """A preview that is being served."""

    address: str
    port: int

    def ask(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> Answer:
        """Ask for a path as it is, with these headers and no others, but for ``Host``."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            connection.putrequest(
                method, path, skip_host="Host" in headers, skip_accept_encoding=True
            )
            for name, value in headers.items():
                connection.putheader(name.replace("_", "-"), value)
            if body:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body or None)
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read())

    def get(self, path: str) -> Answer:
        """What is shown at a path behind the token."""
        return self.ask(f"{self.prefix}/{path}")

    def post(self, path: str, asked: object) -> Answer:
        """What our own page gets for JSON that it sends; bytes are sent as they are."""
        data = asked if isinstance(asked, bytes) else json.dumps(asked).encode()
        return self.ask(f"{self.prefix}/{path}", "POST", data, Origin=self.origin)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def prefix(self) -> str:
        """The token as the beginning of a path."""
        return self.base.removeprefix(self.origin)

    @property
    def base(self) -> str:
        """The address up to and with the token."""
        return "/".join(self.address.split("/", 4)[:4])


Serve = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def serve_project() -> Serve:
    """``with serve_project(folder) as running: …``: a project's preview on a free port."""

    @contextmanager
    def start(
        folder: Path, port: int = 0, slug: str | None = "2026-11-20", *, poll: bool = False
    ) -> Iterator[Running]:
        listener = listen(port)
        chosen = listener.getsockname()[1]
        ready = threading.Event()
        addresses: list[str] = []

        def on_ready(address: str) -> None:
            addresses.append(address)
            ready.set()

        server = make_server(Project.open(folder), slug, listener, on_ready, poll=poll)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            assert ready.wait(20), "the preview did not start"
            yield Running(addresses[0], chosen)
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive(), "the preview did not stop"

    return start


@pytest.fixture
def serve(folder: Path, serve_project: Serve) -> Serve:
    """``with serve() as running: …``: the preview of ``folder``."""
    return functools.partial(serve_project, folder)


@pytest.fixture
def running(serve: Serve) -> Iterator[Running]:
    with serve() as server:
        yield server


@pytest.fixture
def page(browser: Browser) -> Iterator[Any]:
    """A window of 1400 by 900, in the light colour scheme."""
    context = browser.new_context(
        viewport={"width": 1400, "height": 900}, color_scheme="light", reduced_motion="reduce"
    )
    window = context.new_page()
    window.set_default_timeout(15_000)
    yield window
    context.close()
