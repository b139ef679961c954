"""The readers' pages as an ASGI application. What is not named here does not exist."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from newsletter.errors import NewsletterError
from newsletter.web.routes import address, confirm, preferences, start, subscribe, unsubscribe
from newsletter.web.shield import Shield
from newsletter.web.site import Site


def make_app(
    site: Site, others: Sequence[BaseRoute] = (), *, lifespan: Lifespan[Starlette] | None = None
) -> Shield:
    """The readers' pages.

    Args:
        site: What handlers share.
        others: Further routes, such as the archive's; ours go before them.
        lifespan: What runs beside the pages.
    """

    async def refused(request: Request, error: Exception) -> Response:
        return site.sorry(request, error.status_code if isinstance(error, HTTPException) else 500)

    async def out_of_reach(request: Request, error: Exception) -> Response:
        site.log.defect("not answered", error)
        return site.sorry(request, 503)

    async def failed(request: Request, error: Exception) -> Response:
        site.log.defect("defect", error)
        return site.sorry(request, 500)

    parts = (unsubscribe, start, subscribe, confirm, preferences, address)
    app = Starlette(
        routes=[*(route for part in parts for route in part.routes(site)), *others],
        lifespan=lifespan,
        exception_handlers={HTTPException: refused, NewsletterError: out_of_reach},
    )
    app.router.redirect_slashes = False  # it would redirect to whatever stands in Host
    return Shield(_LastNet(app, failed), site.settings.base_url, site.log, site.metrics)


class _LastNet:
    """Answers what nobody else answered; unlike Starlette's own, it does not raise it again."""

    def __init__(
        self, app: ASGIApp, failed: Callable[[Request, Exception], Awaitable[Response]]
    ) -> None:
        self._app = app
        self._failed = failed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception as error:  # noqa: BLE001 - a reader must get a page, and no traceback
            if scope["type"] == "http" and not begun:
                await (await self._failed(Request(scope), error))(scope, receive, send)
