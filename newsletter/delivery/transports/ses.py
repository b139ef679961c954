"""Amazon SES as transport: API version 2, the message as it is, one request for each.

Source: Amazon SES API v2 Reference, ``SendEmail`` with ``Content.Raw``.
"""

from __future__ import annotations

import base64
import datetime
import os
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.aws_signature import Credentials, signed_headers
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.http_answers import Answer, Refusal, Verdict, judge_status
from newsletter.delivery.transports.http_api import ApiTimeouts, HttpApi
from newsletter.delivery.transports.http_transport import (
    JSON,
    Request,
    SingleTransport,
    described,
    endpoint,
    json_bytes,
    message_key,
    number,
)
from newsletter.delivery.transports.standing import Standing, key_taken, not_told, sender
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError

PATH = "/v2/email/outbound-emails"
TAG = "message"
"""Name of the tag that brings the first part of our Message-ID back in events."""

_LATER = {"TooManyRequestsException", "ThrottlingException", "Throttling", "LimitExceededException"}
_ACCOUNT = {
    "AccountSuspendedException",
    "SendingPausedException",
    "MailFromDomainNotVerifiedException",
    "NotFoundException",
    "AccessDeniedException",
}
_WRONG_KEY = {
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignatureException",
    "ExpiredTokenException",
}
_ADDRESS = re.compile(r"destination|recipient|illegal address|local address|domain", re.IGNORECASE)
_UNVERIFIED = re.compile(r"not verified", re.IGNORECASE)


def open_url(url: TransportUrl, surroundings: Surroundings) -> SesTransport:
    """``ses://eu-west-1``, credentials from the environment or from the password.

    Options: ``configuration_set=NAME`` (for events), ``connections=N``.

    Raises:
        TransportConfigurationError: No region, no credentials, or an unknown option.
    """
    url.allow_options("configuration_set", "connections", "endpoint")
    if not re.fullmatch(r"[a-z]{2}(-[a-z]+)+-\d", url.host) or url.path.strip("/") or url.user:
        raise TransportConfigurationError(
            "transport: ses needs a region and nothing behind it",
            "Write it like this: ses://eu-west-1.",
        )
    return SesTransport(
        url.host,
        _credentials(surroundings.password, os.environ),
        endpoint=endpoint(url, f"https://email.{url.host}.amazonaws.com"),
        configuration_set=url.options.get("configuration_set", ""),
        connections=number(url, "connections", 4, 50),
    )


def _credentials(password: str, environment: Mapping[str, str]) -> Credentials:
    key_id, colon, secret = password.strip().partition(":")
    if password and not (key_id and colon and secret):
        raise TransportConfigurationError(
            "transport: the password for ses is not an access key",
            "Write the access key ID, a colon, and the secret access key.",
        )
    if password:
        return Credentials(key_id, secret)
    key_id = environment.get("AWS_ACCESS_KEY_ID", "")
    secret = environment.get("AWS_SECRET_ACCESS_KEY", "")
    if not key_id or not secret:
        raise TransportConfigurationError(
            "transport: ses needs an access key",
            "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or NEWSLETTER_TRANSPORT_PASSWORD "
            "to both with a colon between them.",
        )
    return Credentials(key_id, secret, environment.get("AWS_SESSION_TOKEN", ""))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


