"""Reading an issue file: what arrives, and what keeps a file from being read."""

from __future__ import annotations

import datetime
import os
import tempfile
from pathlib import Path

import pytest

from newsletter.findings import Finding
from newsletter.issue.load import load, load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import Quote, Story
from tests.privileges import unprivileged

ISSUE = """\
# yaml-language-server: $schema=../.newsletter/issue.schema.json
subject: "Storm: the harbour closes"
preheader: 'It''s the third this month'
date: 2026-11-20
number: 012
draft: no
title: no
intro: 12:30
summary:
  - No ship left the harbour.
  - text: The museum reopens.
    story: museum
sections:
  - headline: The harbour closes
    body: |
      No ship left.

      None came.
    image:
      src: pictures/harbour.jpg
      alt: ""
  - headline: Музей знову відкрито
    id: museum
    body: >
      Folded
      text.
    byline:
  - kind: quote
    text: “We waited.”
"""


def manuscript(source: str | bytes = ISSUE) -> Manuscript:
    read = load_text(source, Path("issues/2026-11-20.yaml"))
    assert isinstance(read, Manuscript), [str(finding) for finding in read]
    return read


def only(read: Manuscript | tuple[Finding, ...]) -> Finding:
    assert isinstance(read, tuple)
    (finding,) = read
    return finding


def test_an_issue_arrives_as_it_was_typed() -> None:
    issue = manuscript().issue
    assert issue.subject == "Storm: the harbour closes"
    assert issue.preheader == "It's the third this month"
    assert issue.date == datetime.date(2026, 11, 20)
    assert issue.number == 12
    assert [bullet.text for bullet in issue.summary] == [
        "No ship left the harbour.",
        "The museum reopens.",
    ]
    harbour, museum, quote = issue.sections
    assert isinstance(harbour, Story)
    assert harbour.body == "No ship left.\n\nNone came.\n"
    assert isinstance(museum, Story)
    assert museum.body == "Folded text.\n"
    assert isinstance(quote, Quote)
    assert quote.text == "“We waited.”"


def test_the_field_decides_what_a_word_means() -> None:
    issue = manuscript().issue
    assert issue.title == "no"
    assert issue.draft is False
    assert issue.intro == "12:30"


def test_empty_alt_text_in_quotes_means_decoration() -> None:
    (harbour, *_) = manuscript().issue.sections
    assert isinstance(harbour, Story)
    assert harbour.image is not None
    assert harbour.image.alt == ""


def test_an_optional_key_without_value_counts_as_left_out() -> None:
    museum = manuscript().issue.sections[1]
    assert isinstance(museum, Story)
    assert museum.byline is None


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + ISSUE.encode(),
        ISSUE.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + ISSUE.replace("\n", "\r\n").encode(),
        ("---\n" + ISSUE + "...\n").encode(),
    ],
    ids=["byte order mark", "Windows line ends", "both", "document marks"],
)
def test_what_windows_editors_add_changes_nothing(data: bytes) -> None:
    assert manuscript(data).issue == manuscript().issue


def test_the_places_of_values_keys_and_sections() -> None:
    read = manuscript()
    assert read.place(("subject",)) == (2, 10)
    assert read.place(("summary", 0)) == read.place(("summary", 0, "text")) == (10, 5)
    assert read.place(("summary", 1)) == (11, 3)
    assert read.place(("summary", 1, "text")) == (11, 11)
    assert read.place(("sections", 1)) == (22, 3)
    assert read.place(("sections", 0, "image")) == (20, 7)
    assert read.place(("sections", 0, "image", "alt")) == (21, 12)
    # what is not in the file is at the nearest thing that is
    assert read.place(("sections", 0, "image", "credit")) == (20, 7)


def test_the_place_of_a_character_inside_a_value() -> None:
    read = manuscript()
    body = ("sections", 0, "body")
    assert read.place(body) == (15, 11)
    assert read.place(body, 0) == (16, 7)
    assert read.place(body, "No ship left.\n\nNone came.\n".index("came")) == (18, 12)
    assert read.place(("preheader",), "It's the third".index("third")) == (3, 23)
    assert read.place(("subject",), 0) == (2, 11)
    assert read.place(("subject",), 10_000) == (2, 35)


def test_every_span_holds_its_value() -> None:
    read = manuscript()
    for where, span in read.spans.items():
        source = read.text[span.start : span.end]
        assert source == source.strip(" ") or where == ("sections", 1, "byline")
        if where[-1:] == ("id",):
            assert source == "museum"


def test_a_file_is_named_as_the_editor_would_type_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "issues").mkdir()
    path = tmp_path / "issues" / "a.yaml"
    path.write_text("", encoding="utf-8")
    assert only(load(path)).path == str(path)
    monkeypatch.chdir(tmp_path)
    assert only(load(path)).path == "issues/a.yaml"
    assert only(load(Path("issues/a.yaml"))).path == "issues/a.yaml"
    assert only(load(path, name="issue")).path == "issue"


