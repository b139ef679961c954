"""Postmark: one event a request. It does not sign, but can be told a login or a header.

Source: Postmark developer documentation, "Bounce", "Spam complaint", "Delivery" and "Subscription
change webhook", "Bounce types".
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from newsletter.database.states import Kind
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.webhooks.base import Batch, RefusedError, Request, knows_secret
from newsletter.feedback.webhooks.notices import bounced, complained, moment, text_of

_DEAD = {"HardBounce", "BadEmailAddress"}
_REFUSED = {"SpamNotification", "Blocked", "DMARCPolicy", "VirusNotification", "SMTPApiError"}
_ANSWERS = {"AutoResponder", "AddressChange", "ChallengeVerification"}


class PostmarkHook:
    """Events of Postmark.

    Args:
        secret: ``user:password`` of the webhook's address, or the value of the header.
    """

    name = "postmark"

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The event, if it is of a kind that matters."""
        if not knows_secret(request, self._secret):
            raise RefusedError("the login is missing or wrong", 401)
        fields = request.fields()
        notice, number, when = _understood(fields)
        if notice is None:
            return Batch()
        about = About(message_key=text_of(fields, "Metadata", "message"))
        key = event_key(self.name, text_of(fields, "RecordType"), number)
        at = moment(text_of(fields, when), now)
        return Batch((Event(key, self.name, at, about, (notice,), verified=True),))


def _understood(fields: Mapping[str, Any]) -> tuple[Notice | None, str, str]:
    """What it says, what tells it from others, and the field with its time."""
    message = text_of(fields, "MessageID")
    match text_of(fields, "RecordType"):
        case "Bounce":
            return _bounce(fields), text_of(fields, "ID"), "BouncedAt"
        case "SpamComplaint":
            return complained(text_of(fields, "Email")), text_of(fields, "ID"), "BouncedAt"
        case "Delivery":
            delivered = Notice(Kind.DELIVERED, text_of(fields, "Recipient"))
            return delivered, message, "DeliveredAt"
        case "SubscriptionChange":
            by_reader = text_of(fields, "Origin") == "Recipient" and (
                text_of(fields, "SuppressionReason") == "ManualSuppression"
            )
            if fields.get("SuppressSending") is True and by_reader:
                left = Notice(Kind.UNSUBSCRIBED, text_of(fields, "Recipient"))
                return left, f"{message} {text_of(fields, 'ChangedAt')}", "ChangedAt"
    return None, "", ""


def _bounce(fields: Mapping[str, Any]) -> Notice | None:
    address, said = text_of(fields, "Email"), text_of(fields, "Details")
    match text_of(fields, "Type"):
        case kind if kind in _DEAD:
            return bounced(address, "", said, Kind.HARD)
        case kind if kind in _REFUSED:
            return Notice(Kind.POLICY, address, detail=said)
        case kind if kind in _ANSWERS:
            return Notice(Kind.AUTO_REPLY, address)
        case "SpamComplaint":
            return complained(address)
        case "Unsubscribe":
            return Notice(Kind.UNSUBSCRIBED, address)
        case "Subscribe":
            return None
        case "Transient":  # it goes on trying
            return Notice(Kind.OTHER, address, detail=f"not yet: {said}")
        case _:
            return bounced(address, "", said, Kind.SOFT)
