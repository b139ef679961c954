"""``newsletter init``."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from newsletter.cli.output import say


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", help="The newsletter's name; without it, made from DIR.")
def command(folder: Path, name: str | None) -> None:
    """Make a new newsletter project in DIR: settings, a first issue, sample readers."""
    from newsletter.project import today
    from newsletter.scaffold.project import make_project

    name = name or folder.resolve().name.replace("-", " ").replace("_", " ").title()
    for path in make_project(folder, name=name, today=today()):
        say(f"  {path}")
    say(f"{name} is ready. Next:", bold=True)
    if folder.resolve() != Path.cwd():
        say(f"  cd {shlex.quote(str(folder))}")
    say("  newsletter preview                               look at the first issue and edit it")
    say("  newsletter subscribers import readers.example.csv")
    say("  newsletter send                                  into the folder outbox/, to look at")
