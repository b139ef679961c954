from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter.sending import openpgp
from newsletter.sending.approval import verdict
from newsletter.sending.signature import BadSignatureError, Signature
from tests.unit.sending.desk import Desk, needs_gpg
from tests.unit.sending.test_plan import make_plan

pytestmark = needs_gpg


@dataclass
class Home:
    """Somebody's own GnuPG, with their keys."""

    folder: Path

    def gpg(self, *arguments: str, stdin: bytes = b"") -> bytes:
        return subprocess.run(
            ["gpg", "--homedir", str(self.folder), "--batch", "--quiet", *arguments],
            input=stdin,
            capture_output=True,
            check=True,
        ).stdout

    def new_key(self, name: str, expires: str = "never") -> None:
        options = ("--passphrase", "", "--quick-gen-key")
        self.gpg(*options, f"{name} <{name.lower()}@example.org>", "ed25519", "sign", expires)

    def sign(self, document: bytes, name: str) -> str:
        user = f"{name.lower()}@example.org"
        return self.gpg("--armor", "--local-user", user, "--detach-sign", stdin=document).decode()


@pytest.fixture
def home() -> Iterator[Home]:
    # A short path: the agent's socket stands in it, and has at most 107 characters.
    with tempfile.TemporaryDirectory(prefix="gpg-") as folder:
        yield Home(Path(folder))
        subprocess.run(["gpgconf", "--homedir", folder, "--kill", "all"], check=False)


def test_signatures_by_keys_of_the_project_count_and_no_others(home: Home, desk: Desk) -> None:
    home.new_key("Ben")
    keyring = desk.root / openpgp.KEYRING
    keyring.write_bytes(home.gpg("--export", "--armor"))
    home.new_key("Mallory")
    document = make_plan().dump()
    by_ben = home.sign(document, "Ben")
    signer = openpgp.verify(document, by_ben, keyring)
    assert signer.name == "ben@example.org"
    assert len(signer.key) == 40
    with pytest.raises(BadSignatureError):
        openpgp.verify(document, home.sign(document, "Mallory"), keyring)
    with pytest.raises(BadSignatureError):
        openpgp.verify(document + b" ", by_ben, keyring)
    keyring.write_bytes(home.gpg("--export"))
    desk.configure("[approval]\nrequired = 1\n")
    found = verdict(desk.open(), make_plan(), [Signature("plan.json.ben.asc", by_ben)] * 2)
    assert found.approvers == ("ben@example.org",)
    assert "has signed already" in found.rejected[0]


def test_without_keys_in_the_project_none_counts(home: Home, desk: Desk) -> None:
    home.new_key("Ben")
    signature = home.sign(b"plan", "Ben")
    with pytest.raises(BadSignatureError, match=r"no approval\.gpg"):
        openpgp.verify(b"plan", signature, desk.root / openpgp.KEYRING)
    (desk.root / openpgp.KEYRING).write_text("no keys")
    with pytest.raises(BadSignatureError, match="no keys that gpg can read"):
        openpgp.verify(b"plan", signature, desk.root / openpgp.KEYRING)


def test_a_key_that_has_expired_does_not_count(home: Home, desk: Desk) -> None:
    past = ("--faked-system-time", "20250101T000000", "--passphrase", "")
    home.gpg(*past, "--quick-gen-key", "Ben <ben@example.org>", "ed25519", "sign", "1d")
    (desk.root / openpgp.KEYRING).write_bytes(home.gpg("--export"))
    signature = home.gpg(*past, "--armor", "--detach-sign", stdin=b"plan").decode()
    with pytest.raises(BadSignatureError):
        openpgp.verify(b"plan", signature, desk.root / openpgp.KEYRING)
