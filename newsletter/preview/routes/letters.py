"""The documents in the frames: the letter in its appearances, its web version, its pictures."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError
from newsletter.preview.appearances import Appearance, appear, light
from newsletter.preview.document import with_pictures
from newsletter.preview.guard import letter_policy
from newsletter.preview.mail import Picture
from newsletter.preview.shown import Shown
from newsletter.preview.site import Site
from newsletter.preview.view import Letter
from newsletter.preview.web_version import WebVersion

DIGEST = "Newsletter-Digest"
"""Header of a letter's document: equal digests, equal letters."""

_APPEARANCES = {appearance.value: appearance for appearance in Appearance}
_NOTHING = {"Content-Security-Policy": "default-src 'none'; sandbox"}


def routes(site: Site) -> Sequence[BaseRoute]:
    """Below ``/issue/{slug}``: the letter, the same with places, the web version, pictures."""

    def letter_of(request: Request) -> Letter:
        shown = Shown.of(request.query_params)
        view = site.desk.view(request.path_params["slug"], shown.reader, check=False)
        if view is None or view.letter is None:
            raise HTTPException(404)
        return view.letter

    def web_of(request: Request) -> WebVersion:
        slug = request.path_params["slug"]
        try:
            page = site.desk.web(slug, f"{site.issue_address(slug)}/web-picture")
        except NewsletterError as error:
            raise HTTPException(404, error.message) from error
        if page is None:
            raise HTTPException(404)
        return page

    def letter(request: Request) -> Response:
        found = letter_of(request)
        asked = request.query_params.get("as", "")
        appearance = _APPEARANCES.get(asked, Appearance.LETTER)
        folder = f"{site.issue_address(request.path_params['slug'])}/picture"
        html = with_pictures(found.mail.html, found.pictures, folder, found.assets_url)
        images = "'none'" if appearance.blocks_images else _images(request)
        headers = {"Content-Security-Policy": letter_policy(images=images), DIGEST: found.digest}
        # "As sent" means: to somebody whose screen is light, whatever the editor's own is.
        shown = light(html) if appearance is Appearance.LETTER else appear(html, appearance)
        return HTMLResponse(shown, headers=headers)

    def marked(request: Request) -> Response:
        """The letter with its places: read by the page, never shown."""
        shown = Shown.of(request.query_params)
        try:
            html = site.desk.marked(request.path_params["slug"], shown.reader)
        except NewsletterError as error:  # no such reader
            raise HTTPException(404, error.message) from error
        return HTMLResponse(html, headers=_NOTHING)

    def web(request: Request) -> Response:
        page = web_of(request)
        policy = letter_policy(images=_images(request))
        headers = {"Content-Security-Policy": policy, DIGEST: page.digest}
        return HTMLResponse(page.html, headers=headers)

    def picture(request: Request) -> Response:
        return picture_response(letter_of(request).pictures.get(request.path_params["name"]))

    def web_picture(request: Request) -> Response:
        return picture_response(web_of(request).pictures.get(request.path_params["name"]))

    return [
        Route("/issue/{slug}/letter.html", letter),
        Route("/issue/{slug}/marked.html", marked),
        Route("/issue/{slug}/web.html", web),
        Route("/issue/{slug}/picture/{name}", picture),
        Route("/issue/{slug}/web-picture/{name}", web_picture),
    ]


def picture_response(picture: Picture | None) -> Response:
    """A picture, or that there is none."""
    if picture is None:
        raise HTTPException(404)
    return Response(picture.data, media_type=picture.content_type, headers=_NOTHING)


def _images(request: Request) -> str:
    return "'self' data: https:" if request.query_params.get("remote") == "1" else "'self' data:"
