from __future__ import annotations

import copy
import io
import re
import zipfile
from collections.abc import Callable

import docx
import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from newsletter.issue.drafts.blocks import Block, BlockKind, Reading
from newsletter.issue.drafts.word import read


def saved(document: Document) -> bytes:
    data = io.BytesIO()
    document.save(data)
    return data.getvalue()


def picture(kind: str = "PNG") -> io.BytesIO:
    data = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(data, kind)
    data.seek(0)
    return data


def changed(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A Word file with other parts in it."""
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    change(parts)
    new = io.BytesIO()
    with zipfile.ZipFile(new, "w") as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return new.getvalue()


def link(paragraph: Paragraph, address: str, words: str) -> None:
    key = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    element = parse_xml(
        f'<w:hyperlink {nsdecls("w", "r")} r:id="{key}"><w:r><w:t>{words}</w:t></w:r></w:hyperlink>'
    )
    paragraph._p.append(element)


def add(paragraph: Paragraph, xml: str) -> None:
    """Put XML of Word's behind the words of a paragraph."""
    spaces = nsdecls("w", "r", "wp", "a", "pic", "m")
    more = (
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"'
    )
    for element in parse_xml(f"<w:x {spaces}{more}>{xml}</w:x>"):
        paragraph._p.append(element)


def seen(reading: Reading) -> list[str]:
    return [described(block) for block in reading.blocks]


def described(block: Block) -> str:
    said = f"{block.line} {block.kind}"
    if block.kind is BlockKind.HEADING:
        said += f" {block.level}"
    if block.kind is BlockKind.ITEM:
        said += "" if block.number is None else f" {block.number}."
        said += f" level {block.level}" if block.level > 1 else ""
    if block.picture:
        return f"{said}: {block.picture.src} ({block.picture.alt})"
    return f"{said}: {block.text}"


def test_styles_say_what_a_paragraph_is() -> None:
    draft = docx.Document()
    draft.add_paragraph("The harbour week", style="Title")
    draft.add_paragraph("Eleven stories", style="Subtitle")
    draft.add_heading("Ferry", 1)
    draft.add_heading("Fares", 3)
    draft.add_paragraph("")
    draft.add_paragraph("Plain.")
    draft.add_paragraph("Said one.", style="Quote")
    draft.add_paragraph("Said another.", style="Intense Quote")
    draft.add_paragraph("* * *")
    draft.add_paragraph("End.")
    reading = read(saved(draft))
    assert seen(reading) == [
        "1 title: The harbour week",
        "2 paragraph: Eleven stories",
        "3 heading 1: Ferry",
        "4 heading 3: Fares",
        "6 paragraph: Plain.",
        "7 quote: Said one.",
        "8 quote: Said another.",
        "9 divider: ",
        "10 paragraph: End.",
    ]
    assert (reading.unit, reading.remarks) == ("paragraph", ())


def test_house_styles_are_what_they_are_made_from() -> None:
    draft = docx.Document()
    for name, base in [
        ("Story Head", "Heading 2"),
        ("Kicker", "Story Head"),
        ("Dot", "List Bullet"),
    ]:
        draft.styles.add_style(name, 1).base_style = draft.styles[base]
    for name in ("Story Head", "Kicker", "Dot"):
        draft.add_paragraph("x", style=name)
    assert seen(read(saved(draft))) == ["1 heading 2: x", "2 heading 2: x", "3 item: x"]


def test_lists_know_their_level_and_their_number_goes_on_behind_a_picture() -> None:
    draft = docx.Document()
    for words, style in [
        ("a", "List Bullet"),
        ("b", "List Bullet 2"),
        ("c", "List Bullet 3"),
        ("d", "List Bullet"),
        ("one", "List Number"),
        ("between", None),
        ("two", "List Number"),
        ("deep", "List Number 2"),
        ("three", "List Number"),
    ]:
        draft.add_paragraph(words, style=style)
    assert seen(read(saved(draft))) == [
        "1 item: a",
        "2 item level 2: b",
        "3 item level 3: c",
        "4 item: d",
        "5 item 1.: one",
        "6 paragraph: between",
        "7 item 2.: two",
        "8 item 1. level 2: deep",
        "9 item 3.: three",
    ]


def test_lists_without_a_style_are_found() -> None:
    draft = docx.Document()
    number = draft.styles["List Number"].element.pPr.numPr.numId.val
    for words, level in [("one", 0), ("deep", 1), ("two", 0)]:
        paragraph = draft.add_paragraph(words)
        properties = paragraph._p.get_or_add_pPr()
        properties.append(
            parse_xml(
                f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{level}"/>'
                f'<w:numId w:val="{number}"/></w:numPr>'
            )
        )
    found = read(saved(draft)).blocks
    assert [(block.kind, block.text) for block in found][::2] == [
        (BlockKind.ITEM, "one"),
        (BlockKind.ITEM, "two"),
    ]
    assert [block.number for block in found][::2] == [1, 2]


def test_words_keep_their_emphasis_and_links() -> None:
    draft = docx.Document()
    paragraph = draft.add_paragraph("The ")
    paragraph.add_run("ferry ").bold = True
    paragraph.add_run("is").italic = True
    paragraph.add_run(" *back*, ").underline = True
    paragraph.add_run("gone").font.strike = True
    paragraph.add_run(" km")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(" ")
    paragraph.add_run("very", style="Emphasis")
    paragraph.add_run(" ").add_break(WD_BREAK.LINE)
    link(paragraph, "https://example.com/a b", "here")
    assert [block.text for block in read(saved(draft)).blocks] == [
        "The **ferry** *is* \\*back\\*, ~~gone~~ km² *very*\\\n[here](https://example.com/a%20b)"
    ]


def test_links_that_could_do_harm_become_their_words() -> None:
    draft = docx.Document()
    for address in ("javascript:alert(1)", "file:///C:/x", "news/ferry"):
        link(draft.add_paragraph(""), address, "here")
    reading = read(saved(draft))
    assert [block.text for block in reading.blocks] == ["here"] * 3
    assert [(remark.line, remark.rule) for remark in reading.remarks] == [
        (1, "unsafe-link"),
        (2, "unsafe-link"),
        (3, "relative-link"),
    ]


def test_tables_become_markdown_tables() -> None:
    draft = docx.Document()
    draft.add_paragraph("Before.")
    table = draft.add_table(3, 3)
    for number, cell in enumerate(table._cells):
        cell.text = f"c|{number}"
    table.cell(1, 0).merge(table.cell(2, 0)).text = "both"
    table.cell(1, 1).merge(table.cell(1, 2)).text = "wide"
    draft.add_paragraph("After.")
    assert seen(read(saved(draft))) == [
        "1 paragraph: Before.",
        "2 table: | c\\|0 | c\\|1 | c\\|2 |\n| --- | --- | --- |\n| both | wide |  |\n"
        "|  | c\\|7 | c\\|8 |",
        "10 paragraph: After.",
    ]


def test_pictures_come_out_with_what_word_says_of_them() -> None:
    draft = docx.Document()
    draft.add_paragraph("Before.")
    for alt in ("A ferry", "", "A bridge\n\nDescription automatically generated with confidence"):
        draft.add_picture(picture("JPEG" if alt else "PNG"))
        draft.inline_shapes[-1]._inline.docPr.set("descr", alt)
    draft.add_paragraph("After.")
    reading = read(saved(draft))
    names = [block.picture.src for block in reading.blocks if block.picture]
    assert seen(reading) == [
        "1 paragraph: Before.",
        f"2 picture: {names[0]} (A ferry)",
        f"3 picture: {names[1]} ()",
        f"4 picture: {names[2]} (A bridge)",
        "5 paragraph: After.",
    ]
    assert [name.rpartition(".")[2] for name in names] == ["jpg", "png", "jpg"]
    assert [b.picture.data[:4] for b in reading.blocks if b.picture][1] == b"\x89PNG"


@pytest.mark.parametrize(
    ("start", "kind"), [(b"\xd7\xcd\xc6\x9a", "WMF"), (b"II*\0", "TIFF"), (b"?", "unknown")]
)
def test_a_picture_that_mail_cannot_show_is_spoken_of(start: bytes, kind: str) -> None:
    draft = docx.Document()
    draft.add_paragraph("Before.")
    draft.add_picture(picture())

    def replace(parts: dict[str, bytes]) -> None:
        parts["word/media/image1.png"] = start + bytes(20)

    reading = read(changed(saved(draft), replace))
    assert seen(reading) == ["1 paragraph: Before."]
    [remark] = reading.remarks
    assert (remark.line, remark.rule) == (2, "picture")
    assert f"({kind})" in remark.message


def test_pictures_that_are_missing_are_spoken_of() -> None:
    draft = docx.Document()
    draft.add_picture(picture())
    draft.add_paragraph("Text.")

    def without_file(parts: dict[str, bytes]) -> None:
        del parts["word/media/image1.png"]

    def without_reference(parts: dict[str, bytes]) -> None:
        name = "word/_rels/document.xml.rels"
        parts[name] = re.sub(rb"<Relationship [^>]*image[^>]*>", b"", parts[name])

    def linked(parts: dict[str, bytes]) -> None:
        name = "word/document.xml"
        parts[name] = parts[name].replace(b"r:embed", b"r:link")

    for change in (without_file, without_reference, linked):
        reading = read(changed(saved(draft), change))
        assert seen(reading) == ["2 paragraph: Text."]
        assert [remark.rule for remark in reading.remarks] == ["picture"]


def test_tracked_changes_are_taken_as_accepted() -> None:
    draft = docx.Document()
    paragraph = draft.add_paragraph("The ferry ")
    add(
        paragraph,
        '<w:del w:id="1" w:author="A"><w:r><w:delText>sinks</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="A"><w:r><w:t>sails</w:t></w:r></w:ins>'
        '<w:moveFrom w:id="3"><w:r><w:t> moved away</w:t></w:r></w:moveFrom>'
        '<w:moveTo w:id="4"><w:r><w:t> today.</w:t></w:r></w:moveTo>',
    )
    reading = read(saved(draft))
    assert seen(reading) == ["1 paragraph: The ferry sails today."]
    assert [remark.rule for remark in reading.remarks] == ["tracked-changes"]


def test_paragraphs_whose_end_is_deleted_run_on() -> None:
    draft = docx.Document()
    first = draft.add_paragraph("One ")
    mark = OxmlElement("w:rPr")
    mark.append(OxmlElement("w:del"))
    first._p.get_or_add_pPr().append(mark)
    draft.add_paragraph("line.")
    draft.element.body.insert(2, copy.deepcopy(first._p))  # nothing to run on into
    assert [block.text for block in read(saved(draft)).blocks] == ["One line.", "One"]


def test_comments_go_and_are_spoken_of_where_they_stood() -> None:
    draft = docx.Document()
    draft.add_paragraph("First.")
    run = draft.add_paragraph("Second.").runs[0]
    draft.add_comment(run, text="Is it the second?", author="Anna", initials="A")
    reading = read(saved(draft))
    assert seen(reading) == ["1 paragraph: First.", "2 paragraph: Second."]
    assert [(remark.line, remark.message) for remark in reading.remarks] == [
        (2, "a comment is left out: “Is it the second?”")
    ]


def test_a_footnote_goes_where_it_is_referred_to() -> None:
    draft = docx.Document()
    add(draft.add_paragraph("So"), '<w:r><w:footnoteReference w:id="2"/></w:r>')
    draft.add_paragraph("End.")

    def with_notes(parts: dict[str, bytes]) -> None:
        parts["word/footnotes.xml"] = (
            f"<w:footnotes {nsdecls('w')}>"
            '<w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
            '<w:footnote w:id="2"><w:p><w:r><w:t>Or </w:t></w:r><w:r><w:rPr><w:i/></w:rPr>'
            "<w:t>not</w:t></w:r><w:r><w:t>.</w:t></w:r></w:p></w:footnote></w:footnotes>"
        ).encode()
        name = "word/_rels/document.xml.rels"
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
        parts[name] = parts[name].replace(
            b"</Relationships>",
            f'<Relationship Id="n" Type="{kind}" Target="footnotes.xml"/></Relationships>'.encode(),
        )

    assert seen(read(changed(saved(draft), with_notes))) == [
        "1 paragraph: So^[Or *not*.]",
        "2 paragraph: End.",
    ]


BOX = "<w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p></w:txbxContent>"
SHAPE = (
    '<w:drawing><wp:inline><a:graphic><a:graphicData uri="x"><wps:wsp><wps:txbx>'
    f"{BOX}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing>"
)


@pytest.mark.parametrize(
    "xml",
    [
        f"<w:r><w:pict><v:shape><v:textbox>{BOX}</v:textbox></v:shape></w:pict></w:r>",
        f"<w:r><w:pict><v:oval><v:textbox>{BOX}</v:textbox></v:oval></w:pict></w:r>",
        f"<w:r>{SHAPE}</w:r>",
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{SHAPE}</mc:Choice>'
        f"<mc:Fallback><w:pict><v:rect><v:textbox>{BOX}</v:textbox></v:rect></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>",
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{SHAPE}</mc:Choice>'
        "</mc:AlternateContent></w:r>",
    ],
)
def test_the_words_of_a_text_box_stand_behind_its_paragraph(xml: str) -> None:
    draft = docx.Document()
    add(draft.add_paragraph("Beside."), xml)
    draft.add_paragraph("End.")
    assert [block.text for block in read(saved(draft)).blocks] == ["Beside.", "In a box.", "End."]


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ('<w:fldSimple w:instr="DATE"><w:r><w:t>20 May</w:t></w:r></w:fldSimple>', "So 20 May"),
        ("<w:bdo><w:r><w:t>right</w:t></w:r></w:bdo>", "So right"),
        ("<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath>", "So a+b"),
        ('<w:smartTag w:element="x"><w:r><w:t>tag</w:t></w:r></w:smartTag>', "So tag"),
        ("<w:sdt><w:sdtContent><w:r><w:t>form</w:t></w:r></w:sdtContent></w:sdt>", "So form"),
        ("<w:r><w:t>a</w:t><w:cr/><w:t>b</w:t></w:r>", "So a\\\nb"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r>", "So a b"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>", "So"),
        (
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
            '<w:r><w:instrText>HYPERLINK "https://example.com/"</w:instrText></w:r>'
            '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>it</w:t></w:r>'
            '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
            "So [it](https://example.com/)",
        ),
    ],
)
def test_words_inside_other_things_are_not_lost(xml: str, text: str) -> None:
    draft = docx.Document()
    add(draft.add_paragraph("So "), xml)
    assert [block.text for block in read(saved(draft)).blocks] == [text]


