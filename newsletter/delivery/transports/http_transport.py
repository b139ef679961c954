"""What the transports of all providers have in common: requests, outcomes, the address."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from newsletter.delivery.outcome import Accepted, Outcome, Unknown
from newsletter.delivery.transports import Surroundings
from newsletter.delivery.transports.base import Feed, Message
from newsletter.delivery.transports.batches import BatchChannel, HandOver
from newsletter.delivery.transports.http_answers import Answer, Refusal, Verdict, one_line
from newsletter.delivery.transports.http_api import AnswerLostError, HttpApi
from newsletter.delivery.transports.standing import Standing, key_refused, not_told
from newsletter.delivery.transports.url import TransportUrl
from newsletter.errors import TransportConfigurationError, TransportError

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """One request to a provider.

    Attributes:
        path: With a slash at the start.
        content: The body.
        content_type: What it is.
        headers: Beside those of every request.
    """

    path: str
    content: bytes
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


class HttpTransport(ABC):
    """Hands messages to a provider's API.

    Args:
        api: The provider's API.
        connections: How many channels may run at the same time.
        batch: How many messages stand in a request at most.
    """

    leaves_machine = True
    company: ClassVar[str]
    """How the provider is called towards the user."""

    third_party: str
    """Which company learns the readers' addresses, and in which country it is."""

    rebuilds_messages: ClassVar[bool] = False
    """Whether the provider takes the parts of messages and puts them together itself."""

    def __init__(self, api: HttpApi, connections: int, batch: int = 1) -> None:
        self.connections = connections
        self._api = api
        self._batch = batch
        self.together = batch

    @abstractmethod
    def describe(self) -> str:
        """The transport in a few words for the plan, without secrets."""

    def channel(self) -> ApiChannel:
        """A new series of requests."""
        return ApiChannel(self._api, self.deliver, self._batch)

    @abstractmethod
    def deliver(self, messages: Sequence[Message]) -> Iterable[Outcome]:
        """Hand messages over.

        Returns:
            One outcome for each, in order.

        Raises:
            TransportError: The provider is out of reach; the other messages were not taken.
            TransportConfigurationError: It takes nothing until something is changed.
        """

    @abstractmethod
    def refusal(self, answer: Answer) -> Refusal:
        """What an answer other than 2xx means."""

    def standings(self, domain: str) -> list[Standing]:
        """What the provider says of the account; nothing is sent or changed.

        Args:
            domain: Of the address that letters are from, as A-label.
        """
        found: list[Standing] = []
        try:
            with self._api.opened():
                for standing in self.account(domain):
                    found.append(standing)  # one by one: those before a failure stay
        except (TransportError, AnswerLostError) as error:
            found.append(not_told("account", self.company, one_line(str(error))))
        return found

    @abstractmethod
    def account(self, domain: str) -> Iterator[Standing]:
        """Ask what ``standings`` tells.

        Raises:
            TransportError: The provider is out of reach.
            AnswerLostError: It does not answer.
        """

    def unsettled(self, answer: Answer, what: str, *, refuses_key: bool) -> Standing:
        """What to say of an answer other than 2xx.

        Args:
            answer: What came.
            what: What was asked.
            refuses_key: Whether this one means that the key is wrong.
        """
        refusal = self.refusal(answer)
        if refuses_key:
            return key_refused(self.company, refusal)
        return not_told(what, self.company, refusal.told())

    def stopped(self, refusal: Refusal, message: Message) -> TransportConfigurationError:
        """The error for a refusal that no message of ours can change."""
        return TransportConfigurationError(
            f"{self.company} takes nothing from us: {refusal.told(message.envelope.rcpt_to)}",
            "Check the key and the sender at the provider, then send with --resume.",
        )


class SingleTransport(HttpTransport):
    """Hands messages to a provider's API, one in each request."""

    def deliver(self, messages: Sequence[Message]) -> Iterable[Outcome]:
        """Hand messages over; each outcome comes as soon as it is known.

        Returns:
            One outcome for each, in order.

        Raises:
            TransportError: The provider is out of reach; the other messages were not taken.
            TransportConfigurationError: It takes nothing until something is changed.
        """
        for message in messages:
            yield self._one(message)

    def _one(self, message: Message) -> Outcome:
        request = self.request(message)
        try:
            answer = self._api.post(
                request.path, request.content, request.content_type, headers=request.headers
            )
        except AnswerLostError as error:
            return Unknown(str(error))
        if answer.good:
            return Accepted(receipt(answer, self.accepted_id(answer)))
        refusal = self.refusal(answer)
        if refusal.verdict is Verdict.ACCOUNT:
            raise self.stopped(refusal, message)
        return refusal.outcome(message.envelope.rcpt_to)

    @abstractmethod
    def request(self, message: Message) -> Request:
        """The request for one message."""

    @abstractmethod
    def accepted_id(self, answer: Answer) -> str:
        """How the provider calls a message that it has taken."""


