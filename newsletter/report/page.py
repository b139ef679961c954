"""The report as one HTML file that asks nobody for anything."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newsletter.database.states import Kind, State
from newsletter.report.complaints import HIGH, TOO_HIGH, Complaints, percent
from newsletter.report.plots import bars, stack
from newsletter.report.report import Report
from newsletter.report.times import moment, period, span

_HERE = Path(__file__).parent

OUTCOMES = {
    "good": (State.ACCEPTED,),
    "wait": (State.PLANNED, State.CLAIMED, State.ATTEMPTING, State.DEFERRED),
    "doubt": (State.UNKNOWN,),
    "bad": (State.FAILED, State.BOUNCED, State.COMPLAINED, State.EXPIRED),
    "away": (State.SUPPRESSED, State.CANCELLED),
}
"""The colours of the states."""


def page(
    report: Report,
    recent: Complaints,
    title: str,
    now: datetime.datetime,
    *,
    list_titles: Mapping[str, str],
) -> str:
    """The page: tiles, plots and tables; it holds no address of a reader.

    Args:
        report: What became of the sending.
        recent: The complaints of the last days.
        title: The newsletter's name.
        now: When the report is made.
        list_titles: What readers see of each list; one that is gone is shown by its name.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["moment"] = moment
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["percent"] = percent
    colours = {state.value: kind for kind, states in OUTCOMES.items() for state in states}
    return environment.get_template("page.html").render(
        report=report,
        recent=recent,
        title=title,
        now=now,
        lists=[list_titles.get(name, name) for name in report.lists],
        period=period(report.started_at, report.finished_at),
        colours=colours,
        standing="high" if recent.rate >= TOO_HIGH else "raised" if recent.rate >= HIGH else "fine",
        limits=(HIGH, TOO_HIGH),
        outcome=_stack(report.states, "What became of the letters", colours),
        by_domain=[
            (domain, _stack(domain.states, domain.name, colours)) for domain in report.domains
        ],
        bounces=sum(
            report.came_back.get(kind, 0)
            for kind in (Kind.HARD, Kind.SOFT, Kind.MAILBOX_FULL, Kind.POLICY)
        ),
        plots=[
            (
                heading,
                span(series.step) if len(series.numbers) > 1 else "",
                bars(series, kind, noun),
            )
            for heading, series, kind, noun in (
                ("Letters taken by mail servers", report.accepted, "good", "letters"),
                ("Bounces", report.bounced, "bad", "bounces"),
                ("Readers who left", report.departed, "away", "readers"),
            )
            if series.total
        ],
        style=Markup((_HERE / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
    )


def _stack(states: Mapping[str, int], label: str, colours: Mapping[str, str]) -> Markup:
    parts = [(colours[state], state, number) for state, number in states.items()]
    order = list(OUTCOMES)
    return stack(sorted(parts, key=lambda part: order.index(part[0])), label)
