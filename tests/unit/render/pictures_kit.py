"""Pictures that tell a lot about who took them, where and with what."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterable
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

SECRET = b"Ines Marrow, eastern mole"
"""Stands in every place where a picture can hold words; must never reach a reader."""

LATITUDE = (53.0, 54.0, 1234.5)
GPS_BYTES = struct.pack("<LL", 2469, 2)
"""How EXIF writes the 1234.5 of the latitude."""

XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"


def photo(width: int = 1200, height: int = 800) -> Image.Image:
    """A picture with as many colours as a photograph, made quickly and always the same."""
    red = Image.linear_gradient("L").resize((width, height))
    green = Image.radial_gradient("L").resize((width, height))
    blue = Image.linear_gradient("L").rotate(90).resize((width, height))
    return Image.merge("RGB", (red, green, blue))


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    image.save(file, form, **options)
    return file.getvalue()


def exif() -> Image.Exif:
    """What a telephone writes: maker, owner, position, a note."""
    tags = Image.Exif()
    tags[0x010F] = SECRET.decode()  # Make
    tags[0xA430] = SECRET.decode()  # CameraOwnerName
    tags.get_ifd(0x8825).update({1: "N", 2: LATITUDE, 3: "E", 4: LATITUDE})
    tags.get_ifd(0x8769).update({0x927C: SECRET})  # MakerNote
    return tags


def _segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def telling_jpeg(image: Image.Image | None = None) -> bytes:
    """A JPEG with position and names in EXIF, XMP, IPTC, comment and profile, and at the end."""
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">L", len(SECRET)) + SECRET
    data = saved(
        image or photo(),
        "JPEG",
        quality=90,
        exif=exif(),
        xmp=XMP,
        comment=SECRET,
        icc_profile=profile(),
        extra=_segment(0xED, iptc),
    )
    return data + SECRET


def telling_png(image: Image.Image | None = None) -> bytes:
    """A PNG with the same in its chunks, and bytes behind its end."""
    chunks = PngImagePlugin.PngInfo()
    chunks.add_text("Author", SECRET.decode())
    chunks.add_text("Software", SECRET.decode(), zip=True)
    chunks.add_itxt("XML:com.adobe.xmp", XMP.decode())
    chunks.add(b"prVt", SECRET)
    data = saved(image or photo(), "PNG", pnginfo=chunks, exif=exif(), icc_profile=profile())
    return data + SECRET


def holds_secret(data: bytes) -> bool:
    """Whether a file holds, openly or compressed in a PNG's chunk, what it must not."""
    return any(mark in piece for piece in _pieces(data) for mark in (SECRET, GPS_BYTES, b"Exif"))


def _pieces(data: bytes) -> Iterable[bytes]:
    yield data
    at = data.find(b"zTXt")
    while at >= 0:
        size = struct.unpack(">L", data[at - 4 : at])[0]
        yield zlib.decompress(data[at + 4 : at + 4 + size].partition(b"\0")[2][1:])
        at = data.find(b"zTXt", at + 4)


def profile(*, swapped: bool = True) -> bytes:
    """An ICC profile (ICC.1:2001-04) named ``SECRET``, in which what is called red is blue."""
    primaries = {
        b"r": (0.4361, 0.2225, 0.0139),
        b"g": (0.3851, 0.7169, 0.0971),
        b"b": (0.1431, 0.0606, 0.7141),
    }
    if swapped:
        primaries[b"r"], primaries[b"b"] = primaries[b"b"], primaries[b"r"]

    def xyz(values: Iterable[float]) -> bytes:
        return b"XYZ \0\0\0\0" + struct.pack(">3l", *(round(v * 65536) for v in values))

    gamma = b"curv\0\0\0\0" + struct.pack(">LH", 1, round(2.2 * 256)) + b"\0\0"
    said = SECRET + b"\0"
    words = b"desc\0\0\0\0" + struct.pack(">L", len(said)) + said + bytes(78)
    tags = {b"desc": words, b"cprt": b"text\0\0\0\0" + said, b"wtpt": xyz((0.9642, 1, 0.8249))}
    for name, values in primaries.items():
        tags[name + b"XYZ"] = xyz(values)
        tags[name + b"TRC"] = gamma
    table, body, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">LL", start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = start + len(body)
    head = struct.pack(">L4sL4s4s4s", size, b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3l", 63190, 65536, 54061)
    icc = head.ljust(128, b"\0") + struct.pack(">L", len(tags)) + table + body
    assert SECRET.decode() in ImageCms.getProfileDescription(
        ImageCms.ImageCmsProfile(io.BytesIO(icc))
    )
    return icc
