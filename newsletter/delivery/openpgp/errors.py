"""What can be wrong with a reader's key; none of it ever names the reader."""

from __future__ import annotations

from newsletter.errors import NewsletterError


class CertificateError(NewsletterError):
    """What was given is not one public OpenPGP key."""


class SecretKeyError(CertificateError):
    """Somebody has given their private key, which nobody else must ever have."""

    def __init__(self) -> None:
        super().__init__(
            "this is a private key: it has not been kept, and must not be given to anybody",
            "Give the public key instead: gpg --armor --export ADDRESS. If the private one came "
            "over a network, make a new pair of keys.",
        )


class NotEncryptedError(ValueError):
    """A letter that must be encrypted cannot be, and so is not made at all.

    Args:
        reason: About the reader's key, one clause without capital and full stop.
    """
