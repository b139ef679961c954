"""A letter that has lost its style sheets on the way."""

from __future__ import annotations

from newsletter.preview.appearances.markup import Edit, edited, tags


def unstyled(html: str) -> str:
    """A letter whose ``<style>`` elements are empty; they stay, so that all places do."""
    return edited(html, [Edit(*tag.text, "") for tag in tags(html) if tag.name == "style"])
