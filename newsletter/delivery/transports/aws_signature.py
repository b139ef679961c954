"""Signed requests to Amazon Web Services: Signature Version 4.

Source: AWS Identity and Access Management User Guide, "Create a signed AWS API request".
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who signs.

    Attributes:
        key_id: Access key ID.
        secret: Secret access key.
        session_token: Of temporary credentials; empty for lasting ones.
    """

    key_id: str
    secret: str = field(repr=False)
    session_token: str = field(default="", repr=False)


def signed_headers(
    method: str,
    url: str,
    headers: Mapping[str, str],
    content: bytes,
    *,
    credentials: Credentials,
    region: str,
    service: str,
    now: datetime.datetime,
) -> dict[str, str]:
    """The headers of a request together with those that sign it.

    Args:
        method: Such as ``POST``.
        url: The whole address; its path must not need encoding.
        headers: Headers to sign, ``Host`` not among them.
        content: The body.
        credentials: Who signs.
        region: Such as ``eu-west-1``.
        service: Such as ``ses``.
        now: An aware time; AWS refuses requests that are 5 minutes old or more.

    Returns:
        ``headers`` and ``X-Amz-Date``, ``X-Amz-Security-Token`` if there is a token, and
        ``Authorization``.
    """
    moment = now.astimezone(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")
    result = {**headers, "X-Amz-Date": moment}
    if credentials.session_token:
        result["X-Amz-Security-Token"] = credentials.session_token
    parts = urlsplit(url)
    to_sign = {name.lower(): " ".join(value.split()) for name, value in result.items()}
    to_sign["host"] = parts.netloc
    names = ";".join(sorted(to_sign))
    canonical = "\n".join(
        (
            method.upper(),
            quote(parts.path or "/", safe="/~"),
            _canonical_query(parts.query),
            *(f"{name}:{to_sign[name]}" for name in sorted(to_sign)),
            "",
            names,
            hashlib.sha256(content).hexdigest(),
        )
    )
    scope = f"{moment[:8]}/{region}/{service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    string_to_sign = "\n".join((_ALGORITHM, moment, scope, digest))
    key = f"AWS4{credentials.secret}".encode()
    for part in (moment[:8], region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    signature = hmac.new(key, string_to_sign.encode(), "sha256").hexdigest()
    result["Authorization"] = (
        f"{_ALGORITHM} Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}"
    )
    return result


def _canonical_query(query: str) -> str:
    pairs = sorted(
        (quote(name, safe="-_.~"), quote(value, safe="-_.~"))
        for name, value in parse_qsl(query, keep_blank_values=True)
    )
    return "&".join(f"{name}={value}" for name, value in pairs)
