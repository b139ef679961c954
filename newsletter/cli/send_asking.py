"""Asking the person at the terminal before anything goes out."""

from __future__ import annotations

import sys

import click

from newsletter.cli.output import count
from newsletter.errors import SendRefusedError


def ask_for_slug(slug: str, number: int, when: str = "") -> None:
    """Have the slug typed, so that nobody sends the wrong issue by a habit of the fingers.

    Args:
        slug: The issue.
        number: How many readers would get it.
        when: Said behind it, ``on 2026-11-27 at 07:30``; empty for now.

    Raises:
        SendRefusedError: Something else was typed, or nobody is there.
    """
    need_terminal("--yes")
    typed = click.prompt(
        f"To send it to {count(number, 'reader')}{when and ' '}{when}, type {slug}",
        default="",
        show_default=False,
        err=True,
    )
    if typed.strip() != slug:
        raise SendRefusedError("nothing was sent", f"To send it, type exactly: {slug}")


def ask_to_go_on() -> None:
    """Ask whether a campaign shall go on.

    Raises:
        SendRefusedError: It shall not, or nobody is there.
    """
    need_terminal("--resume")
    if not click.confirm("Go on with it?", err=True):
        raise SendRefusedError("nothing was sent")


def need_terminal(option: str) -> None:
    """Pass if somebody can be asked.

    Raises:
        SendRefusedError: Nobody can.
    """
    if not sys.stdin.isatty():
        raise SendRefusedError(
            "nobody is at a terminal to be asked", f"To do it without being asked, add {option}."
        )