class SesTransport(SingleTransport):
    """Hands messages to Amazon SES.

    SES knows no idempotency key: a message whose answer was lost stays unknown until an event
    with its tag arrives.

    Args:
        region: Such as ``eu-west-1``.
        credentials: Who sends.
        endpoint: Where requests go.
        configuration_set: Name of the account's set of rules for events, or empty.
        connections: How many requests may run at the same time.
        timeouts: How long to wait.
        clock: Gives an aware time; requests are signed with it.
    """

    company = "Amazon SES"

    def __init__(
        self,
        region: str,
        credentials: Credentials,
        *,
        endpoint: str,
        configuration_set: str = "",
        connections: int = 4,
        timeouts: ApiTimeouts | None = None,
        clock: Callable[[], datetime.datetime] = _now,
    ) -> None:
        secrets = (credentials.secret, credentials.session_token)
        api = HttpApi(self.company, endpoint, headers={}, secrets=secrets, timeouts=timeouts)
        super().__init__(api, connections)
        self.third_party = f"Amazon Web Services (United States), in its region {region}"
        self._region = region
        self._credentials = credentials
        self._configuration_set = configuration_set
        self._clock = clock

    def describe(self) -> str:
        """``ses://eu-west-1``."""
        return described(
            f"ses://{self._region}",
            f"configuration set {self._configuration_set}" if self._configuration_set else "",
        )

    def request(self, message: Message) -> Request:
        """One ``SendEmail``, signed; tracking is off whatever the account's settings say."""
        body: dict[str, Any] = {
            "FromEmailAddress": message.envelope.mail_from,
            "Destination": {"ToAddresses": [message.envelope.rcpt_to]},
            "Content": {"Raw": {"Data": base64.b64encode(message.data).decode("ascii")}},
            "EmailTags": [{"Name": TAG, "Value": message_key(message)}],
            "ConfigurationOverrides": {
                "Tracking": {
                    "OpenTrackingEnabled": "DISABLED",
                    "ClickTrackingEnabled": "DISABLED",
                }
            },
        }
        if self._configuration_set:
            body["ConfigurationSetName"] = self._configuration_set
        content = json_bytes(body)
        headers = signed_headers(
            "POST",
            self._api.base + PATH,
            {"Content-Type": JSON},
            content,
            credentials=self._credentials,
            region=self._region,
            service="ses",
            now=self._clock(),
        )
        return Request(PATH, content, headers=headers)

    def accepted_id(self, answer: Answer) -> str:
        """``MessageId``, which SES also makes the message's Message-ID."""
        return str(answer.fields().get("MessageId", ""))

    def account(self, domain: str) -> Iterator[Standing]:
        """``GetAccount`` and ``GetEmailIdentity``; a domain stands for those below it, too."""
        answer = self._ask("/v2/email/account")
        if answer.good:
            yield key_taken(self.company)
            account = answer.fields()
            if account.get("SendingEnabled") is False:
                said = "sending is switched off for the account in this region"
                yield Standing(
                    "account", said, "See the account dashboard of Amazon SES.", is_good=False
                )
            if account.get("ProductionAccessEnabled") is False:
                said = "the account is in the sandbox: it mails verified addresses only"
                hint = "Request production access in the console of Amazon SES."
                yield Standing("account", said, hint, is_good=False)
        else:
            wrong = self.refusal(answer).code in _WRONG_KEY
            yield self.unsettled(answer, "key", refuses_key=wrong)
            if wrong:
                return
        labels = domain.split(".")
        for start in range(len(labels) - 1):
            answer = self._ask(f"/v2/email/identities/{'.'.join(labels[start:])}")
            if answer.good:
                good = answer.fields().get("VerifiedForSendingStatus")
                if isinstance(good, bool):
                    yield sender(self.company, ".".join(labels[start:]), is_good=good)
                else:
                    yield not_told("sender", self.company, "the answer makes no sense")
                return
            if answer.status != 404:
                yield self.unsettled(answer, "sender", refuses_key=False)
                return
        why = f"{domain} is no identity there; perhaps the address alone is"
        yield not_told("sender", self.company, why)

    def _ask(self, path: str) -> Answer:
        headers = signed_headers(
            "GET",
            self._api.base + path,
            {},
            b"",
            credentials=self._credentials,
            region=self._region,
            service="ses",
            now=self._clock(),
        )
        return self._api.get(path, headers)

    def refusal(self, answer: Answer) -> Refusal:
        """The name of the exception decides; most have the status 400."""
        fields = answer.fields()
        name = answer.headers.get("x-amzn-errortype") or str(fields.get("__type", ""))
        name = name.partition(":")[0].rpartition("#")[2]
        text = str(fields.get("message") or fields.get("Message") or "")
        verdict = judge_status(answer.status)
        if name in _LATER:
            verdict = Verdict.LATER
        elif name in _ACCOUNT or (name == "MessageRejected" and _UNVERIFIED.search(text)):
            verdict = Verdict.ACCOUNT
        elif name == "BadRequestException" and _ADDRESS.search(text):
            verdict = Verdict.RECIPIENT
        return Refusal(verdict, answer.status, name, text, answer.retry_after())
