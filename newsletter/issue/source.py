"""From a file to its text, or the reasons why it is not text."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

from newsletter.issue.problems import Problem

LARGEST = 1_000_000
"""Bytes. A full issue has about 30,000; reading stops here, whatever the size of the file."""

# What YAML 1.2 (section 5.1) calls printable, without the line separators: libyaml still breaks
# lines at U+0085, U+2028 and U+2029, as YAML 1.1 did, and so ends a text in its middle.
_NOT_PRINTABLE = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)

_SIGNATURES = {
    b"PK\x03\x04": "a ZIP archive, as Word, Pages and OpenDocument files are",
    b"\xd0\xcf\x11\xe0": "an old Word or Office file",
    b"%PDF": "a PDF",
    b"{\\rtf": "a rich text (RTF) file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}
_UTF_16 = "UTF-16"


@dataclass(frozen=True, slots=True)
class Source:
    r"""Text of an issue file.

    Attributes:
        text: With ``\n`` line ends and without a byte order mark; characters that YAML forbids are
            replaced one for one, so that places stay right.
        problems: What is wrong with it as text.
    """

    text: str
    problems: tuple[Problem, ...] = ()

    @property
    def is_hopeless(self) -> bool:
        """Whether there is no text to look at."""
        return bool(self.problems) and not self.text


def read(path: Path) -> Source:
    """The text of a file; what keeps it from being read is a problem, never an exception."""
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            return _hopeless("unreadable", "this is a folder, not a file", "Name a file in it.")
        if not stat.S_ISREG(status.st_mode):
            return _hopeless("unreadable", "this is not an ordinary file")
        if status.st_size > LARGEST:
            return _too_large(status.st_size)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        return _hopeless("unreadable", "there is no such file")
    except PermissionError:
        return _hopeless(
            "unreadable", "you may not read this file", "Change its permissions, or ask its owner."
        )
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return _hopeless("unreadable", f"the file cannot be read: {reason}")
    return decode(data)


def decode(data: bytes) -> Source:
    """The text in ``data``, which should be UTF-8."""
    if len(data) > LARGEST:
        return _too_large(len(data))
    if encoding := _other_unicode(data):
        return _hopeless(
            "not-utf8", f"the file is {encoding}, not UTF-8", "Save it again with encoding UTF-8."
        )
    for signature, kind in _SIGNATURES.items():
        if data.startswith(signature):
            return _hopeless(
                "binary-file", f"this is {kind}, not text", "Save it as plain text, in UTF-8."
            )
    if b"\0" in data:
        return _hopeless("binary-file", "this is not a text file")
    data = data.removeprefix(b"\xef\xbb\xbf")
    if not data.strip():
        return _hopeless("empty-file", "the file is empty", "Start an issue with: newsletter new")
    problems = []
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        text = data.decode(errors="replace")
        problems.append(_not_utf8(data, error.start))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    unprintable = _unprintable(text)
    if len(unprintable) > 100:
        return _hopeless("binary-file", "this is not a text file")
    problems += unprintable
    return Source(_NOT_PRINTABLE.sub(" ", text), tuple(problems))


def _other_unicode(data: bytes) -> str | None:
    if data[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "UTF-32"
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _UTF_16
    # Without a mark, every other byte of an issue's keys is zero.
    head = data[:200]
    looks_wide = len(head) >= 4 and any(head[0::2]) != any(head[1::2])
    return _UTF_16 if looks_wide else None


def _not_utf8(data: bytes, start: int) -> Problem:
    before = data[:start].decode().replace("\r\n", "\n").replace("\r", "\n")
    line, column = before.count("\n"), len(before) - (before.rfind("\n") + 1)
    hint = "Save the file again with encoding UTF-8."
    high = re.findall(rb"[\x80-\xff]+", data)
    # In Windows-1252, letters with accents and curly quotes stand alone among ASCII letters; in
    # Cyrillic code pages whole words are high bytes, and in broken UTF-8 anything goes.
    if all(len(run) == 1 for run in high):
        hint = f"It looks like Windows-1252. {hint}"
    return Problem(
        line, column, "not-utf8", f"the file is not UTF-8 (byte 0x{data[start]:02x} here)", hint
    )


def _unprintable(text: str) -> list[Problem]:
    problems = []
    for number, line in enumerate(text.split("\n")):
        if found := _NOT_PRINTABLE.search(line):
            code = ord(found[0])
            problems.append(
                Problem(
                    number,
                    found.start(),
                    "control-character",
                    f"there is an invisible character (U+{code:04X}) here",
                    "Delete it, or type a line break or space where one is wanted.",
                )
            )
    return problems


def _too_large(size: int) -> Source:
    return _hopeless(
        "too-large",
        f"the file has {size / 1e6:,.1f} MB; an issue has at most {LARGEST / 1e6:.0f} MB",
        "Keep pictures beside the issue and name them in it.",
    )


def _hopeless(rule: str, message: str, hint: str = "") -> Source:
    return Source("", (Problem(0, 0, rule, message, hint),))
