"""The proof as one HTML file that asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newsletter.findings import Severity
from newsletter.preview.proof_sheet.sheet import Sheet

MARK = '<meta name="generator" content="newsletter proof">'
"""Tells a proof from any other file; within its first bytes."""

_HERE = Path(__file__).parent
_TEMPLATE = "sheet.html"
_MARK_WITHIN = 1000
_HEADINGS = {Severity.ERROR: "Errors", Severity.WARNING: "Warnings", Severity.INFO: "Notes"}


def page(sheet: Sheet) -> str:
    """The proof as HTML.

    Frames inherit the page's Content-Security-Policy: a letter in it can fetch nothing and run
    nothing, and no address of its pictures but ``data:`` is followed.
    """
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["kb"] = lambda size: f"{max(1, round(size / 1024)):,} KB"
    environment.filters["counted"] = _counted
    environment.filters["day"] = lambda day: f"{day.day} {day:%B %Y}"
    environment.filters["sentence"] = lambda text: text[:1].upper() + text[1:]
    script = (_HERE / "sheet.js").read_text(encoding="utf-8")
    return environment.get_template(_TEMPLATE).render(
        sheet=sheet,
        views={view.name: view for view in sheet.views},
        groups=[
            (severity.value, heading, found)
            for severity, heading in _HEADINGS.items()
            if (found := [r for r in sheet.remarks if r.finding.severity is severity])
        ],
        mark=Markup(MARK),  # noqa: S704 - our own
        style=Markup((_HERE / "sheet.css").read_text(encoding="utf-8")),  # noqa: S704 - our own
        script=Markup(script),  # noqa: S704 - our own
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def is_proof(path: Path) -> bool:
    """Whether a file is a proof, and so may be replaced by a newer one."""
    try:
        with path.open("rb") as file:
            return MARK.encode() in file.read(_MARK_WITHIN)
    except OSError:
        return False


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
