"""Pictures of numbers as SVG, which a page can hold itself: no script, nothing to fetch."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from markupsafe import Markup

from newsletter.report.timeline import Timeline

_WIDTH, _HEIGHT = 640, 150
_LEFT, _TOP, _BOTTOM = 44, 8, 22
_GAP = 0.2
"""Between two bars, as a part of a step."""


def bars(series: Timeline, kind: str, noun: str) -> Markup:
    """Bars over time, with the largest number and the first and last moment written at the edges.

    Args:
        series: The numbers.
        kind: Class of the bars, which gives them their colour.
        noun: What was counted, in the plural: said to those who do not see the picture.
    """
    most = _round_up(max(series.numbers, default=0))
    wide = (_WIDTH - _LEFT) / max(1, len(series.numbers))
    high = _HEIGHT - _TOP - _BOTTOM
    drawn = Markup("").join(
        Markup(
            '<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}">'
            "<title>{}: {:,}</title></rect>"
        ).format(
            kind,
            _LEFT + wide * (at + _GAP / 2),
            _TOP + high * (1 - number / most),
            wide * (1 - _GAP),
            high * number / most,
            moment(series.begin + series.step * at),
            number,
        )
        for at, number in enumerate(series.numbers)
        if number
    )
    said = (
        f"{series.total:,} {noun} from {moment(series.begin)} to {moment(series.end)} UTC, at most "
        f"{max(series.numbers, default=0):,} in {span(series.step)}"
    )
    return Markup(
        '<svg role="img" viewBox="0 0 {w} {h}" aria-label="{said}">'
        '<line class="axis" x1="{left}" y1="{floor}" x2="{w}" y2="{floor}"/>'
        '<line class="grid" x1="{left}" y1="{top}" x2="{w}" y2="{top}"/>'
        '<text class="y" x="{label}" y="{ytop}">{most:,}</text>'
        '<text class="y" x="{label}" y="{floor}">0</text>'
        '<text class="x" x="{left}" y="{h2}">{begin}</text>'
        '<text class="x end" x="{w}" y="{h2}">{end}</text>{drawn}</svg>'
    ).format(
        w=_WIDTH,
        h=_HEIGHT,
        h2=_HEIGHT - 5,
        left=_LEFT,
        label=_LEFT - 6,
        floor=_HEIGHT - _BOTTOM,
        top=_TOP,
        ytop=_TOP + 8,
        most=most,
        begin=moment(series.begin),
        end=moment(series.end),
        said=said,
        drawn=drawn,
    )


def stack(parts: Sequence[tuple[str, str, int]], label: str) -> Markup:
    """One bar of several parts.

    Args:
        parts: Class, name and number of each.
        label: What it shows, for those who do not see it.
    """
    total = sum(number for _, _, number in parts) or 1
    drawn, at = [], 0.0
    for kind, name, number in parts:
        wide = _WIDTH * number / total
        drawn.append(
            Markup(
                '<rect class="{}" x="{:.2f}" y="0" width="{:.2f}" height="18">'
                "<title>{}: {:,}</title></rect>"
            ).format(kind, at, wide, name, number)
        )
        at += wide
    return Markup(
        '<svg class="stack" role="img" viewBox="0 0 {w} 18" preserveAspectRatio="none" '
        'aria-label="{label}">{drawn}</svg>'
    ).format(w=_WIDTH, label=label, drawn=Markup("").join(drawn))


def moment(when: datetime.datetime) -> str:
    """``20 Nov 09:30``, UTC."""
    return f"{when.day} {when:%b %H:%M}"


def span(step: datetime.timedelta) -> str:
    """``5 minutes``, ``an hour``, ``3 hours``, ``a day``, ``a week``."""
    minutes = int(step.total_seconds() / 60)
    for size, one, many in (
        (7 * 1440, "a week", "weeks"),
        (1440, "a day", "days"),
        (60, "an hour", "hours"),
        (1, "a minute", "minutes"),
    ):
        if minutes >= size:
            return one if minutes == size else f"{minutes // size} {many}"
    return "no time"


def _round_up(number: int) -> int:
    """The next number that is easy to read: 1, 2, 5, 10, 20, 50 and so on."""
    size = 1
    while True:
        for digit in (1, 2, 5):
            if number <= digit * size:
                return digit * size
        size *= 10
