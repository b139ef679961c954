"""All issues in a line each: what their files say, how far they have come, what checks said."""

from __future__ import annotations

import datetime
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.outcome import Accepted, Failed
from newsletter.errors import NotFoundError
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.preview import shelf as shelf_module
from newsletter.preview.desk import Desk
from newsletter.preview.sendings import Sending
from newsletter.preview.shelf import Line, Shelf, State, with_next
from newsletter.preview.skim import quick, skim
from newsletter.preview.verdict import Verdict
from newsletter.project import Project
from tests.unit.delivery.kit import NOON, Hand, add_readers, ledger_of, make_edition, make_sender

ROOT = Path(__file__).parents[3]
SOUND = [*(ROOT / "issues").glob("*.yaml"), *(ROOT / "tests" / "issues" / "clean").glob("*.yaml")]
REST = "preheader: Plus a market\nsections:\n  - headline: The ferry\n    body: It sails.\n"


@pytest.fixture
def desk(folder: Path) -> Iterator[Desk]:
    desk = Desk(Project.open(folder))
    yield desk
    desk.project.close()


@pytest.fixture
def shelf(desk: Desk) -> Shelf:
    return Shelf(desk)


def line_of(shelf: Shelf, slug: str = "2026-11-20") -> Line:
    return next(line for line in shelf.stock().lines if line.slug == slug)


def said(shelf: Shelf, slug: str = "2026-11-20") -> str:
    verdict = line_of(shelf, slug).verdict
    return "not checked yet" if verdict is None else str(verdict)


