from __future__ import annotations

import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from imapclient import IMAPClient

from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.errors import FeedbackError
from newsletter.feedback.run import Reader
from newsletter.feedback.sources.imap import ImapMailbox
from newsletter.feedback.sources.imap_address import ImapAddress
from tests.unit.feedback.dovecot import PASSWORD, USER, Dovecot, find_dovecot
from tests.unit.feedback.kit import NOW, Sent, send
from tests.unit.feedback.letters import answer, bounce


@pytest.fixture(scope="module")
def dovecot() -> Iterator[Dovecot]:
    program = find_dovecot()
    if program is None:
        pytest.skip("Dovecot cannot be run here (Debian, as root: apt-get install dovecot-imapd)")
    server = Dovecot(program)
    try:
        server.start()
        yield server
    finally:
        server.remove()


@pytest.fixture
def trusted(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Dovecot:
    """This machine believes who certified the server; the mailbox is empty."""
    monkeypatch.setenv("SSL_CERT_FILE", str(dovecot.authority))
    with client(dovecot) as connection:
        for folder in ("INBOX", "Done"):
            if connection.folder_exists(folder):
                connection.select_folder(folder)
                connection.delete_messages(connection.search())
                connection.expunge()
    return dovecot


def client(dovecot: Dovecot) -> IMAPClient:
    context = ssl.create_default_context(cafile=str(dovecot.authority))
    connection = IMAPClient(
        "127.0.0.1", port=dovecot.port, ssl=True, ssl_context=context, timeout=20
    )
    connection.login(USER, PASSWORD)
    return connection


def deliver(dovecot: Dovecot, *messages: bytes) -> None:
    with client(dovecot) as connection:
        for message in messages:
            connection.append("INBOX", message.replace(b"\n", b"\r\n"))


def seen(dovecot: Dovecot, folder: str = "INBOX") -> list[bool]:
    """Whether each message of a folder is marked as read, in order."""
    with client(dovecot) as connection:
        connection.select_folder(folder, readonly=True)
        flags = connection.get_flags(connection.search())
        return [b"\\Seen" in flags[uid] for uid in sorted(flags)]


def about(sent: Sent) -> bytes:
    return bounce(to=f"bounces+{sent.token}@example.org")


@pytest.fixture
def read(database: Database, trusted: Dovecot) -> Iterator[Callable[..., Any]]:
    opened = []

    def read(folder: str = "", url: str = "", password: str = PASSWORD) -> Any:
        address = ImapAddress.parse(url or trusted.url)
        source = ImapMailbox(address, password, database, folder)
        opened.append(source)
        return Reader(database, lambda: NOW).read(source)

    yield read
    for source in opened:
        source.close()


def test_bounces_are_marked_as_read_and_letters_of_people_stay_unread(
    database: Database, trusted: Dovecot, read: Callable[..., Any]
) -> None:
    sent = send(database)
    deliver(trusted, answer(), about(sent), bounce(), answer())
    summary = read()
    assert (summary.kinds["hard"], summary.for_people, summary.not_ours) == (1, 2, 1)
    assert sent.state == "bounced"
    assert seen(trusted) == [False, True, False, False]
    assert read().read == 0


def test_bounces_can_be_moved_out_of_the_way(
    database: Database, trusted: Dovecot, read: Callable[..., Any]
) -> None:
    sent = send(database)
    deliver(trusted, answer(), about(sent), answer())
    read("Done")
    assert seen(trusted) == [False, False]
    assert seen(trusted, "Done") == [True]


@pytest.mark.parametrize("capabilities", ["IMAP4rev1 UIDPLUS", "IMAP4rev1"])
def test_an_old_server_will_do_and_nobody_elses_mail_is_removed(
    database: Database, monkeypatch: pytest.MonkeyPatch, capabilities: str
) -> None:
    """Without MOVE, IDLE, and in the end without any way to remove just one message."""
    program = find_dovecot()
    if program is None:
        pytest.skip("Dovecot cannot be run here")
    server = Dovecot(program, capabilities)
    try:
        server.start()
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        sent = send(database)
        deliver(server, answer(), about(sent), answer())
        with client(server) as connection:
            connection.select_folder("INBOX")
            connection.delete_messages([3])  # by somebody else, who may still think better of it
        source = ImapMailbox(ImapAddress.parse(server.url), PASSWORD, database, "Done")
        Reader(database, lambda: NOW).read(source)
        source.wait(0.01)
        source.close()
        assert seen(server, "Done") == [True]
        assert len(seen(server)) == (2 if "UIDPLUS" in capabilities else 3)
    finally:
        server.remove()


def test_after_a_kill_messages_are_read_again_and_put_away(
    database: Database, trusted: Dovecot, read: Callable[..., Any]
) -> None:
    sent = send(database)
    deliver(trusted, about(sent))

    class Killed(ImapMailbox):
        def settle(self, letters: object) -> None:
            raise KeyboardInterrupt

    source = Killed(ImapAddress.parse(trusted.url), PASSWORD, database)
    with pytest.raises(KeyboardInterrupt):
        Reader(database, lambda: NOW).read(source)
    source.close()
    assert (sent.state, seen(trusted)) == ("bounced", [False])
    assert read().replayed == 1
    assert seen(trusted) == [True]


def test_a_message_that_must_wait_is_fetched_again(
    database: Database, trusted: Dovecot, read: Callable[..., Any]
) -> None:
    sent = send(database, state=State.ATTEMPTING)
    deliver(trusted, about(sent), answer())
    assert read().in_hand == 1
    sent.reply(State.ACCEPTED)
    assert read().kinds["hard"] == 1
    assert seen(trusted) == [True, False]


def test_waiting_ends_when_something_comes(database: Database, trusted: Dovecot) -> None:
    source = ImapMailbox(ImapAddress.parse(trusted.url), PASSWORD, database)
    reader = Reader(database, lambda: NOW)
    reader.read(source)
    sent = send(database)
    timer = threading.Timer(0.5, deliver, [trusted, about(sent)])
    timer.start()
    source.wait(60)
    timer.join()
    assert reader.read(source).kinds["hard"] == 1
    source.close()


def test_a_connection_that_broke_is_made_anew(database: Database, trusted: Dovecot) -> None:
    source = ImapMailbox(ImapAddress.parse(trusted.url), PASSWORD, database)
    reader = Reader(database, lambda: NOW)
    reader.read(source)
    assert source._client is not None
    source._client.shutdown()
    with pytest.raises(FeedbackError, match="cannot be read"):
        reader.read(source)
    deliver(trusted, answer())
    assert reader.read(source).for_people == 1
    source.close()


def test_a_wrong_password_is_said_without_showing_it(read: Callable[..., Any]) -> None:
    with pytest.raises(FeedbackError, match="does not let") as caught:
        read(password="secret-guess")
    assert "secret-guess" not in f"{caught.value.message} {caught.value.hint}"


def test_a_server_that_cannot_prove_its_name_gets_no_password(
    dovecot: Dovecot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    source = ImapMailbox(ImapAddress.parse(dovecot.url), PASSWORD, database)
    with pytest.raises(FeedbackError, match="no safe connection"):
        list(source.read())


def test_encryption_may_begin_with_starttls(
    database: Database, trusted: Dovecot, read: Callable[..., Any]
) -> None:
    sent = send(database)
    deliver(trusted, about(sent), answer())
    summary = read(url=trusted.starttls_url)
    assert (summary.kinds["hard"], summary.for_people) == (1, 1)
    assert seen(trusted) == [True, False]


def test_with_starttls_the_certificate_is_checked_too(
    dovecot: Dovecot, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    source = ImapMailbox(ImapAddress.parse(dovecot.starttls_url), PASSWORD, database)
    with pytest.raises(FeedbackError, match="no safe connection"):
        list(source.read())


@pytest.mark.parametrize("offered", ["IMAP4rev1", "IMAP4rev1 STARTTLS"])
def test_a_server_that_does_not_encrypt_gets_no_password(database: Database, offered: str) -> None:
    """Somebody on the way may take the offer away, or answer in the server's place."""
    heard: list[bytes] = []

    class Plain(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(f"* OK [CAPABILITY {offered}] ready\r\n".encode())
            for line in self.rfile:
                heard.append(line)
                tag, command = line.split()[:2]
                if command.upper() == b"CAPABILITY":
                    self.wfile.write(f"* CAPABILITY {offered}\r\n".encode())
                    self.wfile.write(tag + b" OK done\r\n")
                elif command.upper() == b"STARTTLS":
                    self.wfile.write(tag + b" NO not now\r\n")
                else:
                    self.wfile.write(tag + b" OK done\r\n")

    with socketserver.TCPServer(("127.0.0.1", 0), Plain) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        url = f"imap://me@127.0.0.1:{server.server_address[1]}/INBOX"
        source = ImapMailbox(ImapAddress.parse(url), PASSWORD, database)
        with pytest.raises(FeedbackError, match="cannot be read"):
            list(source.read())
        server.shutdown()
        thread.join()
    assert heard
    assert not any(word in line for line in heard for word in (b"LOGIN", PASSWORD.encode()))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("imaps://me@mail.example.org", ("mail.example.org", 993, "me", "INBOX", True)),
        ("imap://me@mail.example.org/", ("mail.example.org", 143, "me", "INBOX", False)),
        (
            "imaps://me%40example.org@mail.example.org:1993/In/Bounces%20here",
            ("mail.example.org", 1993, "me@example.org", "In/Bounces here", True),
        ),
    ],
)
def test_addresses(url: str, expected: tuple[object, ...]) -> None:
    a = ImapAddress.parse(url)
    assert (a.host, a.port, a.user, a.folder, a.implicit_tls) == expected


@pytest.mark.parametrize(
    "url",
    ["http://me@example.org", "imaps://example.org", "imaps://me:pw@example.org", "imaps://a@b:x"],
)
def test_what_is_no_address_is_refused_and_a_password_not_repeated(url: str) -> None:
    with pytest.raises(FeedbackError) as caught:
        ImapAddress.parse(url)
    assert ":pw" not in caught.value.message
