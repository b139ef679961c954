"""A Word file (.docx) → blocks, through mammoth."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers.expat import ExpatError

from newsletter.errors import NewsletterError
from newsletter.issue.drafts import docx_lists, docx_text, footnotes
from newsletter.issue.drafts.blocks import Picture, Reading, Remark
from newsletter.issue.drafts.container import Container
from newsletter.issue.drafts.docx_copy import DocxCopy
from newsletter.issue.drafts.html_blocks import TITLE, Walk
from newsletter.issue.drafts.sanitise import parse

if TYPE_CHECKING:
    from lxml.etree import Element
    from mammoth.images import Image

_OUTER = "ul|ol > li > "
_CAPTIONS = ("Caption", "Figure", "Illustration")
_STYLES = "\n".join(
    [
        f"p[style-name='Title'] => p.{TITLE}:fresh",
        *(f"p[style-name='Heading {n}'] => h{min(n, 6)}:fresh" for n in range(1, 10)),
        *(f"p[style-name='{name}'] => blockquote > p:fresh" for name in ("Quote", "Block Text")),
        "p[style-name='Intense Quote'] => blockquote > p:fresh",
        *(
            f"p[style-name='List {kind} {n}'] => {_OUTER * (n - 1)}{tag} > li:fresh"
            for n in range(2, 6)
            for kind, tag in (("Bullet", "ul"), ("Number", "ol"))
        ),
        *(
            f"p:{kind}-list({n}) => {_OUTER * (n - 1)}{tag} > li:fresh"
            for n in range(1, 10)
            for kind, tag in (("unordered", "ul"), ("ordered", "ol"))
        ),
        # Word's own, and those that LibreOffice gives to the captions of pictures.
        *(f"p[style-name='{name}'] => figcaption:fresh" for name in _CAPTIONS),
        "p[style-name='List Bullet'] => ul > li:fresh",
        "p[style-name='List Number'] => ol > li:fresh",
        *(f"r[style-name='{name}Emphasis'] => em" for name in ("", "Intense ", "Subtle ")),
    ]
)
_PARTS = ("styles", "numbering", "comments", "footnotes", "endnotes")
_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpg",
    b"GIF8": "gif",
    b"\xd7\xcd\xc6\x9a": "WMF",
    b"\x01\0\0\0": "EMF",
    b"II*\0": "TIFF",
    b"MM\0*": "TIFF",
    b"BM": "BMP",
    b"RIFF": "WebP",
    b"<": "SVG",
}
_SHOWN = {"png", "jpg", "gif"}
_LARGEST_PICTURE = 20_000_000
# What Word's own description of a picture ends with, in the languages of its interface.
_GENERATED = re.compile(
    r"\s*(?:Description automatically generated|AI-generated content may be incorrect\.?|"
    r"Automatisch generierte Beschreibung|KI-generierte Inhalte können fehlerhaft sein\.?).*",
    re.DOTALL,
)
# What mammoth says of a file that is no Word file inside; all of it was seen with broken files.
_BROKEN = (
    *(KeyError, ValueError, AttributeError, TypeError, IndexError, OSError, RecursionError),
    *(ExpatError, zipfile.BadZipFile),
)


def read(data: bytes, *, name: str = "draft") -> Reading:
    """Read a Word file.

    Args:
        data: The file.
        name: What to call it in messages.

    Returns:
        Its blocks; ``line`` is the number of the paragraph, as Word counts them with empty ones.

    Raises:
        NewsletterError: It is no Word file, is damaged or protected, or could do harm.
    """
    file = _File(Container(data, name))
    html = file.html()
    walk = Walk(files=file.pictures)
    if html:
        root = parse(html)
        footnotes.gather(root)
        walk.run(root)
    remarks = sorted([*file.remarks, *walk.remarks], key=lambda remark: remark.line)
    return Reading(tuple(walk.blocks), tuple(remarks), unit="paragraph")


@dataclass(slots=True)
class _File:
    """One file while it is read."""

    container: Container
    pictures: dict[str, Picture | Remark] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def html(self) -> str:
        """What mammoth makes of the file."""
        import mammoth

        safe = self._safe_copy()
        try:
            result = mammoth.convert_to_html(
                safe,
                style_map=_STYLES,
                include_embedded_style_map=False,
                convert_image=mammoth.images.img_element(self._picture),
            )
        except _BROKEN as error:
            raise NewsletterError(
                f"{self.container.name} cannot be read as a Word file",
                "Open it in Word and save it again; if Word cannot, get it from its author again.",
            ) from error
        said = dict.fromkeys(message.message for message in result.messages)
        self.remarks += [remark for message in said for remark in _remarks(message)]
        return result.value

    def _safe_copy(self) -> io.BytesIO:
        """A copy with nothing in it but what mammoth needs; for pictures, only their names."""
        file = self.container
        relations = file.relations(file.document).values()
        parts = {
            relation.kind: relation.target
            for relation in relations
            if not relation.is_outside and file.has(relation.target)
        }
        trees = {kind: file.xml(parts[kind]) for kind in _PARTS if kind in parts}
        lists = docx_lists.read(trees.get("styles"), trees.get("numbering"))
        comments = docx_text.comments(trees.get("comments"))
        copy = DocxCopy(file.document)
        for kind in ("styles", "numbering"):
            if kind in trees:
                copy.add(parts[kind], trees[kind])
        texts = [(parts[kind], trees[kind]) for kind in ("footnotes", "endnotes") if kind in trees]
        for part, tree in [(file.document, file.xml(file.document)), *texts]:
            text = docx_text.Text(tree, file.relations(part), comments, lists)
            text.prepare(is_document=part == file.document)
            self.remarks += text.remarks
            copy.add(part, tree, text.relations)
        edges = {r.target for r in relations if r.kind in {"header", "footer"}}
        self.remarks += _edges([file.xml(edge) for edge in sorted(edges) if file.has(edge)])
        return copy.finished()

    def _picture(self, image: Image) -> dict[str, str]:
        """Take a picture out; the copy that mammoth reads has only its name in its place."""
        with image.open() as stand_in:
            part = stand_in.read().decode()
        alt = _GENERATED.sub("", image.alt_text or "").strip()
        key = f"{part}#{len(self.pictures)}"
        self.pictures[key] = self._taken(part, alt)
        return {"src": key, "alt": alt}

    def _taken(self, part: str, alt: str) -> Picture | Remark:
        base = part.rpartition("/")[2]
        if not self.container.has(part):
            said = f"a picture ({base}) is missing in the file"
            return Remark(1, "picture", said, "Put it beside the issue.")
        if self.container.size(part) > _LARGEST_PICTURE:
            said = f"a picture ({base}) has more than {_LARGEST_PICTURE // 1_000_000} MB"
            return Remark(1, "picture", said, "Put a smaller one beside the issue.")
        data = self.container.read(part)
        kind = next((_SIGNATURES[s] for s in _SIGNATURES if data.startswith(s)), "unknown")
        if kind not in _SHOWN:
            said = f"a picture ({base}) is of a kind that mail cannot show ({kind})"
            return Remark(
                1, "picture", said, "Save it as PNG or JPEG, and put it beside the issue."
            )
        return Picture(f"{base.rpartition('.')[0] or base}.{kind}", alt, data)


def _edges(trees: list[Element]) -> list[Remark]:
    """Says that the page header and footer are left out, if they are more than a page number."""
    texts = [" ".join(docx_text.words(tree).split()) for tree in trees]
    said = next((text for text in texts if not re.fullmatch(r"[\W\d]*", text)), "")
    if not said:
        return []
    shown = said if len(said) <= 80 else f"{said[:79]}…"
    return [Remark(1, "left-out", f"the header or footer of the pages is left out: “{shown}”")]


def _remarks(message: str) -> list[Remark]:
    """What an editor can do about what mammoth says; of styles and the like, nothing."""
    if "w:sym" in message:
        found = re.search(r"char (\w+) in font (.+)", message)
        sign = f" ({found[1]} of {found[2]})" if found else ""
        said = f"a symbol{sign} is left out, because only its font knows what it is"
        return [Remark(1, "symbol-dropped", said, "Type it anew in the issue.")]
    if "image" in message and ("Could not" in message or "external" in message):
        said = "a picture is only linked, and not in the file"
        return [Remark(1, "picture", said, "Put it beside the issue.")]
    return []
