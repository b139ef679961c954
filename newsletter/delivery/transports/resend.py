"""Resend as transport: messages in parts, up to 100 in a request, each request with a key.

Source: Resend documentation, "Send Batch Emails", "Idempotency Keys" and "Errors".
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from newsletter.delivery.outcome import Accepted, Outcome, Unknown
from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Message
from newsletter.delivery.transports.http_answers import Answer, Refusal, Verdict, judge_status
from newsletter.delivery.transports.http_api import AnswerLostError, ApiTimeouts, HttpApi
from newsletter.delivery.transports.http_batches import BatchTransport, Item, array
from newsletter.delivery.transports.http_transport import (
    JSON,
    described,
    endpoint,
    json_bytes,
    message_key,
    no_host,
    number,
    receipt,
    secret,
)
from newsletter.delivery.transports.mime_fields import Mailbox, MimeFields
from newsletter.delivery.transports.standing import (
    Standing,
    key_taken,
    not_told,
    objects,
    sender,
    watched,
)
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportError

HOST = "https://api.resend.com"
PAUSES = (1.0, 4.0)
"""Seconds before a request whose answer was lost is repeated with the same key, and again."""

_IN_PROGRESS = "concurrent_idempotent_requests"
_KEY_USED = "invalid_idempotent_request"


def open_url(url: TransportUrl, surroundings: Surroundings) -> ResendTransport:
    """``resend:``.

    Options: ``batch=N`` (messages in a request, at most 100), ``connections=N``.

    Raises:
        TransportConfigurationError: No key, or an unknown option.
    """
    url.allow_options("batch", "connections", "endpoint")
    no_host(url)
    return ResendTransport(
        secret(surroundings, ResendTransport.company),
        endpoint=endpoint(url, HOST),
        batch=number(url, "batch", 100, 100),
        connections=number(url, "connections", 1, 10),  # two requests a second are allowed
    )


class ResendTransport(BatchTransport):
    """Hands messages to Resend.

    Each request carries a key made of the Message-IDs in it. Resend carries out requests of one
    key once in 24 hours and repeats its answer, so a request whose answer was lost is sent again.

    Args:
        key: API key.
        endpoint: Where requests go.
        batch: How many messages stand in a request at most.
        connections: How many requests may run at the same time.
        timeouts: How long to wait.
        pauses: Seconds before each repetition.
    """

    company = "Resend"
    third_party = "Resend (United States, whatever region it sends from)"
    rebuilds_messages = True
    largest = 38_000_000

    def __init__(
        self,
        key: str,
        *,
        endpoint: str,
        batch: int = 100,
        connections: int = 1,
        timeouts: ApiTimeouts | None = None,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        api = HttpApi(self.company, endpoint, headers=headers, secrets=(key,), timeouts=timeouts)
        super().__init__(api, connections, batch)
        self._pauses = tuple(pauses)

    def describe(self) -> str:
        """``resend:``."""
        return described("resend:")

    def item(self, message: Message) -> Item:
        """One message; with embedded pictures it cannot share a request."""
        fields = MimeFields.parse(message)
        body: dict[str, Any] = {
            "from": _plain(fields.sender),
            "to": [_plain(fields.to)],
            "subject": fields.subject,
            "text": fields.text,
            "headers": fields.other_headers("message-id"),
            "tags": [{"name": "message", "value": message_key(message)}],
        }
        if fields.html:
            body["html"] = fields.html
        if fields.reply_to:
            body["reply_to"] = [_plain(fields.reply_to)]
        if fields.files:
            body["attachments"] = [
                {
                    "filename": file.filename,
                    "content": file.base64,
                    "content_type": file.content_type,
                    "content_id": file.cid,
                }
                for file in fields.files
            ]
        return Item(message, json_bytes(body), alone=bool(fields.files))

    def send(self, group: Sequence[Item]) -> Answer:
        """One request, repeated with its key while it is not known what became of it."""
        headers = {"Idempotency-Key": idempotency_key([item.message for item in group])}
        if len(group) == 1:
            path, content = "/emails", group[0].content
        else:
            path, content = "/emails/batch", array(group)
            headers["x-batch-validation"] = "permissive"
        lost: AnswerLostError | None = None
        cut_short: Answer | None = None
        for pause in (*self._pauses, None):
            try:
                answer = self._api.post(path, content, JSON, headers=headers)
            except AnswerLostError as error:
                lost = error
            except TransportError as error:
                if lost is None:
                    raise
                lost = AnswerLostError(f"{lost}; then {error.message}")
            else:
                if answer.good and answer.complete:
                    return answer
                if not answer.good and _settled(answer) and (lost is None or _definite(answer)):
                    return answer
                cut_short = answer if answer.good else cut_short
                lost = AnswerLostError(self.refusal(answer).told())
            if pause is not None:
                time.sleep(pause)
        if cut_short:
            return cut_short
        raise lost or AnswerLostError("no answer")

    def read(self, answer: Answer, group: Sequence[Item]) -> Iterable[Outcome]:
        """Names of the messages that were taken, in order, and which of the request were not."""
        fields = answer.fields()
        if len(group) == 1:
            return [Accepted(receipt(answer, str(fields.get("id", ""))))]
        refused = _refused(fields.get("errors"))
        taken = fields.get("data")
        if (
            not isinstance(taken, list)
            or len(taken) + len(refused) != len(group)
            or not refused.keys() <= set(range(len(group)))
        ):
            reason = f"{answer.status}: the answer does not say which messages were taken"
            return [Unknown(reason) for _ in group]
        names = iter([str(one.get("id", "")) if isinstance(one, dict) else "" for one in taken])
        return [
            _refusal_of_one(refused[index]).outcome(item.message.envelope.rcpt_to)
            if index in refused
            else Accepted(receipt(answer, next(names, "")))
            for index, item in enumerate(group)
        ]

    def account(self, domain: str) -> Iterator[Standing]:
        """``GET /domains`` and ``GET /domains/ID``; a key that may only send may not ask."""
        answer = self._api.get("/domains?limit=100")
        if not answer.good:
            name = self.refusal(answer).code
            wrong = name != "restricted_api_key" and answer.status in {400, 401, 403}
            yield self.unsettled(answer, "key", refuses_key=wrong)
            return
        yield key_taken(self.company)
        domains = objects(answer.fields().get("data"))
        if domains is None:
            yield not_told("sender", self.company, "the answer makes no sense")
            return
        ours = next((one for one in domains if one.get("name") == domain), None)
        if ours is None and answer.fields().get("has_more"):
            yield not_told("sender", self.company, "the account has more than 100 domains")
            return
        yield sender(self.company, domain, is_good=bool(ours and ours.get("status") == "verified"))
        if ours and re.fullmatch(r"[A-Za-z0-9-]+", str(ours.get("id", ""))):
            settings = self._api.get(f"/domains/{ours['id']}").fields()
            for key, how in (
                ("open_tracking", "open tracking"),
                ("click_tracking", "click tracking"),
            ):
                if settings.get(key) is True:
                    yield watched(self.company, how)

    def refusal(self, answer: Answer) -> Refusal:
        """``name`` of the error, beside the status."""
        fields = answer.fields()
        name = str(fields.get("name", ""))
        text = str(fields.get("message") or answer.text())
        verdict = judge_status(answer.status)
        if name in {_IN_PROGRESS, _KEY_USED}:
            verdict = Verdict.UNKNOWN
        elif name == "security_error":
            verdict = Verdict.MESSAGE
        elif verdict is Verdict.MESSAGE and "`to`" in text:
            verdict = Verdict.RECIPIENT
        return Refusal(verdict, answer.status, name, text, answer.retry_after())


def idempotency_key(messages: Sequence[Message]) -> str:
    """64 characters that are the same for the same messages in the same order (256 may be)."""
    ids = "\n".join(message.message_id for message in messages)
    return hashlib.sha256(ids.encode()).hexdigest()


def _settled(answer: Answer) -> bool:
    # Our own earlier request is still under way, or a gateway does not know: ask again.
    return answer.fields().get("name") != _IN_PROGRESS and answer.status not in {502, 504}


def _definite(answer: Answer) -> bool:
    # After a lost answer only what was decided about this very request counts. "Too many requests"
    # or "not available" is said before anybody looks at the key.
    return answer.status in {400, 413, 422}


def _refused(errors: Any) -> dict[int, str]:
    found = errors if isinstance(errors, list) else []
    return {
        error["index"]: str(error.get("message", ""))
        for error in found
        if isinstance(error, dict) and isinstance(error.get("index"), int)
    }


def _refusal_of_one(text: str) -> Refusal:
    verdict = Verdict.RECIPIENT if "`to`" in text else Verdict.MESSAGE
    return Refusal(verdict, 422, text=text)


def _plain(mailbox: Mailbox) -> str:
    # The API takes names as they are, and neither quoted nor encoded ones (RFC 5322 §3.2.4), so
    # what would have to be quoted goes.
    name = " ".join(re.sub(r'[()<>\[\]:;@\\,."]+', " ", mailbox.name).split())
    return f"{name} <{mailbox.address}>" if name else mailbox.address
