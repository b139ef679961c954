"""``newsletter subscribers``: who gets the letter."""

from __future__ import annotations

import dataclasses
import itertools
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import WholeLines, json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn
from newsletter.cli.subscribers_data import audit, export_data, forget, key, purge, release, show
from newsletter.cli.subscribers_import import command as import_command
from newsletter.cli.subscribers_options import (
    known_list,
    list_option,
    segment_option,
    shows_lists,
    status_option,
    the_list,
    the_segment,
)

if TYPE_CHECKING:
    from newsletter.audience.subscribers import Subscriber
    from newsletter.project import Project

_TABLE_ROWS = 1000


@click.group(cls=WholeLines)
def command() -> None:
    """Import, list, add, remove and export readers."""


for _one in (import_command, show, key, release, export_data, forget, purge, audit):
    command.add_command(_one)


@command.command("list")
@list_option
@status_option
@segment_option
@click.option("--search", default="", metavar="TEXT", help="Only with this in address or name.")
@click.option("--count", "only_count", is_flag=True, help="Say only how many there are.")
@json_option
@with_project
def list_(
    project: Project,
    list_name: str | None,
    status: str | None,
    segment: str | None,
    search: str,
    *,
    only_count: bool,
    as_json: bool,
) -> None:
    """List readers in the order in which they came."""
    from newsletter.audience import subscribers
    from newsletter.audience.status import Status

    wanted: dict[str, Any] = {
        "list_name": None if list_name is None else known_list(project, list_name),
        "status": None if status is None else Status(status),
        "segment": the_segment(segment),
        "search": search,
    }
    if only_count:
        found = subscribers.count(project.database, **wanted)
        say_json({"readers": found}) if as_json else say(f"{count(found, 'reader')}.")
        return
    readers = subscribers.list_subscribers(project.database, **wanted)
    if as_json:
        _show_json(readers)
        return
    listed = _show_table(readers, with_lists=shows_lists(project))
    if listed:
        warn(f"{count(listed, 'reader')}.")
    elif any(wanted.values()):
        warn("No reader is like that. See all with: newsletter subscribers list")
    else:
        warn("There are no readers yet. Import a list: newsletter subscribers import FILE.csv")


@command.command("add")
@click.argument("address")
@click.option("--list", "list_name", metavar="NAME", help="The list.")
@click.option("--name", default="", help="The reader's name.")
@click.option("--language", default="", help="Language tag: en, uk, pt-BR.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A merge field.")
@click.option("--resubscribe", is_flag=True, help="Take back a reader who left and asks for it.")
@json_option
@with_project
def add_(
    project: Project,
    address: str,
    list_name: str | None,
    name: str,
    language: str,
    values: Sequence[str],
    *,
    resubscribe: bool,
    as_json: bool,
) -> None:
    """Add one reader, or set further values of one."""
    from newsletter.audience.profile import Profile
    from newsletter.audience.subscribers import Change, add

    profile = Profile.parse(name, language, _pairs(values))
    change = add(
        project.database,
        address,
        profile,
        list_name=the_list(project, list_name),
        resubscribe=resubscribe,
    )
    said = {
        Change.ADDED: "Added {}.",
        Change.UPDATED: "Updated {}.",
        Change.UNCHANGED: "{} is subscribed already; nothing changed.",
        Change.CONFIRMED: "{} had asked for it and is subscribed now.",
        Change.RESUBSCRIBED: "{} is subscribed again.",
    }
    if as_json:
        say_json({"change": change.value})
    else:
        say(said[change].format(address.strip()))


@command.command("remove")
@click.argument("reader", metavar="ADDRESS")
@click.option("--list", "list_name", metavar="NAME", help="From this list; without it, from all.")
@click.option("--suppress", "reason", metavar="REASON", help="Never mail the address again.")
@json_option
@with_project
def remove_(
    project: Project, reader: str, list_name: str | None, reason: str | None, *, as_json: bool
) -> None:
    """Unsubscribe a reader; no later import brings them back.

    Instead of ADDRESS, the link or the token of an unsubscribe request will do; it is of one list.
    """
    from newsletter.audience.subscribers import remove, suppress

    name = None if list_name is None else known_list(project, list_name)
    if reason is not None:
        if name is not None:
            raise click.UsageError("An address is suppressed for all lists: leave out --list.")
        changed = suppress(project.database, reader, reason)
        line = (
            f"{reader.strip()} {'is' if changed else 'was already'} suppressed: it is never mailed."
        )
    else:
        changed = remove(project.database, reader, list_name=name)
        line = (
            f"Unsubscribed {reader.strip()}."
            if changed
            else (f"{reader.strip()} had unsubscribed already.")
        )
    if as_json:
        say_json({"changed": changed})
    else:
        say(line)


@command.command("export")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file; without it, the screen."
)
@list_option
@status_option
@segment_option
@with_project
def export_(
    project: Project,
    output: Path | None,
    list_name: str | None,
    status: str | None,
    segment: str | None,
) -> None:
    """Write readers as CSV, for a spreadsheet or another import: a row for each list."""
    from newsletter.audience.csv_export import export_csv
    from newsletter.audience.git import could_be_committed
    from newsletter.audience.status import Status

    written = export_csv(
        project.database,
        output or sys.stdout,
        with_list=shows_lists(project),
        list_name=None if list_name is None else known_list(project, list_name),
        status=None if status is None else Status(status),
        segment=the_segment(segment),
    )
    if output:
        say(f"Wrote {count(written, 'reader')} to {output}.")
        if could_be_committed(output):
            warn(f"Careful: git would commit {output}. Readers' data does not belong there.")


def _pairs(values: Sequence[str]) -> Mapping[str, str]:
    pairs = {}
    for value in values:
        field, equals, text = value.partition("=")
        if not equals:
            raise click.BadParameter(f"{value!r} is not FIELD=VALUE", param_hint="--set")
        pairs[field] = text
    return pairs


def _show_table(readers: Iterator[Subscriber], *, with_lists: bool) -> int:
    headings = ["Address", "Name", "Language", "Status", "Since"]
    if with_lists:
        headings.insert(4, "Lists")

    def cells(reader: Subscriber) -> list[str]:
        shown = [reader.email, reader.name, reader.language, reader.status]
        if with_lists:
            shown.append(", ".join(_on(reader)))
        return [*shown, f"{reader.created_at:%Y-%m-%d}"]

    listed = 0
    rows = map(cells, readers)
    # A table at a time: rich keeps all rows of one in memory.
    while page := list(itertools.islice(rows, _TABLE_ROWS)):
        table(headings, page, always_headed=not listed)
        listed += len(page)
    return listed


def _on(reader: Subscriber) -> Iterator[str]:
    """Lists that a reader is on, or has asked for."""
    for one in reader.subscriptions:
        if one.status == "confirmed":
            yield one.list
        elif one.status == "pending":
            yield f"{one.list} (pending)"


def _show_json(readers: Iterator[Subscriber]) -> None:
    """One array, written while it is read."""
    before = "["
    for reader in readers:
        shown = dataclasses.asdict(reader)
        say(before + json.dumps(shown, ensure_ascii=False, default=str))
        before = ","
    say("[]" if before == "[" else "]")
