"""Names of the fields that a draft may begin with, however they are typed."""

from __future__ import annotations

import re

_NAMES = {
    "subject": "subject|subject line|betreff|тема|тема листа|тэма|temat|objet|asunto|oggetto",
    "preheader": "preheader|pre-header|preview|preview text|preview line|vorschautext|прехедер",
    "date": "date|issue date|datum|дата|data|fecha",
    "title": "title|titel|заголовок|загаловак|titre",
    "number": "number|no|issue|issue number|issue no|ausgabe|nummer|номер|випуск|выпуск",
    "language": "language|lang|sprache|мова|язык",
    "intro": "intro|introduction|greeting",
    "outro": "outro|sign-off|signoff|closing",
    "summary": "summary|bullet|bullets",
    "headline": "headline|hed|head|story",
    "body": "body|text|copy",
    "byline": "byline|by|author",
    "link": "link|url|read more",
    "id": "id|slug",
    "kind": "kind|type",
    "image": "image|picture|photo|img|src",
    "alt": "alt|alt text|alternative text",
    "credit": "credit|photo credit|source of photo",
    "caption": "caption|cutline",
    "source": "source|attribution|speaker",
    "quote": "quote",
    "label": "label",
}
_CANONICAL = {name: key for key, names in _NAMES.items() for name in names.split("|")}
_FIELD = re.compile(r"(?P<key>[^\W\d_][\w ./-]{0,30}?)[ ]*[:：][ ]*(?P<value>.*)", re.DOTALL)

OF_ISSUE = frozenset(
    {"subject", "preheader", "date", "title", "number", "language", "intro", "outro", "summary"}
)
"""Fields of a whole issue."""

OF_SECTION = frozenset(
    {"headline", "body", "byline", "link", "id", "kind", "image", "alt", "credit", "caption"}
    | {"source", "quote", "label"}
)
"""Fields of one of its sections."""


def canonical(name: str) -> str:
    """The issue's word for a field's name: ``Subject line`` is ``subject``; else as it stands."""
    folded = " ".join(name.casefold().replace("_", " ").split())
    return _CANONICAL.get(folded, folded)


def split(line: str) -> tuple[str, str] | None:
    """``Subject: The boat sails`` as ``("subject", "The boat sails")``; None if it is no field."""
    found = _FIELD.fullmatch(line.strip())
    if found is None or found["value"].startswith("//"):
        return None
    return canonical(found["key"]), found["value"].strip()
