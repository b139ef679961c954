"""Pictures that a draft names or holds: their names, and the files beside the issue."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from newsletter.issue.drafts.blocks import Block, BlockKind, Picture, Reading, Remark
from newsletter.issue.drafts.escape import escape
from newsletter.issue.drafts.notes import is_credit

FOLDER = "pictures"
"""Where an issue's pictures are, beside it."""

LARGEST = 20_000_000
"""Bytes of one picture."""

_ENDINGS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", ".svg", ".bmp", ".tif"})
_DATA = re.compile(r"(?is)data:image/(png|jpe?g|gif)[^,]{0,40};base64,(.*)")
_REMOTE = re.compile(r"(?i)https?://")
_SCHEME = re.compile(r"(?i)[a-z][a-z0-9+.-]+:")


@dataclass(frozen=True, slots=True)
class Placed:
    """A reading whose pictures have names beside the issue.

    Attributes:
        reading: With the names in the place of those of the draft.
        files: What is to be written, by its path.
        remarks: Pictures that could not be found.
    """

    reading: Reading
    files: Mapping[Path, bytes]
    remarks: tuple[Remark, ...] = ()


def from_address(address: str, alt: str, line: int) -> Picture | Remark:
    """The picture at an address of a draft: of the web, beside the draft, or ``data:``."""
    address, alt = address.strip(), " ".join(alt.split())
    if inside := _DATA.fullmatch(address):
        kind = inside[1].lower().replace("jpeg", "jpg")
        try:
            data = base64.b64decode(re.sub(r"\s|%0a", "", unquote(inside[2])), validate=True)
        except (ValueError, binascii.Error):
            data = b""
        if data:
            return Picture(f"picture.{kind}", alt, data)
    if not address or (_SCHEME.match(address) and not _REMOTE.match(address)):
        said = f'the picture "{alt}" could not be taken over' if alt else "a picture was left out"
        return Remark(line, "picture", said, "Put its file beside the issue, and name it there.")
    return Picture(address if _REMOTE.match(address) else unquote(address), alt)


def words_of(block: Block) -> list[Block]:
    """Caption, credit and title of a picture as the fields that follow it, but for repetitions."""
    picture = block.picture
    if picture is None:
        return []
    said = [("caption", picture.caption), ("credit", picture.credit)]
    if picture.title != picture.alt:
        is_its_maker = is_credit(picture.title)
        said.append(
            ("credit", picture.title) if is_its_maker else ("caption", escape(picture.title))
        )
    return [Block(BlockKind.FIELD, text, block.line, key=key) for key, text in said if text]


def is_remote(src: str) -> bool:
    """Whether a picture has a web address."""
    return _REMOTE.match(src) is not None


def place(reading: Reading, issue_folder: Path, draft_folder: Path | None) -> Placed:
    """Give each picture of a draft its name beside the issue.

    Nothing is written. Files that the draft names are looked for in its own folder and below, and
    nowhere else: a draft from a stranger cannot reach for other files.

    Args:
        reading: The draft.
        issue_folder: Where the issue will be.
        draft_folder: Where the draft is; None if it came through a pipe.
    """
    files: dict[Path, bytes] = {}
    remarks: list[Remark] = []
    blocks = []
    for block in reading.blocks:
        picture = block.picture
        if picture is not None and not is_remote(picture.src):
            data = picture.data or _beside(picture.src, issue_folder, draft_folder)
            if data is None:
                remarks.append(_missing(block.line, picture.src))
            elif data:
                name = _free_name(issue_folder / FOLDER, _safe_name(picture.src), data, files)
                files[issue_folder / FOLDER / name] = data
                picture = replace(picture, src=f"{FOLDER}/{name}", data=b"")
            block = replace(block, picture=picture)
        blocks.append(block)
    return Placed(replace(reading, blocks=tuple(blocks)), files, tuple(remarks))


def _beside(src: str, issue_folder: Path, draft_folder: Path | None) -> bytes | None:
    """A file that the draft names; empty if the issue can name it as it is; None if it is not."""
    for folder in (issue_folder, draft_folder):
        if folder is None or PurePosixPath(src).suffix.lower() not in _ENDINGS:
            continue
        try:
            path = (folder / src).resolve()
            if path.is_relative_to(folder.resolve()) and path.stat().st_size <= LARGEST:
                return b"" if folder == issue_folder else path.read_bytes()
        except (OSError, ValueError):
            continue
    return None


def _missing(line: int, src: str) -> Remark:
    said = f'the picture "{src[:100]}" is not beside the draft'
    return Remark(line, "picture", said, f"Put its file into the folder {FOLDER} of the issues.")


def _safe_name(src: str) -> str:
    """A plain file name, whatever the draft calls the picture."""
    name = re.split(r"[/\\]", src)[-1]
    stem, dot, ending = name.rpartition(".")
    stem = re.sub(r"[^\w-]+", "-", stem if dot else name).strip("-_").lower()[:60] or "picture"
    ending = re.sub(r"[^a-z0-9]", "", ending.lower())[:5] if dot else ""
    return f"{stem}.{ending}" if ending else stem


def _free_name(folder: Path, name: str, data: bytes, taken: Mapping[Path, bytes]) -> str:
    """The name, with a number if another picture has it already."""
    stem, dot, ending = name.rpartition(".")
    for candidate in _names(stem if dot else name, f".{ending}" if dot else ""):
        path = folder / candidate
        there = taken.get(path)
        if there is None:
            try:
                there = path.read_bytes() if path.exists() else None
            except OSError:
                continue
        if there is None or there == data:
            return candidate
    raise AssertionError  # there is always a next number


def _names(stem: str, ending: str) -> Iterable[str]:
    yield f"{stem}{ending}"
    number = 2
    while True:
        yield f"{stem}-{number}{ending}"
        number += 1
