"""Mailgun: one event a request, with a signature that is not about the event but about itself.

So whoever sees one request could make any number of others with its signature: each is good once,
and for a quarter of an hour.

Source: Mailgun documentation, "Securing webhooks" and "Event structure".
"""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

from newsletter.database.states import Kind, Suppressed
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.webhooks.base import Batch, RefusedError, Request
from newsletter.feedback.webhooks.notices import bounced, complained, moment, not_tried, text_of

REPLAYED = 406
"""HTTP status with which Mailgun does not try again."""
TOLERANCE = datetime.timedelta(minutes=15)


class MailgunHook:
    """Events of Mailgun.

    Args:
        key: The HTTP webhook signing key.
    """

    name = "mailgun"

    def __init__(self, key: str) -> None:
        self._key = key.encode()

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The event, if it is of a kind that matters."""
        fields = request.fields()
        nonce, signed_at = self._prove(fields, now)
        event = fields.get("event-data")
        if not isinstance(event, dict):
            raise RefusedError("there is no event", 400)
        notice = _understood(event)
        if notice is None:
            return Batch()
        message_id = text_of(event, "message", "headers", "message-id").strip("<>")
        about = About(message_ids=(f"<{message_id}>",) if message_id else ())
        key = event_key(self.name, text_of(event, "id"))
        at = moment(event.get("timestamp"), now)
        one = Event(key, self.name, at, about, (notice,), verified=True)
        return Batch((one,), nonce, signed_at)

    def _prove(
        self, fields: Mapping[str, Any], now: datetime.datetime
    ) -> tuple[str, datetime.datetime]:
        timestamp = text_of(fields, "signature", "timestamp")
        token = text_of(fields, "signature", "token")
        signature = text_of(fields, "signature", "signature")
        expected = hmac.new(self._key, f"{timestamp}{token}".encode(), hashlib.sha256).hexdigest()
        if not token or not hmac.compare_digest(signature.encode(), expected.encode()):
            raise RefusedError("the signature is missing or wrong", REPLAYED)
        try:
            signed_at = datetime.datetime.fromtimestamp(int(timestamp), datetime.UTC)
        except (ValueError, OverflowError, OSError):
            raise RefusedError("the signature has no time", REPLAYED) from None
        if abs(now - signed_at) > TOLERANCE:
            raise RefusedError("the signature is too old", REPLAYED)
        return f"{timestamp} {token}", signed_at


def _understood(event: Mapping[str, Any]) -> Notice | None:
    address = text_of(event, "recipient")
    match text_of(event, "event"):
        case "delivered":
            return Notice(Kind.DELIVERED, address)
        case "accepted":
            return Notice(Kind.OTHER, address)
        case "failed":
            return _failed(event, address)
        case "rejected":
            return Notice(Kind.POLICY, address, detail=text_of(event, "reject", "reason"))
        case "complained":
            return complained(address)
        case "unsubscribed":
            return Notice(Kind.UNSUBSCRIBED, address)
    return None


def _failed(event: Mapping[str, Any], address: str) -> Notice:
    about = ("delivery-status",)
    words = [text_of(event, *about, name) for name in ("code", "message", "description")]
    said = " ".join(filter(None, words))
    status = text_of(event, *about, "enhanced-code")
    if text_of(event, "severity") == "temporary":
        return Notice(Kind.OTHER, address, None, status, f"not yet: {said}")
    match text_of(event, "reason"):
        case "suppress-bounce":
            return not_tried(address, Suppressed.BOUNCE, said)
        case "suppress-complaint":
            return not_tried(address, Suppressed.COMPLAINT, said)
        case "suppress-unsubscribe":
            return Notice(Kind.UNSUBSCRIBED, address)
        case "espblock":
            return Notice(Kind.POLICY, address, None, status, said)
        case "old" | "generic":
            return bounced(address, status, said, Kind.SOFT)
        case _:
            return bounced(address, status, said, Kind.HARD)
