"""Asking for one address: HEAD, then GET if that says no; redirects judged like any address.

Nothing is sent but the address: no cookie, no login, no Referer, no proxy of the environment, and a
User-Agent that says what this is but not for whom. Of an answer only its head is read: no
body is, so there is nothing that could be decompressed.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace

import httpcore

from newsletter.probes.answer import Answer, Failure, Hop, State
from newsletter.probes.gate import Gate, Manners
from newsletter.probes.places import Target
from newsletter.probes.url import RefusedError, Url

USER_AGENT = "Mozilla/5.0 (compatible; link-check)"
"""Names neither the newsletter nor its maker: whoever is linked to learns only that it is."""

HEAD_SHARE = 0.6
"""HEAD may take so much of a link's time: more than making a connection takes at most."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_MANY = frozenset({429, 503})

# OpenSSL's numbers of what is wrong with a certificate (x509_vfy.h).
_EXPIRED = frozenset({10})
_OTHER_NAME = frozenset({62, 64})

_NO_ANSWER = frozenset({Failure.TIMED_OUT, Failure.UNREACHABLE})

# What a second try with GET may put right: servers lie to HEAD, hang on it, or cut it off.
_OFTEN_HEAD_ONLY = frozenset({Failure.TIMED_OUT, Failure.BROKEN, Failure.TOO_MANY_REDIRECTS})


@dataclass(slots=True)
class _Purse:
    """The seconds that are left."""

    seconds: float


@dataclass(frozen=True, slots=True)
class _Head:
    status: int
    headers: dict[str, str]


class Asker:
    """Asks for addresses.

    Args:
        pool: Makes connections; must judge them.
        gate: Says when.
        manners: Says how long.
    """

    def __init__(self, pool: httpcore.AsyncConnectionPool, gate: Gate, manners: Manners) -> None:
        self._pool = pool
        self._gate = gate
        self._manners = manners

    async def ask(self, target: Target) -> Answer:
        """What comes of asking for an address; trouble is an answer, too."""
        try:
            url = Url.parse(target.address)
        except RefusedError as error:
            return Answer(target.address, failure=error.failure)
        async with self._gate.line(url.host):
            answer = await self._ask(url, target)
            if answer.failure in _NO_ANSWER:
                self._gate.unanswered(Url.parse(answer.last).host)
        return answer

    async def _ask(self, url: Url, target: Target) -> Answer:
        kept = self._manners.seconds * (1 - HEAD_SHARE)
        purse = _Purse(self._manners.seconds - kept)
        answer = await self._follow("HEAD", url, purse)
        if not _is_enough(answer, is_picture=target.is_picture):
            purse.seconds = kept + max(purse.seconds, 0.0)
            answer = await self._follow("GET", url, purse)
        return answer

    async def _follow(self, method: str, url: Url, purse: _Purse) -> Answer:
        answer = Answer(str(url))
        try:
            while True:
                head = await self._request(method, url, purse)
                location = head.headers.get("location", "")
                if head.status not in REDIRECTS or not location:
                    return replace(
                        answer,
                        status=head.status,
                        content_type=_media_type(head.headers.get("content-type", "")),
                        size=_size(head.headers.get("content-length", "")),
                    )
                if len(answer.hops) >= self._manners.redirects:
                    return replace(answer, failure=Failure.TOO_MANY_REDIRECTS)
                url = url.join(location)
                answer = replace(answer, hops=(*answer.hops, Hop(head.status, str(url))))
        except RefusedError as error:
            return replace(answer, failure=error.failure)
        except (TimeoutError, httpcore.TimeoutException) as error:
            is_late = not isinstance(error, httpcore.ConnectTimeout)
            failure = Failure.TIMED_OUT if is_late else Failure.UNREACHABLE
            return replace(answer, failure=failure)
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
            return replace(answer, failure=failure_of(error))

    async def _request(self, method: str, url: Url, purse: _Purse) -> _Head:
        request = httpcore.Request(
            method,
            httpcore.URL(
                scheme=url.scheme.encode(),
                host=url.host.encode(),
                port=url.port,
                target=url.target.encode(),
            ),
            headers=[
                ("Host", url.authority),
                ("User-Agent", USER_AGENT),
                ("Accept", "*/*"),
                ("Accept-Encoding", "identity"),
            ],
            extensions={"timeout": {"connect": self._manners.connect_seconds}},
        )
        loop = asyncio.get_running_loop()
        async with self._gate.turn(url.host):
            began = loop.time()
            try:
                async with asyncio.timeout(max(purse.seconds, 0.0)):
                    response = await self._pool.handle_async_request(request)
                    await response.aclose()
            finally:
                purse.seconds -= loop.time() - began
        headers = {name.decode("latin-1").lower(): _text(value) for name, value in response.headers}
        if response.status == 429 or (response.status in _TOO_MANY and "retry-after" in headers):
            self._gate.keep_away(url.host, headers.get("retry-after", ""))
        return _Head(response.status, headers)


def _is_enough(answer: Answer, *, is_picture: bool) -> bool:
    """Whether the answer to HEAD needs no second question. Nothing is called dead on its word."""
    if answer.state is State.OK:
        return not is_picture or answer.content_type.startswith("image/")
    if answer.failure is not None:
        return answer.failure not in _OFTEN_HEAD_ONLY
    return answer.status == 429


def failure_of(error: Exception) -> Failure:
    """What went wrong, by the exception that httpcore raised."""
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            if cause.verify_code in _EXPIRED:
                return Failure.EXPIRED_CERTIFICATE
            if cause.verify_code in _OTHER_NAME:
                return Failure.FOREIGN_CERTIFICATE
        if isinstance(cause, ssl.SSLError):
            return Failure.TLS
    return Failure.UNREACHABLE if isinstance(error, httpcore.ConnectError) else Failure.BROKEN


def _causes(error: BaseException) -> Iterator[BaseException]:
    # httpcore puts the cause into the arguments, and takes it out of __cause__ (1.0.9).
    yield error
    for cause in (*error.args, error.__cause__, error.__context__):
        if isinstance(cause, BaseException):
            yield from _causes(cause)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _media_type(header: str) -> str:
    """``image/jpeg`` of ``Image/JPEG; q=1``; empty if it is none. Servers write what they like."""
    found = re.match(r"\s*([\w.+-]{1,60}/[\w.+-]{1,60})\s*(?:;|$)", header, re.ASCII)
    return found[1].lower() if found else ""


def _size(header: str) -> int | None:
    return int(header) if re.fullmatch(r"[0-9]{1,15}", header) else None
