"""Where a mailbox on an IMAP server is (RFC 5092, without what nobody needs here)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from newsletter.errors import FeedbackError


@dataclass(frozen=True, slots=True)
class ImapAddress:
    """Where the mailbox is.

    Attributes:
        host: Name of the server; its certificate must be for it.
        port: Port, usually 993.
        user: Who logs in.
        folder: The mailbox.
        implicit_tls: TLS from the first byte (``imaps``); without it, STARTTLS.
    """

    host: str
    port: int
    user: str
    folder: str
    implicit_tls: bool

    @classmethod
    def parse(cls, url: str) -> ImapAddress:
        """The address in ``imaps://user@host:port/folder``; the folder is INBOX if none is named.

        Raises:
            FeedbackError: It is not one, or holds a password.
        """
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            port = 0
        good = parts.scheme in {"imap", "imaps"} and parts.hostname and parts.username
        if not good or port == 0 or parts.password is not None:
            raise FeedbackError(
                "the address of the mailbox cannot be understood",
                "Write imaps://user@host/INBOX; the password belongs into the environment: "
                "NEWSLETTER_FEEDBACK_MAILBOX_PASSWORD.",
            )
        tls = parts.scheme == "imaps"
        return cls(
            parts.hostname or "",
            port or (993 if tls else 143),
            unquote(parts.username or ""),
            unquote(parts.path.strip("/")) or "INBOX",
            tls,
        )
