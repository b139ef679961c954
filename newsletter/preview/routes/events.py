"""The stream that tells an open page of changes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from newsletter.preview.site import Site


def routes(site: Site) -> Sequence[BaseRoute]:
    """``/events``: ``changed`` with a stamp, and ``created`` with the slug of a new issue."""

    async def stream() -> AsyncIterator[str]:
        last = ""
        seen = set(await run_in_threadpool(site.desk.slugs))
        yield "retry: 500\n\n"
        async for rung in site.bell.listen():
            if not rung:
                yield ": still here\n\n"
                continue
            if site.stamp != last:
                last = site.stamp
                yield f"event: changed\ndata: {last}\n\n"
            # An issue that is saved by renaming is gone for a moment, but not new.
            new = set(await run_in_threadpool(site.desk.slugs)) - seen
            seen |= new
            for slug in sorted(new)[-1:]:
                yield f"event: created\ndata: {slug}\n\n"

    async def events(_request: Request) -> Response:
        return StreamingResponse(stream(), media_type="text/event-stream")

    return [Route("/events", events)]
