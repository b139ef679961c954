"""Arguments and options that several commands share."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


class WholeLines(click.Group):
    """A group whose ``--help`` does not cut off what its commands do."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Name and first sentence of each command, over as many lines as it takes."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(limit=200)) for name, one in commands if one]
            )


issue_argument = click.argument("issue", required=False, metavar="[ISSUE]")
"""One issue: a slug, a path, or left out for the latest."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")


def with_project(function: F) -> F:
    """Open the project and pass it as ``project``; adds ``--project DIR``."""

    @click.option(
        "--project",
        "project_folder",
        envvar="NEWSLETTER_PROJECT",
        metavar="DIR",
        type=click.Path(path_type=Path, file_okay=False),
        help="The newsletter's folder, if it is not this one (or NEWSLETTER_PROJECT).",
    )
    @functools.wraps(function)
    def wrapper(*args: Any, project_folder: Path | None, **kwargs: Any) -> Any:
        from newsletter.project import Project

        with contextlib.closing(Project.open(project_folder)) as project:
            return function(*args, project=project, **kwargs)

    return wrapper  # type: ignore[return-value]
