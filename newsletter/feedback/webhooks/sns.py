"""Messages of Amazon SNS: who may have sent them, and what is in them.

Source: Amazon SNS Developer Guide, "Verifying the signatures of Amazon SNS messages" and
"HTTP/HTTPS notification JSON format".
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from newsletter.feedback.webhooks.base import RefusedError, Request, unpacked
from newsletter.feedback.webhooks.certificates import Certificates, is_of_sns
from newsletter.feedback.webhooks.notices import text_of

_SIGNED = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": (
        *("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    ),
}
_SIGNED["UnsubscribeConfirmation"] = _SIGNED["SubscriptionConfirmation"]


@dataclass(frozen=True, slots=True)
class SnsMessage:
    """A genuine message of one of our topics.

    Attributes:
        type: ``Notification``, ``SubscriptionConfirmation``, ``UnsubscribeConfirmation``.
        number: Its ``MessageId``, the same when it is sent again.
        text: What it says.
        subscribe_url: Address that confirms the subscription: of SNS, for this topic. Else empty.
    """

    type: str
    number: str
    text: str
    subscribe_url: str = ""


def read_sns(
    request: Request,
    topics: Collection[str],
    certificates: Certificates,
    now: datetime.datetime,
) -> SnsMessage:
    """The message in a request.

    Args:
        request: What came in.
        topics: ARNs of our topics.
        certificates: Fetches what Amazon signs with.
        now: The time.

    Raises:
        RefusedError: It is of another topic, or not signed by Amazon.
        FeedbackError: The certificate cannot be fetched.
    """
    fields = request.fields()
    topic, sort = text_of(fields, "TopicArn"), text_of(fields, "Type")
    if topic not in topics:
        raise RefusedError("the topic is not one that is expected")
    if sort not in _SIGNED:
        raise RefusedError("the type of the message is not known", 400)
    region = topic.split(":")[3]
    _prove(fields, sort, region, certificates, now)
    url = text_of(fields, "SubscribeURL")
    return SnsMessage(
        sort,
        text_of(fields, "MessageId"),
        text_of(fields, "Message"),
        url if _confirms(url, region, topic) else "",
    )


def _prove(
    fields: Mapping[str, object],
    sort: str,
    region: str,
    certificates: Certificates,
    now: datetime.datetime,
) -> None:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.hashes import SHA1, SHA256

    match text_of(fields, "SignatureVersion"):
        case "1":
            algorithm: SHA1 | SHA256 = SHA1()  # noqa: S303 - what SNS uses unless told otherwise
        case "2":
            algorithm = SHA256()
        case _:
            raise RefusedError("the signature is missing or of an unknown version")
    key = certificates.key(text_of(fields, "SigningCertURL"), region, now)
    signed = "".join(
        f"{name}\n{text_of(fields, name)}\n"
        for name in _SIGNED[sort]
        if fields.get(name) is not None
    )
    try:
        key.verify(unpacked(text_of(fields, "Signature")), signed.encode(), PKCS1v15(), algorithm)
    except InvalidSignature:
        raise RefusedError("the signature is wrong") from None


def _confirms(url: str, region: str, topic: str) -> bool:
    if not is_of_sns(url, region):
        return False
    query = parse_qs(urlsplit(url).query)
    return query.get("Action") == ["ConfirmSubscription"] and query.get("TopicArn") == [topic]
