"""What a newsletter knows of a reader beside the address: a name, a language, further values."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from newsletter.audience.text import clean, quoted
from newsletter.errors import AudienceError
from newsletter.issue.model import LANGUAGE
from newsletter.render.merge import ADDRESS_FIELDS

LONGEST = 1000
"""Characters of the longest value: more is a mistake, not a name."""

CONSENT = ("requested_at", "confirmed_at", "unsubscribed_at", "consent_source", "consent_wording")
"""Columns of an export that say since when and by which way a reader agreed."""

RESERVED = ADDRESS_FIELDS | {"id", "list", "status", "token", *CONSENT}
"""Names that no value of a reader may have: the program itself fills them."""

_FIELD = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(LANGUAGE)


@dataclass(frozen=True, slots=True)
class Profile:
    """Checked values.

    Attributes:
        name: The reader's name, or empty.
        language: BCP 47 tag, or empty.
        attributes: Further values by merge field (``first_name``), none of them empty.
    """

    name: str = ""
    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, name: str, language: str, attributes: Mapping[str, str]) -> Self:
        """A profile of values as typed.

        Raises:
            AudienceError: A value is not fit for a letter, or its name for a merge field.
        """
        fields = {}
        for label, text in attributes.items():
            field_ = field_name(label)
            if field_ in {"email", "name", "language"}:
                raise AudienceError(
                    f'"{field_}" is not a further value of a reader', "It is given by itself."
                )
            if value := parse_value(label, text):
                fields[field_] = value
        return cls(parse_value("name", name), parse_language(language), fields)

    def over(self, known: Profile, own: Collection[str] = ()) -> Profile:
        """These values laid over what is known already; an unknown value erases nothing.

        Args:
            known: What is known.
            own: ``name`` and ``language``, if they are the reader's own word: they stay as they
                are, even empty.
        """
        return Profile(
            name=known.name if "name" in own else self.name or known.name,
            language=known.language if "language" in own else self.language or known.language,
            attributes={**known.attributes, **self.attributes},
        )


def field_name(label: str) -> str:
    """The merge field for a label: ``First Name`` becomes ``first_name``.

    Raises:
        AudienceError: It has no Latin letters to make a name of, or the name is reserved.
    """
    latin = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    name = re.sub(r"[^a-z0-9]+", "_", latin.lower()).strip("_")
    if not _FIELD.fullmatch(name):
        raise AudienceError(
            f"{quoted(label)} cannot be the name of a merge field",
            'Use Latin letters, digits and "_", and start with a letter: first_name.',
        )
    if name in RESERVED:
        raise AudienceError(
            f'"{name}" is a name that the program fills itself', "Choose another name for it."
        )
    return name


def parse_value(label: str, text: str) -> str:
    """A name or a further value.

    Raises:
        AudienceError: It has control characters in it, or is too long.
    """
    value = clean(text, label)
    if len(value) > LONGEST:
        raise AudienceError(
            f"{label} {quoted(value)} is too long",
            f"The longest value has {LONGEST:,} characters, this one {len(value):,}.",
        )
    return value


@functools.lru_cache(maxsize=256)
def parse_language(text: str) -> str:
    """A language tag (BCP 47); ``en_GB`` is taken for ``en-GB``.

    Raises:
        AudienceError: It is no language tag.
    """
    tag = clean(text, "language").replace("_", "-")
    if tag and (len(tag) > 35 or not _LANGUAGE.fullmatch(tag)):
        raise AudienceError(
            f"language {quoted(text)} is not a language tag", "Write one like en, uk or pt-BR."
        )
    return tag
