"""Signing what the press makes: over forms in which all that is the same for all stands ready."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from newsletter.delivery.composition.form import Form
from newsletter.delivery.composition.head import Head, OwnFields
from newsletter.delivery.dkim.canonical import relaxed_body, relaxed_field
from newsletter.delivery.dkim.signer import Signer

_MARK = b"."  # keeps empty lines at the end of a stretch, which are not at the end of the body


class Seal:
    """Signs messages of one edition; may be used by several threads at once.

    Args:
        signer: Makes the signatures.
        head: The edition's header.
        letter: The parts of its body.
    """

    def __init__(self, signer: Signer, head: Head, letter: Iterable[bytes | int]) -> None:
        self._signer = signer
        self._head = head
        # A reader's value is in its relaxed form already, and every stretch begins and ends where
        # white space cannot run on; so each can be put into that form by itself.
        self._form = Form(part if isinstance(part, int) else _relaxed(part) for part in letter)
        self._fields = {field: _field(*field) for field in head.fixed}

    def sign(self, own: OwnFields, values: Sequence[bytes], date: datetime.datetime) -> bytes:
        """The signature of one message: whole fields, ended by CRLF.

        Args:
            own: The reader's own fields.
            values: The reader's values in the body, by number.
            date: The message's own; so one that is tried again has the same signature.
        """
        fixed = self._fields
        fields = [fixed.get(field) or _field(*field) for field in self._head.fields(own)]
        pieces, _ = self._form.fill(values)
        return self._signer.sign(fields, pieces, date)


def _field(name: str, value: str) -> tuple[str, bytes]:
    return name.lower(), relaxed_field(name, value)


def _relaxed(stretch: bytes) -> bytes:
    """A stretch of a body in its relaxed form (RFC 6376 §3.4.4)."""
    return relaxed_body(stretch + _MARK).removesuffix(_MARK + b"\r\n")
