"""The environment that settings come from, with its secrets kept from other programs."""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Mapping

SECRETS = (
    "NEWSLETTER_DATABASE_KEY",
    "NEWSLETTER_DATABASE_NEW_KEY",
    "NEWSLETTER_DATABASE_PASSWORD",
    "NEWSLETTER_TRANSPORT_PASSWORD",
    "NEWSLETTER_DKIM_KEY",
    "NEWSLETTER_DKIM_ED25519_KEY",
    "NEWSLETTER_FEEDBACK_MAILBOX_PASSWORD",
    "NEWSLETTER_FEEDBACK_POSTMARK_SECRET",
    "NEWSLETTER_FEEDBACK_MAILGUN_KEY",
    "NEWSLETTER_FEEDBACK_BREVO_SECRET",
    "NEWSLETTER_FEEDBACK_RESEND_SECRET",
)
"""Variables that hold a secret."""

_hidden: dict[str, str] = {}

ENVIRONMENT: Mapping[str, str] = ChainMap(_hidden, os.environ)
"""All variables, those that are hidden among them."""


def hide_secrets() -> None:
    """Take the secrets out of what programs that are started from here get: git, an editor.

    For the start of a program, before anything else runs. What the kernel shows of the program
    itself, to the same user only, it has kept from before that.
    """
    for name in SECRETS:
        if (value := os.environ.pop(name, None)) is not None:
            _hidden[name] = value
