"""Bytes to readable text, whatever they claim to be: charsets, encodings, HTML, encoded words."""

from __future__ import annotations

import binascii
import html
import re

_CHARSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz-gb-2312": "hz",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "iso-2022-jp": "iso2022_jp_3",
    "unicode-1-1-utf-8": "utf-8",
    "x-unknown": "",
    "unknown-8bit": "",
    "utf8": "utf-8",
    "us-ascii": "",
    "ascii": "",
    "iso-8859-8-i": "iso-8859-8",
}
# Python also knows codecs that are no charsets (punycode, zip …), some of them slow on purpose.
_CHARSET = re.compile(
    r"(?:utf|iso|latin|windows|cp|koi8|mac|big5|euc|gb|hz|shift|tis|viscii|ks_c|johab|kz|ptcp)"
    r"[\w.:-]{0,30}\Z",
    re.IGNORECASE,
)
_ENCODED_WORD = re.compile(
    r"=\?([\w.:+-]{1,40})(?:\*[\w-]{1,20})?\?([bq])\?([^?\s]{0,400})\?=", re.I
)
_BETWEEN_WORDS = re.compile(r"(\?=)\s{1,20}(=\?)")
_HIDDEN = re.compile(r"<(script|style|title)\b[^>]{0,500}>.{0,20000}?</\1\s*>", re.I | re.S)
_BREAK = re.compile(r"<(?:br|/?p|/?div|/?tr|/?li|/?h\d|/?pre|/?table|hr)\b[^>]{0,500}>", re.I)
_TAG = re.compile(r"<(?![^<>\s@]{1,64}@)/?[a-z!][^<>]{0,2000}>", re.IGNORECASE)


def from_bytes(data: bytes, charset: str = "") -> str:
    """Text of some bytes; never fails. A charset that is absent or wrong is guessed.

    Args:
        data: The bytes, without transfer encoding.
        charset: What the message claims; may be anything.
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    name = charset.strip().strip("\"'").lower()
    name = _CHARSETS.get(name, name)
    if name and _CHARSET.match(name):
        try:
            return data.decode(name, "strict" if name.startswith("utf-8") else "replace")
        except (LookupError, ValueError):
            pass
    if b"\x1b$" in data or b"\x1b(" in data:
        return data.decode("iso2022_jp_3", "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("windows-1252", "replace")


def transfer_decoded(data: bytes, encoding: str) -> bytes:
    """Bytes without their Content-Transfer-Encoding (RFC 2045 §6), as far as they can be read."""
    match encoding.strip().lower():
        case "base64":
            kept = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
            kept = kept[: len(kept) - (len(kept) % 4 == 1)]
            try:
                return binascii.a2b_base64(kept + b"=" * (-len(kept) % 4))
            except binascii.Error:
                return data
        case "quoted-printable":
            return binascii.a2b_qp(data)
        case _:
            return data


def header_decoded(value: str) -> str:
    """A header's value with its encoded words read (RFC 2047 §2)."""
    if "=?" not in value:
        return value
    return _ENCODED_WORD.sub(_word, _BETWEEN_WORDS.sub(r"\1\2", value))


def _word(match: re.Match[str]) -> str:
    charset, encoding, payload = match.groups()
    data = payload.encode("latin-1", "replace")
    if encoding in "bB":
        return from_bytes(transfer_decoded(data, "base64"), charset)
    return from_bytes(binascii.a2b_qp(data.replace(b"_", b" "), header=True), charset)


def from_html(markup: str) -> str:
    """The words of an HTML body, one line a block; addresses in angle brackets survive."""
    markup = _HIDDEN.sub(" ", markup.replace("\r", ""))
    return html.unescape(_TAG.sub("", _BREAK.sub("\n", markup))).replace("\xa0", " ")
