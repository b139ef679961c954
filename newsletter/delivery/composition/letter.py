"""The body of an edition's messages: what all readers get, and places for what is one's own."""

from __future__ import annotations

from newsletter.delivery.composition.mime import body
from newsletter.delivery.message import Recipient
from newsletter.render.edition import Edition
from newsletter.render.transfer import Blank


class Letter:
    """An edition's body, encoded, with numbered places.

    Attributes:
        parts: Stretches of bytes and numbers of places, in order, for a ``Form``. A value that
            stands in several places has one number; the first is 1.

    Args:
        edition: What all readers get.

    Raises:
        ValueError: It cannot stand in a message.
    """

    def __init__(self, edition: Edition) -> None:
        numbers: dict[Blank, int] = {}
        self.parts: tuple[bytes | int, ...] = tuple(
            numbers.setdefault(part, len(numbers) + 1) if isinstance(part, Blank) else part
            for part in body(edition)
        )
        self._blanks = tuple((blank.slot.field, blank.fill) for blank in numbers)

    def values(self, recipient: Recipient, unsubscribe_url: str) -> list[bytes]:
        """One reader's values, encoded, in the order of their numbers.

        A column of the imported list that is named like a field of the program's own is not used.

        Raises:
            ValueError: One holds half a character.
        """
        given = recipient.values
        values = []
        for field, fill in self._blanks:
            if field == "unsubscribe_url":
                value = unsubscribe_url
            elif field == "email":
                value = recipient.address
            else:
                value = given.get(field, "")
            values.append(fill(value))
        return values
