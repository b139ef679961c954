"""All lint rules: each file in ``rules/`` is one, named by its slug."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from types import ModuleType

from newsletter.lint import rules as folder
from newsletter.lint.rule import Rule


@functools.cache
def rules() -> tuple[Rule, ...]:
    """Every rule of the program by slug, imported at the first call, not before."""
    names = sorted(module.name for module in pkgutil.iter_modules(folder.__path__))
    return tuple(read(importlib.import_module(f"{folder.__name__}.{name}"), name) for name in names)


def read(module: ModuleType, name: str) -> Rule:
    """The rule that a module holds.

    Args:
        module: A module with the names that ``newsletter.lint.rule`` describes.
        name: The name of its file without ending.

    Raises:
        AttributeError: The module lacks one of the names.
    """
    return Rule(
        slug=name.replace("_", "-"),
        id=module.ID,
        group=module.GROUP,
        severity=module.SEVERITY,
        target=module.TARGET,
        documentation=module.__doc__ or "",
        check=module.check,
    )


def find(name: str, among: tuple[Rule, ...]) -> Rule | None:
    """The rule of a slug or an id, whatever its case; None if there is none."""
    wanted = name.strip().casefold()
    return next((r for r in among if wanted in {r.slug, r.id.casefold()}), None)
