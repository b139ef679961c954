"""Jinja2: from a template and values to MJML source.

A project's own templates stand before the built-in ones, file by file. Templates are code of the
newsroom, but an issue's words are not: values are escaped, the sandbox keeps templates from
Python's insides, and a render that grows without end is stopped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2

import newsletter
from newsletter.errors import TemplateError
from newsletter.render.sandbox import Endless, Environment, Steps, environment
from newsletter.render.trace import Marks
from newsletter.suggestion import did_you_mean

ENDING = ".mjml.j2"
"""How the name of a letter's template ends."""

MAX_OUTPUT = 5 * 1024 * 1024
"""Characters that one render may give; a full issue has about 60,000."""

_PACKAGED = Path(newsletter.__file__).parent / "_templates"

BUILT_IN: Path = (
    _PACKAGED if _PACKAGED.is_dir() else Path(newsletter.__file__).parent.parent / "templates"
)
"""The built-in templates: inside the installed package, or the checkout's ``templates/``."""


class Templates:
    """The templates of a project.

    Args:
        folders: Where templates are looked for, the first folder first.
        ending: How the names of their files end.
    """

    def __init__(self, folders: Sequence[Path], ending: str = ENDING) -> None:
        self._folders = tuple(folders)
        self._ending = ending

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """The MJML source that a template gives.

        Args:
            name: As the issue names it, without its ending: ``default``.
            context: What the template may show.

        Raises:
            TemplateError: The template is missing, wrong, shows something that does not exist, or
                grows without end.
        """
        return self._render(environment(self._folders), name, context)

    def render_marked(self, name: str, context: Mapping[str, Any]) -> Marks:
        """The same source together with the template line that each part of it comes from.

        For error messages only: the marks are text while the template runs, so a template that
        measures or changes its own output could see them.
        """
        traced = environment(self._folders, traced=True)
        return Marks.read(self._render(traced, name, context), traced)

    def _render(self, jinja: Environment, name: str, context: Mapping[str, Any]) -> str:
        try:
            template = jinja.get_template(name + self._ending)
            return _joined(template.generate(range=Steps(), **context))
        except jinja2.TemplateNotFound as error:
            raise self._missing(jinja, error, name) from None
        except jinja2.TemplateSyntaxError as error:
            path = shown(error.filename or error.name or name)
            raise TemplateError(
                error.message or "", _syntax_hint(error), path=path, line=error.lineno
            ) from None
        except Endless as error:
            raise self._at(
                error, name, str(error), "Make the loop or the repetition shorter."
            ) from None
        except RecursionError as error:
            message = "includes, imports or calls itself without end"
            raise self._at(error, name, message, "Break the circle.") from None
        except OSError as error:
            raise TemplateError(f"cannot read {shown(error.filename)}: {error.strerror}") from None
        except (
            jinja2.TemplateError,
            ArithmeticError,
            AttributeError,
            LookupError,
            MemoryError,
            TypeError,
            ValueError,
        ) as error:
            message, _, hint = (str(error) or type(error).__name__).partition("\n")
            raise self._at(error, name, message, hint or _hint(message, context)) from None

    def _at(self, error: BaseException, name: str, message: str, hint: str) -> TemplateError:
        path, line = self._place(error) or (name + self._ending, 0)
        return TemplateError(message, hint, path=path, line=line)

    def _place(self, error: BaseException) -> tuple[str, int] | None:
        """The innermost template line that an error passed through (Jinja2 rewrites tracebacks)."""
        place, trace = None, error.__traceback__
        while trace is not None:
            file = trace.tb_frame.f_code.co_filename
            if any(Path(file).is_relative_to(folder) for folder in self._folders):
                place = shown(file), trace.tb_lineno
            trace = trace.tb_next
        return place

    def _missing(
        self, jinja: Environment, error: jinja2.TemplateNotFound, name: str
    ) -> TemplateError:
        missing = str(error.name or name + self._ending)
        path, line = self._place(error) or ("", 0)
        if not path and missing == name + self._ending:
            files = (name for name in jinja.list_templates() if "/" not in name)
            known = [name.removesuffix(self._ending) for name in files]
            message, missing = f'there is no template "{name}"', name
        else:
            known = jinja.list_templates()
            path = path or name + self._ending
            message = f"there is no file {missing}"
        folders = " or ".join(shown(folder) for folder in self._folders)
        hint = did_you_mean(missing, known) or f"Templates are looked for in {folders}."
        return TemplateError(message, hint, path=path, line=line)


def shown(path: str | Path) -> str:
    """A path as a user would type it: relative to the working directory if it is below it."""
    absolute, here = Path(path), Path.cwd()
    return str(absolute.relative_to(here) if absolute.is_relative_to(here) else absolute)


def _joined(pieces: Iterable[str]) -> str:
    kept, size = [], 0
    for piece in pieces:
        kept.append(piece)
        size += len(piece)
        if size > MAX_OUTPUT:
            raise Endless(f"gives more than {MAX_OUTPUT // 2**20} MB")
    return "".join(kept)


def _syntax_hint(error: jinja2.TemplateSyntaxError) -> str:
    if "end of template" in (error.message or ""):
        return "A block is not closed: {% if %} … {% endif %}, {% for %} … {% endfor %}."
    return ""


def _hint(message: str, context: Mapping[str, Any]) -> str:
    undefined = re.fullmatch(r'there is no "(\w+)"', message)
    if not undefined:
        return ""
    return did_you_mean(undefined[1], context) or f"There are: {', '.join(sorted(context))}."
