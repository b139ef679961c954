"""A section of an issue, and the issue itself, as keys with values that can be compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass

from newsletter.issue.changes.paragraphs import Paragraph, link_items, paragraphs
from newsletter.issue.changes.words import bag, joined, tokens
from newsletter.issue.model import Links, Part, Quote, Section
from newsletter.issue.problems import shorten

_PARAGRAPHS = frozenset({"body", "intro", "outro"})
_TITLES = ("headline", "title", "label")
_ADDRESSES = ("link", "url", "image.src")


@dataclass(frozen=True, slots=True)
class Entry:
    """A section, ready to be compared.

    Attributes:
        kind: ``story``, ``quote`` …
        title: Its headline, or its first words.
        fields: Each key that has a value, but for texts of several paragraphs.
        paragraphs: Those texts, or the entries of its list.
        bag: All its words.
    """

    kind: str
    title: str
    fields: dict[str, str]
    paragraphs: tuple[Paragraph, ...]
    bag: Counter[str]

    def by_id(self) -> Hashable | None:
        """The name that its editor gave it."""
        return self.fields.get("id")

    def by_title(self) -> Hashable | None:
        """Its kind and headline."""
        title = next((self.fields[key] for key in _TITLES if key in self.fields), None)
        return title and (self.kind, " ".join(title.casefold().split()))

    def by_address(self) -> Hashable | None:
        """Its kind, and where it leads or its picture comes from."""
        address = next((self.fields[key] for key in _ADDRESSES if key in self.fields), None)
        return address and (self.kind, address)

    def by_content(self) -> Hashable:
        """Everything in it."""
        words = tuple(tuple(token.text for token in p.tokens) for p in self.paragraphs)
        return tuple(self.fields.items()), words


def entry(section: Section) -> Entry:
    """A section, ready to be compared."""
    keys = fields(section)
    if isinstance(section, Links):
        parts = link_items(section.items)
    elif isinstance(section, Quote):
        parts = paragraphs(section.text)
    else:
        parts = paragraphs(getattr(section, "body", ""))
    words = bag([token for part in parts for token in part.tokens])
    for value in keys.values():
        words += bag(tokens(value))
    return Entry(section.kind, _title(keys, parts), keys, parts, words)


def fields(part: Part) -> dict[str, str]:
    """The keys of an issue or section with their values as text, in the order of the model.

    Keys of the picture are ``image.alt`` and so on; texts of paragraphs and lists are left out.
    """
    found: dict[str, str] = {}
    for name in type(part).model_fields:
        value = getattr(part, name)
        if isinstance(value, Part):
            found |= {f"{name}.{key}": text for key, text in fields(value).items()}
        elif name == "lists":
            found |= {name: ", ".join(value)} if value else {}
        elif value is None or isinstance(value, tuple) or name in _PARAGRAPHS:
            continue
        elif not (name == "text" and isinstance(part, Quote)):
            found[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return found


def _title(keys: dict[str, str], parts: tuple[Paragraph, ...]) -> str:
    for key in (*_TITLES, "image.alt", "image.src"):
        if keys.get(key):
            return keys[key]
    return shorten(joined(parts[0].tokens).replace("*", "")) if parts else ""
