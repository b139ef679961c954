"""``newsletter schema``."""

from __future__ import annotations

import click

from newsletter.cli.output import say_json


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of issue files.

    Editors complete keys and explain them with it. The first line of an issue names it:
    "# yaml-language-server: $schema=../.newsletter/issue.schema.json".
    """
    from newsletter.issue.schema import json_schema

    say_json(json_schema())