def test_grouped_pictures_are_found() -> None:
    draft = docx.Document()
    draft.add_picture(picture())
    shape = draft.element.body.find(".//" + qn("pic:pic"))
    data = shape.getparent()
    group = parse_xml(
        '<wpg:wgp xmlns:wpg="http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"/>'
    )
    group.append(shape)
    data.append(group)
    assert seen(read(saved(draft))) == ["1 picture: image1.png ()"]


def test_what_is_left_out_is_spoken_of() -> None:
    draft = docx.Document()
    draft.sections[0].header.paragraphs[0].text = "Embargoed until Friday"
    draft.sections[0].footer.paragraphs[0].text = "3"
    add(draft.add_paragraph("Text"), '<w:r><w:sym w:font="Odd" w:char="F0FE"/></w:r>')
    reading = read(saved(draft))
    assert [(remark.rule, remark.message) for remark in reading.remarks] == [
        ("left-out", "the header or footer of the pages is left out: “Embargoed until Friday”"),
        (
            "symbol-dropped",
            "a symbol (F0FE of Odd) is left out, because only its font knows what it is",
        ),
    ]


def test_an_empty_document_has_no_blocks() -> None:
    assert seen(read(saved(docx.Document()))) == []


WORDS = st.text(st.sampled_from("abБ é*_[]<&#-1.|“"), min_size=1, max_size=12)
STYLES = st.sampled_from(
    ["Normal", "Title", "Heading 1", "Quote", "List Bullet", "List Number 2", "Caption"]
)


@settings(max_examples=25)  # each builds a whole document
@given(st.lists(st.tuples(STYLES, st.lists(WORDS, max_size=3), st.integers(0, 7)), max_size=6))
def test_every_word_of_a_document_stands_in_its_blocks_in_order(
    paragraphs: list[tuple[str, list[str], int]],
) -> None:
    draft = docx.Document()
    for style, runs, look in paragraphs:
        paragraph = draft.add_paragraph(style=style)
        for number, words in enumerate(runs):
            run = paragraph.add_run(words)
            run.bold, run.italic = bool((look + number) & 1), bool((look + number) & 2)
    found = "".join(block.text for block in read(saved(draft)).blocks)
    written = "".join(words for _, runs, _ in paragraphs for words in runs)
    assert letters(found) == letters(written)


def letters(text: str) -> list[str]:
    return [sign for sign in text if sign.isalnum()]
