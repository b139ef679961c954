from __future__ import annotations

import contextlib
import datetime
import json
import stat
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from newsletter.cli.main import run
from newsletter.database.tables import subscribers, subscriptions, wordings
from newsletter.project import Project

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> Path:
    """A project with two readers."""
    (tmp_path / "newsletter.toml").write_text(
        'name = "The Harbour Letter"\nfrom = "letter@example.org"\n'
    )
    monkeypatch.chdir(tmp_path)
    for address in ("ann@example.com", "bob@example.com"):
        assert run(["subscribers", "add", address, "--name", "Name", "--set", "city=Lviv"]) == 0
    capsys.readouterr()
    return tmp_path


def test_what_is_known_of_a_reader_is_shown(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "show", "ann@example.com"]) == 0
    said = capsys.readouterr().out
    assert "ann@example.com\n  name: Name\n  city: Lviv\n" in said
    assert "List\tStatus\tAsked\tConfirmed\tBy way of\nmain\tconfirmed\t" in said
    assert "bob" not in said


def test_what_a_reader_agreed_to_is_shown_word_for_word(project: Path, capsys: Output) -> None:
    wording = "The Harbour Letter: every Friday\nI want to get these letters by mail."
    now = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)
    with (
        contextlib.closing(Project.open(project)) as opened,
        opened.database.writing() as connection,
    ):
        connection.execute(insert(wordings).values(hash="w" * 64, text=wording, created_at=now))
        connection.execute(update(subscriptions).values(wording="w" * 64))
    assert run(["subscribers", "show", "ann@example.com"]) == 0
    assert capsys.readouterr().out.endswith(
        "They agreed to:\n"
        "  The Harbour Letter: every Friday\n"
        "  I want to get these letters by mail.\n"
    )


def test_a_reader_gets_all_of_it_as_json(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "export-data", "Ann@example.com", "-o", "ann.json"]) == 0
    held = json.loads(Path("ann.json").read_text())
    assert held["reader"]["attributes"] == {"city": "Lviv"}
    assert held["subscriptions"][0]["source"]
    assert stat.S_IMODE(Path("ann.json").stat().st_mode) == 0o600
    capsys.readouterr()
    assert run(["subscribers", "export-data", "nobody@example.com"]) == 2
    assert "nothing is held" in capsys.readouterr().err


def test_who_is_forgotten_leaves_no_byte_and_stays_away(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "forget", "ann@example.com", "--yes"]) == 0
    files = [file for file in (project / ".newsletter").rglob("*") if file.is_file()]
    raw = b"".join(file.read_bytes() for file in files)
    assert b"bob@example.com" in raw
    assert b"ann@example.com" not in raw
    (project / "list.csv").write_text("email\nann@example.com\ncat@example.com\n")
    capsys.readouterr()
    assert run(["subscribers", "import", "list.csv"]) == 0
    assert "1 added" in capsys.readouterr().out
    assert run(["subscribers", "list"]) == 0
    assert "ann@" not in capsys.readouterr().out


def test_forgetting_asks_first(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "forget", "ann@example.com"]) != 0
    capsys.readouterr()
    assert run(["subscribers", "show", "ann@example.com"]) == 0


