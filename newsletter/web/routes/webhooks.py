"""Where providers report what became of messages: ``POST /webhooks/PROVIDER``.

Only providers whose secret the settings name have an address; what they say is believed only with
their signature or that secret, see ``newsletter.feedback.webhooks``.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import FeedbackError

if TYPE_CHECKING:
    from newsletter.feedback.webhooks.base import Hook
    from newsletter.project import Project

_SECONDS = 10.0
_LARGEST_FILE = 64 * 1024
_LATER = {"Retry-After": "30"}


def webhook_routes(
    project: Project, now: Callable[[], datetime.datetime] | None = None
) -> list[BaseRoute]:
    """A route for each provider that may call; none if the settings name none.

    Args:
        project: The newsletter.
        now: Tells the time.

    Raises:
        ConfigurationError: A secret cannot be read, is too short, or is none.
        DatabaseError: The database cannot be opened.
    """
    from newsletter.feedback.webhooks.opening import open_hooks

    hooks = open_hooks(project.settings.feedback, project.root, fetch)
    return [_route(project, hook, now or _now) for hook in hooks.values()]


def _route(project: Project, hook: Hook, now: Callable[[], datetime.datetime]) -> Route:
    from newsletter.feedback.webhooks.base import LONGEST_BODY
    from newsletter.feedback.webhooks.base import Request as Call
    from newsletter.feedback.webhooks.receive import receive

    database = project.database

    async def answer(request: Request) -> Response:
        body = bytearray()
        try:
            async for piece in request.stream():
                body += piece
                if len(body) > LONGEST_BODY:
                    return PlainTextResponse("too much\n", 413)
        except ClientDisconnect:
            return PlainTextResponse("", 400)
        call = Call({name.lower(): value for name, value in request.headers.items()}, bytes(body))
        found = await run_in_threadpool(receive, database, hook, call, now(), fetch)
        headers = _LATER if found.status == 503 else {}
        return PlainTextResponse(f"{found.text}\n", found.status, headers)

    return Route(f"/webhooks/{hook.name}", answer, methods=["POST"], name=f"webhook {hook.name}")


def fetch(url: str) -> bytes:
    """A small file at an https address; redirects are not followed, no proxy is asked.

    Raises:
        FeedbackError: It is not there, too large, or does not come in time.
    """
    import httpx

    out_of_reach = FeedbackError("a file of a provider cannot be fetched", "Try again later.")
    if not url.startswith("https://"):
        raise out_of_reach
    content = bytearray()
    try:
        with (
            httpx.Client(timeout=_SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", url) as response,
        ):
            if response.status_code != 200:
                raise out_of_reach
            for piece in response.iter_bytes():
                content += piece
                if len(content) > _LARGEST_FILE:
                    raise out_of_reach
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise out_of_reach from error
    return bytes(content)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
