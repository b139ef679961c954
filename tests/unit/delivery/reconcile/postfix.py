"""A real Postfix of the tests' own, on loopback: takes messages, passes them on, writes its log."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.smtp import free_port

PROGRAMS = Path("/usr/lib/postfix/sbin")

_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
discard unix - - n - - discard
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
"""


@dataclass(frozen=True)
class Postfix:
    """The relay.

    Attributes:
        port: Where it takes messages.
        log: What it has written.
    """

    port: int
    log: Path

    def wait_for(self, number: int, words: str) -> None:
        """Wait until its log has so many lines with these words."""
        deadline = time.monotonic() + 30
        while (said := self.log.read_text()).count(words) < number:
            assert time.monotonic() < deadline, said
            time.sleep(0.05)


@contextlib.contextmanager
def running_postfix(next_hop: int = 0, **more: object) -> Iterator[Postfix]:
    """A relay that passes everything on to a port; skips the test where there can be none.

    Without a port it throws everything away. ``more`` are further settings of ``main.cf``.
    """
    control = shutil.which("postfix", path="/usr/sbin")
    if control is None or not (PROGRAMS / "postlogd").exists():
        pytest.skip("Postfix is not installed (Debian: apt-get install postfix)")
    if os.geteuid() != 0:
        pytest.skip("Postfix starts as root only")
    # Not below pytest's folder: Postfix's own user may not enter it.
    folder = Path(tempfile.mkdtemp(prefix="newsletter-postfix-"))
    folder.chmod(0o755)
    port = free_port()
    try:
        for name in ("conf", "queue", "data"):
            (folder / name).mkdir()
        account = pwd.getpwnam("postfix")
        os.chown(folder / "data", account.pw_uid, account.pw_gid)
        (folder / "conf/master.cf").write_text(_MASTER.format(port=port))
        (folder / "conf/dynamicmaps.cf").touch()
        settings = {
            "compatibility_level": "3.6",
            "queue_directory": folder / "queue",
            "data_directory": folder / "data",
            "daemon_directory": PROGRAMS,
            "maillog_file": folder / "mail.log",
            "maillog_file_prefixes": folder,
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "myhostname": "relay.example.org",
            "mydestination": "",
            "mynetworks": "127.0.0.0/8",
            **(
                {"relayhost": f"[127.0.0.1]:{next_hop}", "always_bcc": "archive@example.org"}
                if next_hop
                else {"default_transport": "discard:"}
            ),
            "alias_maps": "",
            "local_recipient_maps": "",
            **more,
        }
        lines = "".join(f"{name} = {value}\n" for name, value in settings.items())
        (folder / "conf/main.cf").write_text(lines)
        command = [control, "-c", str(folder / "conf")]
        subprocess.run([*command, "start"], check=True, capture_output=True)
        try:
            _wait_until_it_answers(port)
            yield Postfix(port, folder / "mail.log")
        finally:
            subprocess.run([*command, "stop"], check=True, capture_output=True)
    finally:
        shutil.rmtree(folder)


def _wait_until_it_answers(port: int) -> None:
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5):
            return
        assert time.monotonic() < deadline, "it does not answer"
        time.sleep(0.05)
