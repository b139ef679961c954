"""Who may ask the preview anything: only the editor's own browser on this machine.

Any web site that the editor visits can make the browser send requests to 127.0.0.1, and a name
that points there (DNS rebinding) even makes them look same-origin. So every request has to name
this server in ``Host``, must not come from another origin, and must know a random token. The
attack on development servers that this closes: GHSA-67mh-4wv8-2f99.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from newsletter.files import write_atomically

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Content-Security-Policy of our own pages: nothing from anywhere else, nothing inline."""

LETTER_POLICY = (
    "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; "
    "img-src 'self' data: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
)
"""Content-Security-Policy of a letter: its own styles and pictures, and no script ever."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
}


def read_token(path: Path) -> str:
    """The project's preview token, made at first use and readable by its owner only.

    It is kept, so that an open page finds a restarted preview again.

    Raises:
        NewsletterError: The file cannot be written.
    """
    try:
        token = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        token = ""
    if len(token) < 20 or not token.replace("-", "").replace("_", "").isalnum():
        token = secrets.token_urlsafe(18)
        write_atomically(path, token + "\n", mode=0o600)
    return token


class Guard:
    """ASGI middleware in front of every page, picture and event stream of the preview.

    Args:
        app: What is guarded.
        token: First part of every path.
        port: The port that is listened on.
    """

    def __init__(self, app: ASGIApp, token: str, port: int) -> None:
        self._app = app
        self._token = token.encode()
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        if port == 80:
            self._hosts |= {"127.0.0.1", "localhost"}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it; either way with the headers that keep it private."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "http":

            async def send_guarded(message: Message) -> None:
                if message["type"] == "http.response.start":
                    headers = MutableHeaders(scope=message)
                    for name, value in _HEADERS.items():
                        headers.setdefault(name, value)
                await send(message)

            refusal = self._refusal(scope)
            answer = PlainTextResponse(refusal[1], refusal[0]) if refusal else self._app
            await answer(scope, receive, send_guarded)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._hosts:
            return 403, "The preview answers to 127.0.0.1 and localhost only."
        if scope["method"] not in ("GET", "HEAD"):
            return 405, "The preview only shows; it changes nothing."
        if not self._from_here(headers):
            return 403, "The preview does not answer to other web sites."
        given = scope["path"].lstrip("/").partition("/")[0]
        if not secrets.compare_digest(given.encode(), self._token):
            return 403, "This address lacks the token that `newsletter preview` printed."
        return None

    def _from_here(self, headers: Headers) -> bool:
        # An address typed, or clicked elsewhere, is harmless without the token and arrives without
        # Origin; anything else a browser marks with where it comes from.
        origin = headers.get("origin")
        if origin is not None and origin not in {f"http://{host}" for host in self._hosts}:
            return False
        typed = (
            headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        return typed or headers.get("sec-fetch-site", "none") in ("same-origin", "none")
