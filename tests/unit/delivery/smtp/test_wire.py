from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.smtp.wire import WireCheck, sound


@pytest.mark.parametrize(
    "text", [b"\r\n", b"a\r\n", b"..\r\n", b"...\r\n", b"a.\r\n.." + b"\r\n", b"a\r\n\r\n..x\r\n"]
)
def test_sound_texts(text: bytes) -> None:
    assert sound(text)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"a",
        b"a\n",
        b"a\r",
        b".\r\n",
        b".a\r\n",
        b"a\r\n.\r\nb\r\n",
        b"a\n.\nb\r\n",
        b"a\r.\rb\r\n",
    ],
)
def test_texts_that_a_lax_server_would_cut_in_two(text: bytes) -> None:
    assert not sound(text)


ODD = st.lists(st.sampled_from([b"\r", b"\n", b".", b"..", b"\r\n", b"\r\n..", b"a", b"\xe4"]))


@given(st.lists(st.tuples(ODD, st.booleans(), ODD), max_size=5))
def test_a_message_in_pieces_is_judged_like_the_whole(
    parts: list[tuple[list[bytes], bool, list[bytes]]],
) -> None:
    pieces = [
        b"".join(before) + (b"x" * 70 + b"\r\n") * (20 * large) + b"".join(behind)
        for before, large, behind in parts
    ]
    check, whole = WireCheck(), b"".join(pieces)
    for _ in range(2):  # found out, then remembered
        gist = check.gist(pieces)
        assert sound(gist) == sound(whole)
        if sound(whole):
            assert gist.isascii() == whole.isascii()


def test_a_large_piece_is_searched_once_for_all_readers() -> None:
    large = (b"x" * 70 + b"\r\n") * 1_000
    check = WireCheck()
    assert len(check.gist([b"Dear Ada\r\n", large])) < 100
    assert check.gist([large]) == check.gist([large])
