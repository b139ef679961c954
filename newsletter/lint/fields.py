"""A part of an edition as one text, with its merge fields as editors type them."""

from __future__ import annotations

from newsletter.render.merge import Merged


def as_typed(part: Merged) -> str:
    """The text, ``{{ name }}`` standing where a reader's name will."""
    return "".join(
        piece if isinstance(piece, str) else f"{{{{ {piece.field} }}}}" for piece in part.parts
    )