class ApiChannel(BatchChannel):
    """A series of requests that share open connections.

    Args:
        api: The provider's API.
        hand_over: Takes the messages.
        size: How many at most are taken together.
    """

    def __init__(self, api: HttpApi, hand_over: HandOver, size: int = 1) -> None:
        super().__init__(hand_over, size)
        self._api = api

    async def run(self, feed: Feed) -> None:
        """Hand messages over until the feed ends.

        Raises:
            TransportError: The provider is out of reach.
        """
        with self._api.opened():
            await super().run(feed)


def receipt(answer: Answer, name: str) -> str:
    """What is recorded of a message that was taken: ``202 b7c1…``."""
    return one_line(f"{answer.status} {name}")[:200]


def message_key(message: Message) -> str:
    """The part of our Message-ID before the @, in the letters that every provider's tags take.

    It comes back in the provider's reports and names the delivery; it says nothing of the reader.
    """
    local = message.message_id.strip("<>").rpartition("@")[0] or message.message_id
    return re.sub(r"[^A-Za-z0-9_-]", "-", local)[:64]


def json_bytes(fields: Any) -> bytes:
    """JSON in UTF-8, the same bytes for the same fields."""
    return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


# ── the address ────────────────────────────────────────────────────────────────────────────────


def no_host(url: TransportUrl) -> None:
    """Refuse anything between the scheme and the options.

    Raises:
        TransportConfigurationError: There is something.
    """
    if url.host or url.user or url.path.strip("/"):
        raise TransportConfigurationError(
            f"transport: nothing stands behind {url.scheme}: but options",
            f"Write it like this: {url.scheme}:",
        )


def secret(surroundings: Surroundings, company: str) -> str:
    """The key of the account.

    Raises:
        TransportConfigurationError: There is none, or it cannot be one.
    """
    key = surroundings.password.strip()
    if not key:
        raise TransportConfigurationError(
            f"transport: {company} needs a key",
            "Set NEWSLETTER_TRANSPORT_PASSWORD, or name a file in transport_password_file.",
        )
    if not re.fullmatch(r"[!-~]+", key):
        raise TransportConfigurationError(
            f"transport: the key for {company} holds a space or a character that is not ASCII",
            "Copy it again from the provider's page, alone on one line.",
        )
    return key


def endpoint(url: TransportUrl, usual: str) -> str:
    """Where requests go: the provider, or a stand-in on this machine for tests.

    Raises:
        TransportConfigurationError: ``endpoint`` names another machine.
    """
    wanted = url.options.get("endpoint")
    if wanted is None:
        return usual
    parsed = TransportUrl.parse(wanted)
    plain = not (parsed.user or parsed.options or parsed.path.strip("/"))
    if parsed.scheme not in {"http", "https"} or not parsed.is_loopback or not plain:
        raise TransportConfigurationError(
            "transport: endpoint is for tests and must be an address of this machine",
            "Write it like this: endpoint=http://127.0.0.1:8025, or leave it out.",
        )
    return wanted.rstrip("/")


def number(url: TransportUrl, name: str, usual: int, highest: int) -> int:
    """An option that is a whole number from 1 up.

    Raises:
        TransportConfigurationError: It is not.
    """
    wanted = url.options.get(name)
    if wanted is None:
        return usual
    if not wanted.isdecimal() or not 1 <= int(wanted) <= highest:
        raise TransportConfigurationError(
            f"transport: {name} must be a whole number from 1 to {highest}",
            f"Write it like this: {url.scheme}:?{name}={usual}.",
        )
    return int(wanted)


def switch(url: TransportUrl, name: str) -> bool:
    """An option that is 1 or 0; off if it is not there.

    Raises:
        TransportConfigurationError: It is something else.
    """
    wanted = url.options.get(name, "0")
    if wanted not in {"0", "1"}:
        raise TransportConfigurationError(
            f"transport: {name} must be 1 or 0", f"Write {name}=1, or leave it out."
        )
    return wanted == "1"


def choice(url: TransportUrl, name: str, allowed: Sequence[str]) -> str:
    """An option with a few values, of which the first is the usual one.

    Raises:
        TransportConfigurationError: It is none of them.
    """
    wanted = url.options.get(name, allowed[0])
    if wanted not in allowed:
        raise TransportConfigurationError(
            f"transport: {name} must be one of {', '.join(allowed)}",
            f"Write it like this: {name}={allowed[0]}.",
        )
    return wanted


def described(start: str, *notes: str) -> str:
    """A description with its notes, as far as there are any: ``postmark: (stream broadcast)``."""
    said = ", ".join(filter(None, notes))
    return f"{start} ({said})" if said else start
