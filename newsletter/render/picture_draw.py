"""The pixels of a picture as readers see them: upright, in sRGB, as wide as it is needed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from newsletter.render.picture_file import PictureProblem

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_HEIGHT = 16_000
"""Pixels from top to bottom: 15 screens of a telephone. JPEG ends at 65,535."""

JPEG = {"JPEG", "MPO"}
"""What Pillow calls JPEG: MPO is one with a second picture in it, as telephones take them."""

_MODES = {"1", "L", "LA", "La", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr", "HSV"}
_ORIENTATION = 0x0112  # Exif 2.32 §4.6.4 A


def draw(image: Image, width: int) -> Image | PictureProblem:
    """A picture in L, RGB or RGBA, with nothing beside its pixels; or why there is none.

    Args:
        image: The file, opened and not yet decoded.
        width: Pixels at most; narrower pictures keep their width.
    """
    from PIL import Image as Pillow
    from PIL import ImageOps

    if image.mode not in _MODES and not image.mode.startswith("I"):
        return PictureProblem(
            f"has colours of a kind that is not known ({image.mode})", "Export it as JPEG or PNG."
        )
    profile = image.info.get("icc_profile")
    orientation = _orientation(image)
    across, down = image.size[::-1] if orientation >= 5 else image.size
    if image.format in JPEG:
        across_wanted = min(width, across)
        wanted = (across_wanted, max(1, round(down * across_wanted / across)))
        # Decodes a half, a quarter or an eighth: 168 ms instead of 252 for 6 megapixels.
        image.draft(None, wanted[::-1] if orientation >= 5 else wanted)
    image.load()
    drawn = _eight_bit(image)
    if image.format == "TIFF":  # Pillow has turned it while it was loaded
        across, down = drawn.size
    elif orientation > 1:
        drawn.info = {}  # what else stands there may be damaged
        drawn.getexif()[_ORIENTATION] = orientation
        drawn = ImageOps.exif_transpose(drawn)
    target = min(width, across)
    if round(down * target / across) > MAX_HEIGHT:
        return PictureProblem("is far too high for a letter", "Cut it into several pictures.")
    if drawn.width != target:
        size = (target, max(1, round(down * target / across)))
        drawn = drawn.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    drawn = _to_srgb(drawn, profile)
    if drawn.mode == "RGBA":
        drawn = _without_hidden(drawn)
    drawn.info = {}  # the writers would carry over comments, profiles and text found here
    return drawn


def _orientation(image: Image) -> int:
    """How the picture must be turned, 1 to 8; 1 if it does not say."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - damaged metadata is no reason to refuse the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _eight_bit(image: Image) -> Image:
    """The picture in a mode that can be resized: L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):
        # 16 bits of grey; converting would cut off what is lighter than 255 of 65,535.
        return image.point(lambda value: value * (1 / 257)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    if image.mode in {"1", "L"}:
        return image.convert("L")
    return image.copy() if image.mode == "CMYK" else image.convert("RGB")


def _to_srgb(image: Image, profile: bytes | None) -> Image:
    """The colours that an ICC profile means, as sRGB (IEC 61966-2-1)."""
    from PIL import Image as Pillow
    from PIL import ImageCms

    grey = image.mode == "L"
    alpha = image.getchannel("A") if image.mode == "RGBA" else None
    colours = image.convert("RGB") if alpha else image
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            if "sRGB" not in ImageCms.getProfileDescription(source):
                converted = ImageCms.profileToProfile(
                    colours,
                    source,
                    ImageCms.createProfile("sRGB"),
                    renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
                    outputMode="RGB",
                    flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
                )
                colours = converted or colours
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that does not fit the picture: without it, as mail programs do
    colours = colours.convert("L" if grey else "RGB")
    return Pillow.merge("RGBA", (*colours.split(), alpha)) if alpha else colours


def _without_hidden(image: Image) -> Image:
    """No colour where nothing is seen: what an editor has erased must not travel along."""
    from PIL import Image as Pillow

    alpha = image.getchannel("A")
    if alpha.getextrema()[0] == 255:
        return image.convert("RGB")
    seen = alpha.point(lambda value: 255 if value else 0)
    return Pillow.composite(image, Pillow.new("RGBA", image.size), seen)
