from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from newsletter.cli.main import run
from newsletter.delivery.dkim.record import Record
from newsletter.delivery.dkim.whole import sign_whole
from newsletter.project import Project
from tests.unit.delivery.dkim.kit import letter
from tests.unit.delivery.dkim.verifiers import by_dkimpy
from tests.unit.delivery.kit import NOON

MINIMAL = 'name = "The Letter"\nfrom = "The Letter <letter@example.org>"\n'

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project; the user stands in its folder."""
    (tmp_path / "newsletter.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    for name in ("DOMAIN", "SELECTOR", "KEY_FILE", "KEY"):
        monkeypatch.delenv(f"NEWSLETTER_DKIM_{name}", raising=False)
        monkeypatch.delenv(f"NEWSLETTER_DKIM_ED25519_{name}", raising=False)
    return tmp_path


def lines_for_settings(printed: str) -> str:
    return printed[printed.index("[dkim]") :]


@pytest.mark.parametrize("kind", [(), ("--ed25519",)], ids=["RSA", "Ed25519"])
def test_who_does_what_keygen_says_sends_letters_that_verify(
    project: Path, capsys: Output, kind: tuple[str, ...]
) -> None:
    assert run(["dkim", "keygen", *kind]) == 0
    printed = capsys.readouterr().out
    name, value = re.findall(r"^ +(?:Name|Value): +(.*)$", printed, re.MULTILINE)
    assert re.fullmatch(r"letter-\d{4}-\d\d(-ed25519)?\._domainkey\.example\.org", name)
    (project / "newsletter.toml").write_text(MINIMAL + lines_for_settings(printed))
    signer = Project.open(project, {}).signer()
    assert signer is not None
    assert by_dkimpy(sign_whole(signer, letter(), NOON), [Record(name, value)])


def test_the_key_is_where_git_does_not_see_it_and_for_its_owner_alone(project: Path) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    Path(".gitignore").write_text(".newsletter/\n")
    assert run(["dkim", "keygen", "--selector", "autumn"]) == 0
    key = project / ".newsletter" / "dkim-autumn.pem"
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.read_text().startswith("-----BEGIN PRIVATE KEY-----")


def test_a_place_that_git_would_take_in_is_refused(project: Path, capsys: Output) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    assert run(["dkim", "keygen", "-o", "key.pem"]) == 1
    assert "git would take" in capsys.readouterr().err
    assert not Path("key.pem").exists()


def test_a_second_key_of_the_same_name_does_not_replace_the_first(
    project: Path, capsys: Output
) -> None:
    arguments = ["dkim", "keygen", "--ed25519", "--selector", "autumn"]
    assert run(arguments) == 0
    [key] = (project / ".newsletter").iterdir()
    before = key.read_bytes()
    assert run(arguments) == 1
    assert "exists" in capsys.readouterr().err
    assert key.read_bytes() == before


def test_keygen_tells_programs_everything_but_the_private_key(
    project: Path, capsys: Output
) -> None:
    arguments = ["--ed25519", "--domain", "mail.example.org", "-o", "../outside.pem", "--json"]
    assert run(["dkim", "keygen", "--selector", "autumn", *arguments]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["record"]["name"] == "autumn._domainkey.mail.example.org"
    assert said["algorithm"] == "ed25519-sha256"
    secret = Path(said["file"]).read_text().split("\n")[1]
    assert secret not in json.dumps(said)


def test_a_key_elsewhere_and_another_domain_are_in_the_lines_for_the_settings(
    project: Path, capsys: Output, tmp_path_factory: pytest.TempPathFactory
) -> None:
    file = tmp_path_factory.mktemp("outside") / "key.pem"
    arguments = ["--ed25519", "--domain", "mail.example.org", "-o", str(file)]
    assert run(["dkim", "keygen", *arguments]) == 0
    lines = lines_for_settings(capsys.readouterr().out)
    assert 'domain = "mail.example.org"' in lines
    assert f'ed25519_key_file = "{file}"' in lines


def test_show_prints_the_same_records_as_keygen_did(project: Path, capsys: Output) -> None:
    settings, records = MINIMAL + "[dkim]\n", []
    for kind in ([], ["--ed25519"]):
        assert run(["dkim", "keygen", *kind]) == 0
        printed = capsys.readouterr().out
        settings += lines_for_settings(printed).removeprefix("[dkim]\n")
        records.append(re.findall(r"^ +Value: +(.*)$", printed, re.MULTILINE)[0])
    (project / "newsletter.toml").write_text(settings)
    assert run(["dkim", "show"]) == 0
    shown = capsys.readouterr().out
    assert re.findall(r"^ +Value: +(.*)$", shown, re.MULTILINE) == records
    assert run(["dkim", "show", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert [entry["record"]["value"] for entry in said] == records


def test_show_without_a_key_says_how_to_make_one(project: Path, capsys: Output) -> None:
    assert run(["dkim", "show"]) == 2
    assert "newsletter dkim keygen" in capsys.readouterr().err


def test_a_selector_that_the_dns_cannot_hold_is_wrong_usage(project: Path, capsys: Output) -> None:
    assert run(["dkim", "keygen", "--selector", "a b"]) == 2
    assert "letters, digits and hyphens" in capsys.readouterr().err
    assert not (project / ".newsletter").exists()
