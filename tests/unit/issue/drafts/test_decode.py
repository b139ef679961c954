"""Whatever program saved a draft, its letters arrive as they were meant."""

from __future__ import annotations

import gzip
import random

import pytest

from newsletter.errors import NewsletterError
from newsletter.issue.drafts import characters
from newsletter.issue.drafts.decode import LARGEST, decode

SENTENCES = {
    "cp1252": "Der Gemeinderat lässt die „Kittiwake“ fahren – für 3,20 €.",
    "cp1251": "Пором до Станнета ходитиме всю зиму, – сказала вона. Їжак і ґанок.",
    "cp1250": "Prom będzie pływał całą zimę, powiedziała żona właściciela łodzi.",
    "cp1253": "Το πλοίο θα πλέει όλο τον χειμώνα, αποφάσισε το συμβούλιο.",
    "cp1255": "המעבורת תפליג כל החורף, כך החליטה המועצה ביום שלישי.",
    "cp1256": "ستبحر العبارة طوال الشتاء، كما قرر المجلس يوم الثلاثاء.",
}


@pytest.mark.parametrize("page", SENTENCES)
def test_code_pages_of_windows_are_told_apart(page: str) -> None:
    decoded = decode(f"{SENTENCES[page]}\r\n{SENTENCES[page]}".encode(page))
    assert decoded.text == f"{SENTENCES[page]}\n{SENTENCES[page]}"
    [remark] = decoded.remarks
    assert remark.rule == "encoding"
    assert page.replace("cp", "Windows-") in remark.message


@pytest.mark.parametrize(
    ("page", "said"),
    [
        ("koi8_r", "Совет проголосовал во вторник. Первый катер отходит в шесть утра."),
        (
            "koi8_u",
            "Рада проголосувала у вівторок. Перший катер відходить о шостій ранку, є ґанок.",
        ),
    ],
)
def test_koi8_is_read_as_meant(page: str, said: str) -> None:
    decoded = decode(f"{said}\n\n{said}".encode(page))
    assert decoded.text == f"{said}\n\n{said}"
    [remark] = decoded.remarks
    assert page.upper().replace("_", "-") in remark.message


@pytest.mark.parametrize("size", [1_000, 3_000, 60_000])
@pytest.mark.parametrize("start", [b"", b"\xff\xfe", b"\xfe\xff", b"Dear all,\n"])
def test_random_bytes_are_no_draft(size: int, start: bytes) -> None:
    for seed in range(5):
        data = start + random.Random(seed).randbytes(size)
        with pytest.raises(NewsletterError, match="not a text file"):
            decode(data)


def test_a_few_random_bytes_are_no_draft() -> None:
    for seed in range(40):
        with pytest.raises(NewsletterError, match="is not a text file"):
            decode(random.Random(seed).randbytes(60))


def test_a_short_draft_in_an_old_code_page_may_have_any_signs_that_people_type() -> None:
    said = "ÄNDERUNG!!!\n===========\n* 7,50 € (+19 %) – „Kä§e & Öl“ #7 @Küste\n"
    assert decode(said.encode("cp1252")).text == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1251", "cp1252", "koi8_r"])
def test_a_few_forgotten_signs_of_other_programs_do_no_harm(encoding: str) -> None:
    said = "Das Boot\x0c fährt\x0b um sieben.\x1a" if encoding == "cp1252" else "Boat\x0c.\x1a"
    assert "." in decode(said.encode(encoding)).text


def test_bullets_of_the_font_symbol_are_text() -> None:
    said = "\uf0b7 The boat sails at seven.\n" * 40
    assert decode(said.encode()).text == said


def test_french_is_not_taken_for_czech() -> None:
    said = "Le bac de l’île naviguera tout l’hiver — à une voix près. « Enfin », dit-elle."
    assert decode(said.encode("cp1252")).text == said


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_needs_no_remark(encoding: str) -> None:
    text = "Пором «Kittiwake»\nсталий"
    assert decode(text.encode(encoding)) == decode(text.encode())
    assert decode(text.encode(encoding)).remarks == ()


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_recognised(encoding: str) -> None:
    decoded = decode("The boat sails at seven, on Sundays at nine.".encode(encoding))
    assert decoded.text == "The boat sails at seven, on Sundays at nine."
    assert [remark.rule for remark in decoded.remarks] == ["encoding"]


def test_a_few_old_bytes_in_utf_8_do_not_spoil_the_rest() -> None:
    text = "Über den Fluß\nist\nÖl geflossen, sagte die Müllerin: "
    decoded = decode(text.encode() + b"\x93nein\x94")
    assert decoded.text == f"{text}“nein”"
    assert [remark.line for remark in decoded.remarks] == [3]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0abc", "old Word"),
        (b"{\\rtf1", "rich text"),
        (b"\x89PNG\r\n", "a picture"),
        (b"II*\0\x08", "a picture"),
        (gzip.compress(b"The ferry sails at seven."), "an archive"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "a picture"),
        (b"\0\0\0\x24ftypheic\0\0\0\0", "a picture"),
        (b"\0" * 50, "not a text file"),
        (b"a" * (LARGEST + 1), "at most 10 MB"),
    ],
)
def test_what_is_no_text_is_refused_with_a_way_out(data: bytes, message: str) -> None:
    with pytest.raises(NewsletterError, match=message) as raised:
        decode(data)
    assert raised.value.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("a\u00a0word", "a word"),
        ("12\u00a0km, 5\u00a0000 and №\u00a07", "12\u00a0km, 5\u00a0000 and №\u00a07"),
        ("«\u00a0mot\u00a0» et quoi\u202f?", "«\u00a0mot\u00a0» et quoi\u202f?"),
        ("soft\u00adhyphen, zero\u200bwidth", "softhyphen, zerowidth"),
        ("na\u200cme", "na\u200cme"),  # Persian is spelt with it
        ("it\x92s", "it’s"),
        ("thin\u2009space", "thin space"),
        ("one\u2028two", "one\ntwo"),
        ("bell\x07", "bell"),
    ],
)
def test_characters_are_read_as_meant(typed: str, meant: str) -> None:
    assert characters.clean(typed) == meant
    assert characters.clean(meant) == meant
