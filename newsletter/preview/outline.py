"""The parts of a letter, to jump to and to be put into another order."""

from __future__ import annotations

from newsletter.issue.manuscript import Manuscript, Where
from newsletter.issue.markdown import blocks
from newsletter.issue.model import Issue
from newsletter.preview.view import Stop

_LONGEST = 90  # characters of a title that are shown


def outline(manuscript: Manuscript) -> tuple[Stop, ...]:
    """The summary, and each section by its headline or by what kind it is."""
    issue = manuscript.issue
    stops = [_stop(manuscript, ("summary",), "Summary", None)] if issue.summary else []
    for index in range(len(issue.sections)):
        stops.append(_stop(manuscript, ("sections", index), _title(issue, index), index))
    return tuple(stops)


def _stop(manuscript: Manuscript, where: Where, title: str, section: int | None) -> Stop:
    place = ".".join(map(str, where))
    return Stop(place, title, section, manuscript.place(where)[0])


def _title(issue: Issue, index: int) -> str:
    section = issue.sections[index]
    values = [getattr(section, name, "") for name in ("headline", "title", "label", "text", "body")]
    values.append(getattr(getattr(section, "image", None), "alt", ""))
    for value in values:
        if value.strip():
            first = next(iter(blocks(value)), None)
            words = " ".join((first.content.text if first else value).split())
            return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
    return section.kind.capitalize()
