from __future__ import annotations

import io
import random
import struct
import zlib

import pytest
from PIL import Image, ImageDraw
from PIL.JpegImagePlugin import JpegImageFile, get_sampling

from newsletter.findings import Severity
from newsletter.render.picture_draw import MAX_HEIGHT
from newsletter.render.picture_encode import Encoded, encode
from newsletter.render.picture_file import PictureProblem
from tests.proof import rounds
from tests.unit.render.pictures_kit import (
    SECRET,
    exif,
    holds_secret,
    photo,
    profile,
    saved,
    telling_jpeg,
    telling_png,
)

WIDTH = 1072


def ready(data: bytes, width: int = WIDTH) -> tuple[Encoded, Image.Image]:
    """The picture that readers get, and what is in it."""
    encoded = encode(data, width)
    assert isinstance(encoded, Encoded), encoded
    image = Image.open(io.BytesIO(encoded.data))
    image.load()
    assert image.width == encoded.width
    assert Image.MIME[image.format or ""] == encoded.content_type
    return encoded, image


def problem(data: bytes) -> PictureProblem:
    said = encode(data, WIDTH)
    assert isinstance(said, PictureProblem)
    assert said.severity is Severity.ERROR
    assert said.hint
    return said


def screenshot() -> Image.Image:
    image = Image.new("RGB", (900, 500), "white")
    for line in range(10, 480, 20):
        ImageDraw.Draw(image).text((10, line), "Timetable of the night ferry " * 4, fill="#222")
    return image


def noisy() -> Image.Image:
    """A photograph taken at night: what loses nothing is much larger than a JPEG of it."""
    noise = Image.effect_noise((600, 400), 90).convert("RGB")
    return Image.blend(photo(600, 400), noise, 0.2)


def near(seen: object, meant: tuple[int, int, int]) -> bool:
    assert isinstance(seen, tuple)
    return all(abs(one - other) <= 20 for one, other in zip(seen, meant, strict=True))


def test_a_photograph_becomes_a_progressive_jpeg_of_the_asked_width() -> None:
    encoded, image = ready(saved(photo(3000, 2000), "JPEG", quality=95))
    assert encoded.content_type == "image/jpeg"
    assert image.size == (1072, 715)
    assert image.info["progressive"]
    assert encoded.remark is None


def test_a_narrow_picture_is_not_blown_up() -> None:
    for form in ("JPEG", "PNG", "GIF"):
        assert ready(saved(photo(300, 200), form))[1].size == (300, 200)


def test_equal_files_give_equal_bytes() -> None:
    image = photo(300, 200)
    for data in (telling_jpeg(image), telling_png(image), saved(image, "WEBP")):
        for width in (200, WIDTH):
            assert encode(data, width) == encode(data, width)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "BMP", "TIFF"])
def test_a_photograph_in_another_type_becomes_a_jpeg(form: str) -> None:
    assert ready(saved(noisy(), form))[0].content_type == "image/jpeg"


def test_what_has_few_colours_becomes_a_png_that_loses_nothing() -> None:
    for form in ("PNG", "GIF", "BMP"):
        encoded, image = ready(saved(screenshot(), form))
        assert encoded.content_type == "image/png"
        assert image.mode == "P"
        assert image.convert("RGB").tobytes() == screenshot().tobytes()


def test_see_through_parts_stay_and_what_they_hide_goes() -> None:
    image = photo(200, 100).convert("RGBA")
    ImageDraw.Draw(image).rectangle((0, 0, 99, 99), fill=(200, 10, 10, 0))
    encoded, seen = ready(saved(image, "PNG"))
    assert encoded.content_type == "image/png"
    assert seen.mode == "RGBA"
    assert seen.getpixel((50, 50)) == (0, 0, 0, 0)
    assert seen.getpixel((150, 50)) == image.getpixel((150, 50))


def test_a_see_through_channel_that_hides_nothing_does_not_make_a_photograph_heavy() -> None:
    assert ready(saved(noisy().convert("RGBA"), "PNG"))[0].content_type == "image/jpeg"


