from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.smtp.replies import (
    LONGEST_LINE,
    MOST_LINES,
    EndlessReplyError,
    ReplyReader,
)


def test_a_reply_may_have_several_lines() -> None:
    reader = ReplyReader()
    assert list(reader.receive(b"250-a\r\n250-b\r\n250 c\r\n354 go\r\n2")) == [
        [b"250-a", b"250-b", b"250 c"],
        [b"354 go"],
    ]
    assert not reader.empty
    assert list(reader.receive(b"21 bye\r\n")) == [[b"221 bye"]]
    assert reader.empty


@given(st.lists(st.sampled_from([b"250 ok\r\n", b"250-a\r\n", b"\n", b"x\r\n", b"9\r"])))
def test_bytes_one_by_one_give_the_same_replies(parts: list[bytes]) -> None:
    said = b"".join(parts)
    one_by_one = ReplyReader()
    replies = [reply for byte in said for reply in one_by_one.receive(bytes([byte]))]
    assert replies == list(ReplyReader().receive(said))


@pytest.mark.parametrize("ended", [b"", b"\r\n"])
def test_a_line_without_end_is_given_up_after_what_came_before_it(ended: bytes) -> None:
    reader = ReplyReader()
    replies = reader.receive(b"250 ok\r\n" + b"2" * (LONGEST_LINE + 1) + ended)
    assert next(replies) == [b"250 ok"]
    with pytest.raises(EndlessReplyError):
        next(replies)


def test_a_reply_of_lines_without_end_is_given_up() -> None:
    reader = ReplyReader()
    assert list(reader.receive(b"250-x\r\n" * (MOST_LINES - 1))) == []
    with pytest.raises(EndlessReplyError):
        list(reader.receive(b"250-x\r\n"))