def test_a_file_that_is_right_gives_a_manuscript_with_its_slug(tmp_path: Path) -> None:
    path = tmp_path / "2026-11-20.yaml"
    path.write_text(ISSUE, encoding="utf-8")
    read = load(path)
    assert isinstance(read, Manuscript)
    assert read.slug == "2026-11-20"
    assert read.text == ISSUE


def test_what_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    assert str(only(load(tmp_path, name="d"))) == (
        "d:1:1: error: this is a folder, not a file. Name a file in it. [unreadable]"
    )
    assert str(only(load(tmp_path / "gone.yaml", name="g"))) == (
        "g:1:1: error: there is no such file [unreadable]"
    )
    assert only(load(tmp_path / "nul\0.yaml")).rule == "unreadable"
    assert only(load(tmp_path / ("long" * 100))).rule == "unreadable"
    loop = tmp_path / "loop.yaml"
    loop.symlink_to(loop)
    assert only(load(loop)).rule == "unreadable"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert only(load(tmp_path / "pipe.yaml")).message == "this is not an ordinary file"


def test_a_file_without_read_permission_is_a_finding() -> None:
    # Not below tmp_path, which nobody but its owner may enter.
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "secret.yaml"
        path.write_text(ISSUE, encoding="utf-8")
        path.chmod(0)
        with unprivileged():
            assert only(load(path)).message == "you may not read this file"


def test_fifty_megabytes_are_refused_without_reading_them(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    finding = only(load(path, name="huge.yaml"))
    assert finding.rule == "too-large"
    assert finding.message == "the file has 50.0 MB; an issue has at most 1 MB"


@pytest.mark.parametrize(
    ("data", "rule", "said"),
    [
        (b"", "empty-file", "the file is empty"),
        (b" \r\n\n", "empty-file", "the file is empty"),
        (b"\xef\xbb\xbf", "empty-file", "the file is empty"),
        (b"\0\1\2\3", "binary-file", "this is not a text file"),
        (bytes(100), "binary-file", "this is not a text file"),
        (b"\x07\n" * 200, "binary-file", "this is not a text file"),
        (b"PK\x03\x04\0\0", "binary-file", "this is a ZIP archive"),
        (b"%PDF-1.7", "binary-file", "this is a PDF"),
        (ISSUE.encode("utf-16"), "not-utf8", "the file is UTF-16, not UTF-8"),
        (ISSUE.encode("utf-16-be"), "not-utf8", "the file is UTF-16, not UTF-8"),
        (ISSUE.encode("utf-16-le"), "not-utf8", "the file is UTF-16, not UTF-8"),
        (b"\xff\xfe\0\0" + ISSUE.encode("utf-32-le"), "not-utf8", "the file is UTF-32, not UTF-8"),
        (b"a" * 1_000_001, "too-large", "the file has 1.0 MB"),
    ],
)
def test_what_is_not_an_issue_at_all_is_said_in_one_line(data: bytes, rule: str, said: str) -> None:
    finding = only(load_text(data, Path("x.yaml")))
    assert (finding.line, finding.column, finding.rule) == (1, 1, rule)
    assert finding.message.startswith(said)


def test_another_encoding_is_found_at_its_first_byte_and_named_only_if_clear() -> None:
    western = ISSUE.replace("closes", "café").replace("Музей знову відкрито", "Museum")
    western = western.replace("“", "").replace("”", "")
    finding = only(load_text(western.encode("cp1252"), Path("x.yaml")))
    assert (finding.line, finding.column) == (2, 33)
    assert finding.message == "the file is not UTF-8 (byte 0xe9 here)"
    assert finding.hint.startswith("It looks like Windows-1252.")
    cyrillic = ISSUE.replace("“", "").replace("”", "")
    finding = only(load_text(cyrillic.encode("cp1251"), Path("x.yaml")))
    assert (finding.line, finding.column) == (22, 15)
    assert finding.hint == "Save the file again with encoding UTF-8."


def test_other_problems_of_a_wrongly_encoded_file_are_reported_too() -> None:
    data = ISSUE.replace("No ship left the", "Kein Schiff verließ den")
    data = data.replace("byline", "byl").replace("Музей знову відкрито", "Museum")
    read = load_text(data.encode("cp1252"), Path("x.yaml"))
    assert isinstance(read, tuple)
    assert [(finding.rule, finding.line) for finding in read] == [
        ("not-utf8", 10),
        ("unknown-key", 27),
    ]


def test_invisible_characters_are_reported_at_their_places() -> None:
    text = ISSUE.replace("No ship left.", "No\u2028ship left.").replace("waited", "wai\x07ted")
    read = load_text(text, Path("x.yaml"))
    assert isinstance(read, tuple)
    assert [(f.line, f.column, f.rule) for f in read] == [
        (16, 9, "control-character"),
        (29, 18, "control-character"),
    ]
    assert "U+2028" in read[0].message
