"""GnuPG as a reader has it: another program than ours, with keys of its own."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

needs_gpg = pytest.mark.skipif(not shutil.which("gpg"), reason="gpg is not installed")

LONG_AGO = "20240101T000000"


@dataclass(frozen=True)
class Opened:
    """What gpg made of an encrypted letter."""

    content: bytes
    signed_by: str
    key_ids: tuple[str, ...]


class Gnupg:
    """A home of gpg with readers' keys, private ones too.

    Args:
        folder: For the home; its path must be short.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.chmod(0o700)

    def new_key(
        self, name: str, *, at: str = "", expires: str = "never", encrypts: str = "never"
    ) -> str:
        """Make a key; returns its fingerprint.

        ``expires`` is of the whole, ``encrypts`` of the part that encrypts; empty for no such part.
        """
        address = f"{name} <{name.lower()}@example.com>"
        self.run("--quick-gen-key", address, "ed25519", "cert,sign", expires, at=at)
        fingerprint = self.fingerprint(name)
        if encrypts:
            self.add_part(fingerprint, at=at, expires=encrypts)
        return fingerprint

    def add_part(self, fingerprint: str, *, at: str = "", expires: str = "never") -> None:
        self.run("--quick-add-key", fingerprint, "cv25519", "encr", expires, at=at)

    def fingerprint(self, name: str) -> str:
        listed = self.run("--with-colons", "--list-keys", f"{name.lower()}@example.com").decode()
        found = re.search(r"^fpr:(?:[^:]*:){8}([0-9A-F]+):", listed, re.MULTILINE)
        assert found
        return found[1]

    def export(self, fingerprint: str, *, armour: bool = False) -> bytes:
        return self.run(*(["--armor"] if armour else []), "--export", fingerprint)

    def export_private(self, fingerprint: str, *options: str, kind: str = "keys") -> bytes:
        return self.run(*options, f"--export-secret-{kind}", fingerprint)

    def revoke(self, fingerprint: str) -> None:
        """Revoke a whole key by the certificate that gpg put aside when it made it."""
        file = self._folder / "openpgp-revocs.d" / f"{fingerprint}.rev"
        # gpg puts a colon before the first line, so that nobody does this by mistake.
        self.run("--import", stdin=file.read_bytes().replace(b"\n:-----BEGIN", b"\n-----BEGIN"))

    def revoke_part(self, fingerprint: str) -> None:
        """Revoke the first subkey."""
        self._run(
            "--no-tty",
            "--command-fd",
            "0",
            "--edit-key",
            fingerprint,
            stdin=b"key 1\nrevkey\ny\n0\n\ny\nsave\n",
        )

    def open(self, message: bytes) -> Opened:
        done = self._run("--batch", "--status-fd", "2", "--decrypt", stdin=message)
        said = done.stderr.decode("utf-8", "replace")  # signatures hold random notes
        assert "[GNUPG:] DECRYPTION_OKAY" in said, said
        signed = re.search(r"\[GNUPG:\] VALIDSIG (\S+)", said)
        keys = re.findall(r"\[GNUPG:\] ENC_TO (\S+)", said)
        return Opened(done.stdout, signed[1] if signed else "", tuple(keys))

    def run(self, *arguments: str, stdin: bytes = b"", at: str = "") -> bytes:
        faked = ["--faked-system-time", at] if at else []
        done = self._run("--batch", *faked, *arguments, stdin=stdin)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def close(self) -> None:
        stop = ["gpgconf", "--homedir", str(self._folder), "--kill", "all"]
        subprocess.run(stop, check=False, capture_output=True)

    def _run(self, *arguments: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
        usual = ["--quiet", "--pinentry-mode", "loopback", "--passphrase", ""]
        usual += ["--trust-model", "always"]
        return subprocess.run(
            ["gpg", "--homedir", str(self._folder), *usual, *arguments],
            input=stdin,
            capture_output=True,
            check=False,
        )
