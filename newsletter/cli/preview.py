"""``newsletter preview``."""

from __future__ import annotations

import contextlib

import click

from newsletter.cli.options import issue_argument, with_project
from newsletter.cli.output import say
from newsletter.project import Project


@click.command()
@issue_argument
@click.option("--port", type=click.IntRange(1, 65535), help="Listen on this port (default 8484).")
@click.option("--no-open", is_flag=True, help="Print the address; do not open the browser.")
@click.option(
    "--poll",
    is_flag=True,
    help="Look for changes again and again: for network folders, WSL, Docker.",
)
@with_project
def command(
    project: Project, issue: str | None, port: int | None, *, no_open: bool, poll: bool
) -> None:
    """Look at an issue while you write it, in your browser.

    The page shows the letter as readers will get it: on desktop and phone, in the dark, without
    pictures, as plain text, in the inbox; beside it what is wrong with it. It follows every save,
    and passages can be edited in it. Nothing leaves this machine. Ctrl-C stops it.
    """
    from newsletter.preview.browser import show
    from newsletter.preview.server import PORT, listen, make_server

    slug = project.find_own(issue).stem if issue or project.issues() else None
    listener = listen(port)
    chosen = listener.getsockname()[1]
    if port is None and chosen != PORT:
        say(f"Port {PORT} is taken; using {chosen}.")

    def ready(address: str) -> None:
        say(f"Preview of {slug or project.settings.name}: {address}")
        say("Ctrl-C stops it.")
        if not no_open:
            show(address)

    with contextlib.suppress(KeyboardInterrupt):
        make_server(project, slug, listener, ready, poll=poll).run(sockets=[listener])
