"""The certificates with which Amazon SNS signs: fetched from Amazon alone, and kept."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter.errors import FeedbackError
from newsletter.feedback.webhooks.base import Fetch, RefusedError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.x509 import Certificate

_HOST = r"sns\.{region}\.amazonaws\.com(?:\.cn)?"
_FILE = re.compile(r"/SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem")
_MOST = 8
"""Certificates that are kept: each region has one, and another one every year or so."""


class Certificates:
    """Fetches certificates, each once.

    Args:
        fetch: Gets a file.
    """

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: dict[str, Certificate] = {}

    def key(self, url: str, region: str, now: datetime.datetime) -> RSAPublicKey:
        """The public key in the certificate at an address.

        Args:
            url: The address that a message names; anybody may have written it.
            region: The region of Amazon's that the message must come from.
            now: The time; the certificate must be valid.

        Raises:
            RefusedError: It is not an address of SNS, or the certificate is none, or not valid.
            FeedbackError: It cannot be fetched.
        """
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

        if not is_of_sns(url, region) or not _FILE.fullmatch(urlsplit(url).path):
            raise RefusedError("the certificate is not one of Amazon SNS")
        certificate = self._kept.get(url) or self._get(url)
        key = certificate.public_key()
        if not certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc:
            raise RefusedError("the certificate is not valid any more")
        if not isinstance(key, RSAPublicKey):
            raise RefusedError("the certificate is not one of Amazon SNS")
        self._keep(url, certificate)
        return key

    def _get(self, url: str) -> Certificate:
        from cryptography.x509 import load_pem_x509_certificate

        try:
            return load_pem_x509_certificate(self._fetch(url))
        except ValueError:
            raise FeedbackError(
                "what Amazon SNS signs with is not a certificate", "Try again later."
            ) from None

    def _keep(self, url: str, certificate: Certificate) -> None:
        self._kept[url] = certificate
        while len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]


def is_of_sns(url: str, region: str) -> bool:
    """Whether an address leads to Amazon SNS in a region, over TLS, and to nobody else."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    host = re.fullmatch(_HOST.format(region=re.escape(region)), parts.hostname or "")
    plain = "@" not in parts.netloc and "\\" not in url and url.isascii() and url.isprintable()
    return parts.scheme == "https" and bool(host) and port in {None, 443} and plain
