from __future__ import annotations

import contextlib
import io
import random
import struct
import time
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import nsdecls

from newsletter.errors import NewsletterError
from newsletter.issue.drafts import html, word

BODY = f"<w:document {nsdecls('w', 'r')}><w:body>%s</w:body></w:document>"
TEXT = BODY % "<w:p><w:r><w:t>Words.</w:t></w:r></w:p>"


def packed(
    document: str | bytes, more: Mapping[str, bytes] | None = None, *, shrink: bool = True
) -> bytes:
    """The smallest Word file, and more parts by name."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED if shrink else zipfile.ZIP_STORED) as file:
        file.writestr("word/document.xml", document)
        for name, part in (more or {}).items():
            file.writestr(name, part)
    return data.getvalue()


def refused(data: bytes, read: Callable[[bytes], object] = word.read) -> str:
    with pytest.raises(NewsletterError) as caught:
        read(data)
    assert caught.value.hint
    return caught.value.message


def test_the_smallest_word_file_is_read() -> None:
    assert [block.text for block in word.read(packed(TEXT)).blocks] == ["Words."]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "draft is damaged, or not a Word file"),
        (b"PK\x03\x04 and nothing else", "draft is damaged, or not a Word file"),
        (packed(TEXT)[:-40], "draft is damaged, or not a Word file"),
        (random.Random(1).randbytes(5_000), "draft is damaged, or not a Word file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "draft is an old Word file (.doc)"),
        (rb"{\rtf1 Text}", "draft is a rich text (RTF) file"),
        (b"%PDF-1.7", "draft is a PDF"),
        (b"\n<html><p>Text</html>", "draft is a web page"),
    ],
)  # fmt: skip
def test_what_is_no_word_file_is_called_by_its_name(data: bytes, message: str) -> None:
    assert refused(data).startswith(message)


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ("mimetype", "draft is an OpenDocument file (.odt)"),
        ("Index/Document.iwa", "draft is a file of Apple Pages"),
        ("xl/workbook.xml", "draft is an Excel workbook"),
        ("Draft.html", "draft is a ZIP file with a web page in it"),
        ("readme.txt", "draft is a ZIP file without a Word document"),
    ],
)
def test_another_zip_file_is_called_by_its_name(part: str, message: str) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        file.writestr(part, "x")
    assert refused(data.getvalue()).startswith(message)


def test_a_zip_bomb_is_not_unpacked() -> None:
    bomb = packed(TEXT, {"word/media/image1": bytes(50_000_000)})
    assert len(bomb) < 100_000
    began = time.process_time()
    assert "looks like a ZIP bomb" in refused(bomb)
    assert time.process_time() - began < 5  # unpacking is a matter of minutes for larger ones


def test_a_bomb_of_many_parts_is_not_unpacked() -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as file:
        for number in range(2_100):
            file.writestr(f"word/{number}", "")
    assert "in 2,100 parts" in refused(data.getvalue())


def test_too_much_in_one_file_is_not_read() -> None:
    noise = random.Random(1).randbytes(1_000) * 1_000

    def of(size: int) -> bytes:
        data = bytearray(packed(TEXT, {"big": noise}))
        at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)  # of the second part
        data[at + 24 : at + 28] = struct.pack("<I", size)
        return bytes(data)

    assert "would unpack to 150 MB" in refused(of(150_000_000))


@pytest.mark.parametrize("size", [20_000, 1])
def test_more_text_than_a_book_has_is_not_read(size: int) -> None:
    paragraph = f"<w:p><w:r><w:t>{random.Random(1).randbytes(size).hex()}</w:t></w:r></w:p>"
    document = BODY % (paragraph * (260 if size > 1 else 70_000))
    assert "more text than a book" in refused(packed(document, shrink=False))


ENTITIES = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE x [<!ENTITY e0 "ha">{ENTITIES}]>',
        f'<!DOCTYPE x [<!ENTITY e9 "{"x" * 100_000}">]>',
        '<!DOCTYPE x [<!ENTITY e9 SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_not_expanded(doctype: str, encoding: str) -> None:
    entity = "&e9;" if "e9" in doctype else ""
    body = BODY % f"<w:p><w:r><w:t>{entity}</w:t></w:r></w:p>"
    document = f'<?xml version="1.0" encoding="{encoding}"?>{doctype}{body}'.encode(encoding)
    message = refused(packed(document))
    assert "declares entities" in message or "is damaged" in message


@pytest.mark.parametrize("depth", [101, 200, 300, 100_000])
def test_deeply_nested_xml_is_refused(depth: int) -> None:
    document = BODY % ("<w:sdtContent>" * depth + "</w:sdtContent>" * depth)
    assert "nested more than 100 levels deep" in refused(packed(document, shrink=False))


def test_as_much_nesting_as_is_allowed_can_be_read() -> None:
    inner = "<w:customXml>" * 94
    text = "<w:p><w:r><w:t>Deep.</w:t></w:r></w:p>"
    document = BODY % f"{inner}{text}{inner.replace('<', '</')}"
    assert [block.text for block in word.read(packed(document)).blocks] == ["Deep."]


@pytest.mark.parametrize("depth", [501, 3_000, 100_000])
@pytest.mark.parametrize("tag", ["div", "b", "ul", "table", "x-any"])
def test_deeply_nested_html_is_refused(tag: str, depth: int) -> None:
    with pytest.raises(NewsletterError, match="nested more than 500 deep"):
        html.read(f"<p>Before.</p>{f'<{tag}>' * depth}words{f'</{tag}>' * depth}<p>After.</p>")


def test_as_much_html_as_is_allowed_is_read_without_recursion() -> None:
    page = f"<p>Before.</p>{'<div><b>' * 240}words{'</b></div>' * 240}<p>After.</p>"
    assert [block.text for block in html.read(page).blocks] == ["Before.", "**words**", "After."]


def test_very_many_tags_and_very_long_pages_are_refused() -> None:
    with pytest.raises(NewsletterError, match="more than 200,000 tags"):
        html.read("<b></b>" * 250_000)
    with pytest.raises(NewsletterError, match="more than 10 MB"):
        html.read("<p>" + "word " * 2_100_000)


@pytest.mark.parametrize("attribute", [' a%d="x"', "\n/a%d", "a%d='>'", " =a%d=<b "])
def test_a_tag_with_very_many_attributes_is_refused(attribute: str) -> None:
    many = "".join(attribute % number for number in range(100_000))
    with pytest.raises(NewsletterError, match="a tag with more than 2,000 attributes"):
        html.read(f'<p>Before.</p><p {many} b="">words</p>')


def test_comparisons_in_a_script_are_no_tags_with_attributes() -> None:
    script = "for (i = 0; i <n; i++) { s = i > 3 ? 'a' : \"b\"; }\n" * 3_000
    page = f"<script>{script}</script><p title='{'word ' * 3_000}'>Words.</p>"
    assert [block.text for block in html.read(page).blocks] == ["Words."]


@pytest.mark.parametrize("page", ["", " \n", "\ufeff", "<!-- nothing -->", "\0"])
def test_an_empty_page_is_refused_or_empty(page: str) -> None:
    with contextlib.suppress(NewsletterError):
        assert html.read(page).blocks == ()


def test_nothing_of_what_runs_comes_through() -> None:
    page = """<p onclick="steal()">One.</p><script>alert(1)</script><style>p{}</style>
        <svg onload="steal()"><script>alert(2)</script><text>drawn</text></svg>
        <template><p>later</p></template><noscript><p>else</p></noscript>
        <object data="x.swf">object</object><math><mtext>sum</mtext></math>
        <a href="java&#10;script:alert(3)">link</a><img src="javascript:alert(4)" onerror="x()">
        <iframe srcdoc="<script>alert(5)</script>"></iframe><textarea><script>6</script></textarea>
        <!--<p>comment</p>--><p style="visibility:hidden">hid</p><p aria-hidden="true">den</p>
        <plaintext><script>alert(7)</script>"""
    said = " ".join(block.text for block in html.read(page).blocks)
    for gone in ("steal", "alert(1", "alert(2", "drawn", "later", "else", "javascript", "hid"):
        assert gone not in said
    assert said.startswith("One.")
    assert "sum" in said
    assert "<script" not in said.replace(r"\<script", "")


def test_names_inside_the_file_reach_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        b'<Relationship Id="p" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        b'relationships/image" Target="../../../../etc/passwd"/></Relationships>'
    )
    picture = (
        f'<w:p><w:r><w:t>Words.</w:t><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml">'
        f'<v:imagedata {nsdecls("r")} r:id="p"/></v:shape></w:pict></w:r></w:p>'
    )
    parts = {"word/_rels/document.xml.rels": relations, "../../evil": b"x", "/evil": b"x"}
    reading = word.read(packed(BODY % picture, parts))
    assert [block.text for block in reading.blocks] == ["Words."]
    assert [remark.rule for remark in reading.remarks] == ["picture"]
    assert list(tmp_path.iterdir()) == []


def test_macros_are_not_looked_at() -> None:
    reading = word.read(packed(TEXT, {"word/vbaProject.bin": b"Sub AutoOpen()"}))
    assert [block.text for block in reading.blocks] == ["Words."]


def test_a_protected_zip_is_refused() -> None:
    data = bytearray(packed(TEXT))
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "has a password" in refused(bytes(data))


def test_a_damaged_part_is_named() -> None:
    data = bytearray(packed(TEXT))
    at = data.index(b"word/document.xml") + 30
    data[at : at + 20] = bytes(20)
    assert "its part word/document.xml cannot be read" in refused(bytes(data))
    assert "its part word/document.xml cannot be read" in refused(packed(TEXT[:-20]))


def test_changed_word_files_never_end_in_anything_but_a_message() -> None:
    draft = docx.Document()
    draft.add_paragraph("Week", style="Title")
    draft.add_paragraph("One", style="List Number")
    draft.add_table(2, 2).cell(0, 0).text = "cell"
    data = io.BytesIO()
    draft.save(data)
    with zipfile.ZipFile(data) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    luck = random.Random(20261120)
    for _ in range(60):
        name = luck.choice(["word/document.xml", "word/numbering.xml", "word/styles.xml"])
        part = parts[name]
        start, length = luck.randrange(len(part)), luck.randrange(30)
        other = luck.randrange(len(part))
        new = part[:start] + part[other : other + length] + part[start + length :]
        with contextlib.suppress(NewsletterError):
            word.read(_changed(parts, name, new))


def _changed(parts: dict[str, bytes], name: str, new: bytes) -> bytes:
    others = {**parts, name: new}
    document = others.pop("word/document.xml")
    return packed(document, others)


def test_changed_pages_never_end_in_anything_but_a_message() -> None:
    folder = Path(__file__).parents[3] / "drafts" / "html"
    pages = [path.read_text() for path in sorted(folder.glob("*.html"))]
    luck = random.Random(20261120)
    for _ in range(150):
        page = luck.choice(pages)
        for _ in range(luck.randrange(1, 6)):
            start, length = luck.randrange(len(page)), luck.randrange(60)
            other = luck.choice(pages)
            at = luck.randrange(len(other))
            page = page[:start] + other[at : at + luck.randrange(60)] + page[start + length :]
        html.read(page)