def touch(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    later = path.stat().st_mtime_ns + 1_000_000  # two saves within one tick of the clock
    os.utime(path, ns=(later, later))


# What a file says


@pytest.mark.parametrize("path", SOUND, ids=lambda path: path.name)
def test_issues_as_people_write_them_are_read_without_parsing(path: Path) -> None:
    data = path.read_bytes()
    read = load_text(data, path)
    assert isinstance(read, Manuscript)
    issue = read.issue
    assert quick(data) == (issue.subject, issue.date.isoformat(), issue.draft)
    found = skim(data, path)
    for section in issue.sections:
        headline = getattr(section, "headline", None)
        assert headline is None or headline in found.headlines


@pytest.mark.parametrize(
    "head",
    [
        "subject: The ferry\ndate: 2026-11-20\n",
        "\ufeffsubject: The ferry # first words\r\ndate: '2026-11-20'\r\ndraft: yes\r\n",
        'subject: "Ferry: \\"the\\" vote"\ndate: 2026-11-20\n',
        'subject: "Ferry: the vote"   # a note\ndate: 2026-11-20\ndraft: false\n',
        "subject: 'It''s back'\ndate: 2026-11-20\ndraft: Yes\n",
        "subject: |\n  The ferry\ndate: 2026-11-20\n",
        "subject: The ferry\n  sails again\ndate: 2026-11-20\n",
        "subject: The ferry\n\n  sails again\ndate: 2026-11-20\n",
        "subject: The ferry\n  # sails again\ndate: 2026-11-20\n",
        "subject:\n  The ferry\ndate: 2026-11-20\ndraft: on\n",
        "'subject': The ferry\ndate: 2026-11-20\n",
        "? subject\n: The ferry\ndate: 2026-11-20\n",
        "---\nsubject: The ferry\ndate: 2026-11-20\ndraft: 'true'\n",
        "subject: no\ndate: 2026-11-20\ndraft: no\n",
        "intro: |\n  subject: not this\n  draft: true\nsubject: The ferry\ndate: 2026-11-20\n",
        "intro: 'two\n\n  lines'\nsubject: The ferry\ndate: 2026-11-20\n",
        "summary:\n- text: One.\n- Two.\nsubject: The ferry\ndate: 2026-11-20\n",
        "subject: The #1 ferry: \u2028no\ndate: 2026-11-20\n",
    ],
)
def test_the_list_says_what_the_issue_says(head: str) -> None:
    data = (head + REST).encode()
    read = load_text(data, Path("2026-11-20.yaml"))
    found = skim(data, Path("2026-11-20.yaml"))
    if isinstance(read, Manuscript):
        issue = read.issue
        wanted = (issue.subject, issue.date.isoformat(), issue.draft, False)
        assert (found.subject, found.day, found.is_draft, found.is_broken) == wanted
    else:
        assert found.is_broken


@given(
    st.text(alphabet=" aä:#'\"-|>{[&*!,~\\\u00a0\u2028é?%@`\n\tнo1", max_size=12),
    st.sampled_from(["plain", "'", '"', "yaml"]),
)
def test_no_subject_is_read_wrongly(subject: str, style: str) -> None:
    written = {
        "plain": subject,
        "yaml": yaml.safe_dump(subject, allow_unicode=True).removesuffix("...\n").strip(),
    }.get(style, f"{style}{subject}{style}")
    data = f"subject: {written}\ndate: 2026-11-20\n{REST}".encode()
    found, read = quick(data), load_text(data, Path("x.yaml"))
    if found is not None and isinstance(read, Manuscript):
        assert found == (read.issue.subject, "2026-11-20", False)


def test_of_a_broken_file_what_can_be_seen_is_shown() -> None:
    found = skim(b'subject: "The ferry\ndate: 2026-11-20\nsections: [', Path("x.yaml"))
    assert found.is_broken
    assert "The ferry" in found.subject
    assert found.day == "2026-11-20"


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\0", b"\0" * 50, b"x" * 1_100_000, b"PK\x03\x04"])
def test_whatever_a_file_is_it_is_a_line(data: bytes) -> None:
    assert skim(data, Path("x.yaml")).is_broken


# The shelf


def test_issues_stand_newest_first_with_what_they_are_found_by(shelf: Shelf) -> None:
    lines = shelf.stock().lines
    assert [line.slug for line in lines] == ["2026-11-20", "2026-11-13"]
    assert lines[0].subject == "The night ferry is back"
    assert lines[0].headlines == ("Night ferry returns", "The market hall")
    assert lines[0].day == datetime.date(2026, 11, 20)


def test_a_file_that_stays_the_same_is_not_opened_again(
    shelf: Shelf, desk: Desk, issue: Path
) -> None:
    shelf.stock()
    before = issue.stat()
    issue.write_bytes(issue.read_bytes().replace(b"The night ferry", b"The large ferry"))
    os.utime(issue, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert line_of(Shelf(desk)).subject == "The night ferry is back"
    os.utime(issue, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert line_of(Shelf(desk)).subject == "The large ferry is back"


def test_nothing_is_without_problems_before_it_was_checked(shelf: Shelf, folder: Path) -> None:
    assert said(shelf) == "not checked yet"
    project = Project.open(folder)
    findings = project.check(folder / "issues" / "2026-11-20.yaml")
    line = shelf.check("2026-11-20.yaml")
    assert line
    assert str(line.verdict) == str(Verdict.of(findings)) == said(shelf)
    assert said(shelf, "2026-11-13") == "not checked yet"


def test_a_verdict_is_remembered_by_the_next_run(shelf: Shelf, desk: Desk, folder: Path) -> None:
    shelf.check("2026-11-20.yaml")
    again = Desk(Project.open(folder))
    assert said(Shelf(again)) == said(shelf) != "not checked yet"


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("issues/2026-11-20.yaml", "council is content", "council was content"),
        ("issues/2026-11-13.yaml", "council is content", "council was content"),
        ("newsletter.toml", "1 Example Street", "2 Example Street"),
    ],
)
def test_a_verdict_holds_as_long_as_what_it_depends_on(
    shelf: Shelf, folder: Path, file: str, old: str, new: str
) -> None:
    shelf.check("2026-11-20.yaml")
    assert said(shelf) != "not checked yet"
    touch(folder / file, old, new)
    assert said(shelf) == "not checked yet"


@pytest.mark.parametrize(
    "file", ["issues/pictures/ferry.png", "lint/own.py", "templates/parts/footer.mjml.j2"]
)
def test_a_verdict_ends_with_a_picture_a_rule_or_a_template(
    shelf: Shelf, folder: Path, file: str
) -> None:
    shelf.check("2026-11-20.yaml")
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    assert said(shelf) == "not checked yet"


def test_what_was_taken_back_needs_no_second_check(shelf: Shelf, issue: Path) -> None:
    shelf.check("2026-11-20.yaml")
    first = said(shelf)
    touch(issue, "is back", "is late")
    assert said(shelf) == "not checked yet"
    touch(issue, "is late", "is back")
    assert said(shelf) == first


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[: len(data) // 2],
        lambda data: data.replace(b'"errors"', b'"x"').replace(b"ferry", b"berry"),
        lambda data: b"shelf 1 0.0.0" + data[13:],
        lambda data: b"\xff" + data,
        lambda data: b"[" * 100_000,
    ],
)
def test_a_memory_that_is_not_whole_is_taken_for_none(
    shelf: Shelf, desk: Desk, folder: Path, damage: object
) -> None:
    shelf.check("2026-11-20.yaml")
    memory = folder / ".newsletter" / "cache" / "shelf.json"
    assert line_of(Shelf(desk)).verdict is not None
    memory.write_bytes(damage(memory.read_bytes()))  # type: ignore[operator]
    line = line_of(Shelf(desk))
    assert line.subject == "The night ferry is back"
    assert line.verdict is None


