"""Who may ask the preview anything: only the editor's own browser on this machine.

Any web site that the editor visits can make the browser send requests to 127.0.0.1, and a name
that points there (DNS rebinding) even makes them look same-origin. So every request has to name
this server in ``Host``, must not come from another origin, and must know a random token. The
attack on development servers that this closes: GHSA-67mh-4wv8-2f99.

The token is new with each run and part of every address, so that one that got into a log or a
screenshot is worth nothing tomorrow. A page that is open while the preview is started again asks
for its new address with the project's key, which never stands in an address.
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

RESUME_PATH = "/resume"
RESUME_HEADER = "Newsletter-Key"
"""Where, and in which header, an open page shows its key to learn the new address."""

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": PAGE_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",  # the address holds the token
    "X-Content-Type-Options": "nosniff",
}
_READS = ("GET", "HEAD")


def letter_policy(*, images: str = "'self' data:") -> str:
    """Content-Security-Policy of a letter: its own styles and pictures, and no script ever.

    Args:
        images: Where pictures may come from: ``'none'`` for a reader who blocks them. Other hosts
            are not among the usual ones, so that looking at a letter tells nobody of it.
    """
    return (
        "default-src 'none'; script-src 'none'; style-src 'unsafe-inline'; "
        f"img-src {images}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )


def new_token() -> str:
    """144 random bits for the addresses of one run."""
    return secrets.token_urlsafe(18)


def read_key(path: Path) -> str:
    """The project's key, made at first use and readable by its owner only.

    Raises:
        NewsletterError: The file cannot be written.
    """
    try:
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        key = ""
    if len(key) < 20 or not key.replace("-", "").replace("_", "").isalnum():
        key = secrets.token_urlsafe(18)
        write_atomically(path, key + "\n", mode=0o600)
    return key


class Guard:
    """ASGI middleware in front of every page, picture and event stream of the preview.

    Args:
        app: What is guarded.
        token: First part of every path.
        key: Shown by a page that was open before this run.
        port: The port that is listened on.
    """

    def __init__(self, app: ASGIApp, token: str, key: str, port: int) -> None:
        self._app = app
        self._token = token
        self._key = key
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

            await self._answer(scope)(scope, receive, send_guarded)

    def _answer(self, scope: Scope) -> ASGIApp:
        headers = Headers(scope=scope)
        if headers.get("host", "").lower() not in self._hosts:
            return _refusal("The preview answers to 127.0.0.1 and localhost only.")
        if not self._from_here(headers, scope["method"]):
            return _refusal("The preview does not answer to other web sites.")
        if scope["path"] == RESUME_PATH:
            if scope["method"] == "POST" and _equal(headers.get(RESUME_HEADER, ""), self._key):
                return PlainTextResponse(f"/{self._token}")
            return _refusal("This page is of another project.")
        if not _equal(scope["path"].lstrip("/").partition("/")[0], self._token):
            return _refusal(
                "This address lacks the token that `newsletter preview` printed; "
                "each run has a new one."
            )
        return self._app

    def _from_here(self, headers: Headers, method: str) -> bool:
        origin = headers.get("origin")
        ours = {f"http://{host}" for host in self._hosts}
        if method not in _READS:
            # What changes a file has to come from our own page, and say so.
            return origin in ours and headers.get("sec-fetch-site", "same-origin") == "same-origin"
        # An address typed, or clicked elsewhere, is harmless without the token and arrives without
        # Origin; anything else a browser marks with where it comes from.
        if origin is not None and origin not in ours:
            return False
        typed = (
            headers.get("sec-fetch-mode") == "navigate"
            and headers.get("sec-fetch-dest") == "document"
        )
        return typed or headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _equal(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(), wanted.encode())


def _refusal(why: str) -> PlainTextResponse:
    return PlainTextResponse(why, 403)
