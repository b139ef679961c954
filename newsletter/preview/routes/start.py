"""The start page: all issues, a new one, and one made of a draft."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.preview.bringing_in import LARGEST, Taken, bring_in, read_day
from newsletter.preview.shelf import Line, Shelf, State
from newsletter.preview.site import Site, action, refusal
from newsletter.project import today

NOTES = {
    State.DRAFT: "Marked as a draft: cannot be sent",
    State.READY: "Released by its editor",
    State.HELD: "Released, but errors block sending",
    State.SENT: "Every reader's copy is accounted for",
    State.UNFINISHED: "Some readers' copies are still open: newsletter status says which",
    State.BROKEN: "The file is no valid issue",
}
"""What each state means."""

_SHEETS = ("desk.css", "start.css")


def routes(site: Site) -> Sequence[BaseRoute]:
    """``/``, and what it does: ``shelf/check``, ``shelf/new``, ``shelf/import``."""
    desk, shelf = site.desk, Shelf(site.desk)

    def page(_request: Request) -> Response:
        return site.announced("start.html", _SHEETS, stamp=site.stamp, values=values)

    def values() -> dict[str, object]:
        return {
            "stock": shelf.stock(),
            "notes": NOTES,
            "largest": LARGEST,
            "said": said,
            "searched": searched,
        }

    def check(_request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """What a check says of one issue; the page asks for one after the other."""
        line = shelf.check(str(asked["name"]))
        if line is None or line.verdict is None:
            return {"later": True}
        return {
            "verdict": str(line.verdict),
            "mood": line.verdict.mood,
            "state": line.state.value,
            "note": NOTES[line.state],
        }

    def new(_request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        from newsletter.scaffold.issue import new_issue

        path = new_issue(desk.project, str(asked.get("name") or "").strip() or None, today=today())
        return {"address": site.issue_address(path.stem)}

    async def import_(request: Request) -> Response:
        try:
            data = await _body(request)
            query = request.query_params
            day = read_day(query.get("date", ""))
            name = query.get("name", "")
            made = await run_in_threadpool(bring_in, desk.project, data, name, day)
        except NewsletterError as error:
            return refusal(error)
        if isinstance(made, Taken):
            return JSONResponse(
                {
                    "message": f"There is an issue {made.slug} already",
                    "hint": "It was not touched. Choose another day for this one.",
                    "free": made.free.isoformat(),
                },
                409,
            )
        return JSONResponse({**made, "address": site.issue_address(made["slug"])})

    return [
        Route("/", page),
        Route("/shelf/check", action(check), methods=["POST"]),
        Route("/shelf/new", action(new), methods=["POST"]),
        Route("/shelf/import", import_, methods=["POST"]),
    ]


def said(day: datetime.date, *, weekday: bool = True) -> str:
    """``Fri 20 Nov 2026``."""
    return f"{f'{day:%a} ' if weekday else ''}{day.day} {day:%b %Y}"


def searched(line: Line) -> str:
    """What an issue is found by, besides its subject: one headline or date on each line."""
    day = line.day
    dates = (f"{day.isoformat()} {day.day} {day:%B %Y %A}",) if day else ()
    return "\n".join((*line.headlines, line.slug, *dates))


async def _body(request: Request) -> bytes:
    """The bytes of a draft.

    Raises:
        NewsletterError: There are none, or too many; reading stops there.
    """
    too_large = NewsletterError(
        f"The draft has more than {LARGEST // 1_000_000} MB",
        "Take pictures out of it; nothing was imported.",
    )
    length = request.headers.get("content-length", "")
    if length.isascii() and length.isdigit() and int(length) > LARGEST:
        raise too_large
    sent = bytearray()
    async for piece in request.stream():
        sent += piece
        if len(sent) > LARGEST:
            raise too_large
    if not sent:
        raise NewsletterError("The draft is empty", "Choose a file with text in it.")
    return bytes(sent)
