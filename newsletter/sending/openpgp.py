"""OpenPGP signatures, held against the keys that stand in the project and no others."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import NewsletterError
from newsletter.sending.signature import BadSignatureError, Signer

KEYRING = "approval.gpg"
"""Public keys of those who may approve, as ``gpg --export`` writes them, with or without armour."""

# GnuPG, doc/DETAILS: what --status-fd says. One of these makes a signature worthless.
_BAD = ("BADSIG", "ERRSIG", "EXPSIG", "EXPKEYSIG", "REVKEYSIG")


def verify(document: bytes, signature: str, keyring: Path) -> Signer:
    """Whom a detached signature is from.

    Args:
        document: What was signed.
        signature: The armoured signature.
        keyring: The keys that count.

    Raises:
        BadSignatureError: It is by no key in the ring, of something else, or its key is expired or
            revoked.
    """
    with home_with(keyring) as home:
        file, signed = home / "signature", home / "document"
        file.write_text(signature, encoding="utf-8")
        signed.write_bytes(document)
        done = _gpg(home, "--status-fd", "1", "--verify", str(file), str(signed))
    said = re.findall(r"^\[GNUPG:\] (\S+) ?(.*)$", done.stdout, re.MULTILINE)
    good = [words for keyword, words in said if keyword == "GOODSIG"]
    valid = [words.split() for keyword, words in said if keyword == "VALIDSIG"]
    if any(keyword in _BAD for keyword, _ in said) or len(good) != 1 or len(valid) != 1:
        raise BadSignatureError(f"it is not a good signature of this plan by a key in {KEYRING}")
    name = good[0].partition(" ")[2]
    address = re.search(r"<([^<>]+)>\s*$", name)
    return Signer(address[1] if address else name, valid[0][-1])


@contextlib.contextmanager
def home_with(keyring: Path) -> Iterator[Path]:
    """A home for GnuPG in which only the keys of one ring exist.

    Raises:
        BadSignatureError: There is no such ring.
    """
    if not keyring.is_file():
        raise BadSignatureError(f"there is no {KEYRING} with keys to check it by")
    with tempfile.TemporaryDirectory(prefix="nl-") as folder:
        home = Path(folder)
        done = _gpg(home, "--import", str(keyring))
        if done.returncode:
            raise BadSignatureError(f"{KEYRING} holds no keys that gpg can read")
        yield home


def _gpg(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = shutil.which("gpg")
    if program is None:
        raise NewsletterError(
            "gpg is not installed, so OpenPGP signatures cannot be checked", "Install GnuPG."
        )
    return subprocess.run(  # noqa: S603 - no shell; names are arguments of their own
        [program, "--homedir", str(home), *_OPTIONS, *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**os.environ, "LC_ALL": "C"},
    )


# The owner trusts exactly the keys in the ring: that is what it is for.
_OPTIONS = ("--batch", "--no-tty", "--no-autostart", "--trust-model", "always")
