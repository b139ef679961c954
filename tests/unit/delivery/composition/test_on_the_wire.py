"""What every message keeps to on its way, whatever the letter and its reader are."""

from __future__ import annotations

import dataclasses
import re

from hypothesis import example, given

from newsletter.delivery.composition.press import Press
from newsletter.delivery.message import Recipient
from newsletter.delivery.transports.base import Message
from newsletter.render.edition import Edition
from newsletter.render.merge import Context, Merged, Slot
from tests.unit.delivery.composition import awkward
from tests.unit.delivery.kit import NOON, make_edition, make_sender

FULL_LINE = dataclasses.replace(
    make_edition(), text=Merged(("x" * 76, Slot("name", "", Context.TEXT), "y" * 76))
)


def printed(edition: Edition, reader: Recipient) -> Message | None:
    """The message, if there can be one."""
    try:
        return Press(edition, make_sender()).message(
            reader, message_id="<1@example.org>", date=NOON
        )
    except ValueError:
        return None


@given(awkward.editions, awkward.readers)
@example(FULL_LINE, Recipient("ada@example.com", "t", {"name": "z" * 76}))
def test_lines_are_short_ended_by_crlf_and_ascii(edition: Edition, reader: Recipient) -> None:
    if not (message := printed(edition, reader)):
        return
    head, _, body = message.data.partition(b"\r\n\r\n")
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", message.data)
    assert message.data.endswith(b"--=_alternative--\r\n")
    assert max(map(len, message.data.split(b"\r\n"))) <= 998
    picture_names = rb"(?m)^Content-(?:Disposition|Type): .*$"
    assert max(map(len, re.sub(picture_names, b"", body).split(b"\r\n"))) <= 76
    assert head.replace(message.envelope.rcpt_to.encode(), b"").isascii()
    assert body.isascii()
    assert b"\0" not in message.data


@given(awkward.editions, awkward.readers)
def test_no_line_begins_with_a_dot_or_as_a_new_message_of_an_mbox(
    edition: Edition, reader: Recipient
) -> None:
    if message := printed(edition, reader):
        assert not re.search(rb"(?m)^(\.|From )", message.data.partition(b"\r\n\r\n")[2])
        whole = Message.whole(message.envelope, message.message_id, message.data)
        assert b"".join(message.stuffed) == b"".join(whole.stuffed)


@given(awkward.editions, awkward.readers)
def test_the_size_is_counted_to_the_octet(edition: Edition, reader: Recipient) -> None:
    if message := printed(edition, reader):
        assert message.size == len(message.data)


@given(awkward.editions, awkward.readers)
def test_no_character_is_divided_between_lines(edition: Edition, reader: Recipient) -> None:
    if message := printed(edition, reader):
        for line in message.data.partition(b"\r\n\r\n")[2].split(b"\r\n"):
            if line.startswith((b"--", b"Content-", b" ")) or b"=" not in line:
                continue
            escapes = re.findall(rb"(?:=[0-9A-F]{2})+", line)
            for run in escapes:
                bytes.fromhex(run.replace(b"=", b"").decode()).decode()
