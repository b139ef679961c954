"""The readers' pages as a server, and all that runs beside them."""

from __future__ import annotations

import contextlib
import datetime
import threading
from collections.abc import AsyncIterator, Callable
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette

from newsletter.audience import requests
from newsletter.audience.signup import Answer, Notice
from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.memory import share_one_heap
from newsletter.report.clicks import Clicks
from newsletter.web.app import make_app
from newsletter.web.archive.addresses import mount_path
from newsletter.web.archive.live import LiveArchive
from newsletter.web.leaving import Leaving
from newsletter.web.log import Log
from newsletter.web.mails import Mails
from newsletter.web.metrics import serve_metrics
from newsletter.web.patience import LARGEST_HEADER, PatientProtocol
from newsletter.web.postman import Postman
from newsletter.web.routes import unsubscribe
from newsletter.web.routes.archive import archive_routes
from newsletter.web.routes.clicks import routes as clicks_routes
from newsletter.web.routes.webhooks import webhook_routes
from newsletter.web.site import Site

if TYPE_CHECKING:
    from newsletter.project import Project

CONNECTIONS = 500
"""Requests and connections at the same time; further ones are told to come back (503)."""

_GRACE = 10
"""Seconds that requests in hand have when the server is asked to stop."""


def make_server(
    project: Project,
    on_ready: Callable[[], None],
    *,
    metrics_port: int | None = None,
    now: Callable[[], datetime.datetime] | None = None,
    log: Log | None = None,
) -> uvicorn.Server:
    """The readers' pages as a server; ``run(sockets=[listener])`` serves until it is stopped.

    Args:
        project: The newsletter.
        on_ready: Called once it answers.
        metrics_port: Where counts are served, on 127.0.0.1; None for nowhere.
        now: Tells the time.
        log: Where requests are written down.

    Raises:
        ConfigurationError: ``base_url`` is missing, or another setting is wrong.
        SendRefusedError: A mail would show what ``must_not_reveal`` forbids.
        DatabaseError: The database cannot be opened.
        NewsletterError: The port for counts is taken.
    """
    if not project.settings.base_url:
        raise ConfigurationError(
            "base_url is missing: links in mails need it",
            'Write where readers find these pages: base_url = "https://news.example.org".',
        )
    now = now or _utc_now
    log = log or Log()
    leaving = Leaving(project.database, now)
    folder = mount_path(project.settings)
    archive = LiveArchive(project)
    # Of an archive at "/" the list has a name: at "/" itself is the form.
    way = folder.lstrip("/") or "index.html"
    site = Site(project, leaving, lambda: postman.wake(), now, log, way)
    clicks = Clicks(project.database) if project.settings.count_clicks else None
    others = [
        *([] if clicks is None else clicks_routes(site, clicks)),
        *webhook_routes(project, now),
        *archive_routes(archive, folder),
    ]
    sender = project.sender
    mails = Mails(project.settings, sender, site.pages, project.signer())
    _check_disguise(project, site, mails, now())
    postman = Postman(
        site.database,
        project.settings,
        project.transport(),
        mails,
        site.texts_in,
        sender.new_message_id,
        now,
        log,
        site.metrics,
        clicks,
    )

    def warm() -> None:
        try:
            archive.warm()
        except Exception as error:  # noqa: BLE001 - whoever asks for a page is told
            log.defect("archive", error)

    warming = threading.Thread(target=warm, name="archive", daemon=True)

    def waiting() -> int | None:
        try:
            return requests.waiting(site.database)
        except NewsletterError:
            return None

    monitor = (
        None
        if metrics_port is None
        else serve_metrics(metrics_port, lambda: site.metrics.text(waiting()))
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        leaving.start()
        await unsubscribe.warm_up(site)
        postman.start()
        warming.start()
        on_ready()
        yield
        if monitor is not None:
            monitor.shutdown()
            monitor.server_close()
        postman.stop()
        leaving.stop()
        warming.join(_GRACE)

    share_one_heap()
    config = uvicorn.Config(
        make_app(site, others, lifespan=lifespan),
        loop="asyncio",
        http=PatientProtocol,
        ws="none",
        lifespan="on",
        log_level="critical",
        access_log=False,  # it would write addresses and tokens; ours is in the log
        server_header=False,
        proxy_headers=False,
        limit_concurrency=CONNECTIONS,
        backlog=1024,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=_GRACE,
        h11_max_incomplete_event_size=LARGEST_HEADER,
    )
    return uvicorn.Server(config)


def _check_disguise(project: Project, site: Site, mails: Mails, at: datetime.datetime) -> None:
    """Refuse to start if a mail would show what must not be seen."""
    forbidden = project.settings.must_not_reveal
    if not forbidden:
        return
    from newsletter.delivery.stealth import Leak, leaks, refuse_leaks

    found: list[Leak] = []
    for texts in site.texts.values():
        for notice in Notice:
            answer = Answer(
                notice,
                "reader@example.org",
                "token",
                (),
                texts.language,
                f"<sample@{project.sender.domain}>",
            )
            found += leaks(mails.message(answer, texts, at).data, forbidden)
    refuse_leaks(list(dict.fromkeys(found)))


def _utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
