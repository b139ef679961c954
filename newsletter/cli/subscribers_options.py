"""Options that several of the commands about subscribers share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from newsletter.errors import NotFoundError

if TYPE_CHECKING:
    from newsletter.audience.segments.segment import Segment
    from newsletter.project import Project

F = TypeVar("F", bound=Callable[..., Any])

STATUSES = ("pending", "confirmed", "unsubscribed", "suppressed")

list_option = click.option("--list", "list_name", metavar="NAME", help="Only this list.")
status_option = click.option(
    "--status", type=click.Choice(STATUSES), help="Only readers in this state."
)
segment_option = click.option(
    "--segment", metavar="EXPRESSION", help='Only those, for example: language == "uk".'
)


def the_list(project: Project, name: str | None) -> str:
    """The list of a name; without one, the only list that there is.

    Raises:
        NotFoundError: There is no such list.
        click.UsageError: There are several, and none was named.
    """
    lists = project.settings.all_lists
    if name is None:
        if len(lists) > 1:
            raise click.UsageError(f"Name the list with --list. Lists are: {', '.join(lists)}.")
        return next(iter(lists))
    return known_list(project, name)


def known_list(project: Project, name: str) -> str:
    """The same name, if there is such a list.

    Raises:
        NotFoundError: There is none.
    """
    lists = project.settings.all_lists
    if name not in lists:
        raise NotFoundError(
            f"there is no list {name!r}",
            f"Lists are: {', '.join(lists)}. Make another in newsletter.toml: [lists.{name}]",
        )
    return name


def the_segment(text: str | None) -> Segment | None:
    """The segment that was typed; None if nothing was.

    Raises:
        AudienceError: It is none.
    """
    if text is None:
        return None
    from newsletter.audience.segments.segment import Segment

    return Segment.parse(text)


def shows_lists(project: Project) -> bool:
    """Whether lists are spoken of: only if the settings name some."""
    return bool(project.settings.lists)
