"""The editor's own program, opened at a line."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from newsletter.errors import ConfigurationError, NewsletterError

ADDRESSES = {
    "vscode": "vscode://file{path}:{line}:{column}",
    "vscodium": "vscodium://file{path}:{line}:{column}",
    "cursor": "cursor://file{path}:{line}:{column}",
    "zed": "zed://file{path}:{line}:{column}",
    "idea": "idea://open?file={path}&line={line}&column={column}",
    "pycharm": "pycharm://open?file={path}&line={line}&column={column}",
    "textmate": "txmt://open?url=file://{path}&line={line}&column={column}",
}
"""Programs that the browser opens by an address of their own."""

_COMMANDS = {
    "code": "code --goto {file}:{line}:{column}",
    "codium": "codium --goto {file}:{line}:{column}",
    "cursor": "cursor --goto {file}:{line}:{column}",
    "subl": "subl {file}:{line}:{column}",
    "zed": "zed {file}:{line}:{column}",
    "kate": "kate --line {line} --column {column} {file}",
    "gedit": "gedit {file} +{line}:{column}",
    "gnome-text-editor": "gnome-text-editor {file}",
    "gvim": "gvim +{line} {file}",
    "mvim": "mvim +{line} {file}",
    "emacsclient": "emacsclient --no-wait +{line}:{column} {file}",
    "idea": "idea --line {line} --column {column} {file}",
    "pycharm": "pycharm --line {line} --column {column} {file}",
    "mate": "mate --line {line}:{column} {file}",
    "notepad++": "notepad++ -n{line} -c{column} {file}",
}
"""How programs with a window of their own are told a line."""


@dataclass(frozen=True, slots=True)
class Editor:
    """How a line is shown to the person who edits.

    Attributes:
        address: Pattern of an address that the browser opens; or empty.
        command: Pattern of a command that is run; or empty.
    """

    address: str = ""
    command: str = ""

    @classmethod
    def of(cls, setting: str, environment: Mapping[str, str] = os.environ) -> Editor:
        """The editor that the settings name, else that of ``VISUAL`` or ``EDITOR``, else VS Code.

        Args:
            setting: One of ``ADDRESSES``, or a command with ``{file}`` and ``{line}`` in it.
            environment: Of the process.

        Raises:
            ConfigurationError: The setting is neither.
        """
        if setting in ADDRESSES:
            return cls(address=ADDRESSES[setting])
        if "{file}" in setting:
            if not _words(setting):
                raise ConfigurationError(
                    "editor: the command has a quote that is not closed",
                    'NEWSLETTER_EDITOR is a command such as "subl {file}:{line}:{column}".',
                )
            return cls(command=setting)
        if setting:
            raise ConfigurationError(
                f'editor: "{setting}" is not an editor that is known',
                f"Known are {', '.join(ADDRESSES)}; or set NEWSLETTER_EDITOR to a command: "
                '"subl {file}:{line}:{column}".',
            )
        for variable in ("VISUAL", "EDITOR"):
            words = _words(environment.get(variable, ""))
            name = Path(words[0]).name if words else ""
            if name in _COMMANDS:
                return cls(command=_COMMANDS[name])
        return cls(address=ADDRESSES["vscode"]) if shutil.which("code") else cls()

    def open(self, path: Path, line: int, column: int) -> dict[str, str]:
        """Open a file at a place.

        Returns:
            ``address`` for the browser to open, or ``opened``; or ``copy``, the place in words, if
            no editor is known.

        Raises:
            NewsletterError: The command cannot be run.
        """
        path = path.resolve()
        if self.address:
            where = quote(path.as_posix(), safe="/")
            where = where if where.startswith("/") else f"/{where}"
            return {"address": self.address.format(path=where, line=line, column=column)}
        if not self.command:
            return {"copy": f"{path}:{line}:{column}"}
        words = [
            word.replace("{line}", str(line))
            .replace("{column}", str(column))
            .replace("{file}", str(path))
            for word in _words(self.command)
        ]
        try:
            process = subprocess.Popen(  # noqa: S603 - the editor's own setting, no shell
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            raise NewsletterError(
                f"{words[0]} cannot be started: {error.strerror}",
                "Set NEWSLETTER_EDITOR to the command of your editor.",
            ) from error
        # The system keeps what has ended until somebody asks how.
        threading.Thread(target=process.wait, daemon=True).start()
        return {"opened": f"{path.name}:{line}:{column}"}


def _words(command: str) -> list[str]:
    """The words of a command; none if a quote is not closed."""
    try:
        return shlex.split(command)
    except ValueError:
        return []
