"""What an editor does on the page to an issue file: edit, move, mend, undo; and opening it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from newsletter.errors import NewsletterError, NotFoundError
from newsletter.issue.stretch import is_body
from newsletter.issue.stretch import stretch as stretch_at
from newsletter.preview.editor import Editor
from newsletter.preview.site import Site, action, text_in
from newsletter.render.place import Place

_LONGEST = 200  # characters of a place


def routes(site: Site) -> Sequence[BaseRoute]:
    """Below ``/issue/{slug}``: ``stretch``, ``edit``, ``move``, ``fix``, ``undo``, ``open``."""
    desk, editing = site.desk, site.editing
    editor = Editor.of(desk.project.settings.editor)

    def path_of(request: Request) -> Path:
        return desk.path(request.path_params["slug"])

    def stretch(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """The text to be edited at a place of the letter."""
        digest, place = text_in(asked, "digest"), _place(asked)
        good = desk.good(request.path_params["slug"])
        if good is None or good.manuscript is None or good.digest != digest:
            raise NewsletterError("the file was saved this very moment", "Try once more.")
        found = stretch_at(good.manuscript, *place)
        if found is None:
            raise NotFoundError("this part is not edited here", "Open its line in your editor.")
        return {"text": found.text, "body": is_body(place.where)}

    def edit(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        digest, old, new = (text_in(asked, name) for name in ("digest", "old", "new"))
        place = _place(asked)
        return {"digest": editing.change(path_of(request), digest, place, old, new)}

    def move(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        index, to = int(asked["section"]), int(asked["to"])
        return {"digest": editing.move(path_of(request), text_in(asked, "digest"), index, to)}

    def fix(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        place = int(asked["line"]), int(asked["column"])
        digest, rule = text_in(asked, "digest"), text_in(asked, "rule")
        return {"digest": editing.fix(path_of(request), digest, *place, rule, desk.examine)}

    def undo(request: Request, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"digest": editing.undo(path_of(request))}

    def redo(request: Request, _asked: dict[str, Any]) -> dict[str, Any]:
        return {"digest": editing.redo(path_of(request))}

    def open_(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """Show a line in the editor's own program."""
        path = path_of(request)
        if asked.get("place"):
            place = _place(asked)
            good = desk.good(path.stem)
            if good is None or good.manuscript is None:
                raise NotFoundError("There is no letter of this issue.")
            line, column = good.manuscript.place(*place)
        else:
            line, column = int(asked["line"]), int(asked["column"])
            path = _named(asked.get("path"), path)
        return editor.open(path, line, column)

    def _named(name: object, issue: Path) -> Path:
        """The file that a finding names: the issue, or one of the project's templates."""
        if not isinstance(name, str) or Path(name).name == issue.name:
            return issue
        try:
            path = Path(name).resolve()
            is_ours = path.is_relative_to(desk.root.resolve()) and path.is_file()
        except (OSError, RuntimeError):  # a name that is too long, links in a circle
            is_ours = False
        if not is_ours:
            raise NewsletterError(
                f"{Path(name).name[:100]} is not a file of this project",
                "Open it by hand, if you know where it is.",
            )
        return path

    handlers = {
        "stretch": stretch,
        "edit": edit,
        "move": move,
        "fix": fix,
        "undo": undo,
        "redo": redo,
        "open": open_,
    }
    return [
        Route(f"/issue/{{slug}}/{name}", action(handler), methods=["POST"])
        for name, handler in handlers.items()
    ]


def _place(asked: dict[str, Any]) -> Place:
    """The place that a page has sent; none in an issue is longer than a line.

    Raises:
        KeyError: It was not sent.
        TypeError: It is no text.
        ValueError: It is no place.
    """
    written = text_in(asked, "place")
    if len(written) > _LONGEST:
        raise ValueError(written[:_LONGEST])
    return Place.parse(written)
