"""``newsletter feedback``."""

from __future__ import annotations

import contextlib
import datetime
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli.options import json_option
from newsletter.cli.output import count, say, say_json, warn
from newsletter.errors import (
    ConfigurationError,
    DatabaseError,
    FeedbackError,
    NewsletterError,
    NotFoundError,
)

if TYPE_CHECKING:
    from newsletter.feedback.run import Reader, Summary
    from newsletter.feedback.sources.base import Source
    from newsletter.project import Project

_LOOK = 300.0
"""Seconds after which --follow looks again, though nobody said that something has come."""
_PAUSES = (1, 5, 30, 120, 300)
"""Seconds between tries when the mailbox or the database is out of reach."""


@click.command()
@click.argument("place", required=False, metavar="[SOURCE]")
@click.option("--follow", is_flag=True, help="Go on: wait for what comes, until Ctrl-C.")
@click.option("--pipe", is_flag=True, help="Read one message from a mail server; see the docs.")
@click.option(
    "--refusals",
    metavar="ISSUE",
    help="Believe servers that refused many readers when the issue was sent: they are right.",
)
@click.option("--dry-run", is_flag=True, help="Show what would come of it, and change nothing.")
@json_option
@click.option(
    "--project",
    "folder",
    envvar="NEWSLETTER_PROJECT",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="The newsletter's folder, if it is not this one (or NEWSLETTER_PROJECT).",
)
def command(
    place: str | None,
    folder: Path | None,
    refusals: str | None,
    *,
    follow: bool,
    pipe: bool,
    dry_run: bool,
    as_json: bool,
) -> int:
    """Read bounces, complaints and wishes to unsubscribe, and act on them.

    SOURCE is imaps://user@host/INBOX, a Maildir, an mbox file, or - for standard input; left out,
    it is feedback.mailbox of newsletter.toml. Letters of people stay where they are.

    Exit code 0 when all is recorded, 3 when something must be read again a little later.
    """
    if refusals is not None:
        if place or pipe or follow:
            raise click.UsageError("--refusals reads no mail: leave out SOURCE, --pipe, --follow.")
        return _believe(folder, refusals, dry_run=dry_run, as_json=as_json)
    if pipe:
        return _pipe(folder)
    with _opened(folder) as project:
        from newsletter.feedback.sources.opening import STANDARD_INPUT, open_source

        options = project.settings.feedback
        place = place or _usual(project)
        reader = _reader(project, dry_run=dry_run)
        source = open_source(place, project.database, options, project.root)
        with contextlib.closing(source):
            if follow and not dry_run and place != STANDARD_INPUT:  # where nothing more comes
                _follow(reader, source)
            summary = reader.read(source)
    if as_json:
        say_json(_plain(summary, dry_run=dry_run))
    else:
        _say(summary, dry_run=dry_run)
    return 3 if summary.in_hand else 0


@contextlib.contextmanager
def _opened(folder: Path | None) -> Iterator[Project]:
    from newsletter.project import Project

    with contextlib.closing(Project.open(folder)) as project:
        if not project.has_database:  # nothing was sent: nothing can have come back
            raise NotFoundError(
                "there is no database yet, so nothing can be recorded",
                "Import readers with: newsletter subscribers import FILE.csv",
            )
        yield project


def _believe(folder: Path | None, issue: str, *, dry_run: bool, as_json: bool) -> int:
    from newsletter.cli.sent import find_sent
    from newsletter.feedback.refusals import Refusals, count_doubted, record_refusals

    with _opened(folder) as project:
        campaign = find_sent(project, issue)
        if dry_run:
            found = Refusals(count_doubted(project.database, campaign.id))
        else:
            found = record_refusals(project.database, campaign.id, _now(), believe=True)
    if as_json:
        say_json({"dry_run": dry_run, "refusals": found.recorded, "suppressed": found.suppressed})
        return 0
    refusals = count(found.recorded, "refusal")
    if dry_run:
        say(f"{campaign.slug}: {refusals} would count. Nothing was changed.")
    else:
        addresses = count(found.suppressed, "address", "addresses")
        say(f"{campaign.slug}: {refusals} recorded; {addresses} will not be mailed any more.")
    return 0


def _usual(project: Project) -> str:
    mailbox = project.settings.feedback.mailbox
    if not mailbox:
        raise ConfigurationError(
            "there is no mailbox to read",
            'Name one, or set mailbox in the table [feedback]: mailbox = "imaps://user@host/INBOX".',
        )
    return mailbox if "://" in mailbox else str(project.root / mailbox)


def _reader(project: Project, *, dry_run: bool = False) -> Reader:
    from newsletter.feedback.run import Reader

    trusted = project.settings.feedback.trusted_results
    return Reader(project.database, _now, trusted_results=trusted, dry_run=dry_run)


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _pipe(folder: Path | None) -> int:
    """Whatever goes wrong, the mail server must keep the message: any other code sends it back."""
    from newsletter.feedback.sources.pipe import TRY_AGAIN, take

    try:
        message = sys.stdin.buffer.read()
        with _opened(folder) as project:
            kept = project.root / project.settings.feedback.other_mail
            return take(message, _reader(project), kept)
    except NewsletterError as error:
        warn(f"{error.message}. {error.hint}")
    except Exception as error:  # noqa: BLE001 - a defect of ours must not cost a letter
        warn(f"a defect in newsletter itself: {type(error).__name__}")
    return TRY_AGAIN


def _follow(reader: Reader, source: Source) -> None:
    """Until somebody presses Ctrl-C; what is out of reach is tried again."""
    import time

    failures = 0
    while True:
        try:
            summary = reader.read(source)
            if summary.read:
                _say(summary, dry_run=False)
            failures = 0
            source.wait(_LOOK)
        except (FeedbackError, DatabaseError) as error:
            pause = _PAUSES[min(failures, len(_PAUSES) - 1)]
            warn(f"{error.message}; trying again in {count(pause, 'second')}.")
            failures += 1
            time.sleep(pause)


def _say(summary: Summary, *, dry_run: bool) -> None:
    if not summary.read:
        say("There is no mail that was not read before.")
        return
    read = count(summary.read, "message")
    said = [f"{number:,} {kind}" for kind, number in sorted(summary.kinds.items())]
    would = " Nothing was changed." if dry_run else ""
    say(f"{read} read: {', '.join(said)}.{would}" if said else f"{read} read; nothing changed:")
    for number, text in (
        (summary.suppressed, "will not be mailed any more"),
        (summary.unsubscribed, "left a list"),
        (summary.settled, "had an unknown outcome, and it is known now"),
        (summary.replayed, "recorded before"),
        (summary.not_ours, "not proved to be about a letter of yours: changed nothing"),
        (summary.for_people, "for people to read: left where it was"),
        (summary.in_hand, "about letters that are just being sent: run it again later"),
    ):
        if number:
            say(f"  {number:,} {text}")


def _plain(summary: Summary, *, dry_run: bool) -> dict[str, object]:
    return {
        "dry_run": dry_run,
        "read": summary.read,
        "new": dict(sorted(summary.kinds.items())),
        "replayed": summary.replayed,
        "not_ours": summary.not_ours,
        "for_people": summary.for_people,
        "in_hand": summary.in_hand,
        "suppressed": summary.suppressed,
        "unsubscribed": summary.unsubscribed,
        "settled": summary.settled,
    }
