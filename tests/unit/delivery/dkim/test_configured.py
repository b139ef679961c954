"""From ``newsletter.toml`` and the environment to a signer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.delivery.dkim.key_file import write_key_file
from newsletter.delivery.dkim.whole import sign_whole
from newsletter.errors import ConfigurationError
from newsletter.project import Project
from tests.unit.delivery.dkim.kit import ed25519_key, letter, records, rsa_key
from tests.unit.delivery.dkim.verifiers import by_dkimpy
from tests.unit.delivery.kit import NOON

MINIMAL = 'name = "The Letter"\nfrom = "The Letter <letter@example.org>"\n'
RSA = 'selector = "letter"\nkey_file = "rsa.pem"\n'
ED25519 = 'ed25519_selector = "letter-ed25519"\ned25519_key_file = "ed25519.pem"\n'


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    write_key_file(tmp_path / "rsa.pem", rsa_key().pem())
    write_key_file(tmp_path / "ed25519.pem", ed25519_key().pem())


def project(folder: Path, table: str = "", **environment: str) -> Project:
    (folder / "newsletter.toml").write_text(f"{MINIMAL}[dkim]\n{table}" if table else MINIMAL)
    return Project.open(folder, environment)


def refused(folder: Path, table: str, **environment: str) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        project(folder, table, **environment).signer()
    return caught.value


def test_without_keys_nobody_signs(tmp_path: Path) -> None:
    assert project(tmp_path).signer() is None


def test_without_keys_the_library_that_signs_is_not_even_imported(tmp_path: Path) -> None:
    project(tmp_path)
    program = (
        "import sys; from pathlib import Path; from newsletter.project import Project;"
        "assert Project.open(Path('.'), {}).signer() is None;"
        "assert 'cryptography' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)


def test_both_key_files_sign_as_the_domain_of_from(tmp_path: Path) -> None:
    signer = project(tmp_path, RSA + ED25519).signer()
    assert signer is not None
    message = sign_whole(signer, letter(), NOON)
    assert by_dkimpy(message, records(), 0)
    assert by_dkimpy(message, records(), 1)


def test_a_key_may_come_from_the_environment_and_stands_above_its_file(tmp_path: Path) -> None:
    (tmp_path / "rsa.pem").write_text("something else")
    read = project(tmp_path, RSA, NEWSLETTER_DKIM_KEY=rsa_key().pem().decode())
    assert [key.sign(b"x") for key in read.signing_keys()] == [rsa_key().sign(b"x")]
    assert "BEGIN" not in repr(read.settings)


def test_every_setting_of_the_table_has_its_twin_in_the_environment(tmp_path: Path) -> None:
    (key,) = project(
        tmp_path,
        NEWSLETTER_DKIM_DOMAIN="mail.example.org",
        NEWSLETTER_DKIM_ED25519_SELECTOR="other",
        NEWSLETTER_DKIM_ED25519_KEY=ed25519_key().pem().decode(),
    ).signing_keys()
    assert (key.domain, key.selector, key.is_ed25519) == ("mail.example.org", "other", True)


def test_the_environment_changes_one_setting_of_the_table_and_leaves_the_others(
    tmp_path: Path,
) -> None:
    (key,) = project(tmp_path, RSA, NEWSLETTER_DKIM_SELECTOR="newer").signing_keys()
    assert (key.selector, key.algorithm) == ("newer", "rsa-sha256")


@pytest.mark.parametrize(
    ("from_domain", "domain", "signs"),
    [
        ("example.org", "", "example.org"),
        ("Example.ORG", "", "example.org"),
        ("example.org", "Example.org", "example.org"),
        ("letter.example.org", "example.org", "example.org"),
        ("example.org", "letter.example.org", "letter.example.org"),
        ("пошта.example.org", "пошта.example.org", "xn--80a1acn3a.example.org"),
    ],
)
def test_the_domain_that_signs_belongs_to_the_from_address(
    tmp_path: Path, from_domain: str, domain: str, signs: str
) -> None:
    read = project(
        tmp_path, RSA, NEWSLETTER_FROM=f"letter@{from_domain}", NEWSLETTER_DKIM_DOMAIN=domain
    )
    assert [key.domain for key in read.signing_keys()] == [signs]


@pytest.mark.parametrize("domain", ["example.com", "badexample.org", "org", "other.example"])
def test_a_domain_that_does_not_align_is_refused(tmp_path: Path, domain: str) -> None:
    error = refused(tmp_path, RSA, NEWSLETTER_DKIM_DOMAIN=domain)
    assert f"dkim.domain: {domain} does not belong" in error.message
    assert error.hint


@pytest.mark.parametrize(
    ("table", "message", "hint"),
    [
        ('key_file = "rsa.pem"', "dkim.selector is not set", "_domainkey"),
        ('selector = "letter"', "dkim.selector is set", "NEWSLETTER_DKIM_KEY"),
        ('ed25519_selector = "x"', "there is no key", "NEWSLETTER_DKIM_ED25519_KEY"),
        (RSA.replace("rsa.pem", "no.pem"), "cannot read the key file", "dkim keygen"),
        (RSA.replace("rsa.pem", "ed25519.pem"), "this is an Ed25519 key", "dkim.ed25519_key_file"),
        (ED25519.replace("ed25519.pem", "rsa.pem"), "this is an RSA key", "dkim.key_file"),
        (RSA + ED25519.replace("letter-ed25519", "Letter"), "the RSA key already", "of its own"),
        (RSA + 'domain = "a b"', "'a b' is not a domain name", "example.org"),
        (RSA.replace('"letter"', '"a_b"'), ":4: dkim.selector: a selector is letters", ""),
        ("\nselektor = 'x'", ":5: dkim.selektor: is not a setting", '"selector"'),
        ("selector = 7", ":4: dkim.selector: ", ""),
        ("\nkey = 'x'", ":5: a private key must not stand here", "NEWSLETTER_DKIM_KEY"),
        ("ed25519_key = 'x'", ":4: a private key must not", "NEWSLETTER_DKIM_ED25519_KEY"),
    ],
)
def test_a_mistake_in_the_table_is_said_with_what_to_do(
    tmp_path: Path, table: str, message: str, hint: str
) -> None:
    error = refused(tmp_path, table)
    assert message in error.message
    assert hint in error.hint


def test_a_mistake_in_the_environment_is_named_by_its_variable(tmp_path: Path) -> None:
    error = refused(tmp_path, RSA, NEWSLETTER_DKIM_ED25519_SELECTOR="a b")
    assert error.message.startswith("NEWSLETTER_DKIM_ED25519_SELECTOR: a selector is")
    error = refused(tmp_path, RSA.replace('"letter"', "7"), NEWSLETTER_DKIM_DOMAIN="example.org")
    assert ":4: dkim.selector: " in error.message


def test_a_table_that_is_no_table_is_a_mistake_too(tmp_path: Path) -> None:
    (tmp_path / "newsletter.toml").write_text(MINIMAL + "dkim = 7\n")
    with pytest.raises(ConfigurationError, match=":3: dkim: "):
        Project.open(tmp_path, {"NEWSLETTER_DKIM_SELECTOR": "letter"})
