"""The preview as an ASGI application: where its pages are."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Lifespan

from newsletter.preview.desk import Desk
from newsletter.preview.editing import Editing
from newsletter.preview.guard import Guard
from newsletter.preview.routes import (
    changes,
    events,
    issue,
    letters,
    outbox,
    proofs,
    readers,
    start,
)
from newsletter.preview.site import HERE, Site
from newsletter.preview.watch import Bell

_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def make_app(
    desk: Desk,
    bell: Bell,
    *,
    token: str,
    key: str,
    port: int,
    lifespan: Lifespan[Starlette],
) -> Guard:
    """The preview as an ASGI application.

    Args:
        desk: What the pages show.
        bell: Rings when something was saved.
        token: First part of every path.
        key: What an open page needs to find the preview again.
        port: The port that is listened on.
        lifespan: What runs beside the pages.
    """
    editing = Editing(desk.root)
    site = Site(desk, editing, bell, f"/{token}", key)
    parts = (start, issue, letters, changes, readers, proofs, outbox, events)
    routes = [route for part in parts for route in part.routes(site)]
    routes.append(_static(HERE / "static"))
    app = Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        lifespan=lifespan,
        exception_handlers={HTTPException: site.refused, Exception: site.failed},
    )
    return Guard(app, token, key, port)


def _static(folder: Path) -> BaseRoute:
    """The files of a folder, kept: a page asks for twenty of them while its letter is made."""
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    async def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            raise HTTPException(404)
        return Response(files[name], media_type=_TYPES[Path(name).suffix])

    return Route("/static/{name}", file)
