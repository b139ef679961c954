"""``newsletter report``."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn
from newsletter.cli.send_report import tally
from newsletter.cli.sent import find_sent, now, sent_argument

if TYPE_CHECKING:
    from newsletter.project import Project
    from newsletter.report.report import Report


@click.command()
@sent_argument
@click.option(
    "--html", "page", type=click.Path(path_type=Path), metavar="FILE", help="Write it as a page."
)
@json_option
@with_project
def command(project: Project, issue: str | None, page: Path | None, *, as_json: bool) -> None:
    """See what became of an issue in numbers: taken, bounced, complained, left.

    By mail domain and over time; nobody is named. Without ISSUE: the one that was sent last.
    """
    from newsletter.report.complaints import complaints
    from newsletter.report.report import make_report

    campaign = find_sent(project, issue)
    report = make_report(project.database, campaign.id)
    recent = complaints(project.database, now())
    if page:
        from newsletter.files import write_atomically
        from newsletter.report.page import page as as_page

        write_atomically(page, as_page(report, recent, project.settings.name, now()))
    if as_json:
        say_json(_plain(report, recent.rate))
    elif page:
        say(f"Wrote {project.shown(page.absolute())}.")
    else:
        _say(report)
        say()
        (warn if recent.rate >= _high() else say)(f"{recent}.")


def _say(report: Report) -> None:
    ended = f"to {report.finished_at:%H:%M}" if report.finished_at else "not finished yet"
    say(f"{report.slug}: sent {report.started_at:%Y-%m-%d %H:%M} {ended} UTC", bold=True)
    say(f"{count(report.readers, 'reader')}: {tally(report.states)}.")
    if report.came_back:
        say(
            "Came back: " + ", ".join(f"{n:,} {kind}" for kind, n in report.came_back.items()) + "."
        )
    say(f"{count(report.left, 'reader')} left since.")
    say()
    rows = [(one.name, f"{one.total:,}", tally(one.states)) for one in report.domains]
    table(("Domain", "Readers", "Outcome"), rows)
    if report.links:
        say()
        table(("Link", "Followed"), [(url, f"{n:,}") for url, n in report.links.items()])


def _high() -> float:
    from newsletter.report.complaints import HIGH

    return HIGH


def _plain(report: Report, recent: float) -> dict[str, Any]:
    plain = dataclasses.asdict(report)
    for name in ("accepted", "bounced", "departed"):
        series = getattr(report, name)
        plain[name] = {
            "begin": series.begin.isoformat(),
            "step_seconds": int(series.step.total_seconds()),
            "numbers": list(series.numbers),
        }
    for name in ("started_at", "finished_at"):
        value = getattr(report, name)
        plain[name] = value.isoformat() if value else None
    return {**plain, "complaint_rate": report.complaint_rate, "recent_complaint_rate": recent}
