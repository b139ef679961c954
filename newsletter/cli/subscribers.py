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

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn

if TYPE_CHECKING:
    from newsletter.audience.csv_import import ImportReport
    from newsletter.audience.subscribers import Subscriber
    from newsletter.project import Project

STATUSES = ("active", "unsubscribed", "suppressed")

_TABLE_ROWS = 1000


@click.group()
def command() -> None:
    """Import, list, add, remove and export readers."""


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@with_project
def import_(project: Project, file: Path, *, as_json: bool) -> int:
    """Import readers from a CSV file.

    Good rows are kept, bad ones reported. The first line names the columns. One of them is email;
    name and language are known, all others become merge fields. Whoever unsubscribed or is
    suppressed stays so.
    """
    from newsletter.audience.csv_import import import_csv

    report = import_csv(project.database, file)
    if as_json:
        say_json(dataclasses.asdict(report))
    else:
        _show(file, report)
    return 1 if report.rejected and not report.usable else 0


@command.command("list")
@click.option("--status", type=click.Choice(STATUSES), help="Only readers in this state.")
@click.option("--search", default="", metavar="TEXT", help="Only with this in address or name.")
@json_option
@with_project
def list_(project: Project, status: str | None, search: str, *, as_json: bool) -> None:
    """List readers in the order in which they came."""
    from newsletter.audience.status import Status
    from newsletter.audience.subscribers import list_subscribers

    wanted = None if status is None else Status(status)
    readers = list_subscribers(project.database, status=wanted, search=search)
    if as_json:
        _show_json(readers)
        return
    listed = 0
    rows = ((r.email, r.name, r.language, r.status, f"{r.created_at:%Y-%m-%d}") for r in readers)
    # A table at a time: rich keeps all rows of one in memory.
    while page := list(itertools.islice(rows, _TABLE_ROWS)):
        table(("Address", "Name", "Language", "Status", "Since"), page)
        listed += len(page)
    if listed:
        warn(f"{count(listed, 'reader')}.")
    elif status or search:
        warn("No reader is like that. See all with: newsletter subscribers list")
    else:
        warn("There are no readers yet. Import a list: newsletter subscribers import FILE.csv")


@command.command("add")
@click.argument("address")
@click.option("--name", default="", help="The reader's name.")
@click.option("--language", default="", help="Language tag: en, uk, pt-BR.")
@click.option("--set", "values", multiple=True, metavar="FIELD=VALUE", help="A merge field.")
@click.option("--resubscribe", is_flag=True, help="Take back a reader who left and asks for it.")
@with_project
def add_(
    project: Project,
    address: str,
    name: str,
    language: str,
    values: Sequence[str],
    *,
    resubscribe: bool,
) -> None:
    """Add one reader, or set further values of one."""
    from newsletter.audience.profile import Profile
    from newsletter.audience.subscribers import Change, add

    profile = Profile.parse(name, language, _pairs(values))
    change = add(project.database, address, profile, resubscribe=resubscribe)
    said = {
        Change.ADDED: "Added {}.",
        Change.UPDATED: "Updated {}.",
        Change.UNCHANGED: "{} is subscribed already; nothing changed.",
        Change.RESUBSCRIBED: "{} is subscribed again.",
    }
    say(said[change].format(address.strip()))


@command.command("remove")
@click.argument("reader", metavar="ADDRESS")
@click.option("--suppress", "reason", metavar="REASON", help="Never mail the address again.")
@with_project
def remove_(project: Project, reader: str, reason: str | None) -> None:
    """Unsubscribe a reader; no later import brings them back.

    Instead of ADDRESS, the link or the token of an unsubscribe request will do.
    """
    from newsletter.audience.subscribers import remove, suppress

    if reason is not None:
        new = suppress(project.database, reader, reason)
        say(f"{reader.strip()} {'is' if new else 'was already'} suppressed: it is never mailed.")
    elif remove(project.database, reader):
        say(f"Unsubscribed {reader.strip()}.")
    else:
        say(f"{reader.strip()} had unsubscribed already.")


@command.command("export")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="The file; without it, the screen."
)
@with_project
def export_(project: Project, output: Path | None) -> None:
    """Write all readers as CSV, for a spreadsheet or another import."""
    from newsletter.audience.csv_export import export_csv
    from newsletter.audience.git import could_be_committed

    written = export_csv(project.database, output or sys.stdout)
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


def _show(file: Path, report: ImportReport) -> None:
    from newsletter.audience.csv_entries import FINDINGS_KEPT

    for finding in report.findings:
        warn(str(finding))
    say(
        f"{file}: {report.added:,} added, {report.updated:,} updated, "
        f"{report.unchanged:,} unchanged."
    )
    if report.added_unsubscribed:
        say(f"{count(report.added_unsubscribed, 'reader')} added as unsubscribed: never mailed.")
    if report.unsubscribed_kept:
        say(f"{count(report.unsubscribed_kept, 'reader')} unsubscribed and not brought back.")
    if report.suppressed_kept:
        say(f"{count(report.suppressed_kept, 'address', 'addresses')} suppressed: never mailed.")
    if report.duplicates:
        say(f"{count(report.duplicates, 'row')} left out: the address stands further up.")
    if report.rejected:
        say(f"{count(report.rejected, 'bad row')} left out; mend them and import the file again.")
    if len(report.findings) == FINDINGS_KEPT:
        say(f"Only the first {FINDINGS_KEPT:,} problems are shown.")


def _show_json(readers: Iterator[Subscriber]) -> None:
    """One array, written while it is read; tokens stay here, they open readers' pages."""
    before = "["
    for reader in readers:
        shown: dict[str, Any] = dataclasses.asdict(reader)
        del shown["token"]
        say(before + json.dumps(shown, ensure_ascii=False, default=str))
        before = ","
    say("[]" if before == "[" else "]")
