"""A signed git tag as approval: ``send/<slug>`` names the commit that goes out."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

from newsletter.errors import SendRefusedError
from newsletter.sending.checkout import Checkout, call_git, git
from newsletter.sending.openpgp import KEYRING, home_with
from newsletter.sending.signature import BadSignatureError


def check_tag(root: Path, slug: str, signers: Path) -> None:
    """Pass if a tag, signed by somebody who may, names exactly what is checked out.

    Args:
        root: The project's folder.
        slug: The issue.
        signers: The allowed signers of SSH signatures; OpenPGP keys stand beside in
            ``approval.gpg``.

    Raises:
        SendRefusedError: There is no such tag, its signature does not count, it names another
            commit, or files have changed since.
    """
    name = f"send/{slug}"
    checkout = Checkout.of(root)
    hint = f"Tag the commit that is to go out: git tag --sign {name} --message 'Send {slug}'"
    if git(root, "cat-file", "-t", f"refs/tags/{name}").strip() != "tag":
        raise SendRefusedError(f"there is no signed git tag {name}", hint)
    # A tag that was made for another issue could have been given this name afterwards.
    head = git(root, "cat-file", "tag", f"refs/tags/{name}").partition("\n\n")[0]
    if f"\ntag {name}\n" not in f"{head}\n":
        raise SendRefusedError(f"the git tag {name} was made under another name", hint)
    if not _is_signed_well(root, name, signers):
        raise SendRefusedError(
            f"the git tag {name} is not signed by anybody who may approve",
            f"Keys that count stand in {signers.name} (SSH) and {KEYRING} (OpenPGP).",
        )
    commit = git(root, "rev-parse", "--verify", "--quiet", f"refs/tags/{name}^{{commit}}").strip()
    if not commit or commit != checkout.commit:
        raise SendRefusedError(
            f"the git tag {name} names the commit {commit[:10]}, and {checkout.commit[:10]} is "
            "checked out",
            f"Check it out: git checkout {name}",
        )
    if checkout.changes:
        raise SendRefusedError(
            f"{', '.join(checkout.changes[:5])}: not as in the commit of the git tag {name}",
            "Put it back, or commit it and have a new tag made.",
        )


def _is_signed_well(root: Path, name: str, signers: Path) -> bool:
    with contextlib.ExitStack() as stack:
        try:
            home = stack.enter_context(home_with(root / KEYRING))
        except BadSignatureError:
            home = Path(os.devnull)  # no keys of OpenPGP, then
        # Neither the user's configuration nor the repository's may say what a good signature is.
        settings = {
            "gpg.program": shutil.which("gpg") or "false",
            "gpg.ssh.program": shutil.which("ssh-keygen") or "false",
            "gpg.x509.program": "false",
            "gpg.ssh.allowedSignersFile": str(signers),
            "gpg.ssh.revocationFile": "",
            "gpg.minTrustLevel": "undefined",
        }
        options = [part for item in settings.items() for part in ("-c", "=".join(item))]
        done = call_git(
            root,
            *(*options, "verify-tag", "--raw", f"refs/tags/{name}"),
            environment={"GNUPGHOME": str(home)},
        )
    if done is None or done.returncode:
        return False
    # git takes an SSH signature by an unknown key for valid, only not trusted: name who it was.
    if ssh := re.search(r'^Good "git" signature for (\S+)', done.stderr, re.MULTILINE):
        return bool(ssh[1])
    said = re.findall(r"^\[GNUPG:\] (\S+)", done.stderr, re.MULTILINE)
    return "GOODSIG" in said and "VALIDSIG" in said
