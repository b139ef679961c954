"""The web page that readers unsubscribe at: whether it answers, over https, and by itself.

A page for a made-up reader is asked for with GET, which changes nothing (RFC 8058 section 3.2:
only POST unsubscribes). No POST is ever sent from here.
"""

from __future__ import annotations

import asyncio
import datetime
import email.utils
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpcore

from newsletter.onion import leads_to_onion
from newsletter.probes.answer import Failure
from newsletter.probes.connect import JudgedBackend
from newsletter.probes.doctor.checkup import Checkup, Group, Level
from newsletter.probes.http import REDIRECTS, failure_of
from newsletter.probes.links import Network
from newsletter.probes.url import RefusedError, Url

SECONDS = 10.0
USER_AGENT = "Mozilla/5.0 (compatible; newsletter-doctor)"

_WHAT = "unsubscribe page"
_SETTING = "It comes from base_url in newsletter.toml."


@dataclass(frozen=True, slots=True)
class Page:
    """What a web server answered.

    Attributes:
        status: HTTP status; None if there is none.
        failure: Why there is none.
        location: Where a redirect leads.
        date: The server's time, if it was said.
        media_type: ``text/plain``, if it was said.
        body: What was read of the page: as much as was asked for, and an octet more if there is.
    """

    status: int | None = None
    failure: Failure | None = None
    location: str = ""
    date: datetime.datetime | None = None
    media_type: str = ""
    body: bytes = b""


def fetch(address: str, network: Network, *, seconds: float = SECONDS, most: int = 0) -> Page:
    """Ask for a page once: no redirect is followed.

    Args:
        address: The page.
        network: How it is reached.
        seconds: How long it may take.
        most: How many octets of it to read, besides one more that tells that it is longer; 0 to
            read none.
    """
    try:
        url = Url.parse(address)
    except RefusedError as error:
        return Page(failure=error.failure)
    return asyncio.run(_fetch(url, network, seconds, most))


def judge(address: str, page: Page) -> Checkup:
    """What to say of the page that readers unsubscribe at.

    Args:
        address: A made-up reader's; without https it is not asked for.
        page: What ``fetch`` gave.
    """
    host = urlsplit(address).hostname or address
    if page.failure:
        level, said, hint = _failed(page.failure, host)
    elif page.status is None or page.status >= 500:
        level, said = Level.ERROR, f"{host} answers {page.status}: readers cannot unsubscribe"
        hint = f"Look at the web server of {host}. {_SETTING}"
    elif page.status in REDIRECTS:
        level, said = Level.WARNING, f"{host} leads on to {page.location[:80] or 'nowhere'}"
        hint = (
            "Mail programs that unsubscribe by one click follow no redirect (RFC 8058 section "
            "3.1). Set base_url to the address where the pages really are."
        )
    elif page.status == 404:
        level, said = Level.OK, f"{host} answers; it does not know the made-up reader (404)"
        hint = ""
    elif page.status in {401, 403, 407, 429}:
        level, said = Level.WARNING, f"{host} answers {page.status}: it keeps programs out"
        hint = "Mail programs have to reach it without a login."
    else:
        level, said, hint = Level.OK, f"{host} answers ({page.status})", ""
    return Checkup(_WHAT, level, said, hint, Group.WEB)


def check_address(address: str) -> Checkup | None:
    """What is wrong with the address already, before anybody is asked."""
    if not address:
        said = "base_url is not set, so readers have no link to unsubscribe"
        hint = "Set base_url in newsletter.toml to where readers' pages are: https://…"
    elif leads_to_onion(address):
        host = urlsplit(address).hostname
        said = f"{host} was not asked for: it is reached by way of Tor only"
        hint = (
            "Open it in Tor Browser. Mail programs cannot unsubscribe there by one click; they "
            "write to unsubscribe_address."
        )
        return Checkup(_WHAT, Level.UNCHECKED, said, hint, Group.WEB, is_essential=False)
    elif not address.lower().startswith("https://"):
        said = "base_url does not start with https://"
        hint = "One-click unsubscribing works only over https (RFC 8058). Change base_url."
    else:
        return None
    return Checkup(_WHAT, Level.ERROR, said, hint, Group.WEB)


def _failed(failure: Failure, host: str) -> tuple[Level, str, str]:
    if failure is Failure.NO_SUCH_HOST:
        return Level.ERROR, f"there is no website {host}", f"Look for a typing mistake. {_SETTING}"
    if failure is Failure.EXPIRED_CERTIFICATE:
        return Level.ERROR, f"the certificate of {host} has expired", "Renew it."
    if failure is Failure.FOREIGN_CERTIFICATE:
        said = f"the certificate of {host} is for another site"
        return Level.ERROR, said, f"Get one for {host}. {_SETTING}"
    if failure is Failure.TLS:
        said = f"the encrypted connection to {host} failed"
        return Level.ERROR, said, "Look at its certificate: browsers and mail programs refuse it."
    if failure in {Failure.NOT_PUBLIC, Failure.NOT_A_WEB_ADDRESS, Failure.HAS_USER}:
        said = f"{host} is not an address that readers can open"
        return Level.ERROR, said, f"It must be on the public internet. {_SETTING}"
    reasons = {
        Failure.NAME_TROUBLE: f"the name {host} could not be looked up",
        Failure.UNREACHABLE: f"{host} took no connection",
        Failure.TIMED_OUT: f"{host} did not answer in time",
    }
    said = reasons.get(failure, f"{host} gave no answer that could be understood")
    return Level.UNCHECKED, said, "Is this machine on the network? Open the page in a browser."


async def _fetch(url: Url, network: Network, seconds: float, most: int) -> Page:
    request = httpcore.Request(
        "GET",
        httpcore.URL(
            scheme=url.scheme.encode(),
            host=url.host.encode(),
            port=url.port,
            target=url.target.encode(),
        ),
        headers=[("Host", url.authority), ("User-Agent", USER_AGENT), ("Accept", "text/*")],
        extensions={"timeout": {"connect": seconds / 2}},
    )
    backend = JudgedBackend(network.look_up, network.is_allowed)
    pool = httpcore.AsyncConnectionPool(ssl_context=network.tls, network_backend=backend)
    try:
        async with asyncio.timeout(seconds), pool:
            response = await pool.handle_async_request(request)
            body = await _read(response, most) if most and response.status == 200 else b""
            await response.aclose()
    except RefusedError as error:
        return Page(failure=error.failure)
    except (TimeoutError, httpcore.TimeoutException):
        return Page(failure=Failure.TIMED_OUT)
    except (httpcore.NetworkError, httpcore.ProtocolError, OSError, ValueError) as error:
        return Page(failure=failure_of(error))
    headers = {name.lower(): value.decode("latin-1") for name, value in response.headers}
    date = _time(headers.get(b"date", ""))
    return Page(
        response.status,
        location=headers.get(b"location", ""),
        date=date,
        media_type=headers.get(b"content-type", "").partition(";")[0].strip().lower(),
        body=body,
    )


async def _read(response: httpcore.Response, most: int) -> bytes:
    """The beginning of a body; the rest, however long, is not taken in."""
    body = b""
    async for part in response.aiter_stream():
        body += part[: most + 1 - len(body)]
        if len(body) > most:
            break
    return body


def _time(written: str) -> datetime.datetime | None:
    try:
        time = email.utils.parsedate_to_datetime(written)
    except ValueError:
        return None
    return time if time.tzinfo else time.replace(tzinfo=datetime.UTC)