def test_a_colour_named_as_see_through_stays_so() -> None:
    image = Image.new("P", (10, 10), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.putpixel((3, 3), 0)
    for form in ("PNG", "GIF"):
        _, seen = ready(saved(image, form, transparency=0))
        assert seen.convert("RGBA").getpixel((3, 3)) == (0, 0, 0, 0)
        assert seen.convert("RGBA").getpixel((5, 5)) == (255, 0, 0, 255)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_a_picture_that_was_taken_turned_is_upright(orientation: int, form: str) -> None:
    """The blue corner is where viewers that know EXIF show it."""
    image = Image.new("RGB", (60, 40), "white")
    ImageDraw.Draw(image).rectangle((0, 0, 19, 14), fill="blue")
    tags = Image.Exif()
    tags[0x0112] = orientation
    _, seen = ready(saved(image, form, exif=tags))
    right, down = orientation in {2, 3, 6, 7}, orientation in {3, 4, 7, 8}
    if orientation in {6, 8}:  # a quarter clockwise; a quarter back
        right, down = orientation == 6, orientation == 8
    if orientation in {5, 7}:  # mirrored at a diagonal
        right = down = orientation == 7
    corner = (seen.width - 5 if right else 4, seen.height - 5 if down else 4)
    assert seen.size == ((60, 40) if orientation < 5 else (40, 60))
    assert near(seen.convert("RGB").getpixel(corner), (0, 0, 255))


def test_nothing_of_the_metadata_of_a_jpeg_is_carried_over() -> None:
    plain = saved(photo(300, 200), "JPEG", quality=30, exif=exif(), comment=SECRET)
    pictures = (photo(), photo(300, 200), photo(300, 200).convert("L"))
    for data in (*map(telling_jpeg, pictures), plain):
        assert holds_secret(data)
        encoded, seen = ready(data)
        assert not holds_secret(encoded.data)
        assert seen.getexif() == {}


def test_nothing_of_the_metadata_of_a_png_is_carried_over() -> None:
    see_through = photo(300, 200).convert("RGBA")
    see_through.putalpha(128)
    for image in (photo(), screenshot(), see_through):
        data = telling_png(image)
        assert holds_secret(data)
        encoded, seen = ready(data)
        assert not holds_secret(encoded.data)
        assert set(chunks(encoded.data) if seen.format == "PNG" else ()) <= {
            b"IHDR",
            b"PLTE",
            b"IDAT",
            b"IEND",
        }


def chunks(data: bytes) -> list[bytes]:
    names, at = [], 8
    while at < len(data):
        names.append(data[at + 4 : at + 8])
        at += 12 + struct.unpack(">L", data[at : at + 4])[0]
    return names


def test_the_second_picture_of_a_telephones_jpeg_stays_at_home() -> None:
    second = photo(640, 480).rotate(180)
    data = saved(photo(), "MPO", save_all=True, append_images=[second], exif=exif())
    assert data.count(b"\xff\xd8\xff") == 2
    encoded, _ = ready(data)
    assert encoded.data.count(b"\xff\xd8\xff") == 1
    assert not holds_secret(encoded.data)
    assert encoded.remark is None


def test_colours_are_what_the_profile_means_and_the_profile_is_gone() -> None:
    red = Image.new("RGB", (60, 40), (250, 10, 10))
    for form in ("JPEG", "PNG"):
        encoded, seen = ready(saved(red, form, icc_profile=profile(swapped=True)))
        assert near(seen.convert("RGB").getpixel((5, 5)), (10, 10, 250))
        assert "icc_profile" not in seen.info
        assert SECRET not in encoded.data


def test_see_through_parts_survive_a_change_of_colours() -> None:
    image = Image.new("RGBA", (60, 40), (250, 10, 10, 100))
    _, seen = ready(saved(image, "PNG", icc_profile=profile(swapped=True)))
    pixel = seen.getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert near(pixel[:3], (10, 10, 250))
    assert pixel[3] == 100


def test_a_profile_that_is_damaged_or_does_not_fit_is_left_out() -> None:
    red = Image.new("RGB", (60, 40), (250, 10, 10))
    _, seen = ready(saved(red, "JPEG", icc_profile=b"no profile"))
    assert near(seen.getpixel((5, 5)), (250, 10, 10))
    _, grey = ready(saved(red.convert("L"), "JPEG", icc_profile=profile()))
    assert grey.mode == "L"


def test_printers_colours_become_those_of_a_screen() -> None:
    red = Image.new("CMYK", (60, 40), (0, 255, 255, 0))
    for form in ("JPEG", "TIFF"):
        _, seen = ready(saved(red, form))
        assert near(seen.convert("RGB").getpixel((5, 5)), (255, 0, 0))


def test_sixteen_bits_of_grey_become_eight_and_not_white() -> None:
    levels = struct.pack("<4H", 0, 0x4000, 0x8000, 0xFFFF)
    data = saved(Image.frombytes("I;16", (4, 1), levels), "PNG")
    assert ready(data)[1].convert("L").tobytes() == bytes([0, 63, 127, 255])


def test_a_jpeg_that_was_saved_smaller_than_ours_does_not_grow() -> None:
    data = saved(noisy(), "JPEG", quality=69, progressive=True, optimize=True)
    assert len(ready(data)[0].data) <= len(data)


def test_the_tables_of_a_camera_are_not_taken_over() -> None:
    """The same tables in every JPEG of one quality say nothing of what made the original."""
    tables = []
    for quality in (60, 90):
        _, seen = ready(saved(photo(300, 200), "JPEG", quality=quality, subsampling=0))
        assert isinstance(seen, JpegImageFile)
        tables.append((seen.quantization, get_sampling(seen)))
    assert tables[0] == tables[1]


@pytest.mark.parametrize(
    ("form", "kind"), [("WEBP", "JPEG"), ("AVIF", "JPEG"), ("TIFF", "PNG"), ("BMP", "PNG")]
)
def test_a_type_that_mail_programs_do_not_show_is_changed_and_said(form: str, kind: str) -> None:
    image = photo(300, 200) if kind == "JPEG" else screenshot()
    encoded, _ = ready(saved(image, form))
    assert encoded.remark == PictureProblem(
        f"is of type {form} and is sent as {kind}, which every mail program shows",
        severity=Severity.INFO,
    )


def test_only_a_gif_moves_so_of_others_the_first_picture_is_sent_and_said() -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "green", "blue")]
    for form in ("WEBP", "PNG"):
        options = {"save_all": True, "append_images": frames[1:], "duration": 100}
        encoded, seen = ready(saved(frames[0], form, **options))
        assert near(seen.convert("RGB").getpixel((5, 5)), (255, 0, 0))
        assert getattr(seen, "n_frames", 1) == 1
        assert encoded.remark is not None
        assert encoded.remark.severity is Severity.WARNING
        assert "its first picture is sent" in encoded.remark.message


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is an empty file"),
        (b"not a picture", "is not a picture that mail programs show"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- drawn -->\n<svg xmlns='x'/>", "is an SVG"),
        (b"  <svg onload='alert(1)'/>", "is an SVG"),
        (b"<!DOCTYPE svg PUBLIC 'x'>\n<svg/>", "is an SVG"),
        (b"<!DOCTYPE html><html>", "is a web page"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIC"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture"),
        (b"\xff\xd8\xff\xe0 no more", "cannot be read: it is damaged"),
        (b"GIF89a\xff", "cannot be read: it is damaged"),
    ],
)
def test_what_is_no_picture_says_what_it_is(data: bytes, message: str) -> None:
    assert message in problem(data).message


