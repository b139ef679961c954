"""Leaving: by a button on a page, or by one click in the mail program (RFC 8058).

It works for as long as the letter is kept, without a question, a cookie or a redirect. Opening the
page changes nothing: mail servers open links to look at them.
"""

from __future__ import annotations

import asyncio
import contextlib

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.audience.tokens import Purpose, unseal
from newsletter.delivery.sample import SAMPLE_TOKEN
from newsletter.web.forms import read_form
from newsletter.web.origin import from_elsewhere
from newsletter.web.site import Site

_WARM_SECONDS = 2.0
_OF_PROOFS = {SAMPLE_TOKEN, "proof"}


def routes(site: Site) -> list[Route]:
    """``/unsubscribe/TOKEN``."""

    def proof(request: Request) -> Response:
        texts = site.texts_for(request)
        return site.message(
            request,
            "proof",
            texts,
            texts("This letter was a proof"),
            texts("In the letters that readers get, this link unsubscribes them."),
        )

    async def show(request: Request) -> Response:
        token = request.path_params["token"]
        if token in _OF_PROOFS:
            return proof(request)
        if unseal(site.database.keys, Purpose.UNSUBSCRIBE, token) is None:
            return site.sorry(request, 404)
        texts = site.texts_for(request)
        return site.page(
            request,
            "button",
            "unsubscribe",
            texts,
            keep=True,
            title=texts("Unsubscribe"),
            paragraphs=[texts("Press the button, and no more letters will come from this list.")],
            button=texts("Unsubscribe"),
        )

    async def send(request: Request) -> Response:
        token = request.path_params["token"]
        if token in _OF_PROOFS:
            return proof(request)
        numbers = unseal(site.database.keys, Purpose.UNSUBSCRIBE, token)
        if numbers is None:
            return site.sorry(request, 404)
        form = await read_form(request)
        one_click = form.text("List-Unsubscribe") == "One-Click"
        if not one_click and from_elsewhere(request.headers, site.settings.base_url):
            return site.sorry(request, 403)
        if not await site.leaving.leave(numbers[0]):
            return site.sorry(request, 503)
        site.metrics.count("unsubscribe", "one click" if one_click else "page")
        return _done(site, request)

    return [
        Route("/unsubscribe/{token}", show, methods=["GET"]),
        Route("/unsubscribe/{token}", send, methods=["POST"]),
    ]


async def warm_up(site: Site) -> None:
    """Make the pages and the statement that every request needs, so that the first are not slow."""
    for language in site.texts:
        scope = {
            "type": "http",
            "path": "/unsubscribe/",
            "query_string": f"lang={language}".encode(),
            "headers": [],
        }
        _done(site, Request(scope))
    with contextlib.suppress(TimeoutError):  # somebody may be holding the database
        async with asyncio.timeout(_WARM_SECONDS):
            await site.leaving.leave(0)  # there is no such subscription


def _done(site: Site, request: Request) -> Response:
    texts = site.texts_for(request)
    return site.message(
        request,
        "unsubscribed",
        texts,
        texts("You are unsubscribed"),
        texts("No more letters will come from this list. If one is on its way, it is the last."),
        links=[
            (f"../subscribe?lang={texts.language}", texts("Subscribe again")),
            (f"../preferences?lang={texts.language}", texts("Change your subscription")),
        ],
    )
