"""A mailbox on an IMAP server (RFC 9051), over TLS that is verified.

Read messages keep their place or are moved to a folder; nothing is ever deleted. Which message was
the last is remembered in the database, so that letters for people stay unread and are fetched once.
"""

from __future__ import annotations

import contextlib
import hashlib
import ssl
import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from newsletter.database.engine import Database
from newsletter.errors import FeedbackError
from newsletter.feedback.sources.base import LONGEST, Disposal, Letter
from newsletter.feedback.sources.imap_address import ImapAddress
from newsletter.feedback.sources.memory import recall, remember

if TYPE_CHECKING:
    from imapclient import IMAPClient

_AT_ONCE = 50
_TIMEOUT = 60.0
_LONGEST_IDLE = 25 * 60.0
"""Seconds after which waiting is begun anew: servers may hang up after 30 minutes (RFC 2177)."""
_SLOW = 60.0
"""Seconds between two looks at a server that cannot tell when something comes."""


class ImapMailbox:
    """Reads what has come since the last time.

    Args:
        address: Where it is.
        password: Of the user.
        database: Remembers which message was the last.
        processed_folder: Where recorded messages are moved to; empty to mark them as read only.
    """

    def __init__(
        self, address: ImapAddress, password: str, database: Database, processed_folder: str = ""
    ) -> None:
        self._address = address
        self._password = password
        self._database = database
        self._processed = processed_folder
        where = f"{address.user}@{address.host}:{address.port}/{address.folder}"
        self._name = f"imap {hashlib.sha256(where.encode()).hexdigest()[:32]}"
        self._client: IMAPClient | None = None
        self._validity = 0
        self._frozen = False

    # ── the connection ────────────────────────────────────────────────────────────────────────

    @contextlib.contextmanager
    def _connected(self) -> Iterator[IMAPClient]:
        """The connection, made if there is none; after an error it is made anew."""
        from imapclient.exceptions import IMAPClientError, LoginError

        try:
            if self._client is None:
                self._client = self._connect()
            yield self._client
        except LoginError:  # what the server says may repeat who logs in
            self.close()
            raise FeedbackError(
                f"{self._address.host} does not let {self._address.user} in",
                "See feedback.mailbox and NEWSLETTER_FEEDBACK_MAILBOX_PASSWORD.",
            ) from None
        except ssl.SSLError as error:
            self.close()
            raise FeedbackError(
                f"{self._address.host}: no safe connection: {error.reason or error}",
                "The certificate must be valid, and for this name.",
            ) from error
        except (OSError, IMAPClientError) as error:
            self.close()
            raise FeedbackError(
                f"the mailbox on {self._address.host} cannot be read: {_one_line(error)}",
                "Try again later; nothing is lost.",
            ) from error

    def _connect(self) -> IMAPClient:
        from imapclient import IMAPClient

        a = self._address
        context = ssl.create_default_context()
        client = IMAPClient(
            a.host, port=a.port, ssl=a.implicit_tls, ssl_context=context, timeout=_TIMEOUT
        )
        try:
            if not a.implicit_tls:
                client.starttls(context)  # fails if the server cannot: nothing goes in the clear
            client.login(a.user, self._password)
            if self._processed and not client.folder_exists(self._processed):
                client.create_folder(self._processed)
            self._validity = int(client.select_folder(a.folder)[b"UIDVALIDITY"])
        except BaseException:
            with contextlib.suppress(OSError):  # it may be closed; the first error is to be told
                client.shutdown()
            raise
        return client

    # ── reading ───────────────────────────────────────────────────────────────────────────────

    def read(self) -> Iterator[Letter]:
        """The messages behind the last one that is remembered."""
        self._frozen = False
        with self._connected() as client:
            last = self._last()
            # A range names the newest message even if its number is smaller (RFC 9051 §6.4.4).
            found = sorted(uid for uid in client.search(["UID", f"{last + 1}:*"]) if uid > last)
        for start in range(0, len(found), _AT_ONCE):
            with self._connected() as client:
                fetched = client.fetch(
                    found[start : start + _AT_ONCE], [f"BODY.PEEK[]<0.{LONGEST}>"]
                )
            for uid in sorted(fetched):
                data = fetched[uid].get(b"BODY[]<0>")
                if isinstance(data, bytes):  # it may have been moved away meanwhile
                    yield Letter(str(uid), data)

    def _last(self) -> int:
        with self._database.reading() as connection:
            validity, _, last = recall(connection, self._name).partition(" ")
        return int(last) if validity == str(self._validity) else 0

    def settle(self, letters: Sequence[tuple[Letter, Disposal]]) -> None:
        """Mark or move what was recorded, then remember how far the mailbox was read."""
        away = [int(one.place) for one, disposal in letters if disposal is Disposal.PUT_AWAY]
        if away:
            with self._connected() as client:
                client.add_flags(away, [b"\\Seen"], silent=True)
                if self._processed:
                    self._move(client, away)
        last = None
        for letter, disposal in letters:
            self._frozen = self._frozen or disposal is Disposal.AGAIN
            if self._frozen:
                break
            last = letter.place
        if last is not None:
            with self._database.writing() as connection:
                remember(connection, self._name, f"{self._validity} {last}")

    def _move(self, client: IMAPClient, uids: list[int]) -> None:
        if client.has_capability("MOVE"):
            client.move(uids, self._processed)
            return
        client.copy(uids, self._processed)
        client.delete_messages(uids, silent=True)
        if client.has_capability("UIDPLUS"):  # without it, EXPUNGE would take others' mail along
            client.uid_expunge(uids)

    def wait(self, seconds: float) -> None:
        """Return when the server says that something has come (IDLE, RFC 2177)."""
        with self._connected() as client:
            if not client.has_capability("IDLE"):
                time.sleep(min(seconds, _SLOW))
                client.noop()
                return
            client.idle()
            try:
                client.idle_check(timeout=min(seconds, _LONGEST_IDLE))
            finally:
                client.idle_done()

    def close(self) -> None:
        """Say goodbye, if the server still listens."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.logout()
            with contextlib.suppress(Exception):
                client.shutdown()


def _one_line(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split())[:200]
