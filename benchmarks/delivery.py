"""How fast letters leave, next to Postfix's ``smtp-source``, both into Postfix's ``smtp-sink``.

The two alternate in one run, since the same program moves by a third between minutes. Every result
is the ratio of medians, or what the sending process itself used.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from benchmarks.delivery_letter import add_readers, letter
from benchmarks.result import Result
from newsletter.database.engine import Database
from tests.unit.delivery.reconcile.postfix import running_postfix

READERS = 10_000
PEERS_READERS = 1_000
POSTFIX_READERS = 3_000
ROUNDS = 3
WIRE_SIZE = 63_500
KINDS = {
    "none": ("unsigned", 0.9, 0.12),
    "ed25519": ("Ed25519", 0.8, 0.0),
    "rsa": ("RSA-2048", 0.65, 0.55),
}


def against_smtp_source() -> Iterator[Result]:
    """Rates beside ``smtp-source -d -s 10``, CPU and memory of the sender."""
    sink, source = shutil.which("smtp-sink"), shutil.which("smtp-source")
    if not sink or not source:
        print("smtp-sink and smtp-source are not installed (Debian's package postfix has them)")
        return
    theirs: list[float] = []
    ours: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for _ in range(ROUNDS):
        with _sink(sink) as port:
            theirs.append(_smtp_source(source, port))
        for kind in KINDS:
            with _sink(sink) as port:
                ours[kind].append(_our_rate(port, kind))
    print(f"smtp-source: {', '.join(f'{rate:,.0f}/s' for rate in theirs)}")
    best = statistics.median(theirs)
    for kind, (name, ratio, cpu) in KINDS.items():
        rates = ", ".join(f"{run['rate']:,.0f}/s" for run in ours[kind])
        print(f"{name}: {rates}")
        yield Result(
            f"sending, {name}, with ledger: share of smtp-source's rate",
            ratio,
            "",
            [run["rate"] / best for run in ours[kind]],
            at_least=True,
        )
        if cpu:
            yield Result(
                f"sending, {name}: CPU of the sender for 1,000 messages",
                cpu,
                "s",
                [run["cpu"] for run in ours[kind]],
            )
        yield Result(
            f"sending, {name}: peak memory at {READERS:,} readers",
            80,
            "MB",
            [run["memory"] for run in ours[kind]],
        )


def over_starttls_to_postfix() -> Iterator[Result]:
    """Our rate over STARTTLS beside smtp-source's in the clear, into a Postfix that discards."""
    source = shutil.which("smtp-source")
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    theirs, ours = [], []
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        place.chmod(0o755)
        authority.cert_pem.write_to_path(place / "ca.pem")
        certificate.private_key_and_cert_chain_pem.write_to_path(place / "server.pem")
        try:
            with running_postfix(
                smtpd_tls_chain_files=place / "server.pem",
                smtpd_tls_security_level="may",
                smtpd_client_connection_rate_limit=0,
            ) as postfix:
                for _ in range(ROUNDS):
                    if source:
                        theirs.append(_smtp_source(source, postfix.port, POSTFIX_READERS))
                    url = f"smtp://localhost:{postfix.port}?ca={place / 'ca.pem'}"
                    ours.append(_our_run(url, "none", POSTFIX_READERS)["rate"])
        except pytest.skip.Exception as reason:
            print(reason)
            return
    for name, rates in (("smtp-source, in the clear", theirs), ("ours, STARTTLS", ours)):
        print(f"{name}: {', '.join(f'{rate:,.0f}/s' for rate in rates)}")
    if theirs:
        yield Result(
            "sending over STARTTLS to Postfix: share of smtp-source's rate without TLS",
            0.9,
            "",
            [rate / statistics.median(theirs) for rate in ours],
            at_least=True,
        )


def against_peers() -> Iterator[Result]:
    """How many times as fast as nodemailer's pool and as aiosmtplib with EmailMessage.

    Peers that are not installed are left out: ``pip install aiosmtplib``; ``npm install
    nodemailer`` in a folder, and ``NODE_PATH`` set to its ``node_modules``.
    """
    sink = shutil.which("smtp-sink")
    if not sink:
        return
    commands = {}
    with tempfile.TemporaryDirectory() as folder:
        if importlib.util.find_spec("aiosmtplib"):
            commands["aiosmtplib", 15] = [
                sys.executable,
                "-m",
                "benchmarks.peers.aiosmtplib_sender",
            ]
        if os.environ.get("NODE_PATH") and (node := shutil.which("node")):
            program = Path(__file__).with_name("peers") / "nodemailer_sender.mjs"
            commands["nodemailer's pool", 7] = [node, str(program)]
        shown = {"name": "{{name}}", "unsubscribe_url": "{{link}}"}
        edition = letter()
        file = Path(folder) / "letter.json"
        file.write_text(
            json.dumps(
                {
                    "subject": edition.subject.fill(shown),
                    "text": edition.text.fill(shown),
                    "html": edition.html.fill(shown),
                }
            )
        )
        for (name, times), command in commands.items():
            ratios = []
            for _ in range(ROUNDS):
                with _sink(sink) as port:
                    ran = subprocess.run(
                        [*command, str(port), str(PEERS_READERS), str(file)],
                        check=True,
                        capture_output=True,
                        text=True,
                    )
                with _sink(sink) as port:
                    ours = _our_rate(port, "none")["rate"]
                print(f"{name}: {float(ran.stdout):,.0f}/s, ours: {ours:,.0f}/s")
                ratios.append(ours / float(ran.stdout))
            what = f"sending, unsigned: times as fast as {name}"
            yield Result(what, times, "", ratios, at_least=True)


def _smtp_source(program: str, port: int, readers: int = READERS) -> float:
    began = time.perf_counter()
    command = [program, "-d", "-s", "10", "-l", str(WIRE_SIZE), "-m", str(readers)]
    addresses = ["-f", "bounces@example.org", "-t", "reader@example.com"]
    subprocess.run([*command, *addresses, f"inet:127.0.0.1:{port}"], check=True)
    return readers / (time.perf_counter() - began)


def _our_rate(port: int, kind: str) -> dict[str, float]:
    return _our_run(f"smtp://127.0.0.1:{port}?security=none", kind, READERS)


def _our_run(url: str, kind: str, readers: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        database = Database.open(Path(folder) / "newsletter.db")
        add_readers(database, readers)
        database.close()
        ran = subprocess.run(
            [sys.executable, "-m", "benchmarks.delivery_sender", folder, url, kind],
            check=True,
            capture_output=True,
            text=True,
        )
    told: dict[str, float] = json.loads(ran.stdout)
    assert told["accepted"] == readers
    return told


@contextlib.contextmanager
def _sink(program: str) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [program, "-c", "-u", "nobody", f"inet:127.0.0.1:{port}", "256"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait()
