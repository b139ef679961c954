"""What all handlers of the preview share: the desk, the pages' templates, and how they answer."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from newsletter.errors import NewsletterError
from newsletter.lint.rules.html_size import LIMIT
from newsletter.preview.desk import Desk
from newsletter.preview.document import without_long_base64
from newsletter.preview.editing import Editing
from newsletter.preview.scripts import imported
from newsletter.preview.shown import PRESETS, WIDTHS, Panel
from newsletter.preview.watch import Bell
from newsletter.render.bytecode import Compiled

HERE = Path(__file__).parent
LARGEST_REQUEST = 1_000_000
"""Bytes of what a page sends, but for a draft."""

Values = Mapping[str, object]

_pages = Environment(
    loader=FileSystemLoader(HERE / "pages"),
    bytecode_cache=Compiled("preview", HERE / "pages"),
    optimized=False,
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_pages.globals.update(limit=LIMIT, presets=PRESETS, widths=WIDTHS, Panel=Panel, imported=imported)
_pages.filters["source"] = without_long_base64
_pages.filters["kb"] = lambda size: f"{max(1, round(size / 1024)):,} KB"
_pages.filters["sentence"] = lambda text: f"{text[:1].upper()}{text[1:]}"


class Site:
    """The preview as its handlers know it.

    Args:
        desk: What the pages show.
        editing: What changes issue files.
        bell: Rings when something was saved.
        base: ``/`` and the token: the beginning of every address.
        key: What an open page needs to find the preview again.
    """

    def __init__(self, desk: Desk, editing: Editing, bell: Bell, base: str, key: str) -> None:
        self.desk = desk
        self.editing = editing
        self.bell = bell
        self.base = base
        self._key = key

    def issue_address(self, slug: str) -> str:
        """The page of an issue."""
        return f"{self.base}/issue/{quote(slug)}"

    @property
    def stamp(self) -> str:
        """Changes whenever a page may look different."""
        return f"{self.desk.revision}.{self.desk.outbox.stamp}"

    def page(self, template: str, status: int = 200, *, stamp: str, **values: object) -> Response:
        """A page of ours.

        Args:
            template: Its file.
            status: HTTP's.
            stamp: ``Site.stamp`` from before the values were worked out: of what was saved since,
                the page must still be told.
            values: For the template.
        """
        return HTMLResponse(self._html(template, stamp, values), status)

    def announced(
        self, template: str, sheets: Sequence[str], *, stamp: str, values: Callable[[], Values]
    ) -> Response:
        """A page of ours that takes a while: the browser fetches meanwhile what it will need.

        Nothing may be refused any more once the values are worked out; what goes wrong then is
        said in the page.

        Args:
            template: Its file.
            sheets: Names of its style sheets (RFC 8288; HTML's preload). Not its modules: what
                must not be stored is fetched once more when a page itself names it.
            stamp: As for ``page``.
            values: Gives the values for the template.
        """

        def body() -> Iterator[str]:
            try:
                yield self._html(template, stamp, values())
            except Exception as error:  # noqa: BLE001 - the answer has begun, and must not break off
                yield self._html("sorry.html", stamp, self._reason(error))

        links = ", ".join(f"<{self.base}/static/{name}>; rel=preload; as=style" for name in sheets)
        return StreamingResponse(body(), media_type="text/html", headers={"Link": links})

    def _html(self, template: str, stamp: str, values: Values) -> str:
        return _pages.get_template(template).render(
            {
                "base": self.base,
                "key": self._key,
                "resume_key": self._key,  # whatever a page itself calls its key
                "stamp": stamp,
                "newsletter": self.desk.project.settings.name,
                **values,
            }
        )

    def _reason(self, error: Exception) -> Values:
        message, hint = "The preview has a mistake of its own.", f"{type(error).__name__}: {error}"
        if isinstance(error, NewsletterError):
            message, hint = error.message, error.hint
        return {"message": message, "hint": hint, "slugs": self.desk.slugs()[:20]}

    def sorry(self, message: str, hint: str, status: int) -> Response:
        """A page that says why there is no other."""
        stamp, slugs = self.stamp, self.desk.slugs()[:20]
        return self.page("sorry.html", status, stamp=stamp, message=message, hint=hint, slugs=slugs)

    async def refused(self, _request: Request, error: Exception) -> Response:
        """What Starlette refuses, as a page."""
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status != HTTPStatus.NOT_FOUND:
            return self.sorry("That cannot be asked of the preview.", "", status)
        return self.sorry("There is no such page.", "Choose an issue:", status)

    async def failed(self, request: Request, error: Exception) -> Response:
        """A mistake of the preview's own."""
        if request.method == "POST":
            said = f"{type(error).__name__}: {error}"
            return JSONResponse({"message": f"The preview failed: {said}", "hint": ""}, 500)
        return self.page("sorry.html", 500, stamp=self.stamp, **self._reason(error))


def action(
    handler: Callable[[Request, dict[str, Any]], dict[str, Any] | None],
) -> Callable[[Request], Any]:
    """A handler that takes what the page sends, as JSON, and answers likewise.

    What must not be done is answered with 409 and ``message`` and ``hint``.
    """

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        sent = bytearray()
        async for piece in request.stream():
            sent += piece
            if len(sent) > LARGEST_REQUEST:
                raise HTTPException(413)
        try:
            asked = json.loads(bytes(sent) or b"{}")
            json.dumps(asked, ensure_ascii=False).encode()  # half a character can never be written
        except (ValueError, RecursionError):
            raise HTTPException(400) from None
        if not isinstance(asked, dict):
            raise HTTPException(400)
        try:
            return JSONResponse(await run_in_threadpool(handler, request, asked) or {})
        except NewsletterError as error:
            return refusal(error)
        except (KeyError, TypeError, ValueError, OverflowError):
            raise HTTPException(400) from None

    return answer


def text_in(asked: dict[str, Any], name: str) -> str:
    """A text that a page has to send.

    Raises:
        KeyError: It was not sent.
        TypeError: It is no text.
    """
    value = asked[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def refusal(error: NewsletterError) -> Response:
    """Why something was not done."""
    return JSONResponse({"message": error.message, "hint": error.hint}, HTTPStatus.CONFLICT)
