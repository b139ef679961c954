"""SSH signatures (``ssh-keygen -Y``): made with a person's key, held against a list of signers."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from newsletter.errors import NewsletterError, SendRefusedError
from newsletter.sending.signature import BadSignatureError, Signer

NAMESPACE = "newsletter-plan"
"""What a signature is for: one that was made for something else (git, a file) does not count."""

_GOOD = re.compile(r'^Good ".*" signature for (.+) with \S+ key (SHA256:\S+)$', re.MULTILINE)


def verify(document: bytes, signature: str, signers: Path) -> Signer:
    """Whom a signature is from.

    Args:
        document: What was signed.
        signature: The armoured signature.
        signers: The allowed signers (ssh-keygen(1), ALLOWED SIGNERS).

    Raises:
        BadSignatureError: It is from nobody in the list, of something else, or out of its time.
        SendRefusedError: There is no such list.
    """
    if not signers.is_file():
        raise SendRefusedError(
            f"there is no file {signers.name}, so no SSH signature can be checked",
            "Write a line for everybody who may approve: their address, then their public key.",
        )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "signature")
        file.write_text(signature, encoding="utf-8")
        common = ["-s", str(file), "-f", str(signers)]
        found = _ssh_keygen("-Y", "find-principals", *common)
        name = found.stdout.decode(errors="replace").partition("\n")[0].split(",")[0].strip()
        if found.returncode or not name:
            raise BadSignatureError(f"its key does not stand in {signers.name}")
        if re.search(r"[*?!]", name):
            raise BadSignatureError(f"{signers.name} must name each person, not {name}")
        options = ["-Y", "verify", "-n", NAMESPACE, "-I", name, *common]
        done = _ssh_keygen(*options, stdin=document)
    good = _GOOD.search(done.stdout.decode(errors="replace"))
    if done.returncode or not good:
        raise BadSignatureError("it is not a signature of this plan")
    return Signer(good[1], good[2])


def sign(document: bytes, key: Path) -> str:
    """The armoured signature of a document.

    Args:
        document: What is signed.
        key: A private key, or a public one whose private half is in the agent. A passphrase is
            asked for at the terminal.

    Raises:
        NewsletterError: There is no such key, or it is not unlocked.
    """
    if not key.is_file():
        raise NewsletterError(f"there is no key {key}", "Name one with: --key FILE")
    done = _ssh_keygen("-Y", "sign", "-n", NAMESPACE, "-f", str(key), stdin=document)
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise NewsletterError(
            f"ssh-keygen cannot sign with {key}: {said[-1] if said else 'it does not say why'}",
            "Unlock the key, or add it to the agent: ssh-add FILE",
        )
    return done.stdout.decode("ascii")


def own_key(signers: Path, home: Path, folder: Path) -> Path:
    """A key of whoever sits here that stands among the signers: of the agent, or a file.

    Args:
        signers: The allowed signers.
        home: Their home, with ``.ssh``.
        folder: Where the public half of a key of the agent is put.

    Raises:
        NewsletterError: There is none.
    """
    try:
        allowed = signers.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise NewsletterError(
            f"cannot read {signers}", "It names those who may approve, a key on each line."
        ) from error
    for public in _public_keys(home, folder):
        words = public.read_text(encoding="utf-8", errors="replace").split()
        if len(words) > 1 and words[1] in allowed:
            private = public.with_suffix("")
            return private if private.is_file() else public
    raise NewsletterError(
        f"no key of yours stands in {signers.name}", "Name one with --key FILE, or add it there."
    )


def _public_keys(home: Path, folder: Path) -> Iterator[Path]:
    program = shutil.which("ssh-add")
    if program and os.environ.get("SSH_AUTH_SOCK"):
        done = subprocess.run(  # noqa: S603 - no shell, no arguments of others
            [program, "-L"], capture_output=True, check=False, text=True, stdin=subprocess.DEVNULL
        )
        for number, line in enumerate(done.stdout.splitlines()):
            file = folder / f"{number}.pub"
            file.write_text(line + "\n", encoding="utf-8")
            yield file
    yield from sorted((home / ".ssh").glob("*.pub"))


def _ssh_keygen(*arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise NewsletterError(
            "ssh-keygen is not installed, so SSH signatures can be neither made nor checked",
            "Install OpenSSH (8.2 or newer).",
        )
    return subprocess.run(  # noqa: S603 - no shell; names are arguments of their own
        [program, *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        env={**os.environ, "LC_ALL": "C"},
    )
