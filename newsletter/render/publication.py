"""The newsletter itself, as far as a template shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Publication:
    """What every issue of a newsletter has in common.

    Attributes:
        name: The newsletter's name, shown in the masthead.
        language: BCP 47 tag used by issues that name none.
        tagline: A line under the name; empty for none.
        postal_address: Where the publisher can be reached by post, one or several lines.
        reason: Why the reader gets this letter, one sentence.
        archive_url: Address of an issue's web version with ``{slug}`` in it; empty for none.
        assets_url: Address under which the project's pictures are hosted, without a slash at the
            end; empty to embed them in the message.
        clicks_url: Address of the page that counts links and leads on, without a slash at the end;
            empty if they are not counted.
        accent: Colour of links and buttons, ``#rrggbb``.
    """

    name: str
    language: str = "en"
    tagline: str = ""
    postal_address: str = ""
    reason: str = ""
    archive_url: str = ""
    assets_url: str = ""
    clicks_url: str = ""
    accent: str = "#0b5c6b"
