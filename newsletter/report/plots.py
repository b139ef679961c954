"""Pictures of numbers as SVG, which a page can hold itself: no script, nothing to fetch."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from newsletter.report.timeline import Timeline
from newsletter.report.times import moment, span

_WIDTH, _HEIGHT = 640, 130
"""Units of the drawing, which is stretched to the page; words stand beside it, so they are not."""

_GAP = 0.2
"""Between two bars, as a part of a step."""


def bars(series: Timeline, kind: str, noun: str) -> Markup:
    """Bars over time; the largest number, and the first and last moment, stand beside them.

    Numbers of one step only are said, not drawn: a single bar shows nothing.

    Args:
        series: The numbers.
        kind: Class of the bars, which gives them their colour.
        noun: What was counted, in the plural: said to those who do not see the picture.
    """
    if len(series.numbers) == 1:
        return Markup("<p>{:,} within {} from {} UTC.</p>").format(
            series.total, span(series.step), moment(series.begin)
        )
    most = _round_up(max(series.numbers, default=0))
    wide = _WIDTH / max(1, len(series.numbers))
    drawn = Markup("").join(
        Markup(
            '<rect class="{}" x="{:.2f}" y="{:.2f}" width="{:.2f}" height="{:.2f}">'
            "<title>{}: {:,}</title></rect>"
        ).format(
            kind,
            wide * (at + _GAP / 2),
            _HEIGHT * (1 - number / most),
            wide * (1 - _GAP),
            _HEIGHT * number / most,
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
        '<div class="bars"><span class="most" aria-hidden="true">{most:,}</span>'
        '<span class="nought" aria-hidden="true">0</span>'
        '<svg role="img" viewBox="0 0 {w} {h}" preserveAspectRatio="none" aria-label="{said}">'
        '{drawn}</svg><span class="times" aria-hidden="true">'
        "<span>{begin}</span> <span>{end}</span></span></div>"
    ).format(
        w=_WIDTH,
        h=_HEIGHT,
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


def _round_up(number: int) -> int:
    """The next number that is easy to read: 1, 2, 5, 10, 20, 50 and so on."""
    size = 1
    while True:
        for digit in (1, 2, 5):
            if number <= digit * size:
                return digit * size
        size *= 10
