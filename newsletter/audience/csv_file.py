"""A CSV file as rows of cells, read as a stream: encoding, delimiter, quotes (RFC 4180)."""

from __future__ import annotations

import codecs
import contextlib
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from newsletter.audience.columns import Columns
from newsletter.audience.formats.registry import recognise
from newsletter.errors import AudienceError, NotFoundError

_CHUNK = 1 << 20

# What people rename to .csv instead of saving as CSV, by its first bytes.
_OTHER_FORMATS = {
    b"PK\x03\x04": "a workbook (Excel, LibreOffice) or another ZIP file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"SQLite format 3": "a database",
    b"\x1f\x8b": "a gzip file",
}
_SAVE_AS_CSV = 'Open it in the program that made it and save it as "CSV UTF-8".'


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file.

    Attributes:
        line: Line on which it starts, from 1.
        last_line: Line on which it ends: another one if a quoted cell has line breaks in it.
        cells: Its cells as they stand, or what is wrong with the row's quotes.
        text: If its quotes are wrong: the row as it stands.
    """

    line: int
    last_line: int
    cells: list[str] | str
    text: str = ""


class CsvFile:
    """A file with a header row that names its columns.

    Attributes:
        path: The file.
        encoding: ``utf-8-sig``, ``utf-16`` or ``cp1252``.
        columns: What the header says.
    """

    def __init__(self, path: Path, format_name: str = "") -> None:
        """Look at the whole file once for its encoding, and at its header.

        Args:
            path: The file.
            format_name: Whose list it is, see ``formats``; empty to find out by its columns.

        Raises:
            NotFoundError: There is no such file.
            AudienceError: It cannot be read, is no CSV, or its header is wrong.
        """
        self.path = path
        try:
            self.encoding = _encoding(path)
            with self._opened() as file:
                header_at, header = _header(path, file)
        except FileNotFoundError:
            raise NotFoundError(
                f"cannot read {path}: No such file or directory", "Check its name."
            ) from None
        except OSError as error:
            raise AudienceError(
                f"cannot read {path}: {error.strerror or error}", "Check its name and permissions."
            ) from error
        self._header_at = header_at
        place = f"{path}:{header_at}"
        self._delimiter, names = _split(header, place)
        self.columns = Columns.parse(names, place, recognise(names, format_name))

    def rows(self) -> Iterator[Row]:
        """Rows below the header, blank ones left out.

        Raises:
            AudienceError: The file cannot be read to its end, so that none of it can be trusted.
        """
        with self._reading() as file:
            yield from self._read(file)

    def last_line(self) -> int:
        """Number of the last line, blank or not; the file is read to its end.

        Raises:
            AudienceError: It cannot be read to its end, so that none of it can be trusted.
        """
        with self._reading() as file:
            reader = self._below_header(file)
            line: int = self._header_at
            while True:
                try:
                    for _ in reader:
                        line = self._header_at + reader.line_num
                except csv.Error as error:
                    self._check(error, line + 1)
                else:
                    return line

    def _read(self, file: TextIO) -> Iterator[Row]:
        lines = _Lines(file)
        reader = self._below_header(file, lines)
        while True:
            lines.read.clear()
            line = self._header_at + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                self._check(error, line)
                text = "".join(lines.read).rstrip("\r\n")
                yield Row(line, self._header_at + reader.line_num, str(error), text)
                continue
            if any(cells):
                yield Row(line, self._header_at + reader.line_num, cells)

    def _below_header(self, file: TextIO, lines: _Lines | None = None) -> Any:
        for _ in range(self._header_at):
            file.readline()
        return csv.reader(lines or file, delimiter=self._delimiter, strict=True)

    def _check(self, error: csv.Error, line: int) -> None:
        """Raise if what is wrong with a row is wrong with all that follows, too."""
        if "unexpected end of data" in str(error) or "field limit" in str(error):
            raise AudienceError(
                f"{self.path}:{line}: a quoted cell is opened here and never closed",
                'Close it with ", or double a quote that belongs to the text: "".',
            ) from error

    @contextlib.contextmanager
    def _reading(self) -> Iterator[TextIO]:
        try:
            with self._opened() as file:
                yield file
        except OSError as error:
            raise AudienceError(f"cannot read {self.path}: {error.strerror or error}") from error
        except UnicodeDecodeError as error:
            raise _not_text(self.path) from error

    def _opened(self) -> TextIO:
        return self.path.open(encoding=self.encoding, newline="")


class _Lines:
    """Lines of a file, of which those that were read last are remembered."""

    def __init__(self, file: TextIO) -> None:
        self._next = file.__next__
        self.read: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next()
        self.read.append(line)
        return line


def _encoding(path: Path) -> str:
    if path.is_dir():
        raise AudienceError(f"{path} is a folder", "Name a CSV file.")
    if path.exists() and not path.is_file():
        raise AudienceError(f"{path} is not a file", "Save the list as a CSV file first.")
    with path.open("rb") as file:
        start = file.read(16)
        for signature, what in _OTHER_FORMATS.items():
            if start.startswith(signature):
                raise AudienceError(f"{path} is {what}, not CSV", _SAVE_AS_CSV)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
        return "utf-8-sig"


def _header(path: Path, file: TextIO) -> tuple[int, str]:
    number = 0
    try:
        while line := file.readline(_CHUNK):
            number += 1
            text = line.rstrip("\r\n")
            if "\0" in text or len(line) == _CHUNK:
                raise _not_text(path)
            if text.strip(" \t,;"):
                return number, text
    except UnicodeDecodeError as error:
        raise _not_text(path) from error
    raise AudienceError(
        f"{path} is empty", "Its first line names the columns, for example: email,name,language"
    )


def _split(header: str, place: str) -> tuple[str, list[str]]:
    """The delimiter that gives most columns, and the columns' names."""
    split = {}
    for delimiter in ",;\t":
        with contextlib.suppress(csv.Error):
            split[delimiter] = next(csv.reader([header], delimiter=delimiter, strict=True))
    if header.count('"') % 2 or not split:
        raise AudienceError(
            f"{place}: the quotes in the header row do not match", "Write each name on one line."
        )
    delimiter = max(split, key=lambda d: len(split[d]))
    return delimiter, split[delimiter]


def _not_text(path: Path) -> AudienceError:
    return AudienceError(f"{path} is not a text file", _SAVE_AS_CSV)
