"""What caniemail knows: for each feature and mail program, whether it is shown."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import resources
from typing import Any

from newsletter.suggestion import nearest

# The app "Mail" of Windows 10 sends and receives nothing since 31 December 2024.
_DISCONTINUED = frozenset({"outlook.windows-mail"})

# Many notes say again at their beginning what their value says.
_VERDICT = re.compile(r"^(?:Partial(?: support)?|Partially supported|Not supported|Buggy)[.:]\s*")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")


class Value(StrEnum):
    """How far a mail program knows a feature."""

    YES = "y"
    PARTLY = "a"
    NO = "n"
    UNKNOWN = "u"


@dataclass(frozen=True, slots=True)
class ClientResult:
    """One feature in one mail program, in the newest version that was tested.

    Attributes:
        client: caniemail's family: ``outlook``.
        platform: caniemail's platform: ``windows``.
        value: How far it is supported.
        notes: What there is to say about it, sentences.
        tested: Day of the feature's last test, ``2019-07-25``.
    """

    client: str
    platform: str
    value: Value
    notes: tuple[str, ...]
    tested: str


@dataclass(frozen=True, slots=True)
class Feature:
    """A property, element, attribute, image format … that caniemail has tested.

    Attributes:
        slug: caniemail's name: ``css-border-radius``.
        title: What people call it: ``border-radius``.
        category: ``css``, ``html``, ``image`` or ``others``.
        tested: Day of its last test, ``2021-03-09``.
        results: One for each mail program that was tested.
    """

    slug: str
    title: str
    category: str
    tested: str
    results: tuple[ClientResult, ...]

    @property
    def url(self) -> str:
        """The page with everything about it."""
        return f"https://www.caniemail.com/features/{self.slug}/"

    def among(self, clients: Collection[str]) -> tuple[ClientResult, ...]:
        """The results of some families of mail programs."""
        return tuple(result for result in self.results if result.client in clients)

    def without(self, clients: Collection[str]) -> tuple[ClientResult, ...]:
        """The mail programs of some families that lack the feature, or know only part of it."""
        lacking = (Value.NO, Value.PARTLY)
        return tuple(result for result in self.among(clients) if result.value in lacking)


class Support:
    """All features.

    Args:
        data: What ``scripts/update_caniemail.py`` has written.

    Attributes:
        version: Version of the npm package.
        updated: Day of the data, ``2026-05-13``.
        families: What each family of mail programs is called, by its name in settings.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.version: str = data["version"]
        self.updated: str = data["updated"]
        self.families: Mapping[str, str] = data["families"]
        self._clients = [tuple(client.split(".")) for client in data["clients"]]
        self._features: Mapping[str, Mapping[str, Any]] = data["features"]
        self._read: dict[str, Feature] = {}

    def __contains__(self, slug: str) -> bool:
        return slug in self._features

    def __iter__(self) -> Iterator[str]:
        return iter(self._features)

    def lookup(self, slug: str) -> Feature:
        """The feature of a name.

        Raises:
            KeyError: caniemail has none of this name.
        """
        if slug not in self._read:
            self._read[slug] = self._feature(slug)
        return self._read[slug]

    def _feature(self, slug: str) -> Feature:
        raw = self._features[slug]
        notes = {number: _plain(note) for number, note in raw["notes"].items()}
        results = []
        for (client, platform), support in zip(self._clients, raw["support"], strict=True):
            if support and f"{client}.{platform}" not in _DISCONTINUED:
                value, *numbers = support.replace("#", " ").split()
                said = tuple(notes[number] for number in numbers if number in notes)
                results.append(ClientResult(client, platform, Value(value), said, raw["tested"]))
        return Feature(slug, raw["title"], raw["category"], raw["tested"], tuple(results))


def _plain(note: str) -> str:
    """A note without Markdown's links and without the verdict in front."""
    return _VERDICT.sub("", _LINK.sub(r"\1", note)).strip().rstrip(".") + "."


@functools.cache
def support() -> Support:
    """The data that the program ships; read at the first call (3 ms)."""
    text = resources.files(__package__).joinpath("data.json").read_text("utf-8")
    return Support(json.loads(text))


def validate_clients(names: Sequence[str]) -> tuple[str, ...]:
    """The value of ``[lint] clients``, checked.

    Args:
        names: Families of mail programs as caniemail calls them: ``gmail``, ``apple-mail``.

    Returns:
        The same names in lower case, each once.

    Raises:
        ValueError: A name is none of caniemail's, in words for whoever wrote it.
    """
    known = support().families
    clients = tuple(dict.fromkeys(name.strip().lower() for name in names))
    for name in clients:
        if name not in known:
            close = nearest(name, known)
            advice = f'did you mean "{close}"?' if close else f"it knows {', '.join(known)}"
            raise ValueError(f'"{name}" is no mail program that caniemail knows; {advice}')
    return clients
