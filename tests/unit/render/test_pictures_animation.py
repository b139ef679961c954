from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw, ImageSequence

from newsletter.render import picture_animation
from newsletter.render.picture_encode import Encoded, encode
from newsletter.render.picture_file import PictureProblem
from tests.unit.render.pictures_kit import SECRET, photo, saved


def film(size: tuple[int, int] = (80, 60), *, count: int = 5, **options: object) -> bytes:
    frames = [Image.new("RGB", size, (40 * n, 255 - 40 * n, 90)) for n in range(count)]
    settings = {"save_all": True, "append_images": frames[1:], "duration": 120, **options}
    return saved(frames[0], "GIF", **settings)


def played(data: bytes, width: int = 1072) -> Image.Image:
    encoded = encode(data, width)
    assert isinstance(encoded, Encoded), encoded
    assert encoded.content_type == "image/gif"
    image = Image.open(io.BytesIO(encoded.data))
    assert image.width == encoded.width
    return image


def test_a_moving_picture_keeps_its_frames_times_and_rounds() -> None:
    image = played(film(duration=[100, 200, 300, 400, 500], loop=3))
    seen = [
        (frame.info["duration"], frame.convert("RGB").getpixel((9, 9)))
        for frame in ImageSequence.Iterator(image)
    ]
    assert seen == [(100 * (n + 1), (40 * n, 255 - 40 * n, 90)) for n in range(5)]
    assert image.info["loop"] == 3


def test_one_that_plays_once_plays_once() -> None:
    assert "loop" not in played(film()).info


def test_comments_and_what_stands_behind_the_end_are_dropped() -> None:
    data = film(comment=SECRET) + SECRET
    encoded = encode(data, 1072)
    assert isinstance(encoded, Encoded)
    assert SECRET in data
    assert SECRET not in encoded.data


def test_it_is_made_smaller_but_never_larger() -> None:
    assert played(film((800, 400)), 400).size == (400, 200)
    assert played(film((80, 60)), 400).size == (80, 60)


def test_many_colours_stay_alike() -> None:
    frames = [photo(320, 200), photo(320, 200).rotate(180)]
    image = played(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), 200)
    for frame, original in zip(ImageSequence.Iterator(image), frames, strict=True):
        small = original.resize((200, 125))
        for place in ((20, 20), (100, 60), (180, 100)):
            seen, meant = frame.convert("RGB").getpixel(place), small.getpixel(place)
            assert isinstance(seen, tuple)
            assert isinstance(meant, tuple)
            assert all(abs(a - b) < 40 for a, b in zip(seen, meant, strict=True))


def test_see_through_frames_do_not_pile_up() -> None:
    frames = [Image.new("RGBA", (60, 40)) for _ in range(3)]
    for number, frame in enumerate(frames):
        ImageDraw.Draw(frame).rectangle((20 * number, 0, 20 * number + 9, 39), fill="red")
    data = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], disposal=2)
    image = played(data)
    for number, frame in enumerate(ImageSequence.Iterator(image)):
        seen = frame.convert("RGBA")
        pixels = [seen.getpixel((x, 20)) for x in (5, 25, 45)]
        assert [p[3] if isinstance(p, tuple) else p for p in pixels] == [
            255 if n == number else 0 for n in range(3)
        ]


def test_a_giant_is_refused_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_animation, "MAX_FRAMES", 4)
    assert played(film(count=4))
    said = encode(film(count=5), 1072)
    assert isinstance(said, PictureProblem)
    assert said.message == "moves for more than 4 frames of its size"
    assert "link to the film" in said.hint


def test_large_frames_may_be_fewer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture_animation, "MAX_PIXELS", 4 * 80 * 60)
    assert played(film((80, 60), count=4))
    said = encode(film((80, 60), count=5), 1072)
    assert isinstance(said, PictureProblem)
    assert said.message == "moves for more than 4 frames of its size"


def test_a_film_of_one_picture_is_a_picture() -> None:
    encoded = encode(film(count=1), 1072)
    assert isinstance(encoded, Encoded)
    assert encoded.content_type == "image/png"


def test_a_film_that_is_cut_off_is_a_problem() -> None:
    data = film((200, 200))
    assert isinstance(encode(data[: len(data) // 2], 1072), Encoded | PictureProblem)
