"""Where a subscription comes from: the words that are kept with it, and what they leave out."""

from __future__ import annotations

from sqlalchemy import ColumnElement

FORM = "form"
"""How the source of those begins who signed up on a page."""

IMPORT = "import of "
"""How the source of those begins who came with a file."""


def of_import(file_name: str, consent: str = "") -> str:
    """The source of the readers of a file: ``import of fair.csv: paper forms of the fair``.

    Args:
        file_name: Without its folder.
        consent: How they agreed, in the words of whoever imports them; empty if nobody said.
    """
    # So that nobody's choice of a file's name can pass for a word about consent.
    name = file_name.replace(": ", ":")
    if name.endswith(")"):
        name = f'"{name}"'
    return f"{IMPORT}{name}: {consent}" if consent else f"{IMPORT}{name}"


def of_row(source: str, said: str) -> str:
    """The same, with what the row itself says: ``import of fair.csv (form of the old page)``.

    Readers who were exported and come back are still those of the first import, if nobody has said
    more of them: going round must not make a word about consent.
    """
    if states_nothing(source) and states_nothing(said):
        return said
    return f"{source} ({said})" if said else source


def states_nothing(source: str) -> bool:
    """Whether readers were imported and nobody has said how they agreed."""
    return source.startswith(IMPORT) and ": " not in source and not source.endswith(")")


def stated_nothing(column: ColumnElement[str]) -> ColumnElement[bool]:
    """``states_nothing`` of a column of the database."""
    return column.startswith(IMPORT) & ~column.contains(": ") & ~column.endswith(")")
