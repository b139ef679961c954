"""The two links of a change of address, one in each mailbox."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from newsletter.audience.address_changes import VALID, prove
from newsletter.audience.tokens import Purpose, unseal
from newsletter.web.dead_link import dead_preferences_link
from newsletter.web.forms import read_form
from newsletter.web.origin import from_elsewhere
from newsletter.web.routes.confirm import is_old
from newsletter.web.site import Site


def routes(site: Site) -> list[Route]:
    """``/address/TOKEN``."""

    def read(request: Request) -> tuple[int, bool] | None:
        """The change, and whether this is the link of the new mailbox; None if it is none."""
        for purpose in (Purpose.OLD_MAILBOX, Purpose.NEW_MAILBOX):
            numbers = unseal(site.database.keys, purpose, request.path_params["token"])
            if numbers is not None and not is_old(site, numbers[1], VALID):
                return numbers[0], purpose is Purpose.NEW_MAILBOX
        return None

    async def show(request: Request) -> Response:
        if read(request) is None:
            return dead_preferences_link(site, request)
        texts = site.texts_for(request)
        return site.page(
            request,
            "button",
            "address",
            texts,
            keep=True,
            title=texts("Another address"),
            paragraphs=[texts("Press the button to confirm that this mailbox is yours.")],
            button=texts("This mailbox is mine"),
        )

    async def send(request: Request) -> Response:
        change = read(request)
        if change is None:
            return dead_preferences_link(site, request)
        if from_elsewhere(request.headers, site.settings.base_url):
            return site.sorry(request, 403)
        await read_form(request)
        number, new = change
        texts = site.texts_for(request)
        if await site.run(prove, site.database, number, new=new, now=site.now()):
            return site.message(
                request,
                "moved",
                texts,
                texts("Done"),
                texts("Your letters go to the new address from now on."),
            )
        return site.message(
            request,
            "half-moved",
            texts,
            texts("Half done"),
            texts("Now use the link in the other mailbox, too."),
        )

    return [
        Route("/address/{token}", show, methods=["GET"]),
        Route("/address/{token}", send, methods=["POST"]),
    ]
