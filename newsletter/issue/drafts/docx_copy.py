"""The copy of a Word file that mammoth reads: made anew of what was checked, and nothing else."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsletter.issue.drafts.container import Relation
from newsletter.issue.drafts.docx_slim import slim

if TYPE_CHECKING:
    from lxml.etree import Element

_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


class DocxCopy:
    """A new Word file in memory.

    Args:
        document: Name of the part that holds the text.
    """

    def __init__(self, document: str) -> None:
        self._parts: dict[str, bytes] = {}
        self._refer("", {"r": Relation("officeDocument", document, is_outside=False)})

    def add(
        self, part: str, tree: Element, relations: Mapping[str, Relation] | None = None
    ) -> None:
        """Put a part in, made slim, and a stand-in for each picture it refers to: its name."""
        from lxml import etree

        slim(tree)
        self._parts[part] = etree.tostring(tree)
        if relations:
            self._refer(part, relations)
            for relation in relations.values():
                if relation.kind == "image" and not relation.is_outside:
                    self._parts.setdefault(relation.target, relation.target.encode())

    def finished(self) -> io.BytesIO:
        """The file, to be read from its beginning."""
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w") as file:
            for name, part in self._parts.items():
                file.writestr(name, part)
        data.seek(0)
        return data

    def _refer(self, part: str, relations: Mapping[str, Relation]) -> None:
        from lxml import etree

        root = etree.Element(f"{{{_PACKAGE}}}Relationships")
        for key, relation in relations.items():
            written = root.makeelement(f"{{{_PACKAGE}}}Relationship")
            written.set("Id", key)
            written.set("Type", f"{_OFFICE}/{relation.kind}")
            written.set("Target", relation.target if relation.is_outside else f"/{relation.target}")
            root.append(written)
        folder, base = posixpath.split(part)
        self._parts[posixpath.join(folder, "_rels", f"{base}.rels")] = etree.tostring(root)