def test_purge_says_what_it_would_erase(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "purge", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Would erase 0 sign-ups that nobody confirmed")
    assert run(["subscribers", "purge", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "unconfirmed": 0,
        "deliveries": 0,
        "dry_run": False,
    }


def test_an_audit_finds_every_record_complete(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "audit"]) == 0
    assert capsys.readouterr().out == (
        "2 subscriptions with a complete record of consent, 0 without.\n"
    )


def test_an_audit_counts_imports_that_do_not_say_how_readers_agreed(
    project: Path, capsys: Output
) -> None:
    Path("fair.csv").write_text("email\ncas@example.com\ndan@example.com\n")
    assert run(["subscribers", "import", "fair.csv"]) == 0
    capsys.readouterr()
    assert run(["subscribers", "audit"]) == 1
    out, err = capsys.readouterr()
    assert out == (
        "2 subscriptions with a complete record of consent, 2 without.\n"
        "2 subscriptions of those without came by an import, and nobody has said how their readers "
        "agreed. Import these files again with --consent TEXT:\n"
        "  import of fair.csv, list main: 2 subscriptions\n"
    )
    assert err == "", "the file says which readers"
    assert run(["subscribers", "audit", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["complete"], told["incomplete"], told["imported_without_consent"]) == (2, 2, 2)
    assert told["imports_without_consent"] == [
        {"source": "import of fair.csv", "list": "main", "subscriptions": 2}
    ]
    assert run(["subscribers", "import", "fair.csv", "--consent", "forms of the fair"]) == 0
    assert run(["subscribers", "audit"]) == 0


def test_what_a_reader_set_is_marked_and_outlives_an_old_list(
    project: Path, capsys: Output
) -> None:
    with (
        contextlib.closing(Project.open(project)) as opened,
        opened.database.writing() as connection,
    ):
        own = update(subscribers).values(name="Hanna", own_fields=["name"])
        connection.execute(own.where(subscribers.c.email == "ann@example.com"))
    Path("old.csv").write_text("email,name\nann@example.com,Ann Lee\n")
    assert run(["subscribers", "import", "old.csv"]) == 0
    assert (
        "1 reader kept the name, language or address that they set themselves (--overwrite takes "
        "names and languages of the file).\n" in capsys.readouterr().out
    )
    assert run(["subscribers", "show", "ann@example.com"]) == 0
    assert "  name: Hanna (set by the reader)\n" in capsys.readouterr().out
    assert run(["subscribers", "import", "old.csv", "--overwrite"]) == 0
    assert "0 added, 1 updated, 0 unchanged." in capsys.readouterr().out
    assert run(["subscribers", "show", "ann@example.com"]) == 0
    assert "  name: Ann Lee\n" in capsys.readouterr().out


def test_a_key_is_kept_and_removed(project: Path, capsys: Output) -> None:
    pysequoia = pytest.importorskip("pysequoia")
    certificate = pysequoia.Tsk.generate("Ann <ann@example.com>").extract_certificate()
    Path("ann.asc").write_text(str(certificate))
    assert run(["subscribers", "key", "ann@example.com", "ann.asc"]) == 0
    assert capsys.readouterr().out.startswith("Letters are encrypted to ")
    assert run(["subscribers", "export-data", "ann@example.com"]) == 0
    assert json.loads(capsys.readouterr().out)["reader"]["certificate"]
    assert run(["subscribers", "key", "ann@example.com", "--remove"]) == 0
    capsys.readouterr()
    assert run(["subscribers", "export-data", "ann@example.com"]) == 0
    assert json.loads(capsys.readouterr().out)["reader"]["certificate"] is None
    assert run(["subscribers", "key", "ann@example.com"]) == 2


def test_the_keys_are_named_and_never_shown(project: Path, capsys: Output) -> None:
    assert run(["keys", "info"]) == 0
    said = capsys.readouterr().out
    secret = (project / ".newsletter/keys").read_text()
    assert "Fingerprint: " in said
    assert not any(line.strip(' ",') in said for line in secret.splitlines() if '"' in line)


def test_a_new_key_is_made_before_the_old_ones(project: Path, capsys: Output) -> None:
    assert run(["keys", "info", "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    assert run(["keys", "rotate"]) == 0
    capsys.readouterr()
    assert run(["keys", "info", "--json"]) == 0
    after = json.loads(capsys.readouterr().out)
    assert (before["link_keys"], after["link_keys"]) == (1, 2)
    assert before["fingerprint"] == after["fingerprint"]


def test_a_suppressed_address_is_released_by_hand(project: Path, capsys: Output) -> None:
    assert run(["subscribers", "remove", "ann@example.com", "--suppress", "asked by post"]) == 0
    assert run(["subscribers", "release", "ann@example.com"]) == 0
    assert "may be mailed again" in capsys.readouterr().out
    assert run(["subscribers", "release", "ann@example.com"]) == 0
    assert capsys.readouterr().out == "ann@example.com was not suppressed.\n"
