"""The page of an issue."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from newsletter.errors import NotFoundError
from newsletter.preview.appearances import Appearance, has_own_dark
from newsletter.preview.inbox import rows, text_of
from newsletter.preview.reader import open_fields
from newsletter.preview.shown import PANELS, Panel, Shown, Side
from newsletter.preview.site import Site
from newsletter.preview.view import Letter

WAIT = "Newsletter-Wait"
"""Header of a request that wants to have the findings too, and waits for them."""

_SHEETS = ("desk.css", "panes.css", "sides.css")


def routes(site: Site) -> Sequence[BaseRoute]:
    """``/issue/{slug}``, with the choice of ``newsletter.preview.shown`` behind it."""

    def page(request: Request) -> Response:
        slug, shown = request.path_params["slug"], Shown.of(request.query_params)
        if not site.desk.knows(slug):
            raise HTTPException(404)
        # The first look must not wait for the check; the page asks for it at once.
        check = WAIT in request.headers
        return site.announced(
            "issue.html", _SHEETS, stamp=site.stamp, values=lambda: values(slug, shown, check=check)
        )

    def values(slug: str, shown: Shown, *, check: bool) -> dict[str, object]:
        view = site.desk.view(slug, shown.reader, check=check)
        if view is None:
            raise NotFoundError(f"There is no issue {slug} any more.", "Put its file back.")
        letter, good = view.letter, site.desk.good(slug)
        kinds = {pane.kind for pane in shown.panes}
        return {
            "view": view,
            "shown": shown,
            "here": site.issue_address(slug),
            "slugs": site.desk.slugs(),
            "kinds": [(kind.value, kind.label) for kind in Appearance]
            + [(kind.value, PANELS[kind][0]) for kind in Panel],
            "Side": Side,
            "letter_has_dark": bool(letter and has_own_dark(letter.mail.html)),
            "rows": _rows(letter) if letter and Panel.INBOX in kinds else (),
            "fields": open_fields(good.galley.edition) if good and good.galley else (),
        }

    return [Route("/issue/{slug}", page)]


def _rows(letter: Letter) -> object:
    mail = letter.mail
    return rows(mail.sender, mail.subject, letter.preheader, mail.date, text_of(mail.html))
