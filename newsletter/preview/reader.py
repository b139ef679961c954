"""Whose letter is shown: a subscriber's, or that of somebody made up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import QueryParams

from newsletter.delivery.message import Recipient
from newsletter.delivery.sample import SAMPLE_TOKEN, sample_reader
from newsletter.render.edition import Edition
from newsletter.render.merge import ADDRESS_FIELDS

if TYPE_CHECKING:
    from newsletter.audience.subscribers import Subscriber

_PREFIX = "with."
_MOST, _LONGEST = 40, 1000  # made-up fields, characters of each


@dataclass(frozen=True, slots=True)
class Reader:
    """A reader as the address of the page names them.

    A subscriber is named by a number, so that no reader's address stands in the browser's history.

    Attributes:
        subscriber: Number of a subscriber; None for somebody made up.
        values: Values of merge fields of somebody made up, ``email`` among them; empty for the
            sample reader.
    """

    subscriber: int | None = None
    values: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, query: QueryParams) -> Reader:
        """The reader in an address."""
        number = query.get("reader", "")
        if number.isascii() and number.isdecimal() and len(number) < 19:
            return cls(int(number))
        made_up = (
            (key.removeprefix(_PREFIX), value[:_LONGEST])
            for key, value in query.multi_items()
            if key.startswith(_PREFIX)
        )
        return cls(None, tuple(sorted(dict(made_up).items()))[:_MOST])

    def query(self) -> list[tuple[str, str]]:
        """Names and values for an address."""
        if self.subscriber is not None:
            return [("reader", str(self.subscriber))]
        return [(_PREFIX + name, value) for name, value in self.values]

    @property
    def is_sample(self) -> bool:
        """Whether it is the usual made-up reader."""
        return self.subscriber is None and not self.values


SAMPLE = Reader()
"""The usual made-up reader."""


def recipient(reader: Reader, edition: Edition, subscriber: Subscriber | None = None) -> Recipient:
    """The reader as a message needs them; their token is never a real one.

    Args:
        reader: Somebody made up, or a subscriber.
        edition: Whose merge fields to fill.
        subscriber: Whom the reader's number means; None for somebody made up.
    """
    if subscriber is not None:
        values = {name: str(value) for name, value in subscriber.attributes.items()}
        values |= {"name": subscriber.name, "language": subscriber.language}
        return Recipient(subscriber.email, SAMPLE_TOKEN, values)
    usual = sample_reader(edition)
    given = {name: value for name, value in reader.values if name not in ADDRESS_FIELDS}
    address = given.pop("email", "").strip() or usual.address
    return Recipient(address, SAMPLE_TOKEN, {**usual.values, **given})


def open_fields(edition: Edition) -> tuple[str, ...]:
    """The merge fields of an edition that differ from reader to reader, in alphabetical order."""
    parts = (edition.subject, edition.preheader, edition.html, edition.text)
    fields = {slot.field for part in parts for slot in part.slots}
    return tuple(sorted(fields - ADDRESS_FIELDS))
