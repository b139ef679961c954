"""``newsletter serve``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from newsletter.cli.options import with_project
from newsletter.cli.output import say
from newsletter.project import Project

_SWITCH_SECONDS = 0.0005


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8026,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on.",
)
@click.option(
    "--uds",
    metavar="PATH",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Listen at a socket in the file system instead, for a proxy on this machine.",
)
@click.option(
    "--metrics-port",
    type=click.IntRange(1, 65535),
    help="Serve counts for monitoring at http://127.0.0.1:PORT/metrics.",
)
@with_project
def command(
    project: Project, host: str, port: int, uds: Path | None, metrics_port: int | None
) -> None:
    """Serve the pages for readers: subscribe, confirm, unsubscribe, preferences, archive.

    Put a web server with a certificate in front of it (nginx, Caddy), or a Tor onion service. What
    readers ask for is written down before they are answered, and done and mailed beside; stopping
    or killing it at any moment loses nothing. Each request is a line of JSON on standard error,
    without addresses. Ctrl-C or SIGTERM stops it.
    """
    # Python lets a thread that computes keep all others waiting for 5 ms at a time; making a mail
    # or a page must not slow every click down.
    sys.setswitchinterval(_SWITCH_SECONDS)

    from newsletter.web.listening import listen, listen_at, quietly_stopped
    from newsletter.web.server import make_server

    listener = listen(host, port) if uds is None else listen_at(uds)
    name = listener.getsockname()
    where = f"at {name}" if uds is not None else f"on http://{host}:{name[1]}/"
    try:
        with quietly_stopped():
            make_server(
                project,
                lambda: say(f"Serving {project.settings.base_url} {where}; Ctrl-C stops it."),
                metrics_port=metrics_port,
            ).run(sockets=[listener])
    finally:
        if uds is not None:
            uds.unlink(missing_ok=True)
