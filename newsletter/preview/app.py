"""The pages of the preview and where they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Lifespan

from newsletter.lint.rules.html_size import LIMIT
from newsletter.preview.desk import Desk, Page
from newsletter.preview.document import with_pictures, without_long_base64
from newsletter.preview.guard import LETTER_POLICY, Guard
from newsletter.preview.mail import Mail
from newsletter.preview.outbox import SHOWN
from newsletter.preview.watch import Bell

HERE = Path(__file__).parent
SHOWS = ("both", "desktop", "phone")
"""How the letter is shown: at both widths, or at one."""

_pages = Environment(
    loader=FileSystemLoader(HERE / "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals.update(limit=LIMIT, most=SHOWN)
_pages.filters["source"] = without_long_base64
_pages.filters["kb"] = lambda size: f"{max(1, round(size / 1024)):,} KB"


def make_app(desk: Desk, bell: Bell, token: str, port: int, lifespan: Lifespan[Starlette]) -> Guard:
    """The preview as an ASGI application.

    Args:
        desk: What the pages show.
        bell: Rings when something was saved.
        token: First part of every path.
        port: The port that is listened on.
        lifespan: What runs beside the pages.
    """
    site = _Site(desk, bell, f"/{token}")
    routes = [
        Route("/", site.home),
        Route("/issue/{slug}", site.home),
        Route("/issue/{slug}/letter.html", site.letter_document),
        Route("/issue/{slug}/picture/{cid}", site.letter_picture),
        Route("/issue/{slug}/outbox/{key}", site.message),
        Route("/issue/{slug}/{tab}", site.tab),
        Route("/outbox/{key}/letter.html", site.message_document),
        Route("/outbox/{key}/picture/{cid}", site.message_picture),
        Route("/events/{slug}", site.events),
        Mount("/static", StaticFiles(directory=HERE / "static")),
    ]
    app = Starlette(
        routes=[Mount(f"/{token}", routes=routes)],
        lifespan=lifespan,
        exception_handlers={HTTPException: site.refused, Exception: site.failed},
    )
    return Guard(app, token, port)


class _Site:
    """The handlers. The synchronous ones run in threads, so that events are never held up."""

    def __init__(self, desk: Desk, bell: Bell, base: str) -> None:
        self._desk = desk
        self._bell = bell
        self._base = base

    def home(self, request: Request) -> Response:
        slug = request.path_params.get("slug") or next(iter(self._desk.issues()), "")
        if not slug:
            return self._sorry("There is no issue yet.", "Start one with: newsletter new", 404)
        return RedirectResponse(f"{self._base}/issue/{quote(slug)}/letter", 307)

    def tab(self, request: Request) -> Response:
        tab = request.path_params["tab"]
        if tab == "outbox":
            return self._outbox(request, "")
        if tab not in ("letter", "text", "source", "findings"):
            raise HTTPException(404)
        return self._render(request, tab, part=_choice(request, "part", ("html", "message")))

    def message(self, request: Request) -> Response:
        return self._outbox(request, request.path_params["key"])

    def letter_document(self, request: Request) -> Response:
        page = self._page(request)
        folder = f"{self._base}/issue/{quote(page.view.slug)}/picture"
        return _document(_mail(page), folder)

    def letter_picture(self, request: Request) -> Response:
        return _picture(_mail(self._page(request)), request.path_params["cid"])

    def message_document(self, request: Request) -> Response:
        key = request.path_params["key"]
        return _document(self._desk.outbox.open(key), f"{self._base}/outbox/{quote(key)}/picture")

    def message_picture(self, request: Request) -> Response:
        mail = self._desk.outbox.open(request.path_params["key"])
        return _picture(mail, request.path_params["cid"])

    async def events(self, request: Request) -> Response:
        page = await run_in_threadpool(self._page, request)

        async def stream() -> AsyncIterator[str]:
            last = ""
            yield "retry: 500\n\n"
            async for rung in self._bell.listen():
                if not rung:
                    yield ": still here\n\n"
                    continue
                now = await run_in_threadpool(self._desk.page, page.view.slug)
                if now is not None and now.digest != last:
                    last = now.digest
                    yield f"event: changed\ndata: {last}\n\n"

        return StreamingResponse(stream(), media_type="text/event-stream")

    async def refused(self, _request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status != HTTPStatus.NOT_FOUND:
            return self._sorry("That cannot be asked of the preview.", "", status)
        return self._sorry("There is no such page.", "Choose an issue:", status)

    async def failed(self, _request: Request, error: Exception) -> Response:
        said = f"{type(error).__name__}: {error}"
        return self._sorry("The preview has a mistake of its own.", said, 500)

    def _page(self, request: Request) -> Page:
        page = self._desk.page(request.path_params["slug"])
        if page is None:
            raise HTTPException(404)
        return page

    def _outbox(self, request: Request, key: str) -> Response:
        outbox = self._desk.outbox
        entries = outbox.newest()
        key = key or (entries[0].key if entries else "")
        mail = outbox.open(key) if key else None
        if key and mail is None:
            raise HTTPException(404)
        part = _choice(request, "part", ("html", "text", "headers", "source"))
        return self._render(request, "outbox", part=part, entries=entries, key=key, mail=mail)

    def _render(self, request: Request, tab: str, **values: object) -> Response:
        page = self._page(request)
        show = _choice(request, "show", SHOWS)
        keep = "" if show == SHOWS[0] else f"?show={show}"
        return HTMLResponse(
            _pages.get_template(f"{tab}.html").render(
                base=self._base, page=page, view=page.view, tab=tab, show=show, keep=keep, **values
            )
        )

    def _sorry(self, message: str, hint: str, status: int) -> Response:
        values = {"message": message, "hint": hint, "issues": self._desk.issues()}
        template = _pages.get_template("sorry.html")
        return HTMLResponse(template.render(base=self._base, **values), status)


def _choice(request: Request, name: str, choices: tuple[str, ...]) -> str:
    asked = request.query_params.get(name, "")
    return asked if asked in choices else choices[0]


def _mail(page: Page) -> Mail | None:
    return page.view.letter.mail if page.view.letter else None


def _document(mail: Mail | None, folder: str) -> Response:
    if mail is None:
        raise HTTPException(404)
    letter = with_pictures(mail.html, mail.pictures, folder)
    return HTMLResponse(letter, headers={"Content-Security-Policy": LETTER_POLICY})


def _picture(mail: Mail | None, cid: str) -> Response:
    picture = mail.pictures.get(cid) if mail else None
    if picture is None:
        raise HTTPException(404)
    policy = {"Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(picture.data, media_type=picture.content_type, headers=policy)
