"""What the models know about keys, for messages: which exist, and which hold prose."""

from __future__ import annotations

from newsletter.issue.model import SECTION_KINDS, Bullet, Correction, Image, Issue, LinkItem, Part

MODELS: tuple[type[Part], ...] = (
    *(Issue, Image, Bullet, LinkItem, Correction),
    *SECTION_KINDS.values(),
)

KEYS: frozenset[str] = frozenset(key for model in MODELS for key in model.model_fields)
"""Every key that may stand somewhere in an issue."""

MARKDOWN: frozenset[str] = frozenset({"body", "intro", "outro"})
"""Keys whose text has paragraphs, best written below ``|``."""

LISTS: frozenset[str] = frozenset({"summary", "sections", "items", "lists", "corrections"})
"""Keys whose value is a list."""

CODES: frozenset[str] = frozenset(
    {"date", "expires", "number", "language", "template", "draft", "kind", "id"}
    | {"lists", "visibility"}
    | {"story", "src", "url", "link", "width"}
)
"""Keys whose value is not prose: a name, a number, an address."""


def how_to_quote(key: str | None, text: str) -> str:
    """How to type a text that YAML misreads, as a hint: with quotes, or below ``|``.

    Args:
        key: The key of the text; None for an entry of a list.
        text: The text as it should arrive.
    """
    if key in MARKDOWN:
        return f'Write "{key}: |" and the text on the lines below it, indented.'
    text = text.strip()
    quote = '"' if '"' not in text and "\\" not in text else "'" if "'" not in text else None
    if quote is None:
        return "Put single quotes around the whole text, and write each apostrophe in it twice."
    if len(text) > 70 or " #" in text:
        return f"Put {quote} before and behind the whole text."
    return f"Put quotes around it: {f'{key}: ' if key else '- '}{quote}{text}{quote}"