def test_a_cache_that_cannot_be_written_costs_only_time(desk: Desk, folder: Path) -> None:
    (folder / ".newsletter" / "cache").parent.mkdir(exist_ok=True)
    (folder / ".newsletter" / "cache").write_text("a file in the way")
    shelf = Shelf(desk)
    shelf.check("2026-11-20.yaml")
    assert said(shelf) != "not checked yet"


def test_a_broken_file_is_found_by_its_check(shelf: Shelf, issue: Path) -> None:
    touch(issue, "intro:", "nonsense: yes\nintro:")
    line = shelf.check("2026-11-20.yaml")
    assert line
    assert line.state is State.BROKEN
    assert str(line.verdict) == "1 error"


def test_a_draft_and_one_with_errors_are_not_ready(shelf: Shelf, issue: Path, folder: Path) -> None:
    touch(issue, "subject:", "draft: true\nsubject:")
    assert line_of(shelf).state is State.DRAFT
    touch(folder / "issues" / "2026-11-13.yaml", "alt: A ferry at night", "alt: TK")
    assert line_of(shelf, "2026-11-13").state is State.READY
    line = shelf.check("2026-11-13.yaml")
    assert line
    assert line.state is State.HELD


def test_a_check_that_cannot_run_is_said_and_tried_again(shelf: Shelf, folder: Path) -> None:
    (folder / "lint").mkdir()
    (folder / "lint" / "own.py").write_text("def broken(:\n")
    line = shelf.check("2026-11-20.yaml")
    assert line
    assert line.verdict
    assert line.verdict.mood == "error"
    assert str(line.verdict).startswith("The check could not run: ")
    (folder / "lint" / "own.py").unlink()
    assert "could not run" not in str(Shelf(Desk(Project.open(folder))).check("2026-11-20.yaml"))


def test_broken_settings_are_said_and_nothing_passes(shelf: Shelf, folder: Path) -> None:
    shelf.check("2026-11-20.yaml")
    good = (folder / "newsletter.toml").read_text()
    (folder / "newsletter.toml").write_text("name = ")
    stock = shelf.stock()
    assert "newsletter.toml" in stock.trouble
    assert stock.lines[0].subject == "The night ferry is back"
    assert stock.lines[0].verdict is None
    line = shelf.check("2026-11-20.yaml")
    assert line
    assert str(line.verdict) == "The check could not run: newsletter.toml is broken"
    (folder / "newsletter.toml").write_text(good)
    assert not shelf.stock().trouble


