"""Links of letters by way of us: only where a project counts clicks, and nobody is told apart."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from newsletter.web.site import Site

if TYPE_CHECKING:
    from newsletter.report.clicks import Clicks


def routes(site: Site, clicks: Clicks) -> list[Route]:
    """``/go/SLUG/CODE``: leads to an address that stands in a letter that was sent, and no other.

    Args:
        site: The pages.
        clicks: Knows the links, and counts.
    """

    async def go(request: Request) -> Response:
        slug, code = request.path_params["slug"], request.path_params["code"]
        today = site.now().astimezone(datetime.UTC).date()
        url = await site.run(clicks.follow, slug, code, today)
        if url is None:
            return site.sorry(request, 404)
        return RedirectResponse(url, 302, headers={"Cache-Control": "no-store"})

    return [Route("/go/{slug}/{code}", go, methods=["GET"])]
