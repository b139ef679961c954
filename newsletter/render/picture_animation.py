"""Moving pictures: a GIF with its pictures, times and rounds, and nothing else in it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.render.picture_file import PictureProblem

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_FRAMES = 400
"""Pictures in one moving picture: 16 seconds at 25 a second."""

MAX_PIXELS = 48_000_000
"""Pixels of all frames together: 400 of 400 x 300. Each takes four bytes of memory for a moment."""

_TOO_LONG = "Shorten it or make it smaller; or show one picture of it and link to the film."


@dataclass(frozen=True, slots=True)
class Moving:
    """A GIF: pixels from left to right, and the file."""

    width: int
    data: bytes


def encode_animation(image: Image, width: int) -> Moving | PictureProblem:
    """Write an animated GIF anew.

    Args:
        image: The GIF, opened.
        width: Pixels at most; narrower ones keep their width.
    """
    from PIL import Image as Pillow

    target = min(width, image.width)
    size = (target, max(1, round(image.height * target / image.width)))
    frames: list[Image] = []
    durations: list[int] = []
    loop = image.info.get("loop")
    see_through = False
    while True:
        try:
            image.seek(len(frames))
        except EOFError:
            break
        if len(frames) == MAX_FRAMES or (len(frames) + 1) * image.width * image.height > MAX_PIXELS:
            return PictureProblem(
                f"moves for more than {len(frames)} frames of its size", _TOO_LONG
            )
        frame = image.convert("RGBA")
        if frame.size != size:
            frame = frame.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=2.0)
        solid = frame.getchannel("A").histogram()[255] == frame.width * frame.height
        see_through = see_through or not solid
        frames.append(frame)
        durations.append(min(max(int(image.info.get("duration", 100)), 0), 655_350))
    for number, frame in enumerate(frames):  # in place: each takes megabytes
        frames[number] = _clear(frame) if see_through else _solid(frame)
        frames[number].info = {}  # the writer would carry over a comment found here
    file = io.BytesIO()
    frames[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=durations,
        disposal=2 if see_through else 1,  # a see-through frame must not stand on the one before
        **({} if loop is None else {"loop": loop}),
    )
    return Moving(target, file.getvalue())


def _solid(frame: Image) -> Image:
    """A frame in the 256 colours that suit it best."""
    from PIL import Image as Pillow

    rgb = frame.convert("RGB")
    if rgb.getcolors(256) is not None:
        return rgb.convert("P", palette=Pillow.Palette.ADAPTIVE)  # nothing is lost
    # Choosing colours takes 250 ms for 1072 x 600 pixels; a sample of them will do, in 15 ms.
    sample = rgb.copy()
    sample.thumbnail((200, 200), Pillow.Resampling.NEAREST)
    return rgb.quantize(palette=sample.quantize(256), dither=Pillow.Dither.NONE)


def _clear(frame: Image) -> Image:
    """A frame whose pixels are either seen or not, as in every GIF."""
    from PIL import Image as Pillow

    seen = frame.getchannel("A").point(lambda value: 255 if value >= 128 else 0)
    solid = frame.convert("RGB").convert("RGBA")
    return Pillow.composite(solid, Pillow.new("RGBA", frame.size), seen)
