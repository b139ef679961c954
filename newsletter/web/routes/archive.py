"""The archive over HTTP: Starlette's side of ``newsletter.web.archive``."""

from __future__ import annotations

from urllib.parse import quote

from anyio import CapacityLimiter, to_thread
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from newsletter.web.archive.live import LiveArchive
from newsletter.web.archive.names import ROBOTS, SEARCH
from newsletter.web.archive.resource import Resource

_SEARCHES = 2
"""Searches at the same time; others wait, and nobody waits for them who wants a page."""


def archive_routes(archive: LiveArchive, folder: str) -> list[Route]:
    """The routes of the archive.

    No header of a request changes what is answered but the two that ask whether it changed, and
    redirects are relative: no cache can be made to keep what somebody else put in.

    Args:
        archive: What is shown.
        folder: Where, with slashes around it: ``/letters/``; see ``addresses.mount_path``.
    """
    searching = CapacityLimiter(_SEARCHES)

    async def show(request: Request) -> Response:
        path: str = request.path_params["path"]
        resource = archive.kept(path) or await run_in_threadpool(archive.get, path)
        if resource is not None:
            return answer(request, resource)
        slug = path.removesuffix("/")
        if slug != path and await run_in_threadpool(archive.get, slug) is not None:
            # An issue is no folder: below one, its relative links would lead nowhere.
            return RedirectResponse(f"../{quote(slug, safe='')}", 308)
        raise HTTPException(404)  # the page for it is the same for all readers' pages

    async def search(request: Request) -> Response:
        typed = request.query_params.get("q", "")
        page = request.query_params.get("page", "")
        number = int(page) if page.isascii() and page.isdecimal() and len(page) < 4 else 1
        found = await to_thread.run_sync(archive.find, typed, number, limiter=searching)
        return answer(request, found)

    async def robots(request: Request) -> Response:
        resource = archive.kept(ROBOTS) or await run_in_threadpool(archive.get, ROBOTS)
        if resource is None:
            raise HTTPException(404)
        return answer(request, resource)

    async def enter(request: Request) -> Response:  # noqa: ARG001 - as Starlette calls it
        return RedirectResponse(quote(folder.rstrip("/").rpartition("/")[2]) + "/", 308)

    routes = [Route(f"{folder}{SEARCH}", search), Route(f"{folder}{{path:path}}", show)]
    if folder != "/":
        routes += [Route(folder.rstrip("/"), enter), Route(f"/{ROBOTS}", robots)]
    return routes


def answer(request: Request, resource: Resource) -> Response:
    """A resource, or 304 for whoever has it already (RFC 9110, section 15.4.5)."""
    headers = {"ETag": resource.etag, "Cache-Control": resource.cache}
    if resource.last_modified:
        headers["Last-Modified"] = resource.last_modified
    asked = request.headers
    if resource.is_known(asked.get("if-none-match"), asked.get("if-modified-since")):
        return Response(status_code=304, headers=headers)
    headers |= _OF_FILES
    if resource.policy:
        headers["Content-Security-Policy"] = f"{resource.policy}; frame-ancestors 'none'"
    headers["Content-Type"] = resource.content_type
    return Response(resource.body, headers=headers)


_OF_FILES = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of everything; pages have a policy of their own."""
