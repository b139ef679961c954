"""Which providers may call us: those whose secrets are known."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from newsletter.errors import ConfigurationError
from newsletter.feedback.options import FeedbackOptions
from newsletter.feedback.webhooks.base import SHORTEST_SECRET, Fetch, Hook


def open_hooks(options: FeedbackOptions, root: Path, fetch: Fetch) -> Mapping[str, Hook]:
    """The hooks of all providers that the settings name, by the provider's name.

    Args:
        options: The table ``[feedback]``.
        root: Folder that the files of secrets are looked for from.
        fetch: Gets a small file from an https address.

    Raises:
        ConfigurationError: A secret cannot be read, is too short, or is none.
    """
    hooks: list[Hook] = []
    if options.sns_topics:
        from newsletter.feedback.webhooks.ses import SesHook

        hooks.append(SesHook(options.sns_topics, fetch, confirm=options.sns_confirm))
    if secret := _secret(options, "postmark_secret", root):
        from newsletter.feedback.webhooks.postmark import PostmarkHook

        hooks.append(PostmarkHook(secret))
    if secret := _secret(options, "mailgun_key", root):
        from newsletter.feedback.webhooks.mailgun import MailgunHook

        hooks.append(MailgunHook(secret))
    if options.sendgrid_key:
        from newsletter.feedback.webhooks.sendgrid import SendGridHook

        hooks.append(SendGridHook(options.sendgrid_key))
    if secret := _secret(options, "brevo_secret", root):
        from newsletter.feedback.webhooks.brevo import BrevoHook

        hooks.append(BrevoHook(secret))
    if secret := _secret(options, "resend_secret", root):
        from newsletter.feedback.webhooks.resend import ResendHook

        hooks.append(ResendHook(secret))
    return {hook.name: hook for hook in hooks}


def _secret(options: FeedbackOptions, name: str, root: Path) -> str:
    secret = options.secret(name, root)
    if secret and len(secret) < SHORTEST_SECRET:
        raise ConfigurationError(
            f"feedback.{name} is shorter than {SHORTEST_SECRET} characters",
            "Make a long random one; whoever guesses it could unsubscribe all readers.",
        )
    return secret
