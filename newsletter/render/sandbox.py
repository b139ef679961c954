"""The Jinja2 environment: escaping, a sandbox, and budgets against templates that never end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from newsletter.render.bytecode import Compiled
from newsletter.render.colour import readable
from newsletter.render.trace import Tracing
from newsletter.suggestion import did_you_mean

MAX_STEPS = 100_000
"""Steps that all ``range()`` loops of one render may take together."""


class Endless(jinja2.TemplateRuntimeError):
    """A render passed its budget."""


class _Missing(jinja2.StrictUndefined):
    """Says what is missing in the words of templates, not of Python; a hint on a second line."""

    __slots__ = ()

    @property
    def _undefined_message(self) -> str:
        name, owner = str(self._undefined_name), self._undefined_obj
        if self._undefined_hint:  # an attribute that the sandbox refuses, a missing argument
            return self._undefined_hint
        if owner is jinja2.utils.missing:
            return f'there is no "{name}"'
        known = [known for known in dir(owner) if not known.startswith("_")]
        hint = did_you_mean(name, known) or f"There are: {', '.join(known)}."
        return f'there is no "{name}" in {type(owner).__name__}\n{hint}'


class Environment(SandboxedEnvironment):
    """Escaping always on, undefined names are errors, nothing that makes megabytes at a stroke."""

    intercepted_binops = frozenset({"*", "**", "%"})

    def __init__(self, folders: Sequence[Path], **options: Any) -> None:
        super().__init__(
            loader=_Loader(folders),
            autoescape=True,
            undefined=_Missing,
            trim_blocks=True,
            lstrip_blocks=True,
            **options,
        )
        self.filters["readable_on"] = readable
        del self.globals["lipsum"]
        for unbounded in ("center", "format", "indent", "wordwrap"):
            del self.filters[unbounded]

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic, but nothing that makes megabytes of one expression."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise SecurityError(f'the operator "{operator}" is not available')
        if operator == "*":
            for times, repeated in ((left, right), (right, left)):
                if isinstance(times, int) and hasattr(repeated, "__len__"):
                    _bounded(times * len(repeated))
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Also refuses what pads text to any width."""
        return not (isinstance(obj, str) and attr in _PADDING) and super().is_safe_attribute(
            obj, attr, value
        )

    def wrap_str_format(self, _: Any) -> None:
        """Nothing, so that ``is_safe_attribute`` is asked about ``str.format``, and refuses."""


# Methods of text that take a width: "{:999999999}".format(1) is a gigabyte.
_PADDING = frozenset(
    {"center", "expandtabs", "format", "format_map", "ljust", "rjust", "translate", "zfill"}
)


class _Loader(jinja2.FileSystemLoader):
    """Reads a file anew also when a folder that comes first has got one of the same name."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        paths = [Path(folder, *template.split("/")) for folder in self.searchpath]
        try:
            source, file, unchanged = super().get_source(environment, template)
        except UnicodeDecodeError:
            file = next(str(path) for path in paths if path.is_file())
            raise jinja2.TemplateSyntaxError("not UTF-8", 1, template, file) from None
        folder = self.searchpath[paths.index(Path(file))]
        if not Path(file).resolve().is_relative_to(Path(folder).resolve()):
            # A link in a repository must not put another file of this machine into a letter.
            message = "it is a link that leads out of its folder of templates"
            raise jinja2.TemplateSyntaxError(message, 1, template, file)
        earlier = paths[: paths.index(Path(file))]
        return source, file, lambda: unchanged() and not any(path.is_file() for path in earlier)


class Steps:
    """``range()`` that counts the steps of all loops of one render."""

    def __init__(self) -> None:
        self._taken = 0

    def __call__(self, *bounds: int) -> range:
        """The same as ``range(*bounds)``."""
        steps = range(*bounds)
        self._taken += len(steps)
        _bounded(self._taken)
        return steps


def _bounded(steps: int) -> None:
    if steps > MAX_STEPS:
        raise Endless(f"loops or repeats more than {MAX_STEPS:,} times")


@lru_cache(maxsize=8)
def environment(folders: tuple[Path, ...], *, traced: bool = False) -> Environment:
    """The environment of these folders, the first folder first; ``traced`` marks its output."""
    # Kept: compiling the built-in templates takes 40 ms. Changed files are read again.
    if traced:
        return Environment(folders, extensions=[Tracing])
    # The last folder is the built-in one. Not optimized: what a filter gives for a constant would
    # be kept with the code, and outlive a change of the filter.
    return Environment(folders, optimized=False, bytecode_cache=Compiled("letter", folders[-1]))
