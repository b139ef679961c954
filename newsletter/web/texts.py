"""The words of readers' pages and mails, by language: message catalogues as gettext has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from newsletter.errors import ConfigurationError
from newsletter.render.language import Direction, direction

FOLDER = "web/pages/texts"
"""Where the catalogues are among the templates, a file ``LANGUAGE.po`` each."""

SOURCE = "en"
"""The language that pages and mails are written in."""


class Texts:
    """Says things in one language.

    Args:
        language: BCP 47 tag.
        messages: What stands for each English message; others are said in English.
    """

    def __init__(self, language: str, messages: Mapping[str, str]) -> None:
        self.language = language
        self.direction: Direction = direction(language)
        self._messages = dict(messages)

    def __call__(self, message: str, **values: object) -> str:
        """A message in this language.

        Args:
            message: In English, as templates and code have it.
            values: For the ``{names}`` in it.
        """
        said = self._messages.get(message, message)
        for name, value in values.items():
            said = said.replace(f"{{{name}}}", str(value))
        return said


def load_texts(folders: Sequence[Path]) -> Mapping[str, Texts]:
    """The languages that there are catalogues for, and English.

    Args:
        folders: Of templates, the project's own first: its words go before the built-in ones.

    Raises:
        ConfigurationError: A catalogue is none.
    """
    messages: dict[str, dict[str, str]] = {SOURCE: {}}
    for folder in reversed(folders):
        for file in sorted((folder / FOLDER).glob("*.po")):
            messages.setdefault(file.stem, {}).update(_read(file))
    return {language: Texts(language, said) for language, said in messages.items()}


def _read(file: Path) -> dict[str, str]:
    from babel.messages.pofile import PoFileError, read_po

    try:
        with file.open("rb") as stream:
            catalogue = read_po(stream, abort_invalid=True)
    except (OSError, PoFileError, ValueError) as error:
        raise ConfigurationError(
            f"{file} is not a message catalogue: {error}", "Mend it with an editor for .po files."
        ) from error
    return {
        str(message.id): str(message.string)
        for message in catalogue
        if message.id and message.string and not message.fuzzy
    }
