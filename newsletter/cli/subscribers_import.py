"""``newsletter subscribers import``: readers from a CSV file."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.cli.subscribers_options import the_list

if TYPE_CHECKING:
    from newsletter.audience.csv_import import ImportReport, Progress
    from newsletter.project import Project

_INCOMPLETE = 3
"""Exit code when good rows are kept and bad ones wait to be mended."""

FORMATS = ("plain", "mailchimp", "substack", "ghost", "buttondown", "listmonk")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--list", "list_name", metavar="NAME", help="The list of rows that name none.")
@click.option(
    "--consent", default="", metavar="TEXT", help='How they agreed: "paper forms of the fair".'
)
@click.option(
    "--overwrite", is_flag=True, help="Also take over names and languages that readers set."
)
@click.option("--format", "format_name", type=click.Choice(FORMATS), help="Whose export it is.")
@click.option(
    "--report", type=click.Path(path_type=Path), help="Write bad rows to this file, to be mended."
)
@json_option
@with_project
def command(
    project: Project,
    file: Path,
    list_name: str | None,
    consent: str,
    format_name: str | None,
    report: Path | None,
    *,
    overwrite: bool,
    as_json: bool,
) -> int:
    """Import readers from a CSV file.

    Good rows are kept, bad ones reported. The first line names the columns. One of them is email;
    name and language are known, all others become merge fields. Exports of Mailchimp, Substack,
    Ghost, Buttondown and listmonk are known by their columns. Whoever unsubscribed or is
    suppressed stays so, and a name or language that readers set themselves stays, too. If it is
    broken off, import the file again: it goes on.

    Exit code 3 if rows were left out because something in them is wrong, 1 if no row can be used.
    """
    from newsletter.audience.csv_import import import_csv

    with _progress() as progress:
        done = import_csv(
            project.database,
            file,
            list_name=_list_of_rows(project, list_name, file, format_name or ""),
            lists=tuple(project.settings.all_lists),
            consent=consent,
            overwrite=overwrite,
            format_name=format_name or "",
            report=report,
            progress=progress,
        )
    if as_json:
        say_json({**dataclasses.asdict(done), "consent": consent})
    else:
        _show(file, done, report, consent)
    if report:
        _warn_of_git(report)
    if done.rejected:
        return _INCOMPLETE if done.usable else 1
    return 0


def _list_of_rows(project: Project, name: str | None, file: Path, format_name: str) -> str:
    """The list of rows that name none; empty if nobody said, and the file has a column for it."""
    from newsletter.audience.csv_file import CsvFile

    if name is None and len(project.settings.all_lists) > 1:
        columns = CsvFile(file, format_name).columns.columns
        if any(column.field == "list" for column in columns):
            return ""
    return the_list(project, name)


@contextlib.contextmanager
def _progress() -> Iterator[Progress | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    with Bar(
        TextColumn("Importing"),
        BarColumn(),
        TextColumn("{task.completed:,.0f} of {task.total:,.0f} lines"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("", total=0)

        def show(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield show


def _show(file: Path, done: ImportReport, report: Path | None, consent: str) -> None:
    from newsletter.audience.csv_entries import FINDINGS_KEPT

    for finding in done.findings:
        warn(str(finding))
    if done.format:
        say(f"{file} is read as an export of {done.format} (--format says otherwise).")
    say(f"{file}: {done.added:,} added, {done.updated:,} updated, {done.unchanged:,} unchanged.")
    if consent and done.usable:
        say(f"Kept with those who are new, as their consent: {consent}")
    if done.added_pending:
        say(f"{count(done.added_pending, 'reader')} added who must confirm first: not mailed.")
    if done.added_unsubscribed:
        say(f"{count(done.added_unsubscribed, 'reader')} added as unsubscribed: never mailed.")
    if done.unsubscribed_kept:
        say(f"{count(done.unsubscribed_kept, 'reader')} unsubscribed and not brought back.")
    if done.suppressed_kept:
        say(f"{count(done.suppressed_kept, 'address', 'addresses')} suppressed: never mailed.")
    if done.own_kept:
        say(
            f"{count(done.own_kept, 'reader')} kept the name, language or address that they set "
            "themselves (--overwrite takes names and languages of the file)."
        )
    if done.duplicates:
        say(f"{count(done.duplicates, 'row')} left out: the address stands further up.")
    if done.rejected:
        where = (
            f"; mend them in {report} and import that file."
            if report
            else ("; mend them and import the file again.")
        )
        say(f"{count(done.rejected, 'bad row')} left out{where}")
    if done.left_out:
        say(f"Not taken over: {', '.join(done.left_out)}.")
    if len(done.findings) == FINDINGS_KEPT:
        say(f"Only the first {FINDINGS_KEPT:,} problems are shown.")


def _warn_of_git(path: Path) -> None:
    from newsletter.audience.git import could_be_committed

    if could_be_committed(path):
        warn(f"Careful: git would commit {path}. Readers' data does not belong there.")
