"""The letter that is shown is taken from the very message that would be sent."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519

from newsletter.delivery.composition.press import Press
from newsletter.delivery.dkim.keys import SigningKey
from newsletter.delivery.message import Recipient
from newsletter.delivery.sample import sample_message, sample_reader
from newsletter.preview.letter import make_letter, marked_html
from newsletter.preview.mail import open_mail
from newsletter.preview.view import Letter
from newsletter.project import Project


@pytest.fixture
def project(folder: Path) -> Project:
    return Project.open(folder)


def made(project: Project, reader: Recipient | None = None) -> Letter:
    manuscript = project.manuscript(project.find("2026-11-20"))
    galley = project.render(manuscript)
    return make_letter(project, manuscript, galley, reader or sample_reader(galley.edition))


def test_it_is_the_message_that_would_be_sent(project: Project) -> None:
    edition = project.render(project.manuscript(project.find("2026-11-20"))).edition
    sent = open_mail(sample_message(edition, project.sender).data)
    letter = made(project)
    assert letter.mail == sent
    assert letter.pictures == sent.pictures
    assert (letter.assets_url, letter.remote) == ("", 0)
    assert letter.weight.bytes == sent.weight


def test_merge_fields_are_the_readers_and_stay_text(project: Project) -> None:
    hostile = '<script>alert(1)</script>"{{ email }}'
    letter = made(project, Recipient("zoe@example.com", "sample", {"name": hostile}))
    assert "<script>" not in letter.mail.html
    assert "&lt;script&gt;" in letter.mail.html
    assert "{{ email }}" in letter.mail.html
    assert hostile in letter.mail.text
    assert letter.reader.address == "zoe@example.com"


def test_the_preheader_is_filled_as_the_inbox_shows_it(project: Project, issue: Path) -> None:
    text = issue.read_text().replace("preheader: A new", "preheader: For {{ name }}, a new")
    issue.write_text(text)
    assert made(project).preheader.startswith("For Alex Example, a new timetable")


def test_hosted_pictures_are_known_by_their_names(folder: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + 'assets_url = "https://cdn.example.org/p"\n')
    letter = made(Project.open(folder))
    assert letter.mail.pictures == {}
    (name,) = letter.pictures
    assert f"https://cdn.example.org/p/{name}" in letter.mail.html
    assert letter.pictures[name].data.startswith(b"\x89PNG")
    assert letter.remote == 0


def test_places_are_only_in_the_marked_letter(project: Project) -> None:
    galley = project.render(project.manuscript(project.find("2026-11-20")))
    reader = Recipient("zoe@example.com", "sample", {"name": "<b>Zoë</b>"})
    marked = marked_html(project, galley, reader)
    assert 'data-place="sections.0.headline' in marked
    assert "&lt;b&gt;Zoë&lt;/b&gt;" in marked
    assert "data-place" not in made(project, reader).mail.source


def test_it_bears_the_name_of_the_list_that_the_issue_goes_to(folder: Path, issue: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(f"{settings.read_text()}[lists.weekly]\n[lists.alerts]\n")
    issue.write_text(f"lists: [alerts]\n{issue.read_text()}")
    source = made(Project.open(folder)).mail.source
    assert "List-Id: The Harbour Letter <alerts." in source


def with_key(folder: Path, *lines: str, mode: int = 0o600) -> Project:
    """A project whose newsletter signs with an Ed25519 key."""
    key = SigningKey("", "", ed25519.Ed25519PrivateKey.generate())
    (folder / "letter.pem").write_bytes(key.pem())
    (folder / "letter.pem").chmod(mode)
    settings = folder / "newsletter.toml"
    table = ["[dkim]", 'ed25519_selector = "letter"', 'ed25519_key_file = "letter.pem"', *lines]
    settings.write_text(settings.read_text() + "\n".join([*table, ""]))
    return Project.open(folder)


def test_its_source_can_be_seen_with_the_signature_that_a_sending_would_make(folder: Path) -> None:
    project = with_key(folder)
    letter = made(project)
    edition = project.render(project.manuscript(project.find("2026-11-20"))).edition
    sent = Press(edition, project.sender, signer=project.signer()).message(
        letter.reader,
        message_id=f"<sample@{project.sender.domain}>",
        date=datetime.datetime(2026, 11, 20, 12, tzinfo=datetime.UTC),
    )
    whole = letter.signature.fields + letter.mail.source
    assert whole.startswith("DKIM-Signature: ")
    assert whole.replace("\n", "\r\n").encode() == sent.data
    assert letter.signature.said == ("Signed by DKIM key letter of example.org (ed25519-sha256).")


def test_without_a_key_it_says_that_nothing_signs_here(project: Project) -> None:
    signature = made(project).signature
    assert signature.fields == ""
    assert signature.said.startswith("Not signed: no DKIM key is set up here.")


def test_a_key_that_cannot_be_read_here_is_named_with_the_reason(folder: Path) -> None:
    project = with_key(folder, 'domain = "example.org"')
    (folder / "letter.pem").unlink()
    signature = made(project).signature
    assert signature.fields == ""
    assert "To be signed by DKIM key letter of example.org; not shown here: " in signature.said
    assert "letter.pem" in signature.said


def test_the_key_is_not_read_before_somebody_looks_at_the_source(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Project] = []
    monkeypatch.setattr(Project, "signer", lambda project: read.append(project))
    letter = made(with_key(folder))
    assert (letter.weight.bytes > 0, letter.digest != "") == (True, True)
    assert read == []
    assert letter.signature is letter.signature
    assert len(read) == 1