@pytest.mark.parametrize("form", ["JPEG", "PNG", "GIF", "WEBP", "AVIF", "TIFF", "BMP"])
def test_a_file_that_is_cut_off_anywhere_is_a_problem_or_a_picture(form: str) -> None:
    whole = saved(photo(60, 40), form)
    for end in range(0, len(whole), max(1, len(whole) // 60)):
        encode(whole[:end], WIDTH)
    assert "damaged" in problem(whole[: len(whole) // 2]).message


@pytest.mark.proof
def test_bytes_changed_at_random_never_end_in_anything_else() -> None:
    chance = random.Random(7)
    for data in (
        telling_jpeg(photo(60, 40)),
        telling_png(photo(60, 40)),
        saved(photo(9, 9), "GIF"),
    ):
        for _ in range(rounds(60, 1_000)):
            broken = bytearray(data)
            for _ in range(chance.randrange(1, 8)):
                broken[chance.randrange(len(broken))] = chance.randrange(256)
            assert isinstance(encode(bytes(broken), WIDTH), Encoded | PictureProblem)


def test_odd_metadata_is_no_reason_to_refuse_a_picture() -> None:
    data = saved(photo(60, 40), "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xffnonsense")
    assert ready(data)[1].size == (60, 40)


def test_bombs_are_refused_before_they_are_decoded() -> None:
    assert "far too many pixels" in problem(saved(Image.new("1", (20_000, 20_000)), "PNG")).message
    gif = saved(Image.new("1", (1, 1)), "GIF")
    assert "far too many pixels" in problem(gif[:6] + b"\xff\xff\xff\xff" + gif[10:]).message
    # 10 gigabytes of zeros in the text of a PNG would be refused, too; here it is 70 MB.
    text = zlib.compress(bytes(70_000_000))
    content = b"zTXtComment\0\0" + text
    chunk = struct.pack(">L", len(content) - 4) + content + struct.pack(">L", zlib.crc32(content))
    png = saved(photo(60, 40), "PNG")
    end = png.index(b"IDAT") - 4
    assert isinstance(encode(png[:end] + chunk + png[end:], WIDTH), PictureProblem)


def test_a_picture_may_not_be_as_high_as_a_tower() -> None:
    tower = Image.new("1", (10, MAX_HEIGHT + 1))
    assert problem(saved(tower, "PNG")).message == "is far too high for a letter"
    assert ready(saved(Image.new("1", (9000, 1)), "PNG"))[1].size == (WIDTH, 1)


def test_colours_of_science_are_not_guessed_at() -> None:
    assert "colours of a kind" in problem(saved(Image.new("F", (20, 20)), "TIFF")).message
