"""What stands before every page: the base path, headers that keep it private, log and counts."""

from __future__ import annotations

import time
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.web.log import Log
from newsletter.web.metrics import Metrics
from newsletter.web.pages import POLICY
from newsletter.web.patience import LARGEST_HEADER

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "browsing-topics=()",
    "Referrer-Policy": "no-referrer",  # the address may hold a reader's token
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",  # for browsers that do not know frame-ancestors
}
_NONE = "(none)"


class Shield:
    """ASGI middleware, the outermost.

    Args:
        app: What is behind it.
        base_url: Where readers' pages are: its path may stand before every path, or be taken off
            by the proxy already.
        log: Where requests are written down.
        metrics: Where they are counted.
    """

    def __init__(self, app: ASGIApp, base_url: str, log: Log, metrics: Metrics) -> None:
        self._app = app
        self._base = urlsplit(base_url).path.rstrip("/")
        self._log = log
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._base and scope["path"] == self._base:
            # Without a slash at its end, the relative links of the page would lead elsewhere.
            await RedirectResponse(f"{self._base}/", 308)(scope, receive, send)
            return
        if self._base and scope["path"].startswith(f"{self._base}/"):
            scope["path"] = scope["path"][len(self._base) :]
        started = time.perf_counter()
        status = 500

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADER:
                await PlainTextResponse("", 431)(scope, receive, send_guarded)
            else:
                await self._app(scope, receive, send_guarded)
        finally:
            seconds = time.perf_counter() - started
            route = getattr(scope.get("route"), "path", _NONE)
            self._log.request(scope["method"], route, status, seconds * 1000)
            self._metrics.request(scope["method"], route, status, seconds)
