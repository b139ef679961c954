from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.database.engine import Database
from newsletter.database.keys import Keys
from newsletter.delivery.lock import sending_alone
from tests.databases import PostgresServer, postgres, postgresql_url

__all__ = ["postgres", "postgresql_url"]

Output = pytest.CaptureFixture[str]
Use = Callable[[str], None]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("NEWSLETTER_DATABASE", "NEWSLETTER_DATABASE_PASSWORD", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    configure(tmp_path, "")
    return tmp_path


def configure(project: Path, line: str) -> None:
    (project / "newsletter.toml").write_text(
        f'name = "The Harbour Letter"\nfrom = "letter@example.org"\n{line}\n'
    )


def emails(capsys: Output) -> list[str]:
    capsys.readouterr()
    assert run(["subscribers", "list", "--json"]) == 0
    return [reader["email"] for reader in json.loads(capsys.readouterr().out)]


def test_a_newsletter_moves_to_postgresql_and_back(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    for name in ("ann", "bob"):
        assert run(["subscribers", "add", f"{name}@example.com", "--name", "Олена"]) == 0
    capsys.readouterr()
    assert run(["database", "move", postgresql_url]) == 0
    said = capsys.readouterr().out
    assert "2 subscribers" in said
    assert "2 subscriptions" in said
    assert "fact" not in said, "what the database knows of itself is nobody's concern"
    setting = next(line for line in said.splitlines() if line.startswith("  database = "))
    assert emails(capsys) == ["ann@example.com", "bob@example.com"], "it is still the file's"
    assert run(["subscribers", "remove", "bob@example.com", "--suppress", "only in the file"]) == 0

    configure(project, setting)
    assert emails(capsys) == ["ann@example.com", "bob@example.com"]
    assert run(["subscribers", "add", "cas@example.com"]) == 0
    assert run(["status"]) == 0

    (project / ".newsletter" / "newsletter.db").rename(project / "old.db")
    capsys.readouterr()
    assert run(["database", "move", "sqlite"]) == 0
    said = capsys.readouterr().out
    assert "3 subscribers" in said
    assert '  database = ""' in said
    configure(project, "")
    assert emails(capsys) == ["ann@example.com", "bob@example.com", "cas@example.com"]


def test_a_newsletter_that_moves_keeps_its_keys(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    keys = 'keys_file = "safe/keys"'
    configure(project, keys)
    assert run(["subscribers", "add", "ann@example.com"]) == 0
    secret = (project / "safe" / "keys").read_text()
    assert run(["database", "move", postgresql_url]) == 0
    configure(project, f"database = {json.dumps(postgresql_url)}\n{keys}")
    assert emails(capsys) == ["ann@example.com"]
    (project / ".newsletter" / "newsletter.db").unlink()
    assert run(["database", "move", "sqlite"]) == 0
    configure(project, keys)
    assert emails(capsys) == ["ann@example.com"]
    assert (project / "safe" / "keys").read_text() == secret
    assert not (project / ".newsletter" / "keys").exists(), "there is one set of keys"


def test_a_database_of_another_newsletter_is_refused_and_left_as_it_is(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    theirs = Keys.new()
    Database.open(postgresql_url, keys=theirs).close()
    assert run(["subscribers", "add", "ann@example.com"]) == 0
    assert run(["database", "move", postgresql_url]) == 1
    assert "it belongs to other keys" in capsys.readouterr().err
    Database.open(postgresql_url, keys=theirs).close()


def test_an_empty_newsletter_moves_too(project: Path, postgresql_url: str, capsys: Output) -> None:
    assert run(["subscribers", "list"]) == 0
    assert run(["database", "move", postgresql_url]) == 0
    assert "nothing, it was empty" in capsys.readouterr().out


def test_which_database_is_used_and_how_much_is_in_it(
    project: Path, postgresql_url: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["subscribers", "add", "ann@example.com"]) == 0
    capsys.readouterr()
    assert run(["database", "info"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^SQLite: .*/\.newsletter/newsletter\.db \(schema \d{4}\)$", said, re.M)
    assert "subscribers\t1\n" in said
    assert "ann@" not in said

    with_password = postgresql_url.replace("newsletter@", "newsletter:s3cret@")
    monkeypatch.setenv("NEWSLETTER_DATABASE", with_password)
    assert run(["database", "info", "--json"]) == 0
    said = capsys.readouterr().out
    assert "s3cret" not in said
    found = json.loads(said)
    assert (found["database"], found["kind"]) == (postgresql_url, "postgresql")
    assert found["rows"]["subscribers"] == 0


def test_looking_makes_no_database(project: Path, capsys: Output) -> None:
    assert run(["database", "info"]) == 2
    assert "there is no database yet" in capsys.readouterr().err
    assert not (project / ".newsletter").exists()


def test_nothing_moves_while_a_send_is_running(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    with sending_alone(project / ".newsletter"):
        assert run(["database", "move", postgresql_url]) == 1
    assert "another program is sending" in capsys.readouterr().err


def test_nothing_moves_onto_itself(
    project: Path, postgresql_url: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["database", "move", "sqlite"]) == 1
    assert "is in use already" in capsys.readouterr().err
    monkeypatch.setenv("NEWSLETTER_DATABASE", postgresql_url)
    assert run(["database", "move", postgresql_url]) == 1
    assert "is in use already" in capsys.readouterr().err


def test_a_target_with_something_in_it_is_refused(
    project: Path, postgresql_url: str, capsys: Output
) -> None:
    assert run(["subscribers", "add", "ann@example.com"]) == 0
    assert run(["database", "move", postgresql_url]) == 0
    capsys.readouterr()
    assert run(["database", "move", postgresql_url]) == 1
    assert "it is not empty" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["elsewhere.db", "mysql://ann@localhost/letter"])
def test_a_target_that_is_no_database_is_wrong_usage(
    project: Path, capsys: Output, target: str
) -> None:
    assert run(["database", "move", target]) == 2
    assert "postgresql://" in capsys.readouterr().err
    assert not (project / "elsewhere.db").exists()


def test_a_target_that_cannot_be_opened_is_named(
    project: Path, postgres: PostgresServer, capsys: Output
) -> None:
    assert run(["database", "move", postgres.url("nowhere")]) == 1
    said = capsys.readouterr().err
    assert "there is no such database" in said
    assert "Traceback" not in said


@pytest.mark.parametrize(
    "line",
    [
        'database = "postgresql://ann:s3cret@localhost/letter"',
        'database = "postgresql://ann@localhost/letter?password=s3cret"',
        'database_password = "s3cret"',
    ],
)
def test_a_password_in_the_file_is_refused(project: Path, capsys: Output, line: str) -> None:
    configure(project, line)
    assert run(["database", "info"]) == 2
    said = capsys.readouterr().err
    assert "newsletter.toml:3: a password must not stand here" in said
    assert "NEWSLETTER_DATABASE_PASSWORD" in said
    assert "s3cret" not in said


def test_a_setting_that_is_no_database_is_refused(project: Path, capsys: Output) -> None:
    configure(project, 'database = "letters.db"')
    assert run(["database", "info"]) == 2
    said = capsys.readouterr().err
    assert "newsletter.toml:3: database: this is not the URL of a PostgreSQL database" in said
