"""A real newsletter, served on loopback, with a real mail server behind it."""

from __future__ import annotations

import datetime
import email
import email.policy
import http.client
import io
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from sqlalchemy import Table, select

from newsletter.database.engine import Database
from newsletter.project import Project
from newsletter.web.listening import listen
from newsletter.web.log import Log
from newsletter.web.server import make_server
from tests.smtp import Inbox, RealServer, real_server

SETTINGS = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.org>"
postal_address = "1 Example Street, Sampletown"
base_url = "http://127.0.0.1/letter"
"""

TWO_LISTS = """
[lists.main]
title = "All of the week"
[lists.events]
title = "What is on"
description = "Concerts and markets"
[lists.staff]
public = false
"""


@dataclass
class Clock:
    """Tells a time that a test may move."""

    ahead: datetime.timedelta = datetime.timedelta()

    def __call__(self) -> datetime.datetime:
        return datetime.datetime.now(datetime.UTC) + self.ahead

    def forward(self, **by: float) -> None:
        self.ahead += datetime.timedelta(**by)


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


@dataclass
class Served:
    """Readers' pages that are being served."""

    port: int
    database: Database
    inbox: Inbox
    clock: Clock
    log: io.StringIO
    project: Project
    _seen: int = field(default=0)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        with closing(connection):
            shown = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, shown)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheaders(), answer.read())

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, None, **headers)

    def post(self, path: str, fields: Any = None, **headers: str) -> Answer:
        body = urlencode(fields or {}, doseq=True).encode()
        headers.setdefault("Content_Type", "application/x-www-form-urlencoded")
        return self.ask("POST", path, body, **headers)

    def fill_in(self, path: str, fields: Mapping[str, Any], **headers: str) -> Answer:
        """Open a form, take the time to type, and send it."""
        stamp = re.search(r'name="stamp" value="([^"]*)"', self.get(path, **headers).text)
        assert stamp
        self.clock.forward(seconds=3)
        return self.post(path, {"stamp": stamp[1], **fields}, **headers)

    def subscribe(self, address: str, lists: Sequence[str] = ("main",), **headers: str) -> Answer:
        return self.fill_in("/subscribe", {"email": address, "list": list(lists)}, **headers)

    def next_mail(self) -> EmailMessage:
        """The next mail that arrives."""
        wait_for(lambda: len(self.inbox.copies) > self._seen)
        copy = self.inbox.copies[self._seen]
        self._seen += 1
        message = email.message_from_bytes(copy.data, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    def settled(self) -> None:
        """Wait until everything that was asked for is done."""
        wait_for(lambda: not self.rows("requests"))

    def new_mails(self) -> int:
        """How many more mails there are when everything is done."""
        self.settled()
        return len(self.inbox.copies) - self._seen

    def rows(self, name: str) -> list[Any]:
        from newsletter.database.tables import metadata

        table: Table = metadata.tables[name]
        with self.database.reading() as connection:
            return list(connection.execute(select(table).order_by(*table.primary_key)).all())

    def confirmed(self, address: str, lists: Sequence[str] = ("main",)) -> None:
        """A reader who has gone all the way."""
        assert self.subscribe(address, lists).status == 200
        assert self.post(link_in(self.next_mail())).status == 200


def link_in(mail: EmailMessage) -> str:
    """The path of the link in a mail, with its query, below the base path."""
    part = mail.get_body(("plain",))
    assert part is not None
    found = re.search(r"https?://\S+", part.get_content())
    assert found
    url = urlsplit(found[0])
    return f"{url.path.removeprefix('/letter')}?{url.query}"


def wait_for(true: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


@pytest.fixture
def relay() -> Iterator[RealServer]:
    with real_server() as server:
        yield server


def make_newsroom(folder: Path, relay: RealServer) -> Path:
    """A newsletter with two public lists, whose mails go to the relay."""
    (folder / "issues").mkdir(parents=True)
    transport = f'transport = "smtp://127.0.0.1:{relay.port}?security=none"\n'
    (folder / "newsletter.toml").write_text(SETTINGS + transport + TWO_LISTS)
    return folder


@contextmanager
def serving(newsroom: Path, relay: RealServer, clock: Clock | None = None) -> Iterator[Served]:
    """The pages of a newsletter, while they are served."""
    clock = clock or Clock()
    project = Project.open(newsroom, {})
    log = io.StringIO()
    listener = listen("127.0.0.1", 0)
    ready = threading.Event()
    server = make_server(project, ready.set, now=clock, log=Log(log))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(20), "the server did not start"
        port = listener.getsockname()[1]
        yield Served(port, project.database, relay.inbox, clock, log, project)
    finally:
        server.should_exit = True
        thread.join(20)
        project.close()
        listener.close()
        assert not thread.is_alive(), "the server did not stop"


@pytest.fixture
def newsroom(tmp_path: Path, relay: RealServer) -> Path:
    return make_newsroom(tmp_path / "letter", relay)


Serve = Callable[..., AbstractContextManager[Served]]


@pytest.fixture
def serve(newsroom: Path, relay: RealServer) -> Serve:
    """``with serve() as pages: …``; further settings may be given as text."""

    def start(settings: str = "", clock: Clock | None = None) -> AbstractContextManager[Served]:
        if settings:
            file = newsroom / "newsletter.toml"
            file.write_text(file.read_text() + settings)
        return serving(newsroom, relay, clock)

    return start


@pytest.fixture(scope="module")
def same_pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Served to all tests of a file that only look: none may change anything."""
    with real_server() as relay:
        newsroom = make_newsroom(tmp_path_factory.mktemp("web") / "letter", relay)
        with serving(newsroom, relay) as served:
            yield served


@pytest.fixture
def pages(serve: Serve) -> Iterator[Served]:
    with serve() as served:
        yield served
