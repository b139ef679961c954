"""The ZIP file that a Word file is: opened only if nothing in it can cost or hurt.

Nothing is ever unpacked to the disk, so the names inside it reach no file.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from lxml.etree import Element

LARGEST = 100_000_000
"""Bytes of a Word file with everything in it unpacked."""

_ENTRIES = 2_000  # a long report with 300 pictures has 400
_RATIO = 100  # XML of Word shrinks to a tenth, at the very best to a fortieth
_SMALL = 1_000_000  # bytes; below, a ratio says nothing
_XML = 10_000_000  # bytes of all text in it; a book of 300 pages has 8 million
_ELEMENTS = 100_000  # a draft of 3,000 words has 15,000, with all of Word's styles
_DEPTH = 100  # levels of XML; a table in a table in a text box has 40
_UNREADABLE = (
    *(KeyError, OSError, EOFError, ValueError, RuntimeError),  # NotImplementedError among them
    *(zlib.error, zipfile.BadZipFile),
)
_RELATION = "/relationships/"
_SAVE = "Save it as .docx (Word Document), and import that."
_FOREIGN = {
    b"\xd0\xcf\x11\xe0": "an old Word file (.doc), or one with a password",
    b"{\\rtf": "a rich text (RTF) file",
    b"%PDF": "a PDF",
    b"<": "a web page or XML",
}
_KINDS = {
    "xl/workbook.xml": "an Excel workbook",
    "ppt/presentation.xml": "a PowerPoint presentation",
    "Index/Document.iwa": "a file of Apple Pages",
    "mimetype": "an OpenDocument file (.odt) or an e-book",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """What a part of the file refers to: another part, or an address outside."""

    kind: str
    target: str
    is_outside: bool


class Container:
    """A Word file that has passed the checks.

    Args:
        data: The file.
        name: What to call it in messages.

    Raises:
        NewsletterError: It is no Word file, is damaged or protected, or would unpack to too much.
    """

    def __init__(self, data: bytes, name: str) -> None:
        self.name = name
        for signature, what in _FOREIGN.items():
            if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(signature):
                raise NewsletterError(f"{name} is {what}, not a Word file (.docx)", _SAVE)
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except _UNREADABLE as error:
            raise NewsletterError(
                f"{name} is damaged, or not a Word file (.docx)",
                "Open it in Word and save it again; if Word cannot, get it from its author again.",
            ) from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}
        self._left = _XML
        self._elements = 0
        self._check()
        self.document = self._document()

    def _check(self) -> None:
        entries = self._zip.infolist()
        total = sum(entry.file_size for entry in entries)
        if len(entries) > _ENTRIES or total > LARGEST:
            raise NewsletterError(
                f"{self.name} would unpack to {total / 1e6:,.0f} MB in {len(entries):,} parts; "
                "it is not opened",
                f"Make its pictures smaller: at most {LARGEST / 1e6:.0f} MB in {_ENTRIES:,} parts "
                "are read.",
            )
        for entry in entries:
            is_bomb = entry.file_size > _SMALL and entry.file_size > _RATIO * entry.compress_size
            if is_bomb or entry.flag_bits & 0x1:
                why = "has a password" if entry.flag_bits & 0x1 else "looks like a ZIP bomb"
                raise NewsletterError(f"{self.name} {why}; it is not opened", _SAVE)

    def _document(self) -> str:
        """The name of the part that holds the text."""
        names = [
            relation.target
            for relation in self.relations("").values()
            if relation.kind == "officeDocument"
        ]
        for name in [*names, "word/document.xml"]:
            if name in self._entries and name not in _KINDS:
                return name
        if any(name.endswith((".html", ".htm")) for name in self._entries):
            raise NewsletterError(
                f"{self.name} is a ZIP file with a web page in it",
                "Unpack it, and import the .html file in it; its pictures are found beside it.",
            )
        what = next((kind for part, kind in _KINDS.items() if part in self._entries), "")
        if what:
            raise NewsletterError(f"{self.name} is {what}, not a Word file (.docx)", _SAVE)
        raise NewsletterError(
            f"{self.name} is a ZIP file without a Word document",
            "Unpack it, and import the draft that is in it.",
        )

    def has(self, name: str) -> bool:
        """Whether there is a part of that name."""
        return name in self._entries

    def size(self, name: str) -> int:
        """How many bytes a part has."""
        return self._entries[name].file_size

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            NewsletterError: It is damaged or missing.
        """
        try:
            return self._zip.read(name)
        except _UNREADABLE as error:
            raise self._damaged(name) from error

    def xml(self, name: str) -> Element:
        """The tree of a part.

        Raises:
            NewsletterError: It is damaged, too large, too deeply nested, or declares entities.
        """
        from lxml import etree

        self._left -= self._entries[name].file_size if name in self._entries else 0
        if self._left < 0:
            raise self._too_much()
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(self.read(name), parser)
        except etree.XMLSyntaxError as error:
            raise self._too_deep() if "depth" in str(error) else self._damaged(name) from error
        if root is None or root.getroottree().docinfo.doctype:
            raise NewsletterError(
                f"{self.name} declares entities of its own, which Word never does; it is not read",
                "Ask where it comes from.",
            )
        self._check_tree(root)
        return root

    def _check_tree(self, root: Element) -> None:
        from lxml import etree

        depth = 0
        for event, _ in etree.iterwalk(root, events=("start", "end")):
            depth += 1 if event == "start" else -1
            self._elements += event == "start"
            if depth > _DEPTH:
                raise self._too_deep()
            if self._elements > _ELEMENTS:
                raise self._too_much()

    def relations(self, part: str) -> dict[str, Relation]:
        """What a part refers to, by id; ``""`` is the whole file."""
        folder, base = posixpath.split(part)
        name = posixpath.join(folder, "_rels", f"{base}.rels")
        found: dict[str, Relation] = {}
        if not self.has(name):
            return found
        for element in self.xml(name):
            target = element.get("Target") or ""
            is_outside = (element.get("TargetMode") or "") == "External"
            if not is_outside:
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = (element.get("Type") or "").rpartition(_RELATION)[2]
            found[element.get("Id") or ""] = Relation(kind, target, is_outside)
        return found

    def _too_much(self) -> NewsletterError:
        return NewsletterError(
            f"{self.name} has more text than a book: over {_XML / 1e6:.0f} MB or {_ELEMENTS:,} "
            "tags; it is not read",
            "Copy what you need into a new document, and import that.",
        )

    def _too_deep(self) -> NewsletterError:
        return NewsletterError(
            f"{self.name} is nested more than {_DEPTH} levels deep; it is not read",
            "Copy its text into a new document, and import that.",
        )

    def _damaged(self, part: str) -> NewsletterError:
        return NewsletterError(
            f"{self.name} is damaged: its part {part} cannot be read",
            "Open it in Word and save it again; if Word cannot, get it from its author again.",
        )