def test_checks_wait_while_somebody_writes(
    shelf: Shelf, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.changed()
    assert shelf.check("2026-11-20.yaml") is None
    monkeypatch.setattr(shelf_module, "QUIET", 0.0)
    assert shelf.check("2026-11-20.yaml") is not None


def test_two_files_of_one_name_are_checked_each(shelf: Shelf, issue: Path) -> None:
    (issue.parent / "2026-11-20.yml").write_text("subject: A\n")
    line = shelf.check("2026-11-20.yml")
    assert line
    assert line.state is State.BROKEN
    verdicts = {line.name: line.verdict for line in shelf.stock().lines}
    assert verdicts["2026-11-20.yml"] is not None
    assert verdicts["2026-11-20.yaml"] is None


def test_an_issue_that_has_gone_cannot_be_checked(shelf: Shelf) -> None:
    with pytest.raises(NotFoundError):
        shelf.check("2026-01-01.yaml")


# Sent


def test_looking_makes_no_database(shelf: Shelf, folder: Path) -> None:
    assert line_of(shelf).sending is None
    assert not (folder / ".newsletter" / "newsletter.db").exists()


def test_what_was_sent_is_told_from_the_ledger(shelf: Shelf, desk: Desk, folder: Path) -> None:
    database = desk.project.database
    add_readers(database, 3)
    campaign = Campaigns(database).start(make_edition(), make_sender(), "maildir:outbox", NOON)
    ledger = ledger_of(database, campaign)
    hand_over = Hand(ledger).one

    hand_over(Accepted("250 ok"))
    line = line_of(shelf)
    assert line.state is State.UNFINISHED
    assert line.is_next
    assert line.sending
    assert (line.sending.accepted, line.sending.total) == (1, 3)

    hand_over(Accepted("250 ok"))
    hand_over(Failed("550 no"))
    assert ledger.close(NOON)
    line = line_of(shelf)
    assert line.state is State.SENT
    assert line.sending
    assert (line.sending.accepted, line.sending.total) == (2, 3)
    assert line.sending.is_to_folder
    assert line_of(Shelf(Desk(Project.open(folder)))).sending == line.sending


def test_a_database_that_cannot_be_read_is_said(shelf: Shelf, folder: Path) -> None:
    (folder / ".newsletter").mkdir(exist_ok=True)
    (folder / ".newsletter" / "newsletter.db").write_bytes(b"no database at all" * 100)
    stock = shelf.stock()
    assert "newsletter.db" in stock.trouble
    assert len(stock.lines) == 2


# Which is next


def make_line(day: str, *, sent: bool = False, finished: bool = True) -> Line:
    sending = Sending(1, day, f"{day}T07:00:00+00:00", day if finished else "", 1, 1, "smtp://x")
    date = datetime.date.fromisoformat(day)
    return Line(day, f"{day}.yaml", date, "A", (), False, False, sending if sent else None, None)


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        ([], []),
        ([make_line("2026-12-04"), make_line("2026-11-27")], ["2026-11-27"]),
        ([make_line("2026-11-27"), make_line("2026-11-20", sent=True)], ["2026-11-27"]),
        ([make_line("2026-11-22"), make_line("2026-11-13", sent=True)], ["2026-11-22"]),
        ([make_line("2026-11-20", sent=True), make_line("2026-11-13")], []),
        ([make_line("2026-11-27"), make_line("2026-11-20", sent=True, finished=False)],
         ["2026-11-20"]),
    ],
)  # fmt: skip
def test_the_next_to_go_out(lines: list[Line], wanted: list[str]) -> None:
    marked = with_next(lines, datetime.date(2026, 11, 23))
    assert [line.slug for line in marked if line.is_next] == wanted
