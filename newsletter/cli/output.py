"""What commands print: plain lines, JSON, tables."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import click


def say(line: str = "", *, bold: bool = False) -> None:
    """A line for the person at the terminal."""
    click.echo(click.style(line, bold=True) if bold else line)


def warn(line: str) -> None:
    """A line on standard error."""
    click.echo(line, err=True)


def say_json(value: Any) -> None:
    """A value as JSON, one document on standard output."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, always_headed: bool = False
) -> None:
    """Rows under headings, fitted to the terminal; when piped, tab-separated without cutting.

    Args:
        columns: The headings.
        rows: The cells below them.
        always_headed: Whether there are headings also when piped: where a program that reads lines
            meets other lines anyway.
    """
    if not sys.stdout.isatty():
        if always_headed:
            click.echo("\t".join(columns))
        for row in rows:
            click.echo("\t".join(row))
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, header_style="bold", pad_edge=False)
    for column in columns:
        grid.add_column(column)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    Console().print(grid)


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 reader``, ``2 readers``, ``12,000 readers``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
