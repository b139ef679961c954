"""``newsletter report``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.cli.options import json_option, with_project
from newsletter.cli.output import count, say, say_json, table, warn
from newsletter.cli.send_report import doubted, tally
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
    titles = {name: options.title for name, options in project.settings.all_lists.items()}
    if page:
        from newsletter.files import write_atomically
        from newsletter.report.page import page as as_page

        made = as_page(report, recent, project.settings.name, now(), list_titles=titles)
        write_atomically(page, made)
    if as_json:
        say_json(_plain(report, recent.rate))
    elif page:
        say(f"Wrote {project.shown(page.absolute())}.")
    else:
        _say(report, titles)
        say()
        (warn if recent.rate >= _high() else say)(f"{recent}.")


def _say(report: Report, titles: Mapping[str, str]) -> None:
    from newsletter.report.times import period

    lists = ", ".join(titles.get(name, name) for name in report.lists)
    when = period(report.started_at, report.finished_at)
    say(f"{report.slug}: sent {when} to {lists}", bold=True)
    say(f"{count(report.readers, 'reader')}: {tally(report.states)}.")
    if report.came_back:
        say(
            "Came back: " + ", ".join(f"{n:,} {kind}" for kind, n in report.came_back.items()) + "."
        )
    if report.refused:
        refused = count(report.refused, "refusal counts", "refusals count")
        say(f"Refused at the door: {refused} against the readers, like bounces.")
    if report.doubted:
        say(doubted(report.slug, report.doubted))
    say(f"{count(report.left, 'reader')} left since.")
    say()
    rows = [(one.name, f"{one.total:,}", tally(one.states)) for one in report.domains]
    if rows:
        table(("Domain", "Readers", "Outcome"), rows, always_headed=True)
    if report.links:
        say()
        links = [(url, f"{n:,}") for url, n in report.links.items()]
        table(("Link", "Followed"), links, always_headed=True)


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
