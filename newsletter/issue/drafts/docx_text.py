"""The text of a Word file, put into the shape in which mammoth (1.13) gives all of it.

Mammoth skips what it does not know, with the words in it: fields, formulas, text boxes without an
old form, grouped pictures. And it knows no paragraph numbers. So the XML is made plainer first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.issue.drafts.blocks import Remark
from newsletter.issue.drafts.comments import comment_dropped
from newsletter.issue.drafts.container import Relation
from newsletter.issue.drafts.docx_lists import Lists
from newsletter.issue.drafts.html_blocks import PARAGRAPH
from newsletter.issue.drafts.sanitise import remove, unwrap

if TYPE_CHECKING:
    from lxml.etree import Element

# What holds text that Word shows, and mammoth does not look into (ECMA-376, parts 1 and 4).
_WRAPPERS = frozenset({"fldSimple", "dir", "bdo", "ruby", "rubyBase", "subDoc"})
_UNSEEN = frozenset({"del", "moveFrom", "rt", "rubyPr", "bookmarkStart", "bookmarkEnd"})
_FIELDS = 20
_GRAPHICS = {"chart": "a chart", "diagram": "a diagram (SmartArt)"}


@dataclass(slots=True)
class Text:
    """One part with text: the document itself, or its notes.

    Attributes:
        root: Its tree, which is changed.
        relations: What it refers to.
        comments: The words of the comments, by id.
        lists: What its lists are.
        remarks: What was left out.
    """

    root: Element
    relations: dict[str, Relation]
    comments: dict[str, str]
    lists: Lists
    remarks: list[Remark] = field(default_factory=list)
    _word: str = ""
    _paragraph: int = 0
    _deleted: int = 0
    _fields: int = 0

    def prepare(self, *, is_document: bool) -> None:
        """Make the part plain.

        Args:
            is_document: Whether its paragraphs are the ones that are counted.
        """
        self._word = self.root.tag.partition("}")[0].lstrip("{")
        for element in list(self.root.iter()):
            if name(element) == "AlternateContent":
                _choose(element)
        for element in list(self.root.iter()):
            self._element(element, name(element), is_document=is_document)
        if self._deleted:
            said = (
                "tracked changes are taken as accepted: deleted words are left out, new ones kept"
            )
            self.remarks.append(
                Remark(1, "tracked-changes", said, "Accept or reject them in Word.")
            )

    def _element(self, element: Element, kind: str, *, is_document: bool) -> None:
        match kind:
            case "p":
                self._number(element, is_document=is_document)
            case "r":
                self._run(element)
            case "commentReference":
                said = self.comments.get(self._get(element, "id"), "")
                self.remarks.append(comment_dropped(said, max(self._paragraph, 1)))
                remove(element)
            case "drawing":
                self._drawing(element)
            case "hyperlink" | "blip" | "imagedata" | "hlinkClick":
                self._check_relations(element)
            case "fldChar":
                self._field(element)
            case "cr":
                element.tag = f"{{{self._word}}}br"
            case "oMath":
                self._formula(element)
            case _ if kind in _WRAPPERS:
                unwrap(element)
            case _ if kind in _UNSEEN:
                self._deleted += kind in {"del", "moveFrom"} and _has_text(element)
                if name(_parent(element)) != "rPr":  # there it says that the paragraph is gone
                    remove(element)
            case _ if element.tag.startswith("{urn:schemas-microsoft-com:vml}"):
                if any(name(part) == "txbxContent" for part in element.iter()):
                    element.tag = "{urn:schemas-microsoft-com:vml}shape"

    def _number(self, paragraph: Element, *, is_document: bool) -> None:
        """Give a paragraph its number, and the number of its item, in a bookmark."""
        self._paragraph += is_document
        properties = next((part for part in paragraph if name(part) == "pPr"), None)
        number = None
        if properties is not None:
            number = self.lists.settle(properties)
            _keep_end(paragraph, properties)
        if is_document and any(name(part) != "pPr" for part in paragraph):
            mark = paragraph.makeelement(f"{{{self._word}}}bookmarkStart")
            counted = f"{PARAGRAPH}{self._paragraph}"
            self._set(mark, "name", f"{counted}-{number}" if number is not None else counted)
            paragraph.insert(0 if properties is None else 1, mark)

    def _run(self, run: Element) -> None:
        properties = next((part for part in run if name(part) == "rPr"), None)
        for part in properties if properties is not None else ():
            is_on = self._get(part, "val") not in {"0", "false", "off"}
            if name(part) == "vanish" and is_on and _has_text(run):
                line = max(self._paragraph, 1)
                self.remarks.append(Remark(line, "hidden-text", "hidden text is left out"))
                remove(run)

    def _drawing(self, drawing: Element) -> None:
        data = next((part for part in drawing.iter() if name(part) == "graphicData"), None)
        boxes = {part: None for part in drawing.iter() if name(part) == "txbxContent"}
        if data is None:
            return
        for part in list(data.iter()):
            if name(part) == "pic" and part.getparent() is not data:
                remove(part)
                data.append(part)
        said = _GRAPHICS.get((data.get("uri") or "").rpartition("/")[2])
        if said:
            message = f"{said} is left out"
            hint = "Save it as a picture in Word, and put that beside the issue."
            self.remarks.append(Remark(max(self._paragraph, 1), "picture", message, hint))
        run = drawing.getparent()
        if boxes and run is not None:
            holder = drawing.makeelement(f"{{{self._word}}}pict")
            for box in boxes:
                if not any(outer in boxes for outer in box.iterancestors()):
                    remove(box)
                    holder.append(box)
            run.append(holder)

    def _field(self, sign: Element) -> None:
        """Takes fields away that are nested deeper than Word can, which cost mammoth minutes."""
        kind = self._get(sign, "fldCharType")
        self._fields += {"begin": 1, "end": -1}.get(kind, 0)
        if self._fields > _FIELDS:
            remove(sign)

    def _check_relations(self, element: Element) -> None:
        """Takes references to nothing away, over which mammoth would stumble."""
        for attribute, value in list(element.attrib.items()):
            is_reference = attribute.rpartition("/")[2] in {
                "relationships}id",
                "relationships}embed",
                "relationships}link",
            }
            if is_reference and value not in self.relations:
                del element.attrib[attribute]

    def _formula(self, formula: Element) -> None:
        said = "".join(part.text or "" for part in formula.iter() if name(part) == "t")
        run = formula.makeelement(f"{{{self._word}}}r")
        words = formula.makeelement(f"{{{self._word}}}t")
        words.text = said
        run.append(words)
        run.tail, formula.tail = formula.tail, None
        _parent(formula).replace(formula, run)
        line = max(self._paragraph, 1)
        hint = "Look at it; for a real formula make a picture."
        self.remarks.append(Remark(line, "formula", "a formula became plain text", hint))

    def _get(self, element: Element, attribute: str) -> str:
        return element.get(f"{{{self._word}}}{attribute}") or ""

    def _set(self, element: Element, attribute: str, value: str) -> None:
        element.set(f"{{{self._word}}}{attribute}", value)


def name(element: Element) -> str:
    """The name of an element without its namespace, of which Word has two sets."""
    return element.tag.rpartition("}")[2]


def comments(root: Element | None) -> dict[str, str]:
    """The words of the comments in the part ``comments``, by id."""
    found: dict[str, str] = {}
    for comment in root if root is not None else ():
        space = comment.tag.partition("}")[0]
        found[comment.get(f"{space}}}id") or ""] = " ".join(words(comment).split())
    return found


def words(element: Element) -> str:
    """The text in an element."""
    return "".join(part.text or "" for part in element.iter() if name(part) == "t")


def _has_text(element: Element) -> bool:
    return any(name(part) in {"t", "delText"} and part.text for part in element.iter())


def _keep_end(paragraph: Element, properties: Element) -> None:
    """A paragraph whose end is deleted runs on into the next one, if there is one.

    Mammoth lets it run on into a table, too, and drops it at the end of the document.
    """
    behind = paragraph.getnext()
    if behind is not None and name(behind) == "p":
        return
    for part in properties:
        for mark in list(part) if name(part) == "rPr" else ():
            if name(mark) == "del":
                part.remove(mark)


def _parent(element: Element) -> Element:
    parent = element.getparent()
    return element if parent is None else parent


def _choose(element: Element) -> None:
    """Of several forms of the same thing, take the one that mammoth can read."""
    forms = {name(part): part for part in reversed(list(element))}
    fallback, choice = forms.get("Fallback"), forms.get("Choice")
    is_read = fallback is not None and any(
        name(part) in {"t", "imagedata", "txbxContent", "blip"} for part in fallback.iter()
    )
    chosen = fallback if is_read else choice if choice is not None else fallback
    for part in list(element):
        if part is not chosen:
            element.remove(part)
    if chosen is not None:
        unwrap(chosen)
    unwrap(element)
