"""From a picture file, as a camera or a screen gave it, to the file that readers get.

Upright, in sRGB, as wide as it is needed, and with nothing in it but the picture: what a camera,
a telephone or a program wrote beside the pixels (EXIF with the position, XMP, IPTC, comments, text
chunks, thumbnails, second pictures, whatever stands behind the end) is not carried over, because
the output is drawn from the pixels alone.

The ICC profile is dropped as well, after the colours have been converted to what it says: mail
programs take pictures without a profile as sRGB, and a profile can name its maker and machine.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.findings import Severity
from newsletter.render.picture_draw import JPEG, draw
from newsletter.render.picture_file import PictureProblem

if TYPE_CHECKING:
    from PIL.Image import Image

PIPELINE = 1
"""Changes whenever equal input may give another output: part of every name and cache key."""

QUALITY = 82
"""JPEG: 1200 pixels of a photograph in about 360 kB, with no loss that can be seen."""

# What Pillow calls the formats that are read. The list keeps its other 40 readers, some of which
# start programs (EPS), away from files of strangers. MPO is a JPEG with a second picture in it.
_READ = ("JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP")
_MAIL = {"JPEG", "MPO", "PNG", "GIF"}
_CAN_MOVE = {"PNG", "WEBP", "AVIF"}  # besides GIF, the only one that moves in mail programs


# A PNG up to twice as large as the JPEG is worth it: letters and lines stay sharp. Photographs as
# PNG have six times the bytes, screenshots made smaller once to twice (measured, 2026-11).
_WORTH = 2.0

_HEIF = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"RIFF", b"II*\0", b"MM\0*", b"BM")
_OTHERS = {
    b"%pdf": "a PDF",
    b"8bps": "a Photoshop file",
    b"<!do": "a web page",
    b"<htm": "a web page",
}

_SMALL = 4096  # bytes; below, the headers decide how large a file is

_EXPORT = "Export it as JPEG or PNG."
_SMALLER = "Make it smaller: 1200 pixels across are enough."
_DAMAGED = PictureProblem("cannot be read: it is damaged", "Export it again.")


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as readers get it.

    Attributes:
        content_type: ``image/jpeg``, ``image/png`` or ``image/gif``.
        width: Pixels from left to right.
        data: The file.
        remark: What was changed that an editor should know, or None.
    """

    content_type: str
    width: int
    data: bytes
    remark: PictureProblem | None = None


def encode(data: bytes, width: int) -> Encoded | PictureProblem:
    """Make a picture ready for readers. Equal input gives equal bytes.

    Args:
        data: The file.
        width: Pixels at most; narrower pictures keep their width.

    Returns:
        The picture, or why it cannot be shown.
    """
    from PIL import Image, UnidentifiedImageError

    if not data:
        return PictureProblem("is an empty file", "Save or copy it again.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd metadata, which is dropped anyway
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_READ) as image:
                return _encode(image, len(data), width)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return PictureProblem("has far too many pixels", _SMALLER)
    except UnidentifiedImageError:
        return _unknown(data)
    except Exception:  # noqa: BLE001 - Pillow's readers raise nearly anything for damaged files
        return _DAMAGED


def _encode(image: Image, size: int, width: int) -> Encoded | PictureProblem:
    if image.format == "GIF" and getattr(image, "is_animated", False):
        from newsletter.render.picture_animation import encode_animation

        moving = encode_animation(image, width)
        if isinstance(moving, PictureProblem):
            return moving
        return Encoded("image/gif", moving.width, moving.data)
    form, moves = image.format or "", getattr(image, "is_animated", False)
    drawn = draw(image, width)
    if isinstance(drawn, PictureProblem):
        return drawn
    kind, written = _smallest(drawn, size if form in JPEG else None)
    return Encoded(kind, drawn.width, written, _remark(form, kind, moves=moves))


def _smallest(still: Image, photograph: int | None) -> tuple[str, bytes]:
    """Media type and bytes: JPEG for photographs, PNG for few colours or what is see-through.

    ``photograph`` is the size of the original if that was a JPEG: the new one is not larger.
    """
    if still.mode == "RGBA":
        return "image/png", _png(still)
    if photograph:
        return "image/jpeg", _jpeg_within(still, photograph)
    jpeg, png = _jpeg(still), _png(_palette(still))
    return ("image/png", png) if len(png) <= _WORTH * len(jpeg) else ("image/jpeg", jpeg)


def _palette(image: Image) -> Image:
    """The same with a palette, if it has so few colours that nothing is lost."""
    from PIL import Image as Pillow
    from PIL import ImageChops

    if image.mode != "RGB" or image.getcolors(256) is None:
        return image
    palette = image.convert("P", palette=Pillow.Palette.ADAPTIVE, colors=256)
    same = ImageChops.difference(palette.convert("RGB"), image).getbbox() is None
    return palette if same else image


def _png(image: Image) -> bytes:
    # Level 6: 9 saves 3 % and takes four times as long.
    return _written(image, "PNG", compress_level=6)


def _jpeg(image: Image, quality: int = QUALITY) -> bytes:
    options = {"quality": quality, "subsampling": "4:2:0"}
    return _written(image, "JPEG", progressive=True, optimize=True, **options)


def _jpeg_within(image: Image, size: int) -> bytes:
    """A JPEG that was saved smaller than ours is; better quality cannot bring back what is lost.

    Its own tables are not taken over: they tell the camera or the program.
    """
    jpeg = _jpeg(image)
    for quality in (75, 68) if size > _SMALL else ():
        if len(jpeg) <= size:
            break
        jpeg = _jpeg(image, quality)
    return jpeg


def _written(image: Image, form: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def _remark(form: str, kind: str, *, moves: bool) -> PictureProblem | None:
    if moves and form in _CAN_MOVE:
        return PictureProblem(
            f"moves, but mail programs show no moving {form}: its first picture is sent",
            "Export it as GIF if it must move.",
            Severity.WARNING,
        )
    if form not in _MAIL:
        name = kind.removeprefix("image/").upper()
        return PictureProblem(
            f"is of type {form} and is sent as {name}, which every mail program shows",
            severity=Severity.INFO,
        )
    return None


def _unknown(data: bytes) -> PictureProblem:
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"<svg") or (head.startswith((b"<?xml", b"<!")) and b"<svg" in head):
        return PictureProblem("is an SVG, which mail programs do not show", "Export it as PNG.")
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF:
        return PictureProblem(
            "is a HEIC, the type of photographs on an iPhone, which cannot be read here",
            "Export it as JPEG.",
        )
    if data.startswith(_MAGIC) or data[4:12] == b"ftypavif":
        return _DAMAGED
    if what := _OTHERS.get(head[:4]):
        return PictureProblem(f"is {what}, not a picture", _EXPORT)
    return PictureProblem("is not a picture that mail programs show", _EXPORT)
