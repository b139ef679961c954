"""Rules of a project's own: each file in its folder ``lint/`` is one, as the program's own are."""

from __future__ import annotations

import dataclasses
import importlib.util
import traceback
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import ConfigurationError
from newsletter.lint import registry
from newsletter.lint.context import Context
from newsletter.lint.rule import Check, Problem, Rule

FOLDER = "lint"
"""Beside ``newsletter.toml``."""

NAMES = ("ID", "GROUP", "SEVERITY", "TARGET", "check")
"""What a rule's file must have."""


def own_rules(root: Path) -> tuple[Rule, ...]:
    """The rules of a project, by the names of their files; those that begin with "_" are none.

    They are programs: a project's rules run with the rights of whoever checks it.

    Raises:
        ConfigurationError: A file is no rule: it cannot be run, lacks a name, or has the slug or
            the number of another rule.
    """
    files = sorted((root / FOLDER).glob("[!_]*.py"))
    found: list[Rule] = []
    for file in files:
        rule = _read(file)
        for other in (*registry.rules(), *found):
            if other.slug == rule.slug or other.id == rule.id:
                raise ConfigurationError(
                    f"{file}: there is a rule {other.id} {other.slug} already",
                    "Give the file another name, and ID a number that is free: newsletter rules",
                )
        found.append(rule)
    return tuple(found)


def _read(file: Path) -> Rule:
    spec = importlib.util.spec_from_file_location(f"newsletter_project_rule_{file.stem}", file)
    assert spec is not None  # noqa: S101 - the name ends in .py
    assert spec.loader is not None  # noqa: S101
    try:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a project's file may do anything
        raise _broken(file, error) from error
    missing = [name for name in NAMES if not hasattr(module, name)]
    if missing:
        raise ConfigurationError(
            f"{file}: {', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing",
            f"A rule has {', '.join(NAMES)} and a docstring.",
        )
    rule = registry.read(module, file.stem)
    return dataclasses.replace(rule, check=_guarded(rule, file))


def _guarded(rule: Rule, file: Path) -> Check:
    def check(context: Context) -> Iterator[Problem]:
        try:
            yield from rule.check(context)
        except (Exception, SystemExit) as error:  # a project's file may do anything
            raise _broken(file, error) from error

    return check


def _broken(file: Path, error: Exception | SystemExit) -> ConfigurationError:
    frames = reversed(traceback.extract_tb(error.__traceback__))
    lines = (frame.lineno for frame in frames if frame.filename == str(file))
    line = next(lines, getattr(error, "lineno", None))
    place = f"{file}:{line}" if line else str(file)
    return ConfigurationError(f"{place}: {type(error).__name__}: {error}", "Mend this rule.")
