"""Requests to a provider: the only file here that knows httpx.

At every failure one thing must be known: whether the provider may have got the whole request.
Until a connection stands and is encrypted, it certainly has not.
"""

from __future__ import annotations

import contextlib
import functools
import ssl
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from newsletter.delivery.transports.http_answers import Answer
from newsletter.errors import TransportConfigurationError, TransportError

if TYPE_CHECKING:
    import httpx

LONGEST_ANSWER = 1_000_000
"""Octets of an answer that are read."""

LATER = "Nothing is lost: send again later with --resume."


class AnswerLostError(Exception):
    """A request left and no answer came back: it may have been carried out or not."""


@dataclass(frozen=True, slots=True)
class ApiTimeouts:
    """How long to wait, in seconds.

    Attributes:
        connect: For a connection and its encryption.
        read: For the answer, and for each piece of it.
    """

    connect: float = 10.0
    read: float = 60.0


class HttpApi:
    """A provider's API over HTTP/1.1 connections that are kept open.

    No redirect is followed, no proxy and no login of the environment is used, certificates are
    verified, and nothing is ever asked twice: repeating is for those who know that it is safe.

    Args:
        company: How the provider is called towards the user.
        base: Scheme, host and port, without a slash at the end.
        headers: Sent with every request.
        secrets: Texts that must not show up in any message.
        timeouts: How long to wait.
    """

    def __init__(
        self,
        company: str,
        base: str,
        *,
        headers: Mapping[str, str],
        secrets: Sequence[str] = (),
        timeouts: ApiTimeouts | None = None,
    ) -> None:
        self.company = company
        self.base = base
        self._headers = {
            "User-Agent": "newsletter-as-code",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # a small answer must not unfold into a large one
            **headers,
        }
        self._secrets = tuple(text for text in secrets if len(text) >= 8)
        self._timeouts = timeouts or ApiTimeouts()
        self._lock = threading.Lock()
        self._client: httpx.Client | None = None
        self._users = 0

    def __repr__(self) -> str:
        return f"HttpApi({self.company!r}, {self.base!r})"

    @contextlib.contextmanager
    def opened(self) -> Iterator[None]:
        """Keep connections open inside the block; the last one out closes them."""
        with self._lock:
            self._users += 1
            self._client = self._client or self._new_client()
        try:
            yield
        finally:
            with self._lock:
                self._users -= 1
                if not self._users and self._client:
                    self._client.close()
                    self._client = None

    def post(
        self, path: str, content: bytes, content_type: str, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send one request and read the answer, whatever its status.

        Args:
            path: With a slash at the start.
            content: The body.
            content_type: What it is.
            headers: For this request only.

        Raises:
            AnswerLostError: It may have been carried out.
            TransportError: It certainly was not: the provider is out of reach.
            TransportConfigurationError: It certainly was not, and will not be: no good
                certificate.
        """
        return self._request(
            "POST", path, content, {"Content-Type": content_type, **(headers or {})}
        )

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask for something that changes nothing, and read the answer, whatever its status.

        Args:
            path: With a slash at the start; may have a query.
            headers: For this request only.

        Raises:
            AnswerLostError: No answer came back.
            TransportError: The provider is out of reach.
            TransportConfigurationError: It has no good certificate.
        """
        return self._request("GET", path, None, headers or {})

    def _request(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        import httpx

        all_headers = {**self._headers, **headers}
        with self.opened():
            client = self._client
            assert client is not None  # noqa: S101 - opened() has just seen to it
            try:
                with client.stream(
                    method, self.base + path, content=content, headers=all_headers
                ) as response:
                    return self._read(response)
            except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
                raise self._out_of_reach(error) from error
            except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
                raise TransportConfigurationError(
                    f"{self.company}: no request can be made: {self._clean(str(error))}",
                    "Check the address of the transport and its password. Nothing was sent.",
                ) from error
            except httpx.TimeoutException as error:
                message = f"{self.company} did not answer in time"
                raise AnswerLostError(message) from error
            except httpx.RequestError as error:
                message = f"{self.company} broke off: {self._clean(str(error))}"
                raise AnswerLostError(message) from error

    def _new_client(self) -> httpx.Client:
        import httpx

        limits = httpx.Limits(max_connections=None, keepalive_expiry=5)
        timeout = httpx.Timeout(self._timeouts.read, connect=self._timeouts.connect)
        return httpx.Client(
            verify=_trusted(),
            trust_env=False,
            follow_redirects=False,
            timeout=timeout,
            limits=limits,
        )

    def _read(self, response: httpx.Response) -> Answer:
        # The status has arrived; what follows can only add to it.
        import httpx

        body = b""
        complete = True
        deadline = time.monotonic() + self._timeouts.read
        try:
            for piece in response.iter_raw():
                body += piece
                if len(body) > LONGEST_ANSWER or time.monotonic() > deadline:
                    complete = False
                    break
        except httpx.RequestError:
            complete = False
        headers = {name.lower(): self._clean(value) for name, value in response.headers.items()}
        return Answer(response.status_code, headers, self._clean_bytes(body), complete)

    def _out_of_reach(self, error: Exception) -> TransportError:
        for cause in _causes(error):
            if isinstance(cause, ssl.SSLCertVerificationError):
                return TransportConfigurationError(
                    f"the certificate of {self.base} is not good: {cause.verify_message}",
                    "Nothing was sent. Somebody may stand between you and the provider.",
                )
        return TransportError(
            f"cannot reach {self.company} at {self.base}: {self._clean(str(error)) or 'no answer'}",
            f"Check the network. {LATER}",
        )

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "(secret)")
        return text

    def _clean_bytes(self, body: bytes) -> bytes:
        for secret in self._secrets:
            body = body.replace(secret.encode(), b"(secret)")
        return body


@functools.cache
def _trusted() -> ssl.SSLContext:
    # Mozilla's authorities, as httpx brings them; reading them takes 30 ms (2026-11).
    import httpx

    return httpx.create_ssl_context(trust_env=False)


def _causes(error: BaseException | None) -> Iterator[Any]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
