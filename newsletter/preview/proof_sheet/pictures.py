"""A letter that carries its pictures in itself, for a page that may fetch nothing."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass

from newsletter.preview.appearances.markup import (
    Edit,
    attributes_of,
    edited,
    rewritten,
    written,
)
from newsletter.preview.mail import PICTURES, Mail, Picture
from newsletter.render.galley import Galley

_SHOWN = frozenset({"src", "srcset", "background", "poster"})
_URL = re.compile(r"""(url\(\s*["']?\s*)([^"'()\s]+)""", re.IGNORECASE)
_CANDIDATE = re.compile(r"([\s,]*)([^\s,]\S*[^\s,]|[^\s,])")
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Carried:
    """A letter with its pictures.

    Attributes:
        html: The letter; addresses of its own pictures are ``data:`` addresses.
        remote: Addresses of other people's pictures on the web, each once.
    """

    html: str
    remote: tuple[str, ...]


def own_pictures(mail: Mail, galley: Galley, assets_url: str) -> dict[str, str]:
    """What the letter calls its own pictures, and each as a ``data:`` address.

    Args:
        mail: The message; some pictures may travel in it.
        galley: The letter with the project's pictures.
        assets_url: Where the pictures are hosted, if they are.
    """
    found = {f"cid:{cid}": picture for cid, picture in mail.pictures.items()}
    if assets_url:
        found |= {
            f"{assets_url}/{file.filename}": Picture(file.content_type, file.data)
            for file in galley.files
            if file.content_type in PICTURES
        }
    return {address: _data_address(picture) for address, picture in found.items()}


def carrying(html: str, own: Mapping[str, str]) -> Carried:
    """A letter with its own pictures in it, and nothing else changed.

    Args:
        html: The letter.
        own: Address of each of its pictures, and what to write instead.
    """
    remote: dict[str, None] = {}

    def instead(address: str) -> str:
        if address in own:
            return own[address]
        if _REMOTE.match(address):
            remote[address.strip()] = None
        return address

    def in_css(css: str) -> str:
        return _URL.sub(lambda found: found[1] + instead(found[2]), css)

    def in_value(name: str, value: str) -> str:
        if name == "style":
            return in_css(value)
        if name == "srcset":
            return _CANDIDATE.sub(lambda found: found[1] + instead(found[2]), value)
        return instead(value) if name in _SHOWN else value

    def in_tag(_: str, source: str) -> str:
        edits = []
        for one in attributes_of(source):
            value = in_value(one.name, one.value)
            if value != one.value:
                edits.append(Edit(one.start, one.end, written(value)))
        return edited(source, edits)

    return Carried(rewritten(html, in_css, in_tag), tuple(remote))


def _data_address(picture: Picture) -> str:
    return f"data:{picture.content_type};base64,{base64.b64encode(picture.data).decode()}"
