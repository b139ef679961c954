"""What the messages of an edition would show from outside, found before the first one goes out."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Sequence
from typing import TYPE_CHECKING

from newsletter.delivery.composition.enclosure import NEUTRAL_SUBJECT
from newsletter.delivery.composition.press import Press
from newsletter.delivery.forbidden_words import found
from newsletter.delivery.message import Sender
from newsletter.delivery.sample import sample_reader
from newsletter.delivery.stealth import LONGEST_SHOWN, Leak, leaks
from newsletter.render.edition import Edition

if TYPE_CHECKING:
    from newsletter.delivery.dkim.signer import Signer

_READERS_OWN = {"to"}
"""A reader's own name and address cannot be another."""

_ONLY_IN_CLEAR = {"feedback-id", "content-language"}
"""Stand inside an encrypted message, and outside of no other."""


def all_leaks(
    edition: Edition,
    sender: Sender,
    words: Sequence[str],
    now: datetime.datetime,
    *,
    encrypted_only: bool = False,
    signer: Signer | None = None,
) -> tuple[Leak, ...]:
    """Every place that would show one of the words to those who cannot open the letter.

    In clear, that includes its first words, which mailboxes list beside the subject, and its links.

    Args:
        edition: What everybody would get.
        sender: Who it is from.
        words: What must not be seen.
        now: The time.
        encrypted_only: Nobody gets the letter in clear.
        signer: Signs the messages (DKIM).

    Raises:
        ValueError: No message can be made of the edition.
    """
    if encrypted_only:
        subject = sender.outer_subject or NEUTRAL_SUBJECT
        sender = dataclasses.replace(sender, outer_subject=subject, disguised=True)
    reader = sample_reader(edition)
    message = Press(edition, sender, signer=signer).message(
        reader, message_id=f"<sample@{sender.domain}>", date=now
    )
    outside = message.data
    if encrypted_only:
        outside = outside.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    # Whoever delivers a message writes down who sent it (RFC 5321 §4.4).
    envelope = f"Return-Path: <{message.envelope.mail_from}>\r\n".encode()
    unseen = _READERS_OWN | (_ONLY_IN_CLEAR if encrypted_only else set())
    seen = [leak for leak in leaks(envelope + outside, words) if leak.place.lower() not in unseen]
    if not encrypted_only:
        first = edition.preheader.fill(reader.merge_values(edition, sender))
        seen += [Leak("preheader", word, first[:LONGEST_SHOWN]) for word in found(words, first)]
    return tuple(seen)
