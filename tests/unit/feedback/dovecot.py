"""A real IMAP server of the tests' own: Dovecot, on loopback, with one mailbox."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import trustme

USER, PASSWORD = "bounces@example.org", "correct-horse"

_CONFIGURATION = """\
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
auth_failure_delay = 0
ssl = required
ssl_cert = <{folder}/server.crt
ssl_key = <{folder}/server.key
mail_location = maildir:{folder}/mail
mail_uid = {user}
mail_gid = {group}
first_valid_uid = 1
first_valid_gid = 1
default_login_user = {login}
default_internal_user = {login}
default_internal_group = {login_group}
protocol imap {{
  imap_capability = {capabilities}
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {starttls_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


def find_dovecot() -> str | None:
    """The program, if this machine has it and we may start it."""
    if os.geteuid() != 0:  # it changes users for itself, or refuses
        return None
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


class Dovecot:
    """A server; ``authority`` is who certifies it."""

    def __init__(self, program: str, capabilities: str = "+") -> None:
        self._program = program
        self.folder = Path(tempfile.mkdtemp(prefix="newsletter-imap-"))
        self.folder.chmod(0o755)
        with socket.socket() as sock, socket.socket() as other:
            for one in (sock, other):
                one.bind(("127.0.0.1", 0))
            self.port: int = sock.getsockname()[1]
            self.starttls_port: int = other.getsockname()[1]
        authority = trustme.CA()
        certificate = authority.issue_cert("127.0.0.1")
        self.authority = self.folder / "authority.pem"
        authority.cert_pem.write_to_path(self.authority)
        certificate.cert_chain_pems[0].write_to_path(self.folder / "server.crt")
        certificate.private_key_pem.write_to_path(self.folder / "server.key")
        for name in ("mail", "home"):
            (self.folder / name).mkdir()
            shutil.chown(self.folder / name, "mail", "mail")
        (self.folder / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                folder=self.folder,
                port=self.port,
                starttls_port=self.starttls_port,
                password=PASSWORD,
                user="mail",
                group="mail",
                login="nobody",
                login_group="nogroup",
                capabilities=capabilities,
            )
        )

    @property
    def url(self) -> str:
        """Its mailbox, as the settings name it."""
        return f"imaps://{USER.replace('@', '%40')}@127.0.0.1:{self.port}/INBOX"

    @property
    def starttls_url(self) -> str:
        """The same mailbox by the port that is not encrypted from the start."""
        return f"imap://{USER.replace('@', '%40')}@127.0.0.1:{self.starttls_port}/INBOX"

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [self._program, "-F", "-c", self.folder / "dovecot.conf"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 30
        while True:
            assert self._process.poll() is None, self._log()
            assert time.monotonic() < deadline, self._log()
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1):
                    return
            except OSError:
                time.sleep(0.02)

    def _log(self) -> str:
        log = self.folder / "log"
        return log.read_text() if log.exists() else "dovecot does not start"

    def remove(self) -> None:
        """Stop it and throw its mail away."""
        self._process.terminate()
        self._process.wait(30)
        shutil.rmtree(self.folder, ignore_errors=True)
