"""The page for a link from a mail that does not work, or not any more: where to get a new one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.site import Site


def dead_subscription_link(site: Site, request: Request) -> Response:
    """For links that confirm: whoever wanted the letters asks for them once more."""
    texts = site.texts_for(request)
    return site.message(
        request,
        "dead-subscription-link",
        texts,
        texts("This link does not work"),
        texts("A part of it may be missing, or it was switched off for safety."),
        texts("Please subscribe once more; you will get a new one."),
        status=404,
        links=[(f"../subscribe?lang={texts.language}", texts("Subscribe"))],
    )


def dead_preferences_link(site: Site, request: Request, *, below: bool = False) -> Response:
    """For links to what a reader gets, and to a change of address.

    It is the same for a link that never was one: it must not tell whether anybody has it.

    Args:
        site: The site.
        request: What was asked for.
        below: Whether it stands one level deeper than the link itself.
    """
    texts = site.texts_for(request)
    up = "../.." if below else ".."
    return site.message(
        request,
        "dead-preferences-link-below" if below else "dead-preferences-link",
        texts,
        texts("This link does not work"),
        texts("A part of it may be missing, or it was switched off for safety."),
        texts("Please ask for a new one."),
        status=404,
        links=[(f"{up}/preferences?lang={texts.language}", texts("Change your subscription"))],
    )
