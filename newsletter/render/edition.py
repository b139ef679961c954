"""The edition: an issue rendered, merge fields open, ready to be sent to anybody."""

from __future__ import annotations

import base64
import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newsletter.render.merge import Context, Merged, Slot


@dataclass(frozen=True, slots=True)
class EmbeddedImage:
    """A picture that travels inside the message and is shown by ``src="cid:…"``.

    Attributes:
        cid: Content-ID without angle brackets.
        filename: Its name in the message, without folders.
        content_type: ``image/jpeg``, ``image/png`` or ``image/gif``.
        data: The file.
    """

    cid: str
    filename: str
    content_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue as all readers get it, but for the merge fields.

    Attributes:
        slug: File name of the issue without its ending.
        date: The day of the issue.
        language: BCP 47 tag.
        subject: Subject line.
        preheader: What the inbox shows behind the subject.
        html: The HTML part, a whole document.
        text: The plain-text part, lines ended by a line feed.
        images: Pictures that travel along.
        view_url: Address of the web version, or empty.
        links: Where the links lead that are counted, by their code; none unless a project counts.
    """

    slug: str
    date: datetime.date
    language: str
    subject: Merged
    preheader: Merged
    html: Merged
    text: Merged
    images: tuple[EmbeddedImage, ...] = ()
    view_url: str = ""
    links: Mapping[str, str] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 in hex of everything that a reader could see; equal editions, equal digests."""
        return hashlib.sha256(self.dump()).hexdigest()

    def dump(self) -> bytes:
        """The edition as canonical JSON, to be kept with its campaign."""
        values = dataclasses.asdict(self)
        if not self.links:
            del values["links"]  # editions from before links could be counted stay what they were
        return json.dumps(values, default=_plain, ensure_ascii=False, sort_keys=True).encode()

    @classmethod
    def load(cls, dumped: bytes) -> Edition:
        """The edition that ``dump`` wrote."""
        raw = json.loads(dumped)
        raw["date"] = datetime.date.fromisoformat(raw["date"])
        for name in ("subject", "preheader", "html", "text"):
            raw[name] = _merged(raw[name])
        raw["images"] = tuple(
            EmbeddedImage(**{**image, "data": base64.b64decode(image["data"])})
            for image in raw["images"]
        )
        return cls(**raw)


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(type(value))


def _merged(raw: dict[str, Any]) -> Merged:
    return Merged(
        tuple(
            part
            if isinstance(part, str)
            else Slot(part["field"], part["default"], Context(part["context"]))
            for part in raw["parts"]
        )
    )
