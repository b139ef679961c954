"""Amazon SES: events that its configuration set publishes to an SNS topic, one a request.

Source: Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes".
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Collection, Mapping
from typing import Any

from newsletter.database.states import Kind, Suppressed
from newsletter.feedback.event import About, Event, Notice, event_key
from newsletter.feedback.webhooks.base import Batch, Fetch, RefusedError, Request
from newsletter.feedback.webhooks.certificates import Certificates
from newsletter.feedback.webhooks.notices import bounced, complained, moment, not_tried, text_of
from newsletter.feedback.webhooks.sns import read_sns

TAG = "message"
"""As in our transport."""
_ON_A_LIST = {"Suppressed", "OnAccountSuppressionList"}
_ABOUT_THE_LETTER = {"ContentRejected", "AttachmentRejected", "MessageTooLarge"}
_NO_COMPLAINT = {"not-spam", "auth-failure", "virus"}


class SesHook:
    """Events of Amazon SES.

    Args:
        topics: ARNs of the SNS topics that are believed.
        confirm: Confirm the subscription to these topics when Amazon asks.
        fetch: Gets certificates.
    """

    name = "ses"

    def __init__(self, topics: Collection[str], fetch: Fetch, *, confirm: bool = False) -> None:
        self._topics = frozenset(topics)
        self._certificates = Certificates(fetch)
        self._confirm = confirm

    def read(self, request: Request, now: datetime.datetime) -> Batch:
        """The event, if it is of a kind that matters; or the wish to have the topic confirmed."""
        message = read_sns(request, self._topics, self._certificates, now)
        match message.type:
            case "SubscriptionConfirmation":
                if not self._confirm or not message.subscribe_url:
                    raise RefusedError("not confirmed: set sns_confirm in [feedback] to allow it")
                return Batch(confirm=message.subscribe_url)
            case "UnsubscribeConfirmation":
                return Batch()
        try:
            fields = json.loads(message.text)
        except (ValueError, RecursionError):
            return Batch()  # a note by somebody, or the test message of SES
        if not isinstance(fields, dict):
            return Batch()
        notices, part = _understood(fields)
        if not notices:
            return Batch()
        number = text_of(fields, part, "feedbackId") or message.number
        about = _about(fields.get("mail"))
        when = text_of(fields, part, "timestamp") or text_of(fields, "mail", "timestamp")
        key = event_key(self.name, part, number)
        event = Event(key, self.name, moment(when, now), about, notices, verified=True)
        return Batch((event,))


def _about(mail: object) -> About:
    """Our tag; or, for who hands messages over by SMTP, the header as it was before SES's own."""
    if not isinstance(mail, dict):
        return About()
    ours = _list(mail, "tags", TAG)
    headers = _list(mail, "headers")[:200]
    message_ids = (
        text_of(header, "value")
        for header in headers
        if text_of(header, "name").lower() == "message-id"
    )
    return About(
        message_ids=tuple(filter(None, message_ids)), message_key=str(ours[0]) if ours else ""
    )


def _understood(fields: Mapping[str, Any]) -> tuple[tuple[Notice, ...], str]:
    """What it says of whom, and in which part of the event it stands."""
    match text_of(fields, "eventType") or text_of(fields, "notificationType"):
        case "Bounce":
            several = _list(fields, "bounce", "bouncedRecipients")
            return tuple(_bounce(fields["bounce"], one) for one in several), "bounce"
        case "Complaint":
            several = _list(fields, "complaint", "complainedRecipients")
            return tuple(_complaint(fields["complaint"], one) for one in several), "complaint"
        case "Delivery":
            return _all(fields, Kind.DELIVERED), "delivery"
        case "Send":
            return _all(fields, Kind.OTHER), "send"
        case "DeliveryDelay":
            return _all(fields, Kind.OTHER, "not yet"), "deliveryDelay"
        case "Reject":
            return _all(fields, Kind.POLICY, text_of(fields, "reject", "reason")), "reject"
        case "Subscription":
            asked = fields.get("subscription")
            wishes = asked.get("newTopicPreferences") if isinstance(asked, dict) else None
            if isinstance(wishes, dict) and wishes.get("unsubscribeAll") is True:
                return _all(fields, Kind.UNSUBSCRIBED), "subscription"
    return (), ""


def _bounce(bounce: Mapping[str, Any], recipient: object) -> Notice:
    address = text_of(recipient, "emailAddress")
    status, said = text_of(recipient, "status"), text_of(recipient, "diagnosticCode")
    sort = text_of(bounce, "bounceSubType")
    if sort in _ON_A_LIST:
        return not_tried(address, Suppressed.BOUNCE, said)
    if sort in _ABOUT_THE_LETTER:
        return Notice(Kind.POLICY, address, None, status, said)
    if sort == "MailboxFull":
        return bounced(address, status, said, Kind.MAILBOX_FULL)
    if text_of(bounce, "bounceType") == "Permanent":
        return bounced(address, status, said, Kind.HARD)
    if not status and not said:  # this is how automatic answers are reported
        return Notice(Kind.AUTO_REPLY, address)
    return bounced(address, status, said, Kind.SOFT)


def _complaint(complaint: Mapping[str, Any], recipient: object) -> Notice:
    address = text_of(recipient, "emailAddress")
    if text_of(complaint, "complaintSubType") == "OnAccountSuppressionList":
        return not_tried(address, Suppressed.COMPLAINT, "on the account's suppression list")
    if text_of(complaint, "complaintFeedbackType") in _NO_COMPLAINT:
        return Notice(Kind.OTHER, address)
    return complained(address)


def _all(fields: Mapping[str, Any], kind: Kind, detail: str = "") -> tuple[Notice, ...]:
    found = _list(fields, "mail", "destination")[:1]
    return tuple(Notice(kind, str(address), detail=detail) for address in found) or (Notice(kind),)


def _list(fields: Mapping[str, Any], *names: str) -> list[Any]:
    found: object = fields
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, list) else []
