"""``newsletter correct``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, warn
from newsletter.errors import SendRefusedError

if TYPE_CHECKING:
    from newsletter.delivery.campaigns import Campaign
    from newsletter.issue.changes.model import Changes
    from newsletter.issue.manuscript import Manuscript
    from newsletter.project import Project
    from newsletter.sending.correction import CorrectionLetter


@click.command()
@click.argument("issue", metavar="ISSUE")
@click.option("--note", required=True, metavar="TEXT", help="What is right now, in one line.")
@click.option("--mail", is_flag=True, help="Also mail it to those who got the wrong version.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
@click.option("--yes", is_flag=True, help="Do it without being asked.")
@json_option
@with_project
def command(
    project: Project, issue: str, note: str, *, mail: bool, dry_run: bool, yes: bool, as_json: bool
) -> int:
    """Say what was wrong in an issue that went out.

    Correct the text in its file first. This writes a note with today's date into the file, which
    stands above the issue on the web and in feeds; every other line stays as it is. With --mail a
    short letter goes to those who got the wrong version, as far as the ledger knows, and are still
    readers. Nothing is mailed without it.

    If the mailing is interrupted, the same command goes on with it.
    """
    from newsletter.issue.siblings import shared_slug
    from newsletter.project import today
    from newsletter.sending import clock, correction

    path = project.find_own(issue)
    before = path.read_bytes()
    manuscript = project.manuscript(path)
    corrected = _corrected(manuscript, note, today())
    campaign = correction.last_sending(project, shared_slug(path))
    if campaign is None and (mail or project.has_database):
        raise SendRefusedError(
            f"{manuscript.slug} has not been sent: nobody has read it yet",
            "Just change its text.",
        )
    changes = _changes(project, campaign, manuscript) if campaign else None
    letter = None
    if mail and campaign:
        letter = correction.write_letter(project, corrected, campaign, today())
    if not as_json:
        _show(manuscript, corrected, campaign, changes, letter)
    if letter and campaign:
        correction.check(project, letter, campaign, clock.now())
    if dry_run:
        if as_json:
            say_json(_plain(corrected, changes, letter, dry_run=True))
        else:
            say("Nothing was done (--dry-run).")
        return 0
    if not yes:
        _ask(manuscript.slug, letter)
    _write(project, manuscript, corrected, before)
    result: dict[str, Any] = _plain(corrected, changes, letter, dry_run=False)
    code = 0
    if letter:
        code, result["states"] = _mail(project, letter, as_json=as_json)
    if as_json:
        say_json(result)
    elif not letter:
        say(f"The note stands in {project.shown(path)}. Readers see it when the archive is next")
        say("built (newsletter archive build), or at once where newsletter serve shows it.")
    return code


def _corrected(manuscript: Manuscript, note: str, day: datetime.date) -> Manuscript:
    """The issue with the note; as it is if the same command has written it today."""
    from newsletter.issue.corrections import add_correction

    last = manuscript.issue.corrections[-1:]
    if last and last[0].date == day and last[0].note == " ".join(note.split()):
        return manuscript
    return add_correction(manuscript, day, note)


def _changes(project: Project, campaign: Campaign, manuscript: Manuscript) -> Changes:
    """What differs in words between what readers got and what the file says now."""
    from newsletter.issue.changes.compare import compare
    from newsletter.issue.model import Issue, TextSection
    from newsletter.sending.correction import sent_edition

    _, sent = sent_edition(project, campaign, manuscript.slug)

    def words_of(edition: Any) -> Issue:
        # The text part holds every word and link of the letter, whatever its template.
        return Issue(
            subject=edition.subject.fill({}),
            preheader=edition.preheader.fill({}) or "-",
            date=edition.date,
            sections=(TextSection(kind="text", body=edition.text.fill({})),),
        )

    return compare(words_of(sent), words_of(project.render(manuscript).edition))


def _show(
    manuscript: Manuscript,
    corrected: Manuscript,
    campaign: Campaign | None,
    changes: Changes | None,
    letter: CorrectionLetter | None,
) -> None:
    from newsletter.cli.diff_text import lines

    if campaign and changes:
        sent = f"{campaign.started_at.astimezone():%Y-%m-%d}"
        say(f"{manuscript.slug}: changes since it was sent on {sent}", bold=True)
        for line in lines(changes):
            say(line)
    elif campaign:
        warn(f"{manuscript.slug} still says what readers got: correct its text, too.")
    added = corrected.issue.corrections[-1]
    already = " (it stands there already)" if corrected is manuscript else ""
    say(f"Note:      {added.date}: {added.note}{already}")
    if letter:
        left_out = f" (left out: {letter.left_out:,} suppressed)" if letter.left_out else ""
        say(f"Subject:   {letter.edition.subject.fill({})}")
        say(f"Readers:   {letter.readers:,} who got it{left_out}")
        say(f"Transport: {letter.transport.describe()}")


def _ask(slug: str, letter: CorrectionLetter | None) -> None:
    from newsletter.cli import send_asking

    if letter:
        send_asking.ask_for_slug(slug, letter.readers)
        return
    send_asking.need_terminal("--yes")
    if not click.confirm(f"Write the note into {slug}?", err=True):
        raise SendRefusedError("nothing was changed")


def _write(project: Project, manuscript: Manuscript, corrected: Manuscript, before: bytes) -> None:
    from newsletter.issue.amend import rewrite
    from newsletter.issue.save import save

    if corrected is manuscript:
        return
    after = rewrite(before, corrected.text)
    name = str(project.shown(manuscript.path))
    save(manuscript.path, before, after, name=name, hint="Run the command again.")


def _mail(
    project: Project, letter: CorrectionLetter, *, as_json: bool
) -> tuple[int, dict[str, int]]:
    """Send the letter; the exit code, and how many deliveries are in which state."""
    from newsletter.cli.interrupt import asked_to_stop
    from newsletter.cli.progress import sending_progress
    from newsletter.cli.send_report import tally
    from newsletter.sending import clock, correction
    from newsletter.sending.alone import alone
    from newsletter.sending.run import run

    with alone(project):
        campaign = correction.start(project, letter, clock.now())
        with asked_to_stop() as stop, sending_progress(as_json=as_json) as tell:
            summary = run(project, campaign, stop=stop, on_progress=tell)
    states = dict(summary.states)
    if not as_json:
        say(f"{campaign.slug}: {tally(states)}.", bold=True)
        say(f"See: newsletter status {campaign.slug}")
        if not summary.finished:
            rest = count(sum(states.get(s, 0) for s in ("planned", "deferred")), "reader")
            say(f"{rest} left: run the same command again later, or newsletter worker.")
    if summary.interrupted:
        return 130, states
    if not summary.finished:
        return 3, states
    return (0 if states.get("accepted") else 1), states


def _plain(
    corrected: Manuscript,
    changes: Changes | None,
    letter: CorrectionLetter | None,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    added = corrected.issue.corrections[-1]
    said: dict[str, Any] = {
        "issue": corrected.slug,
        "date": added.date,
        "note": added.note,
        "changed": bool(changes),
        "dry_run": dry_run,
    }
    if letter:
        said["mail"] = {
            "campaign": letter.slug,
            "subject": letter.edition.subject.fill({}),
            "readers": letter.readers,
            "suppressed": letter.left_out,
        }
    return said
