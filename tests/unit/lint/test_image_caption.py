from __future__ import annotations

from collections.abc import Callable

import pytest

Places = Callable[..., list[str]]


@pytest.mark.parametrize(
    ("more", "found"),
    [("alt: A ferry", 1), ("alt: A ferry, caption: Back on Friday", 0), ("alt: ''", 0)],
)
def test_a_picture_that_shows_something_wants_a_caption(
    places: Places, more: str, found: int
) -> None:
    piece = f"sections: [{{kind: picture, image: {{src: 'https://example.com/a.jpg', {more}}}}}]"
    assert [p.split()[1] for p in places("image-caption", piece)] == ["info"] * found
