"""Brevo: one event a request, or several. It does not sign, but can be told a login or a token.

Source: Brevo developer documentation, "Transactional webhooks" and "Secure webhook calls".
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from newsletter.database.states import Kind
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.webhooks.base import Batch, RefusedError, Request, knows_secret
from newsletter.feedback.webhooks.notices import bounced, complained, moment, text_of

_MARK = "message:"
"""What our own transport writes before the key in ``X-Mailin-custom``."""


class BrevoHook:
    """Events of Brevo.

    Args:
        secret: ``user:password`` or the token that the webhook is called with.
    """

    name = "brevo"

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The events that matter."""
        if not knows_secret(request, self._secret):
            raise RefusedError("the login is missing or wrong", 401)
        found = request.json()
        several = found if isinstance(found, list) else [found]
        if not all(isinstance(one, dict) for one in several):
            raise RefusedError("the body is not a JSON object", 400)
        events = (self._event(one, now) for one in several)
        return Batch(tuple(event for event in events if event is not None))

    def _event(self, one: Mapping[str, Any], now: datetime.datetime) -> Event | None:
        notice = _understood(one)
        if notice is None:
            return None
        message_id = text_of(one, "message-id").strip("<>")
        custom = text_of(one, "X-Mailin-custom")
        about = About(
            message_ids=(f"<{message_id}>",) if message_id else (),
            message_key=custom.removeprefix(_MARK) if custom.startswith(_MARK) else "",
        )
        # "id" is the number of the webhook; events have none.
        names = ("event", "message-id", "email", "ts_event", "ts")
        key = event_key(self.name, *(text_of(one, name) for name in names))
        at = moment(one.get("ts_event") or one.get("ts"), now)
        return Event(key, self.name, at, about, (notice,), verified=True)


def _understood(one: Mapping[str, Any]) -> Notice | None:
    address, said = text_of(one, "email"), text_of(one, "reason")
    match text_of(one, "event").lower():
        case "delivered":
            return Notice(Kind.DELIVERED, address)
        case "request" | "sent":
            return Notice(Kind.OTHER, address)
        case "deferred":
            return Notice(Kind.OTHER, address, detail=f"not yet: {said}")
        case "hard_bounce":
            return bounced(address, "", said, Kind.HARD)
        case "invalid_email" | "invalid":
            return bounced(address, "", "", Kind.HARD)
        case "soft_bounce":
            return bounced(address, "", said, Kind.SOFT)
        case "blocked" | "error":
            return Notice(Kind.POLICY, address, detail=said)
        case "spam" | "complaint":
            return complained(address)
        case "unsubscribed" | "unsubscribe":
            return Notice(Kind.UNSUBSCRIBED, address)
    return None
