"""SendGrid: many events a request, signed as a whole (ECDSA over P-256).

Source: Twilio SendGrid documentation, "Event Webhook reference" and "Event Webhook security".
"""

from __future__ import annotations

import base64
import binascii
import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from newsletter.database.states import Kind, Suppressed
from newsletter.errors import ConfigurationError
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.webhooks.base import Batch, RefusedError, Request, unpacked
from newsletter.feedback.webhooks.notices import bounced, complained, moment, not_tried, text_of

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

_SIGNATURE = "x-twilio-email-event-webhook-signature"
_TIMESTAMP = "x-twilio-email-event-webhook-timestamp"
_ABOUT_THE_LETTER = {"content", "reputation", "frequency or volume too high"}


class SendGridHook:
    """Events of SendGrid.

    Args:
        key: The public verification key, as SendGrid shows it (base64).

    Raises:
        ConfigurationError: It is none.
    """

    name = "sendgrid"

    def __init__(self, key: str) -> None:
        self._key = _public_key(key)

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The events that matter; a request may hold some of every kind."""
        self._prove(request)
        found = request.json()
        if not isinstance(found, list):
            raise RefusedError("the body is not a JSON array", 400)
        events = (self._event(one, now) for one in found if isinstance(one, dict))
        return Batch(tuple(event for event in events if event is not None))

    def _prove(self, request: Request) -> None:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        signature = unpacked(request.headers.get(_SIGNATURE, ""))
        timestamp = request.headers.get(_TIMESTAMP, "")
        try:
            self._key.verify(signature, timestamp.encode() + request.body, ECDSA(SHA256()))
        except InvalidSignature:
            raise RefusedError("the signature is missing or wrong") from None

    def _event(self, one: Mapping[str, Any], now: datetime.datetime) -> Event | None:
        notice = _understood(one)
        number = text_of(one, "sg_event_id")
        if notice is None or not number:
            return None
        message_id = text_of(one, "smtp-id")
        about = About(
            message_ids=(message_id,) if message_id else (), message_key=text_of(one, "message")
        )
        at = moment(one.get("timestamp"), now)
        return Event(event_key(self.name, number), self.name, at, about, (notice,), verified=True)


def _understood(one: Mapping[str, Any]) -> Notice | None:
    address = text_of(one, "email")
    said = text_of(one, "reason") or text_of(one, "response")
    status = text_of(one, "status")
    match text_of(one, "event"):
        case "delivered":
            return Notice(Kind.DELIVERED, address)
        case "processed":
            return Notice(Kind.OTHER, address)
        case "deferred":
            return Notice(Kind.OTHER, address, None, status, f"not yet: {said}")
        case "bounce":
            return _bounce(one, address, status, said)
        case "dropped":
            return _dropped(address, said)
        case "spamreport":
            return complained(address)
        case "unsubscribe" | "group_unsubscribe":
            return Notice(Kind.UNSUBSCRIBED, address)
    return None


def _bounce(one: Mapping[str, Any], address: str, status: str, said: str) -> Notice:
    sort = text_of(one, "bounce_classification").lower()
    if sort in _ABOUT_THE_LETTER:
        return Notice(Kind.POLICY, address, None, status, said)
    blocked = text_of(one, "type") == "blocked"
    says = Kind.SOFT if blocked else Kind.HARD
    return bounced(address, status, said, says)


def _dropped(address: str, said: str) -> Notice:
    reason = said.lower()
    if reason.startswith(("bounced address", "invalid")):
        return not_tried(address, Suppressed.BOUNCE, said)
    if reason.startswith("spam reporting address"):
        return not_tried(address, Suppressed.COMPLAINT, said)
    if reason.startswith("unsubscribed address"):
        return Notice(Kind.UNSUBSCRIBED, address)
    return Notice(Kind.POLICY, address, detail=said)


def _public_key(text: str) -> EllipticCurvePublicKey:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    wrong = ConfigurationError(
        "feedback.sendgrid_key is not a verification key",
        "Copy it from SendGrid: Settings, Mail Settings, Event Webhook, Signature Verification.",
    )
    try:
        key = load_der_public_key(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        raise wrong from None
    if not isinstance(key, EllipticCurvePublicKey):
        raise wrong
    return key
