"""``newsletter new``."""

from __future__ import annotations

import click

from newsletter.cli.options import with_project
from newsletter.cli.output import say
from newsletter.project import Project


@click.command()
@click.argument("slug", required=False)
@with_project
def command(project: Project, slug: str | None) -> None:
    """Start the next issue: issues/SLUG.yaml (without SLUG, a week after the latest)."""
    from newsletter.project import today
    from newsletter.scaffold.issue import new_issue

    path = new_issue(project, slug, today=today())
    say(str(project.shown(path)))
    say(f"Write over every TK in it. Look at it with: newsletter preview {path.stem}")
