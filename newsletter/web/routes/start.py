"""The first page, the style sheet, and whether all is well."""

from __future__ import annotations

import hashlib
import time

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from newsletter.errors import NewsletterError
from newsletter.web.routes.subscribe import form_page
from newsletter.web.site import Site

_SECONDS = 1.0
"""For which the database is not asked again."""


def routes(site: Site) -> list[Route]:
    """``/``, ``/pages.css``, ``/health``."""
    css = site.pages.style_sheet()
    css_headers = {
        "ETag": f'"{hashlib.sha256(css).hexdigest()[:32]}"',
        "Cache-Control": "public, max-age=300",
    }
    asked_at, well = float("-inf"), False

    async def start(request: Request) -> Response:
        return form_page(site, request, "start")

    async def style_sheet(request: Request) -> Response:
        if request.headers.get("if-none-match") == css_headers["ETag"]:
            return Response(status_code=304, headers=css_headers)
        return Response(css, media_type="text/css", headers=css_headers)

    async def health(request: Request) -> Response:  # noqa: ARG001 - as Starlette calls it
        nonlocal asked_at, well
        if time.monotonic() - asked_at > _SECONDS:
            well = await site.run(_ask, site)
            asked_at = time.monotonic()
        return PlainTextResponse(
            "ok\n" if well else "the database does not answer\n",
            200 if well else 503,
            headers={"Cache-Control": "no-store"},
        )

    return [Route("/", start), Route("/pages.css", style_sheet), Route("/health", health)]


def _ask(site: Site) -> bool:
    try:
        with site.database.reading() as connection:
            connection.exec_driver_sql("SELECT 1")
    except NewsletterError:
        return False
    return True
