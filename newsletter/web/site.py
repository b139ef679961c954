"""What all handlers of the readers' pages share: the database, the pages, and how they answer."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import anyio
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from newsletter.web.caps import Caps
from newsletter.web.languages import choose, match
from newsletter.web.log import Log
from newsletter.web.metrics import Metrics
from newsletter.web.pages import Page, Pages
from newsletter.web.stamps import Stamps
from newsletter.web.texts import SOURCE, Texts, load_texts

if TYPE_CHECKING:
    from newsletter.database.engine import Database
    from newsletter.project import Project
    from newsletter.web.leaving import Leaving

P = ParamSpec("P")
T = TypeVar("T")

_DATABASE_THREADS = 8
"""Handlers that use the database at the same time; others wait their turn."""

NO_STORE = {"Cache-Control": "no-store", "Vary": "Accept-Language"}
"""Of every page here: its language follows the browser, and its address may be a reader's own."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A list as a form shows it.

    Attributes:
        name: In newsletter.toml.
        title: What readers see.
        description: A line under it, or empty.
        checked: Whether it is ticked.
    """

    name: str
    title: str
    description: str
    checked: bool


class Site:
    """The readers' pages as their handlers know them.

    Args:
        project: The newsletter.
        leaving: Takes readers off lists.
        wake: Tells the postman that there is something to do.
        now: Tells the time.
        log: Where events are written.
        archive: Relative link from the first page to the archive; empty if there is none.
    """

    def __init__(
        self,
        project: Project,
        leaving: Leaving,
        wake: Callable[[], None],
        now: Callable[[], datetime.datetime],
        log: Log,
        archive: str = "",
    ) -> None:
        self.settings = project.settings
        self.database: Database = project.database
        self.lists = project.settings.all_lists
        self.leaving = leaving
        self.wake = wake
        self.now = now
        self.log = log
        self.archive = archive
        self.metrics = Metrics()
        self.stamps = Stamps(self.database.keys)
        web = project.settings.web
        self.caps = Caps(web.requests_per_hour, web.requests_per_network)
        self.texts = load_texts(project.template_folders)
        self.pages = Pages(project.template_folders, project.publication)
        self.neutral = bool(self.settings.must_not_reveal)
        self.labels = [(tag, _own_name(tag)) for tag in sorted(self.texts)]
        usual = match(self.settings.language, self.texts) or SOURCE
        self._known = [usual, *(tag for tag in self.texts if tag != usual)]
        self._limiter = anyio.CapacityLimiter(_DATABASE_THREADS)

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something that takes its time, such as asking the database, in another thread."""
        return await anyio.to_thread.run_sync(
            lambda: function(*args, **kwargs), limiter=self._limiter
        )

    def texts_for(self, request: Request, *wishes: str) -> Texts:
        """The words for whoever asks: ``?lang=``, then other wishes, then the browser's."""
        asked = request.query_params.get("lang", "")
        accepted = request.headers.get("accept-language", "")
        return self.texts[choose(self._known, asked, *wishes, accepted=accepted)]

    def texts_in(self, language: str) -> Texts:
        """The words for a reader's language."""
        return self.texts[choose(self._known, language)]

    def page(
        self,
        request: Request,
        template: str,
        name: str,
        texts: Texts,
        *,
        status: int = 200,
        keep: bool = False,
        **values: Any,
    ) -> Response:
        """A page of ours.

        Args:
            request: What it answers.
            template: Its file, without the ending.
            name: Which page it is.
            texts: The words.
            status: HTTP's.
            keep: Whether it is the same for everybody, and so made only once.
            values: For the template.
        """
        depth = request.scope["path"].count("/") - 1
        root = "../" * depth or "./"
        page = Page(name, texts.language, texts.direction, root, tuple(self.texts))
        make = self.pages.kept if keep else self.pages.html
        shown = {"languages": self.labels, "neutral": self.neutral, **values}
        return HTMLResponse(make(template, page, texts, shown), status, headers=NO_STORE)

    def message(
        self,
        request: Request,
        name: str,
        texts: Texts,
        title: str,
        *paragraphs: str,
        status: int = 200,
        links: Sequence[tuple[str, str]] = (),
    ) -> Response:
        """A page that says something, always the same for its name and language."""
        return self.page(
            request,
            "message",
            name,
            texts,
            status=status,
            keep=True,
            title=title,
            paragraphs=paragraphs,
            links=links,
        )

    def sorry(self, request: Request, status: int) -> Response:
        """The page for what cannot be answered; it repeats nothing of what was asked for."""
        texts = self.texts_for(request)
        said: Mapping[int, str] = {
            403: texts(
                "This form came from another site. Please open the page here, and try again."
            ),
            404: texts("There is no such page, or the link is not whole. Please copy all of it."),
            413: texts("That was too much to read."),
            500: texts("Something went wrong here. Please try again later."),
            503: texts("That cannot be done at the moment. Please try again in a minute."),
        }
        usual = texts("That cannot be asked of this page.")
        title = texts("Sorry")
        return self.message(
            request, f"sorry-{status}", texts, title, said.get(status, usual), status=status
        )

    def choices(self, checked: Sequence[str] | None = None) -> list[Choice]:
        """The lists that everybody may see.

        Args:
            checked: Names of those that are ticked; without it, the first.
        """
        public = {name: each for name, each in self.lists.items() if each.public}
        ticked = list(public)[:1] if checked is None else checked
        return [
            Choice(name, each.title, each.description, name in ticked)
            for name, each in public.items()
        ]


def _own_name(tag: str) -> str:
    """What a language calls itself."""
    from babel.core import Locale, UnknownLocaleError

    try:
        name = Locale.parse(tag, sep="-").get_display_name() or tag
    except (UnknownLocaleError, ValueError):
        return tag
    return name[:1].upper() + name[1:]
