"""Bytes of a draft → text, whatever the program that wrote them called an encoding."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from newsletter.errors import NewsletterError
from newsletter.issue.drafts.blocks import Remark

LARGEST = 10_000_000
"""Bytes of a draft that is text: a full issue has about 30,000."""

_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe\0\0": "utf-32-le",
    b"\0\0\xfe\xff": "utf-32-be",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
}
_NOT_TEXT = (
    (
        rb"PK(?:\x03\x04|\x05\x06)|\x1f\x8b|BZh\d1AY&SY|\xfd7zXZ|7z\xbc\xaf|Rar!\x1a",
        "an archive",
        "Unpack it, and import the draft that is in it.",
    ),
    (
        rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\0|MM\0\*|RIFF.{4}WEBP|.{4}ftyp(?:heic|heix|mif1|avif)",
        "a picture",
        "Name a file with text in it.",
    ),
    (rb"\xd0\xcf\x11\xe0", "an old Word or Office file", "Save it as .docx, and import that."),
    (rb"\{\\rtf", "a rich text (RTF) file", "Save it as .docx, and import that."),
    (rb"%PDF", "a PDF", "Copy its text into a file, and import that."),
)
# Code pages that can be told apart by the letters that come out (charset-normalizer
# 3.5, measured on one sentence each of English, German, French, Polish, Russian, Ukrainian,
# Belarusian, Greek, Hebrew and Arabic). cp1250 and cp1252 cannot, and are told apart below.
_PAGES = ["cp1252", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "cp1256", "koi8_r", "koi8_u"]
_LATIN = {"cp1250", "cp1252", "cp1254"}
# What Polish, Czech and Hungarian letters of cp1250 look like in cp1252, inside a word.
_IS_1250 = re.compile("(?<=[a-zA-Z])[¹³¿¯£¥ª¼¾]|[¹³¿¯¼¾](?=[a-z])")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_BROKEN = re.compile("[\udc80-\udcff]")
# Nobody types these: of random bytes they are 11 %, of a text at most a forgotten few.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
_MOST_CONTROLS = 0.01
# Private, unassigned and broken characters: 15 % of random UTF-16, 3 % of a list with the bullets
# of Word's font Symbol.
_MOST_ODD = 0.08
_FEW = 3  # say nothing
# What drafts are made of: of one in an old code page nearly all, of random bytes three quarters.
_ORDINARY = re.compile(r"[\w\s.,;:!?…'\"“”„‘’‚«»‹›()\[\]/%&§@€$*=#+•·–—-]")
_LEAST_ORDINARY = 0.9


@dataclass(frozen=True, slots=True)
class Decoded:
    r"""Text of a draft.

    Attributes:
        text: With ``\n`` line ends and without a byte order mark or NUL.
        remarks: What had to be guessed.
    """

    text: str
    remarks: tuple[Remark, ...] = ()


def decode(data: bytes) -> Decoded:
    """The text in ``data``: UTF-8, UTF-16 or UTF-32, with or without mark, or an old code page.

    Raises:
        NewsletterError: It is too large, or no text.
    """
    if len(data) > LARGEST:
        raise NewsletterError(
            f"the draft has {len(data) / 1e6:,.1f} MB; a text has at most {LARGEST / 1e6:.0f} MB",
            "Pictures belong beside the draft, not inside its text.",
        )
    for signature, what, hint in _NOT_TEXT:
        if re.match(signature, data, re.DOTALL):
            raise NewsletterError(f"the draft is {what}, not text", hint)
    text, remarks = _text(data)
    if not _is_text(text) or (remarks and not _is_ordinary(text)):
        raise NewsletterError(
            "the draft is not a text file: it is full of signs that nobody types",
            "Open it in the program that made it, and save it as .docx or as plain text (UTF-8).",
        )
    return Decoded(_LINE_ENDS.sub("\n", text.replace("\0", "")), remarks)


def _is_text(text: str) -> bool:
    controls = len(_CONTROL.findall(text))
    if controls > _FEW + _MOST_CONTROLS * len(text):
        return False
    odd = sum(count for character, count in Counter(text).items() if _is_odd(character))
    return odd <= _FEW + _MOST_ODD * len(text)


def _is_ordinary(text: str) -> bool:
    return len(_ORDINARY.findall(text)) >= _LEAST_ORDINARY * len(text)


def _is_odd(character: str) -> bool:
    is_nothing = unicodedata.category(character) in {"Cn", "Co", "Cs"}
    return is_nothing or character == "\N{REPLACEMENT CHARACTER}"


def _text(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            if encoding == "utf-8":
                return _utf8(data[3:])
            return data[len(mark) :].decode(encoding, errors="replace"), ()
    if wide := _wide(data):
        text = data.decode(wide, errors="replace")
        return text, (_guessed("UTF-16"),)
    return _utf8(data)


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: in most scripts every other byte is nearly always the same."""
    head = data[:400]
    if len(head) < 4 or not head.count(0):
        return None
    even, odd = head[0::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.1 and odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.1 and even > 4 * odd else None


def _utf8(data: bytes) -> tuple[str, tuple[Remark, ...]]:
    try:
        return data.decode(), ()
    except UnicodeDecodeError:
        pass
    text = data.decode(errors="surrogateescape")
    broken = len(_BROKEN.findall(text))
    sound = sum(character > "\x7f" for character in text) - broken
    if sound > broken:  # UTF-8 into which a few bytes of an older program were pasted
        first = _BROKEN.search(text)
        line = text.count("\n", 0, first.start() if first else 0) + 1
        text = _BROKEN.sub(lambda m: _from_1252(ord(m[0]) - 0xDC00), text)
        said = "a few characters are not UTF-8, and were read as Windows-1252"
        return text, (Remark(line, "encoding", said, "Look at the curly quotes and accents."),)
    page = _page(data)
    return data.decode(page, errors="replace"), (_guessed(_called(page)),)


def _from_1252(byte: int) -> str:
    return bytes([byte]).decode("cp1252", errors="replace")


def _page(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data, cp_isolation=_PAGES).best()
    page = best.encoding if best else "cp1252"
    if page in _LATIN:
        is_1250 = _IS_1250.search(data.decode("cp1252", errors="replace"))
        return "cp1250" if is_1250 else "cp1252"
    return page


def _called(page: str) -> str:
    """A code page as people call it: ``Windows-1251``, ``KOI8-R``."""
    return page.replace("cp", "Windows-") if page[0] == "c" else page.upper().replace("_", "-")


def _guessed(encoding: str) -> Remark:
    return Remark(
        1,
        "encoding",
        f"the draft is not UTF-8, and was read as {encoding}",
        "Look at the accents and the curly quotes; if they are wrong, save the draft as UTF-8.",
    )
