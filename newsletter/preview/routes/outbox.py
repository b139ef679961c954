"""The messages in the outbox, as a mail program shows them."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.preview.document import with_pictures
from newsletter.preview.guard import letter_policy
from newsletter.preview.outbox import SHOWN
from newsletter.preview.routes.letters import picture_response
from newsletter.preview.site import Site

PARTS = (("html", "HTML"), ("text", "Text"), ("headers", "Headers"), ("source", "Source"))
"""What is shown of a message, the usual part first."""


def routes(site: Site) -> Sequence[BaseRoute]:
    """``/outbox``, and each message and its parts below it."""

    def page(request: Request) -> Response:
        stamp, outbox = site.stamp, site.desk.outbox
        key = request.path_params.get("key", "")
        search = request.query_params.get("q", "").strip()
        entries = outbox.newest(search)
        key = key or (entries[0].key if entries else "")
        mail = outbox.open(key) if key else None
        if key and mail is None:
            raise HTTPException(404)
        part = request.query_params.get("part", "")
        return site.page(
            "outbox.html",
            stamp=stamp,
            entries=entries,
            count=outbox.count(),
            most=SHOWN,
            search=search,
            key=key,
            mail=mail,
            parts_of_mail=PARTS,
            part=part if part in dict(PARTS) else PARTS[0][0],
            transport=site.desk.project.settings.transport.partition(":")[0],
        )

    def letter(request: Request) -> Response:
        key = request.path_params["key"]
        mail = site.desk.outbox.open(key)
        if mail is None:
            raise HTTPException(404)
        html = with_pictures(mail.html, mail.pictures, f"{site.base}/outbox/{quote(key)}/picture")
        return HTMLResponse(html, headers={"Content-Security-Policy": letter_policy()})

    def picture(request: Request) -> Response:
        mail = site.desk.outbox.open(request.path_params["key"])
        name = request.path_params["name"]
        return picture_response(mail.pictures.get(name) if mail else None)

    return [
        Route("/outbox", page),
        Route("/outbox/{key}", page),
        Route("/outbox/{key}/letter.html", letter),
        Route("/outbox/{key}/picture/{name}", picture),
    ]
