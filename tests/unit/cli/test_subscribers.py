from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.main import run

CONFIGURATION = """\
name = "The Harbour Letter"
from = "The Harbour Letter <letter@example.com>"
"""

LIST = """\
Email,First Name,City
ann@example.com,Ann,Kyiv
not an address,Bob,Lviv
cas@example.com,Cas,
ANN@example.com,Ann,Kyiv
"""

Output = pytest.CaptureFixture[str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a list to import, the user standing in its folder."""
    (tmp_path / "newsletter.toml").write_text(CONFIGURATION)
    (tmp_path / "readers.csv").write_text(LIST)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def subscribers(*arguments: str) -> int:
    return run(["subscribers", *arguments])


def test_an_import_says_what_it_did_and_what_is_wrong(project: Path, capsys: Output) -> None:
    assert subscribers("import", "readers.csv") == 3, "it is not done: a bad row waits"
    out, err = capsys.readouterr()
    assert out == (
        "readers.csv: 2 added, 0 updated, 0 unchanged.\n"
        "1 row left out: the address stands further up.\n"
        "1 bad row left out; mend them and import the file again.\n"
    )
    assert err == (
        'readers.csv:3:1: error: "not an address" is not an email address. '
        "An email address must have an @-sign. [csv-row]\n"
        "readers.csv:5:1: warning: ANN@example.com stands further up in this file already. "
        "The first one counts, this one was left out. [csv-duplicate]\n"
    )


def test_the_same_import_again_changes_nothing(project: Path, capsys: Output) -> None:
    subscribers("import", "readers.csv")
    subscribers("remove", "cas@example.com")
    subscribers("remove", "ann@example.com", "--suppress", "complained")
    capsys.readouterr()
    assert subscribers("import", "readers.csv") == 3
    out = capsys.readouterr().out
    assert "0 added, 0 updated, 0 unchanged" in out
    assert "1 reader unsubscribed and not brought back." in out
    assert "1 address suppressed: never mailed." in out


def test_an_import_reports_as_json(project: Path, capsys: Output) -> None:
    assert subscribers("import", "readers.csv", "--json") == 3
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert (report["added"], report["rejected"], report["duplicates"]) == (2, 1, 1)
    assert [finding["line"] for finding in report["findings"]] == [3, 5]
    assert (report["own_kept"], report["consent"]) == (0, "")
    assert err == ""


def test_the_answer_is_no_only_if_no_row_can_be_used(project: Path, capsys: Output) -> None:
    (project / "bad.csv").write_text("email\nnobody\n")
    assert subscribers("import", "bad.csv") == 1
    (project / "empty.csv").write_text("email\n")
    assert subscribers("import", "empty.csv") == 0
    capsys.readouterr()
    (project / "endless.csv").write_text("email\n" + "nobody\n" * 1200)
    assert subscribers("import", "endless.csv") == 1
    out, err = capsys.readouterr()
    assert "1,200 bad rows left out" in out
    assert "Only the first 1,000 problems are shown." in out
    assert err.count("\n") == 1000


def test_a_file_that_is_not_there_is_two_lines(project: Path, capsys: Output) -> None:
    assert subscribers("import", "nowhere.csv") == 2
    assert capsys.readouterr().err == (
        "Error: cannot read nowhere.csv: No such file or directory\nCheck its name.\n"
    )


def test_an_empty_list_says_what_to_do_next(project: Path, capsys: Output) -> None:
    assert subscribers("list") == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "There are no readers yet. Import a list: newsletter subscribers import FILE.csv\n"
    )
    subscribers("list", "--json")
    assert json.loads(capsys.readouterr().out) == []


def test_readers_are_listed_and_found(project: Path, capsys: Output) -> None:
    subscribers("add", "ann@example.com", "--name", "Ann Lee", "--language", "en")
    subscribers("add", "bob@example.com")
    subscribers("remove", "bob@example.com")
    capsys.readouterr()
    assert subscribers("list", "--search", "LEE") == 0
    out, err = capsys.readouterr()
    headings, ann = out.splitlines()
    assert headings == "Address\tName\tLanguage\tStatus\tSince"
    assert ann.split("\t")[:4] == ["ann@example.com", "Ann Lee", "en", "confirmed"]
    assert err == "1 reader.\n"
    subscribers("list", "--status", "unsubscribed")
    assert capsys.readouterr().out.splitlines()[1].startswith("bob@example.com\t")
    subscribers("list", "--search", "nobody")
    assert "No reader is like that" in capsys.readouterr().err


def test_a_list_as_json_tells_all(project: Path, capsys: Output) -> None:
    subscribers("add", "ann@example.com", "--set", "Home Town=Київ=Kyiv")
    subscribers("add", "bob@example.com")
    capsys.readouterr()
    subscribers("list", "--json")
    ann, bob = json.loads(capsys.readouterr().out)
    assert ann["email"] == "ann@example.com"
    assert ann["attributes"] == {"home_town": "Київ=Kyiv"}
    assert bob["subscriptions"][0]["source"] == "by hand"


def test_one_reader_comes_leaves_and_comes_back(project: Path, capsys: Output) -> None:
    said = []
    for arguments in (
        ["add", "ann@example.com"],
        ["add", "ann@example.com"],
        ["add", "ann@example.com", "--name", "Ann"],
        ["remove", "ann@example.com"],
        ["remove", "ann@example.com"],
        ["add", "ann@example.com", "--resubscribe"],
        ["remove", "ann@example.com", "--suppress", "complained"],
        ["remove", "ann@example.com", "--suppress", "complained"],
    ):
        assert subscribers(*arguments) == 0
        said.append(capsys.readouterr().out.strip())
    assert said == [
        "Added ann@example.com.",
        "ann@example.com is subscribed already; nothing changed.",
        "Updated ann@example.com.",
        "Unsubscribed ann@example.com.",
        "ann@example.com had unsubscribed already.",
        "ann@example.com is subscribed again.",
        "ann@example.com is suppressed: it is never mailed.",
        "ann@example.com was already suppressed: it is never mailed.",
    ]


def test_what_is_refused_says_what_to_do(project: Path, capsys: Output) -> None:
    subscribers("add", "ann@example.com")
    subscribers("remove", "ann@example.com")
    capsys.readouterr()
    assert subscribers("add", "ann@example.com") == 1
    assert "--resubscribe" in capsys.readouterr().err
    assert subscribers("remove", "bob@example.com") == 2
    assert "no subscriber" in capsys.readouterr().err
    assert subscribers("add", "ann@example.com", "--set", "city") == 2
    assert "FIELD=VALUE" in capsys.readouterr().err
    assert subscribers("add", "bob@example.com", "--set", "token=x") == 1
    assert "Choose another name" in capsys.readouterr().err
    assert subscribers("add", "ann@example.com\nBcc: eve@example.com") == 1
    assert "line break" in capsys.readouterr().err


def test_an_export_comes_back_unchanged(project: Path, capsys: Output) -> None:
    subscribers("import", "readers.csv")
    capsys.readouterr()
    assert subscribers("export") == 0
    printed = capsys.readouterr().out
    assert printed.startswith("email,name,language,status,requested_at,confirmed_at,")
    assert printed.splitlines()[0].endswith(",consent_wording,city,first_name")
    assert subscribers("export", "-o", "subscribers.csv") == 0
    assert capsys.readouterr().out == "Wrote 2 readers to subscribers.csv.\n"
    assert (project / "subscribers.csv").read_text() == printed
    subscribers("import", "subscribers.csv")
    assert capsys.readouterr().out == "subscribers.csv: 0 added, 0 updated, 2 unchanged.\n"


@pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")
def test_an_export_that_git_would_commit_is_warned_of(project: Path, capsys: Output) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    (project / ".gitignore").write_text("subscribers*.csv\n.newsletter/\n")
    subscribers("export", "-o", "subscribers.csv")
    assert capsys.readouterr().err == ""
    subscribers("export", "-o", "readers-out.csv")
    assert "git would commit readers-out.csv" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this machine")
def test_an_export_to_a_full_disk_is_two_lines(project: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "newsletter", "subscribers", "export"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith("Error: cannot write the list: No space left on device\n")
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not shutil.which("bash"), reason="file size limits are set by the shell")
def test_an_import_that_the_disk_does_not_take_is_two_lines(project: Path, capsys: Output) -> None:
    (project / "many.csv").write_text(
        "email\n" + "".join(f"r{n}@example.com\n" for n in range(4000))
    )
    subscribers("add", "ann@example.com")
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"ulimit -f 200; {sys.executable} -m newsletter subscribers import many.csv",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 2, done.stderr
    assert "the disk" in done.stderr
    capsys.readouterr()
    subscribers("list", "--count")
    assert capsys.readouterr().out == "1 reader.\n"


LISTS = """
[lists.weekly]
title = "The Weekly"

[lists.alerts]
"""


@pytest.fixture
def lists(project: Path) -> Path:
    """The same with two lists."""
    (project / "newsletter.toml").write_text(CONFIGURATION + LISTS)
    return project


def test_with_several_lists_one_is_named(lists: Path, capsys: Output) -> None:
    for arguments in (["add", "ann@example.com"], ["import", "readers.csv"]):
        assert subscribers(*arguments) == 2
        assert "Lists are: weekly, alerts." in capsys.readouterr().err
        assert subscribers(*arguments, "--list", "wekly") == 2
        assert "there is no list 'wekly'" in capsys.readouterr().err
        assert subscribers(*arguments, "--list", "weekly") == (3 if "import" in arguments else 0)
        capsys.readouterr()
    subscribers("add", "ann@example.com", "--list", "alerts")
    subscribers("remove", "ann@example.com", "--list", "weekly")
    capsys.readouterr()
    subscribers("list", "--search", "ann")
    assert capsys.readouterr().out.splitlines()[1].split("\t")[3:5] == ["confirmed", "alerts"]
    subscribers("list", "--list", "weekly", "--status", "unsubscribed", "--json")
    (ann,) = json.loads(capsys.readouterr().out)
    assert ann["email"] == "ann@example.com"
    assert {one["list"]: one["status"] for one in ann["subscriptions"]} == {
        "alerts": "confirmed",
        "weekly": "unsubscribed",
    }
    subscribers("export")
    assert capsys.readouterr().out.startswith("email,name,language,list,status,")
    assert subscribers("remove", "ann@example.com", "--list", "weekly", "--suppress", "x") == 2
    assert "leave out --list" in capsys.readouterr().err


def test_a_file_that_names_a_list_in_each_row_needs_no_other(lists: Path, capsys: Output) -> None:
    (lists / "both.csv").write_text(
        "email,list\nann@example.com,weekly\nann@example.com,alerts\nbob@example.com,\n"
    )
    assert subscribers("import", "both.csv", "--report", "bad.csv") == 3
    out, err = capsys.readouterr()
    assert out.startswith("both.csv: 2 added, 0 updated, 0 unchanged.\n1 bad row left out")
    assert err == (
        "both.csv:4:2: error: the row names no list. Fill in the column, or name the list of such "
        "rows with --list: weekly, alerts. [csv-row]\n"
    )
    subscribers("export", "-o", "export.csv")
    capsys.readouterr()
    assert subscribers("import", "export.csv") == 0
    assert capsys.readouterr().out == "export.csv: 0 added, 0 updated, 2 unchanged.\n"


def test_without_lists_in_the_settings_nothing_is_said_of_them(
    project: Path, capsys: Output
) -> None:
    subscribers("import", "readers.csv")
    subscribers("list")
    subscribers("export")
    out, err = capsys.readouterr()
    assert "main" not in out + err


def test_a_segment_is_tried_out(project: Path, capsys: Output) -> None:
    subscribers("import", "readers.csv")
    capsys.readouterr()
    assert subscribers("list", "--segment", 'city == "Kyiv"') == 0
    out, err = capsys.readouterr()
    assert [line.partition("\t")[0] for line in out.splitlines()] == ["Address", "ann@example.com"]
    assert err == "1 reader.\n"
    subscribers("list", "--segment", "city", "--count", "--json")
    assert json.loads(capsys.readouterr().out) == {"readers": 1}
    for command in ("list", "export"):
        assert subscribers(command, "--segment", "city = Kyiv") == 2, "it is wrong usage"
        assert "cannot understand the segment" in capsys.readouterr().err
    subscribers("export", "--segment", 'not city == "Kyiv"')
    assert [line.partition(",")[0] for line in capsys.readouterr().out.splitlines()] == [
        "email",
        "cas@example.com",
    ]


def test_an_import_of_another_programs_list_says_so(project: Path, capsys: Output) -> None:
    (project / "members.csv").write_text(
        "id,email,name,note,subscribed_to_emails,complimentary_plan,created_at,labels\n"
        "1,ann@example.com,Ann,,true,false,2025-01-31T00:00:00.000Z,VIP\n"
    )
    assert subscribers("import", "members.csv", "--consent", "moved from our old page") == 0
    assert capsys.readouterr().out == (
        "members.csv is read as an export of ghost (--format says otherwise).\n"
        "members.csv: 1 added, 0 updated, 0 unchanged.\n"
        "Kept with those who are new, as their consent: moved from our old page\n"
        "Not taken over: id, note, complimentary_plan.\n"
    )
    subscribers("list", "--json")
    (ann,) = json.loads(capsys.readouterr().out)
    source = "import of members.csv: moved from our old page"
    assert ann["subscriptions"][0]["source"] == source


def test_bad_rows_go_into_a_report(project: Path, capsys: Output) -> None:
    assert subscribers("import", "readers.csv", "--report", "bad.csv") == 3
    assert (
        "1 bad row left out; mend them in bad.csv and import that file.\n"
        in capsys.readouterr().out
    )
    assert "not an address,Bob,Lviv" in (project / "bad.csv").read_text()


@pytest.mark.skipif(not shutil.which("git"), reason="no git on this machine")
def test_a_report_that_git_would_commit_is_warned_of(project: Path, capsys: Output) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    subscribers("import", "readers.csv", "--report", "bad.csv")
    assert "git would commit bad.csv" in capsys.readouterr().err


def test_changes_are_told_to_programs(project: Path, capsys: Output) -> None:
    told = []
    for arguments in (
        ["add", "ann@example.com"],
        ["remove", "ann@example.com"],
        ["remove", "ann@example.com"],
        ["add", "ann@example.com", "--resubscribe"],
        ["remove", "ann@example.com", "--suppress", "asked by letter"],
    ):
        assert subscribers(*arguments, "--json") == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told == [
        {"change": "added"},
        {"changed": True},
        {"changed": False},
        {"change": "resubscribed"},
        {"changed": True},
    ]
