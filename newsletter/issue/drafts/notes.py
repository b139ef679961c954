"""Lines of a draft that are notes about something else: who wrote it, what a picture shows."""

from __future__ import annotations

import re

_PICTURE = re.compile(
    r"""(?i)[\[(]?(?:photo(?:graph)?s?|pictures?|image|pic|illustration|graphic|credit|caption|
    foto|bild|grafik|abbildung|bildunterschrift|légende|image|crédit|zdjęcie|fot|рис|
    фото|иллюстрация|ілюстрація|світлина|здымак|ілюстрацыя|подпись|підпис|صورة|תמונה|צילום)
    (?:[ ](?:by|credit|caption|von|de))?[ ]?[:/][ ]?\S""",
    re.VERBOSE,
)
_CREDIT = re.compile(
    r"(?i)(?:photo(?:graph)?|picture|image|foto|bild|фото|світлина|здымак|צילום|صورة|credit|fot)"
    r"(?: by| credit)?\b.*"
)
_BYLINE = re.compile(
    r"(?:By|Von|Par|Por|Da|Przez|Autor|Autorka|Author|Автор|Авторка|Аўтар|Text|Текст|Words)"
    r":? (?P<name>[^\W\d_][\w.'’-]*(?: (?:and|und|et|y|i|и|і|й|,|&|van|von|de|der|la)"
    r"| [^\W\d_][\w.'’-]*){0,6})"
)


def is_note_of_picture(text: str) -> bool:
    """Whether a line is ``Photo: Ada Sample`` or the like."""
    return _PICTURE.match(text) is not None


def is_credit(text: str) -> bool:
    """Whether a line says who made a picture."""
    if len(text) > 150:
        return False
    return text[:1] == "©" or (is_note_of_picture(text) and _CREDIT.match(text) is not None)


def is_byline(text: str) -> bool:
    """Whether a line is only ``By Ada Sample``: two to seven words, names in capitals."""
    found = _BYLINE.fullmatch(text.rstrip("."))
    if not found or len(text) > 80:
        return False
    names = [word for word in found["name"].split() if len(word) > 3]
    return bool(names) and all(name[:1].isupper() for name in names)
