"""The link in the mail that asks whether it was really you."""

from __future__ import annotations

import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.audience.subscriptions import confirm
from newsletter.audience.tokens import Purpose, unseal
from newsletter.web.dead_link import dead_subscription_link
from newsletter.web.forms import read_form
from newsletter.web.origin import from_elsewhere
from newsletter.web.site import Site
from newsletter.web.texts import Texts


def routes(site: Site) -> list[Route]:
    """``/confirm/TOKEN``."""
    valid = datetime.timedelta(days=site.settings.retention.unconfirmed_days)

    def expired(request: Request, texts: Texts) -> Response:
        return site.message(
            request,
            "expired",
            texts,
            texts("This link is too old"),
            texts("Please subscribe once more; you will get a new one."),
            links=[(f"../subscribe?lang={texts.language}", texts("Subscribe"))],
        )

    async def show(request: Request) -> Response:
        numbers = unseal(site.database.keys, Purpose.CONFIRM, request.path_params["token"])
        if numbers is None:
            return dead_subscription_link(site, request)
        texts = site.texts_for(request)
        if is_old(site, numbers[1], valid):
            return expired(request, texts)
        return site.page(
            request,
            "button",
            "confirm",
            texts,
            keep=True,
            title=texts("One more step"),
            paragraphs=[texts("Press the button to confirm that you want to get these letters.")],
            button=texts("Yes, I want to get them"),
        )

    async def send(request: Request) -> Response:
        numbers = unseal(site.database.keys, Purpose.CONFIRM, request.path_params["token"])
        if numbers is None:
            return dead_subscription_link(site, request)
        if from_elsewhere(request.headers, site.settings.base_url):
            return site.sorry(request, 403)
        await read_form(request)
        texts = site.texts_for(request)
        if is_old(site, numbers[1], valid):
            return expired(request, texts)
        if await site.run(confirm, site.database, numbers[0], site.now()):
            site.metrics.count("subscription", "confirmed")
        return site.message(
            request,
            "confirmed",
            texts,
            texts("You are subscribed"),
            texts("The next letter will come to your mailbox. You can close this page."),
        )

    return [
        Route("/confirm/{token}", show, methods=["GET"]),
        Route("/confirm/{token}", send, methods=["POST"]),
    ]


def is_old(site: Site, made_at: int, valid: datetime.timedelta) -> bool:
    """Whether a link that was made at a time (seconds since 1970) has ceased to work."""
    return site.now().timestamp() - made_at > valid.total_seconds()
