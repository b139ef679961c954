"""Providers that call us: each makes requests as its documentation says, signed as it signs."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any, Protocol

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID

from newsletter.feedback.webhooks.base import Hook, Request
from newsletter.feedback.webhooks.brevo import BrevoHook
from newsletter.feedback.webhooks.mailgun import MailgunHook
from newsletter.feedback.webhooks.postmark import PostmarkHook
from newsletter.feedback.webhooks.resend import ResendHook
from newsletter.feedback.webhooks.sendgrid import SendGridHook
from newsletter.feedback.webhooks.ses import SesHook
from tests.unit.feedback.kit import NOW, Sent

Fields = dict[str, Any]

DEAD = "550 5.1.1 <reader@example.com>: no such user here"
SPAM = "550 5.7.1 this message was classified as spam"
FULL = "452 4.2.2 the mailbox is full"


class Caller(Protocol):
    """One provider.

    ``event`` makes what it says of a message: ``dead``, ``refused`` (for the letter), ``full``,
    ``delayed``, ``delivered``, ``complaint``, ``left``, ``opened``, ``clicked`` or ``novel``.
    """

    hook: Hook

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields: ...

    def request(self, *events: Fields) -> Request: ...


def unix(at: datetime.datetime = NOW) -> int:
    return int(at.timestamp())


def packed(value: object) -> bytes:
    return json.dumps(value).encode()


class Postmark:
    secret = "letters:a-long-random-password"

    def __init__(self) -> None:
        self.hook: Hook = PostmarkHook(self.secret)

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields:
        common: Fields = {
            "MessageID": f"883953f4-6105-42a2-a16a-{sent.delivery:06}{number:06}",
            "Metadata": {"message": sent.message_key},
            "MessageStream": "broadcast",
        }
        bounce: Fields = {
            "RecordType": "Bounce",
            "ID": sent.delivery * 1000 + number,
            "Email": sent.email,
            "BouncedAt": "2026-11-23T08:00:00Z",
        }
        return (
            common
            | {
                "dead": bounce | {"Type": "HardBounce", "TypeCode": 1, "Details": DEAD},
                "refused": bounce | {"Type": "SpamNotification", "Details": SPAM},
                "full": bounce | {"Type": "SoftBounce", "Details": FULL},
                "delayed": bounce | {"Type": "Transient", "Details": "451 try later"},
                "complaint": bounce | {"RecordType": "SpamComplaint", "Type": "SpamComplaint"},
                "delivered": {
                    "RecordType": "Delivery",
                    "Recipient": sent.email,
                    "DeliveredAt": "2026-11-23T08:00:00Z",
                    "Details": "250 OK",
                },
                "left": {
                    "RecordType": "SubscriptionChange",
                    "Recipient": sent.email,
                    "Origin": "Recipient",
                    "SuppressSending": True,
                    "SuppressionReason": "ManualSuppression",
                    "ChangedAt": "2026-11-23T08:00:00Z",
                },
                "opened": {"RecordType": "Open", "Recipient": sent.email},
                "clicked": {"RecordType": "Click", "Recipient": sent.email},
                "novel": {"RecordType": "Levitation", "Recipient": sent.email},
            }[what]
        )

    def request(self, *events: Fields) -> Request:
        (event,) = events
        login = base64.b64encode(self.secret.encode()).decode()
        return Request({"authorization": f"Basic {login}"}, packed(event))


class Brevo:
    secret = "a-long-random-token"

    def __init__(self) -> None:
        self.hook: Hook = BrevoHook(self.secret)

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields:
        names = {
            "dead": {"event": "hard_bounce", "reason": DEAD},
            "refused": {"event": "soft_bounce", "reason": SPAM},
            "full": {"event": "soft_bounce", "reason": FULL},
            "delayed": {"event": "deferred", "reason": "451 try later"},
            "complaint": {"event": "spam"},
            "delivered": {"event": "delivered"},
            "left": {"event": "unsubscribed"},
            "opened": {"event": "unique_opened"},
            "clicked": {"event": "click"},
            "novel": {"event": "levitation"},
        }
        return {
            "email": sent.email,
            "id": 26224,
            "date": "2026-11-23 09:00:00",
            "ts_event": unix() - 3600 + number,
            "message-id": f"<2026112309{number:02}.{sent.delivery}@smtp-relay.example.net>",
            "X-Mailin-custom": f"message:{sent.message_key}",
        } | names[what]

    def request(self, *events: Fields) -> Request:
        body = packed(events[0] if len(events) == 1 else events)
        return Request({"authorization": f"Bearer {self.secret}"}, body)


class Mailgun:
    key = "key-0123456789abcdef0123456789abcdef"

    def __init__(self) -> None:
        self.hook: Hook = MailgunHook(self.key)

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields:
        failed = {"event": "failed", "severity": "permanent", "reason": "bounce"}
        names: dict[str, Fields] = {
            "dead": failed
            | {"delivery-status": {"code": 550, "message": DEAD, "enhanced-code": "5.1.1"}},
            "refused": failed | {"delivery-status": {"code": 550, "message": SPAM}},
            "full": failed | {"reason": "old", "delivery-status": {"code": 452, "message": FULL}},
            "delayed": failed
            | {"severity": "temporary", "delivery-status": {"code": 451, "message": "later"}},
            "complaint": {"event": "complained"},
            "delivered": {"event": "delivered", "delivery-status": {"code": 250}},
            "left": {"event": "unsubscribed"},
            "opened": {"event": "opened"},
            "clicked": {"event": "clicked"},
            "novel": {"event": "levitated"},
        }
        return {
            "id": f"{what}-{sent.delivery}-{number}",
            "timestamp": unix() - 3600.5,
            "recipient": sent.email,
            "message": {"headers": {"message-id": sent.message_id.strip("<>")}},
        } | names[what]

    def request(self, *events: Fields, at: datetime.datetime = NOW) -> Request:
        (event,) = events
        timestamp, token = str(unix(at)), secrets.token_hex(25)
        signature = hmac.new(self.key.encode(), (timestamp + token).encode(), hashlib.sha256)
        signed = {"timestamp": timestamp, "token": token, "signature": signature.hexdigest()}
        return Request({}, packed({"signature": signed, "event-data": event}))


class SendGrid:
    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        public = self.private.public_key().public_bytes(
            Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        )
        self.hook: Hook = SendGridHook(base64.b64encode(public).decode())

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields:
        bounce = {"event": "bounce", "type": "bounce"}
        names: dict[str, Fields] = {
            "dead": bounce
            | {"reason": DEAD, "status": "5.1.1", "bounce_classification": "Invalid Address"},
            "refused": bounce
            | {"reason": SPAM, "status": "5.7.1", "bounce_classification": "Content"},
            "full": bounce | {"type": "blocked", "reason": FULL, "status": "4.2.2"},
            "delayed": {"event": "deferred", "response": "451 try later", "attempt": "3"},
            "complaint": {"event": "spamreport"},
            "delivered": {"event": "delivered", "response": "250 OK"},
            "left": {"event": "group_unsubscribe", "asm_group_id": 1},
            "opened": {"event": "open", "useragent": "Mail"},
            "clicked": {"event": "click", "url": "https://example.org/"},
            "novel": {"event": "levitate"},
        }
        return {
            "email": sent.email,
            "timestamp": unix() - 3600,
            "smtp-id": "<14c5d75ce93@geopod.example.net>",
            "sg_event_id": f"{what}-{sent.delivery}-{number}",
            "sg_message_id": "14c5d75ce93.dfd.64b469.filter0001",
            "message": sent.message_key,
        } | names[what]

    def request(self, *events: Fields) -> Request:
        body, timestamp = packed(events), str(unix())
        signature = self.private.sign(timestamp.encode() + body, ec.ECDSA(SHA256()))
        return Request(
            {
                "x-twilio-email-event-webhook-signature": base64.b64encode(signature).decode(),
                "x-twilio-email-event-webhook-timestamp": timestamp,
            },
            body,
        )


class Resend:
    key = secrets.token_bytes(24)

    def __init__(self) -> None:
        self.hook: Hook = ResendHook("whsec_" + base64.b64encode(self.key).decode())

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields:
        permanent = {"type": "Permanent", "subType": "General"}
        names: dict[str, tuple[str, Fields]] = {
            "dead": ("email.bounced", {"bounce": permanent | {"message": DEAD}}),
            "refused": ("email.bounced", {"bounce": permanent | {"message": SPAM}}),
            "full": (
                "email.bounced",
                {"bounce": {"type": "Transient", "subType": "MailboxFull", "message": FULL}},
            ),
            "delayed": ("email.delivery_delayed", {}),
            "complaint": ("email.complained", {}),
            "delivered": ("email.delivered", {}),
            "opened": ("email.opened", {}),
            "clicked": ("email.clicked", {}),
            "novel": ("email.levitated", {}),
        }
        kind, more = names[what]
        return {
            "type": kind,
            "created_at": "2026-11-23T08:00:00.000Z",
            "number": f"msg_{what}_{sent.delivery}_{number}",
            "data": {
                "email_id": "56761188-7520-42d8-8898-ff6fc54ce618",
                "to": [sent.email],
                "tags": {"message": sent.message_key},
            }
            | more,
        }

    def request(self, *events: Fields, at: datetime.datetime = NOW) -> Request:
        (event,) = events
        number, body, timestamp = event["number"], packed(event), str(unix(at))
        signed = f"{number}.{timestamp}.".encode() + body
        signature = base64.b64encode(hmac.new(self.key, signed, hashlib.sha256).digest()).decode()
        return Request(
            {
                "svix-id": number,
                "svix-timestamp": timestamp,
                "svix-signature": f"v1,{base64.b64encode(b'old').decode()} v1,{signature}",
            },
            body,
        )


class Ses:
    region = "eu-west-1"
    topic = "arn:aws:sns:eu-west-1:123456789012:letters"
    certificate_url = (
        "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
    )

    def __init__(self, version: str = "2", *, confirm: bool = False) -> None:
        self.version = version
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.certificate = certify(self.private)
        self.fetched: list[str] = []
        self.hook: Hook = SesHook([self.topic], self.fetch, confirm=confirm)

    def fetch(self, url: str) -> bytes:
        """Stands in for the network."""
        self.fetched.append(url)
        return self.certificate

    def event(self, what: str, sent: Sent, number: int = 1) -> Fields:
        def bounce(said: str, status: str, **sort: str) -> Fields:
            one = {"emailAddress": sent.email, "status": status, "diagnosticCode": f"smtp; {said}"}
            about = {"feedbackId": f"{what}-{sent.delivery}-{number}", **sort}
            return {"eventType": "Bounce", "bounce": about | {"bouncedRecipients": [one]}}

        general = {"bounceType": "Permanent", "bounceSubType": "General"}
        full = {"bounceType": "Transient", "bounceSubType": "MailboxFull"}
        names: dict[str, Fields] = {
            "dead": bounce(DEAD, "5.1.1", **general),
            "refused": bounce(SPAM, "5.7.1", **general),
            "full": bounce(FULL, "4.2.2", **full),
            "delayed": {"eventType": "DeliveryDelay", "deliveryDelay": {"delayType": "General"}},
            "complaint": {
                "eventType": "Complaint",
                "complaint": {
                    "complainedRecipients": [{"emailAddress": sent.email}],
                    "complaintFeedbackType": "abuse",
                    "feedbackId": f"complaint-{sent.delivery}-{number}",
                },
            },
            "delivered": {"eventType": "Delivery", "delivery": {"smtpResponse": "250 OK"}},
            "left": {
                "eventType": "Subscription",
                "subscription": {"newTopicPreferences": {"unsubscribeAll": True}},
            },
            "opened": {"eventType": "Open", "open": {"ipAddress": "192.0.2.1"}},
            "clicked": {"eventType": "Click", "click": {"ipAddress": "192.0.2.1"}},
            "novel": {"eventType": "Levitation"},
        }
        mail = {
            "messageId": "0100-ses",
            "destination": [sent.email],
            "timestamp": "2026-11-23T08:00:00.000Z",
            "tags": {"message": [sent.message_key], "ses:from-domain": ["example.org"]},
        }
        return {"mail": mail, "number": f"{what}-{sent.delivery}-{number}"} | names[what]

    def request(self, *events: Fields, **fields: str) -> Request:
        (event,) = events
        message = {
            "Type": "Notification",
            "MessageId": event["number"],
            "TopicArn": self.topic,
            "Message": json.dumps(event),
            "Timestamp": "2026-11-23T08:00:01.000Z",
        }
        return self.signed(message | fields)

    def signed(self, message: Mapping[str, str]) -> Request:
        """Any message, signed."""
        names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token"]
        names += ["TopicArn", "Type"]
        text = "".join(f"{name}\n{message[name]}\n" for name in names if name in message)
        algorithm = {"1": SHA1(), "2": SHA256()}[self.version]  # noqa: S303
        signature = self.private.sign(text.encode(), padding.PKCS1v15(), algorithm)
        proof = {
            "SignatureVersion": self.version,
            "Signature": base64.b64encode(signature).decode(),
            "SigningCertURL": self.certificate_url,
        }
        return Request({"x-amz-sns-message-type": message["Type"]}, packed(proof | dict(message)))


def certify(private: rsa.RSAPrivateKey, until: datetime.datetime | None = None) -> bytes:
    """A certificate for a key, as Amazon publishes its own."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sns.amazonaws.com")])
    day = datetime.timedelta(days=1)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(1)
        .not_valid_before(NOW - 100 * day)
        .not_valid_after(until or NOW + 100 * day)
    )
    return builder.sign(private, SHA256()).public_bytes(Encoding.PEM)


CALLERS: dict[str, type[Any]] = {
    "brevo": Brevo,
    "mailgun": Mailgun,
    "postmark": Postmark,
    "resend": Resend,
    "sendgrid": SendGrid,
    "ses": Ses,
}
