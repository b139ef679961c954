"""What a project may say about what comes back: the table ``[feedback]`` of ``newsletter.toml``."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator

from newsletter.errors import ConfigurationError

SECRETS = (
    "mailbox_password",
    "postmark_secret",
    "mailgun_key",
    "brevo_secret",
    "resend_secret",
)
"""Never in the file; each may stand in a file of its own, which ``NAME_file`` names."""

_TOPIC = re.compile(r"arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[A-Za-z0-9_-]{1,256}(?:\.fifo)?")


class FeedbackOptions(BaseModel):
    """The keys of ``[feedback]``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    mailbox: str = ""
    """Where bounces and complaints arrive: `imaps://user@host/INBOX`, or the path of a Maildir or
    an mbox file."""
    mailbox_password: str = Field(default="", repr=False)
    """Password of the mailbox; only from the environment."""
    mailbox_password_file: str = ""
    """A file that holds the password of the mailbox, outside git."""
    processed_folder: str = ""
    """IMAP folder that bounces and complaints are moved to once they are recorded; empty to leave
    them where they are, marked as read."""
    other_mail: str = ".newsletter/other-mail"
    """Maildir for letters of people that an MTA hands to `newsletter feedback --pipe`."""
    trusted_results: str = ""
    """Name under which your own mail server writes `Authentication-Results`; with it, a wish to
    unsubscribe counts if the server says that its sender is genuine, even without the link."""
    sns_topics: tuple[str, ...] = ()
    """Amazon SES: ARNs of the SNS topics whose messages are believed."""
    sns_confirm: bool = False
    """Amazon SES: confirm the subscription of those topics when Amazon asks; needed once."""
    postmark_secret: str = Field(default="", repr=False)
    """Postmark: `user:password` of the webhook's address; only from the environment."""
    postmark_secret_file: str = ""
    """A file that holds it."""
    mailgun_key: str = Field(default="", repr=False)
    """Mailgun: the HTTP webhook signing key; only from the environment."""
    mailgun_key_file: str = ""
    """A file that holds it."""
    sendgrid_key: str = ""
    """SendGrid: the public verification key of the signed event webhook; no secret."""
    brevo_secret: str = Field(default="", repr=False)
    """Brevo: `user:password`, or a token, that the webhook is called with; only from the
    environment."""
    brevo_secret_file: str = ""
    """A file that holds it."""
    resend_secret: str = Field(default="", repr=False)
    """Resend: the webhook's signing secret, `whsec_…`; only from the environment."""
    resend_secret_file: str = ""
    """A file that holds it."""

    @field_validator("mailbox")
    @classmethod
    def _mailbox(cls, value: str) -> str:
        if "://" not in value:
            return value
        url = urlsplit(value)
        if url.scheme not in {"imap", "imaps"} or not url.hostname or not url.username:
            raise ValueError("must be imaps://user@host/INBOX, or the path of a Maildir or mbox")
        if url.password is not None:
            raise ValueError("must not hold the password: set NEWSLETTER_FEEDBACK_MAILBOX_PASSWORD")
        return value

    @field_validator("sns_topics", mode="before")
    @classmethod
    def _separate(cls, value: object) -> object:
        return value.replace(",", " ").split() if isinstance(value, str) else value

    @field_validator("sns_topics")
    @classmethod
    def _topics(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(_TOPIC.fullmatch(topic) for topic in value):
            raise ValueError("must be ARNs, arn:aws:sns:eu-west-1:123456789012:name")
        return value

    def secret(self, name: str, root: Path) -> str:
        """A secret: from the environment, or from the file that is named for it.

        Args:
            name: One of ``SECRETS``.
            root: Folder that relative paths start from.

        Returns:
            Without space around it; empty if it is not set.

        Raises:
            ConfigurationError: The file cannot be read.
        """
        value: str = getattr(self, name)
        file: str = getattr(self, f"{name}_file")
        if value or not file:
            return value.strip()
        try:
            return (root / file).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"cannot read feedback.{name}_file {root / file}",
                "Put the secret, and nothing else, into that file.",
            ) from error
