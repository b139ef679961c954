"""SpamAssassin's report, from programs that print what it prints, and from itself if it is here."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from newsletter.findings import Severity
from newsletter.probes.spam import NoSpamReport, check_spam, spam_findings
from newsletter.probes.spam_report import SpamReport, parse
from tests.smtp import free_port
from tests.unit.probes.kit import issue_of

TABLE = """
Content preview:  The letter may quote a table

---- ---------------------- --------------------------------------------------
 9.9 QUOTED_BY_THE_LETTER   which is none

Inhaltsanalyse im Detail:   (7.1 Punkte, 5.0 nötig)

Pkte Regelname              Beschreibung
---- ---------------------- --------------------------------------------------
-0.0 NO_RECEIVED            Never travelled
 2.2 MPART_ALT_DIFF         BODY: HTML and text
                            differ in length
 0.7 HTML_FONT_LOW_CONTRAST BODY: \x1b[31mFaint letters
 3.5 SUBJ_ALL_CAPS          Betreff in Großbuchstaben
-1.5 BAYES_00               BODY: 0 to 1%
 0.2 SLIGHT                 Hardly anything
1000 LONG                   Wide number

 4.4 NOT_IN_THE_TABLE       after its end
"""
HEADED = """Received: from localhost
X-Spam-Status: Yes, score=7.1 required=5.0 tests=BAYES_00,
\tMPART_ALT_DIFF autolearn=disabled version=4.0.1
Subject: A

X-Spam-Status: No, score=0.0 required=9.0 tests=none
"""


@pytest.mark.parametrize("output", ["7.1/5.0\n" + TABLE, HEADED + TABLE])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_report_is_read_whatever_its_language(output: str, end: str) -> None:
    report = parse(output.replace("\n", end))
    assert report is not None
    assert (report.score, report.limit, report.is_spam) == (8.6, 5.0, True)  # without BAYES_00
    assert [(rule.name, rule.points) for rule in report.rules] == [
        ("LONG", 1000.0),
        ("SUBJ_ALL_CAPS", 3.5),
        ("MPART_ALT_DIFF", 2.2),
        ("HTML_FONT_LOW_CONTRAST", 0.7),
        ("SLIGHT", 0.2),
    ]
    assert report.rules[2].description == "BODY: HTML and text differ in length"
    assert report.rules[3].description.isprintable()
    assert [rule.name for rule in report.ignored] == ["NO_RECEIVED", "BAYES_00"]


@pytest.mark.parametrize(
    "output",
    [
        "",
        "0/0\n",
        "7.1/5.0\n",
        "Subject: A\n\nX\n",
        TABLE,
        "X-Spam-Status: score=. required=." + TABLE,
    ],
)
def test_what_is_no_report_is_none(output: str) -> None:
    assert parse(output) is None


def program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)


def prints(folder: Path, name: str, output: str) -> None:
    (folder / f"{name}.out").write_text(output, encoding="utf-8")
    program(folder, name, f'cat > "{folder}/{name}.in"; cat "{folder}/{name}.out"')


def test_without_spamassassin_that_is_said(tmp_path: Path) -> None:
    result = check_spam(b"Subject: A\n\nB\n", path=str(tmp_path))
    assert isinstance(result, NoSpamReport)
    (found,) = spam_findings(result, issue_of(tmp_path / "2026-11-20.yaml", "Hello."))
    assert found.severity is Severity.INFO
    assert "not installed" in found.message
    assert "apt install spamassassin" in found.hint


def test_a_daemon_that_answers_is_asked_alone(tmp_path: Path) -> None:
    prints(tmp_path, "spamc", "7.1/5.0\n" + TABLE)
    program(tmp_path, "spamassassin", f"touch {tmp_path}/asked")
    result = check_spam(b"Subject: A\n\nB\n", path=str(tmp_path))
    assert isinstance(result, SpamReport)
    assert (tmp_path / "spamc.in").read_bytes() == b"Subject: A\n\nB\n"
    assert not (tmp_path / "asked").exists()


@pytest.mark.parametrize("silence", ["exit 69", "sleep 30", "echo 0/0", "kill -9 $$"])
def test_without_a_daemon_the_program_is_asked(tmp_path: Path, silence: str) -> None:
    program(tmp_path, "spamc", silence.replace("sleep", "exec sleep"))
    prints(tmp_path, "spamassassin", HEADED + TABLE)
    assert isinstance(check_spam(b"A", path=str(tmp_path), seconds=0.5), SpamReport)


@pytest.mark.parametrize(
    "silence", ["exit 1", "exec sleep 30", "echo banana", "yes | head -c 9000000"]
)
def test_a_program_that_fails_is_named(tmp_path: Path, silence: str) -> None:
    program(tmp_path, "spamassassin", silence)
    result = check_spam(b"A", path=str(tmp_path), seconds=0.5)
    assert isinstance(result, NoSpamReport)
    assert "no report" in result.message


def test_a_client_without_daemon_and_program_is_named(tmp_path: Path) -> None:
    program(tmp_path, "spamc", "exit 69")
    result = check_spam(b"A", path=str(tmp_path))
    assert isinstance(result, NoSpamReport)
    assert "no spamd answers" in result.message


def test_spam_is_a_warning_with_the_rules_that_weigh(tmp_path: Path) -> None:
    report = parse(HEADED + TABLE.replace("1000 LONG ", " 1.0 LONG "))
    assert report is not None
    found = spam_findings(report, issue_of(tmp_path / "2026-11-20.yaml", "Hello."))
    assert [(f.line, f.severity) for f in found] == [
        (1, Severity.WARNING),
        (1, Severity.INFO),
        (1, Severity.INFO),
        (1, Severity.INFO),
        (1, Severity.INFO),
    ]
    assert "8.6 points, and the limit is 5.0" in found[0].message
    assert found[0].hint == (
        "What weighs most: SUBJ_ALL_CAPS (3.5), MPART_ALT_DIFF (2.2), LONG (1.0),"
        " HTML_FONT_LOW_CONTRAST (0.7)."
    )
    assert found[1].column == len("subject: ") + 1


def letter(subject: str, text: str) -> bytes:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "The Harbour Letter <letter@harbour.example.org>"
    message["To"] = "ada@example.org"
    message["Date"] = "Fri, 20 Nov 2026 12:00:00 +0000"
    message["Message-ID"] = "<5f1c9a4b2d7e8c3a@harbour.example.org>"
    message.set_content(text)
    return message.as_bytes()


PLAIN = letter("The night ferry is back", "The night ferry sails again from Friday.\n" * 20)
LOUD = letter("THE NIGHT FERRY IS BACK", "Every pill, casino and lottery at half price!\n" * 5)

needs_spamassassin = pytest.mark.skipif(
    shutil.which("spamassassin") is None, reason="SpamAssassin is not installed"
)
needs_spamd = pytest.mark.skipif(
    shutil.which("spamd") is None or shutil.which("spamc") is None, reason="no spamd"
)


@needs_spamassassin
def test_spamassassin_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    program(tmp_path, "spamassassin", f'exec {shutil.which("spamassassin")} "$@"')
    path = str(tmp_path)  # without a spamc
    plain, loud = (check_spam(message, path=path) for message in (PLAIN, LOUD))
    assert isinstance(plain, SpamReport)
    assert isinstance(loud, SpamReport)
    assert plain.limit == 5.0
    assert not plain.is_spam
    assert {"NO_RECEIVED", "NO_RELAYS"} <= {rule.name for rule in plain.ignored}
    assert "SUBJ_ALL_CAPS" in {rule.name for rule in loud.rules}
    assert loud.score > plain.score


@pytest.fixture
def spamd(tmp_path: Path) -> Iterator[str]:
    """A folder with a ``spamc`` that knows where a real ``spamd`` listens."""
    port = free_port()
    program(tmp_path, "spamc", f'exec {shutil.which("spamc")} -d 127.0.0.1 -p {port} "$@"')
    command = ["spamd", "-L", "-x", "--listen", f"127.0.0.1:{port}", "--max-children", "1"]
    command += ["--min-children", "1", "--pidfile", str(tmp_path / "pid")]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            while b"server started" not in (tmp_path / "log").read_bytes():
                assert process.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.05)
            yield str(tmp_path)
        finally:
            process.terminate()
            process.wait()


@needs_spamd
def test_spamd_itself(spamd: str) -> None:
    loud = check_spam(LOUD, path=spamd)
    assert isinstance(loud, SpamReport)
    assert "SUBJ_ALL_CAPS" in {rule.name for rule in loud.rules}
    assert (loud.limit, {rule.name for rule in loud.ignored} >= {"NO_RELAYS"}) == (5.0, True)
