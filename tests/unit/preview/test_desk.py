"""One build for a save, and the last good letter for as long as the files are broken."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.delivery.links import PROOF
from newsletter.errors import NotFoundError
from newsletter.preview import desk as desk_module
from newsletter.preview.build import Build, build
from newsletter.preview.desk import Desk
from newsletter.preview.reader import Reader
from newsletter.preview.view import Letter, View
from newsletter.project import Project

SLUG = "2026-11-20"

OWN_RULE = '''"""Exclamation marks.

What: any.
"""
from newsletter.findings import Severity
from newsletter.lint.rule import Group, Problem, Target

ID = "Z01"
GROUP = Group.EDITORIAL
SEVERITY = Severity.WARNING
TARGET = Target.ISSUE


def check(context):
    yield Problem("we do not shout", "", ("subject",))
'''


def tracked(text: str) -> str:
    """An issue with a finding."""
    return text.replace("org/timetable", "org/timetable?utm_source=x")


@pytest.fixture
def desk(folder: Path) -> Desk:
    return Desk(Project.open(folder))


def view(desk: Desk, *, check: bool = True, reader: Reader | None = None) -> View:
    found = desk.view(SLUG, reader, check=check)
    assert found is not None
    return found


def letter(desk: Desk, reader: Reader | None = None) -> Letter:
    found = view(desk, check=False, reader=reader).letter
    assert found is not None
    return found


def save(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


def rules(view: View) -> set[str]:
    return {remark.finding.rule for remark in view.remarks}


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many builds ran at once, at the begin of each build."""
    running: list[int] = []
    begun: list[int] = []

    def counted(project: Project, path: Path) -> Build:
        running.append(1)
        begun.append(len(running))
        try:
            return build(project, path)
        finally:
            running.pop()

    monkeypatch.setattr(desk_module, "build", counted)
    return begun


def together(number: int, action: Callable[[], object]) -> list[object]:
    """What many threads get that begin at the same moment."""
    found: list[object] = []
    start = threading.Barrier(number)

    def run() -> None:
        start.wait()
        found.append(action())

    threads = [threading.Thread(target=run) for _ in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def test_the_letter_is_the_message_as_sent(desk: Desk) -> None:
    shown = letter(desk)
    assert shown.mail.subject == "The night ferry is back"
    assert shown.mail.sender == "The Harbour Letter <letter@example.org>"
    assert "Hello Alex Example" in shown.mail.html
    assert "Hello Alex Example" in shown.mail.text
    assert "List-Unsubscribe:" in shown.mail.source
    assert shown.preheader.startswith("A new timetable")
    assert [picture.content_type for picture in shown.pictures.values()] == ["image/png"]
    assert shown.weight.bytes > 1000
    assert shown.reading.minutes >= 1


def test_issues_are_listed_latest_first(desk: Desk) -> None:
    assert desk.slugs() == ("2026-11-20", "2026-11-13")


@pytest.mark.parametrize(
    "slug", ["", "2026-11-20.yaml", "../newsletter", "/etc/passwd", "a\0b", "a" * 5000]
)
def test_what_is_not_an_issue_has_no_view(desk: Desk, slug: str) -> None:
    assert desk.view(slug) is None
    assert desk.good(slug) is None
    assert desk.web(slug, "/x") is None
    assert desk.marked(slug, Reader()) == ""
    with pytest.raises(NotFoundError):
        desk.path(slug)


def test_a_link_within_the_issues_is_an_issue_and_one_that_leads_out_is_none(
    desk: Desk, issue: Path
) -> None:
    outside = issue.parent.parent / "outside.yaml"
    outside.write_text(issue.read_text())
    issue.with_name("out.yaml").symlink_to(outside)
    issue.with_name("latest.yaml").symlink_to(issue.name)
    assert "latest" in desk.slugs()
    assert "out" not in desk.slugs()
    assert desk.view("latest") is not None
    assert desk.view("out") is None


def test_the_letter_comes_first_and_the_findings_when_asked_for(desk: Desk, issue: Path) -> None:
    issue.write_text(tracked(issue.read_text()))
    first = view(desk, check=False)
    assert first.letter is not None
    assert (first.checking, first.remarks, first.verdict) == (True, (), "Checking…")
    checked = view(desk)
    assert not checked.checking
    assert "tracking-parameters" in rules(checked)
    assert checked.letter is first.letter
    assert view(desk, check=False).remarks == checked.remarks


def test_findings_of_an_earlier_save_stand_in_and_are_marked(desk: Desk, issue: Path) -> None:
    whole = issue.read_text()
    issue.write_text(tracked(whole))
    before = view(desk)
    issue.write_text(whole)
    desk.changed()
    after = view(desk, check=False)
    assert (after.checking, after.remarks) == (True, before.remarks)
    assert "tracking-parameters" not in rules(view(desk))


def test_a_save_is_built_once_however_many_look(desk: Desk, issue: Path, builds: list[int]) -> None:
    letters = together(20, lambda: letter(desk))
    assert builds == [1]
    assert len({id(found) for found in letters}) == 1
    issue.write_text(issue.read_text().replace("is back", "is here"))
    desk.changed()
    views = together(20, lambda: view(desk))
    assert builds == [1, 1]
    subjects = {found.letter.mail.subject for found in views if isinstance(found, View)}  # type: ignore[union-attr]
    assert subjects == {"The night ferry is here"}
    assert {found.checking for found in views if isinstance(found, View)} == {False}


def test_nothing_is_built_twice_at_once_while_saves_come_in(
    desk: Desk, issue: Path, builds: list[int]
) -> None:
    whole = issue.read_text()
    looking = threading.Event()

    def look() -> None:
        while not looking.is_set():
            desk.view(SLUG, check=False)
            desk.view("2026-11-13", check=False)

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(20):
        issue.write_text(whole.replace("is back", f"is number {number}"))
        desk.changed([issue])
    looking.set()
    for thread in threads:
        thread.join()
    assert letter(desk).mail.subject == "The night ferry is number 19"
    assert set(builds) == {1}


def test_nothing_is_built_until_somebody_looks(desk: Desk, builds: list[int]) -> None:
    for _ in range(5):
        desk.changed()
    assert builds == []
    view(desk)
    view(desk)
    assert len(builds) == 1


def test_a_save_that_changes_nothing_changes_no_digest(desk: Desk, issue: Path) -> None:
    first = letter(desk).digest
    issue.write_text(issue.read_text())
    desk.changed()
    assert letter(desk).digest == first


def test_a_save_counts_before_the_watch_has_heard_of_it(desk: Desk, issue: Path) -> None:
    assert letter(desk).mail.subject == "The night ferry is back"
    issue.write_text(issue.read_text().replace("is back", "has gone again"))
    assert letter(desk).mail.subject == "The night ferry has gone again"


def test_new_messages_rebuild_no_letter(desk: Desk, folder: Path, builds: list[int]) -> None:
    view(desk)
    revision = desk.revision
    desk.changed([folder / "outbox" / "new" / "1", folder / "outbox"])
    view(desk)
    assert (desk.revision, len(builds)) == (revision, 1)
    desk.changed([folder / "outbox" / "new" / "1", folder / "issues" / "x.yaml"])
    view(desk)
    assert len(builds) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [("preheader:", "preheadr:"), ("subject: The", "subject: [The"), ("date: 2026", "date: x2026")],
)
def test_a_broken_issue_keeps_its_last_letter_and_says_why(
    desk: Desk, issue: Path, old: str, new: str
) -> None:
    good = view(desk)
    whole = issue.read_text()
    issue.write_text(whole.replace(old, new))
    desk.changed()
    broken = view(desk)
    assert broken.letter == good.letter
    assert broken.outline == good.outline
    assert (broken.stale, broken.broken, broken.mood) == (True, True, "error")
    assert "error" in broken.verdict
    assert not broken.checking
    line = new.partition(":")[0]
    assert any((r.before + r.at + r.after).startswith(line) for r in broken.remarks)
    assert desk.web(SLUG, "/x") is not None
    assert "data-place" in desk.marked(SLUG, Reader())
    issue.write_text(whole)
    desk.changed()
    assert not view(desk).broken
    assert view(desk).verdict == good.verdict


def test_an_issue_that_was_broken_from_the_beginning_has_no_letter(desk: Desk, issue: Path) -> None:
    whole = issue.read_text()
    issue.write_text("subject: [")
    broken = view(desk)
    assert (broken.letter, broken.stale, broken.broken, broken.outline) == (None, False, True, ())
    assert broken.remarks
    assert desk.web(SLUG, "/x") is None
    assert desk.marked(SLUG, Reader()) == ""
    issue.write_text(whole)
    desk.changed()
    assert not view(desk).broken


def test_a_broken_template_is_trouble_and_its_mending_is_seen(desk: Desk, folder: Path) -> None:
    view(desk)
    template = folder / "templates" / "default.mjml.j2"
    save(template, "<mjml>{% endif %}</mjml>")
    desk.changed()
    broken = view(desk)
    assert broken.trouble is not None
    assert "default.mjml.j2" in broken.trouble.message
    assert broken.stale
    assert broken.verdict.startswith("The check could not run")
    template.unlink()
    desk.changed()
    assert not view(desk).broken


def test_broken_settings_are_trouble_and_new_ones_are_read(desk: Desk, folder: Path) -> None:
    view(desk)
    settings = folder / "newsletter.toml"
    whole = settings.read_text()
    settings.write_text('name = "unfinished')
    desk.changed()
    broken = view(desk)
    assert broken.trouble is not None
    assert "newsletter.toml" in broken.trouble.message
    assert broken.stale
    assert broken.verdict == "The check could not run: newsletter.toml is broken"
    settings.write_text(whole.replace('name = "The Harbour Letter"', 'name = "The Pier Letter"'))
    desk.changed()
    assert not view(desk).broken
    assert desk.project.settings.name == "The Pier Letter"
    assert "The Pier Letter" in letter(desk).mail.html


def test_settings_that_have_gone_are_trouble(desk: Desk, folder: Path) -> None:
    view(desk)
    settings = folder / "newsletter.toml"
    whole = settings.read_text()
    settings.unlink()
    desk.changed()
    assert view(desk).stale
    assert view(desk).trouble is not None
    settings.write_text(whole)
    desk.changed()
    assert not view(desk).broken


def test_a_deleted_issue_keeps_its_letter_and_says_so(desk: Desk, issue: Path) -> None:
    view(desk)
    whole = issue.read_text()
    issue.unlink()
    desk.changed()
    gone = view(desk)
    assert gone.trouble is not None
    assert "no issue 2026-11-20" in gone.trouble.message
    assert gone.letter is not None
    assert gone.verdict == "The check could not run: the file is gone"
    assert desk.slugs() == ("2026-11-13",)
    issue.write_text(whole)
    desk.changed()
    assert not view(desk).broken


def test_a_renamed_issue_is_there_by_its_new_name(desk: Desk, issue: Path) -> None:
    view(desk)
    issue.rename(issue.with_name("2026-11-27.yml"))
    desk.changed()
    renamed = desk.view("2026-11-27")
    assert renamed is not None
    assert not renamed.broken
    assert view(desk).stale


def test_an_issue_may_come_while_the_preview_runs(desk: Desk, issue: Path) -> None:
    assert desk.view("2026-12-04") is None
    issue.with_name("2026-12-04.yaml").write_text(issue.read_text())
    desk.changed()
    assert desk.view("2026-12-04") is not None
    assert desk.slugs()[0] == "2026-12-04"


@pytest.mark.parametrize("content", [b"", b"\x00\x01\xff\xfe", b"[" * 5000, b"a: &a [*a]"])
def test_whatever_is_saved_the_desk_answers(desk: Desk, issue: Path, content: bytes) -> None:
    view(desk)
    issue.write_bytes(content)
    desk.changed()
    assert view(desk).broken
    assert view(desk).letter is not None
    assert not view(desk).verdict.startswith("No problems")


def test_a_rule_of_the_projects_own_is_read_again_when_it_changes(desk: Desk, folder: Path) -> None:
    assert "we-shout" not in rules(view(desk))
    rule = folder / "lint" / "we_shout.py"
    save(rule, OWN_RULE)
    desk.changed([rule])
    assert "we-shout" in rules(view(desk))
    save(rule, OWN_RULE.replace("we do not shout", "please, not so loud"))
    desk.changed([rule])
    (remark,) = [r for r in view(desk).remarks if r.finding.rule == "we-shout"]
    assert remark.finding.message == "please, not so loud"
    assert (remark.group, remark.place) == ("editorial", "subject")
    rule.unlink()
    desk.changed([rule])
    assert "we-shout" not in rules(view(desk))


@pytest.mark.parametrize(
    "rule",
    [
        OWN_RULE.replace('yield Problem("we do not shout", "", ("subject",))', "1 / 0"),
        OWN_RULE.replace('ID = "Z01"\n', ""),
        "raise RuntimeError('no network')",
        "this is no Python",
    ],
)
def test_a_check_that_fails_is_said_and_never_taken_for_a_pass(
    desk: Desk, folder: Path, rule: str
) -> None:
    save(folder / "lint" / "we_shout.py", rule)
    desk.changed()
    failed = view(desk)
    assert failed.letter is not None
    assert not failed.broken
    assert failed.verdict.startswith("The check could not run: ")
    assert "we_shout.py" in failed.verdict
    assert (failed.mood, failed.remarks) == ("error", ())
    (folder / "lint" / "we_shout.py").unlink()
    desk.changed()
    assert "could not run" not in view(desk).verdict


def test_a_rule_that_does_not_exist_is_said(desk: Desk, folder: Path) -> None:
    settings = folder / "newsletter.toml"
    settings.write_text(settings.read_text() + '[lint.rules]\nno-such-rule = "off"\n')
    desk.changed()
    assert "no-such-rule" in view(desk).verdict
    assert view(desk).mood == "error"


def test_somebody_made_up_gets_a_letter_of_their_own(desk: Desk) -> None:
    made_up = Reader(values=(("email", "zoe@example.com"), ("name", "Zoë <b>Sample</b>")))
    shown = letter(desk, made_up)
    assert "Hello Zoë &lt;b&gt;Sample&lt;/b&gt;" in shown.mail.html
    assert "Hello Zoë <b>Sample</b>" in shown.mail.text
    assert "zoe@example.com" in shown.mail.to
    assert "Hello Alex Example" in letter(desk).mail.html
    assert "&lt;b&gt;" in desk.marked(SLUG, made_up)


@pytest.mark.parametrize("address", ["no address", "a@b@c", "x\r\nBcc: y@example.com", "\0@x"])
def test_an_address_that_is_none_is_said(desk: Desk, address: str) -> None:
    shown = view(desk, reader=Reader(values=(("email", address),)))
    assert shown.letter is None or "Bcc" not in shown.letter.mail.source.partition("\n\n")[0]
    assert (shown.letter is None) == (shown.trouble is not None)
    assert not view(desk).broken


def test_a_subscriber_is_chosen_by_number_and_an_unknown_one_is_said(
    desk: Desk, folder: Path
) -> None:
    from newsletter.audience.profile import Profile
    from newsletter.audience.subscribers import add, get

    hostile = "<img src=x onerror=alert(1)>\u202e"
    add(desk.project.database, "zoe@example.com", Profile(name=hostile, language="uk"))
    zoe = get(desk.project.database, "zoe@example.com")
    shown = letter(desk, Reader(zoe.id))
    assert "zoe@example.com" in shown.mail.to
    assert "<img src=x" not in shown.mail.html
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown.mail.html
    assert f"/unsubscribe/{PROOF}>" in shown.mail.source.replace("=\n", "")
    unknown = view(desk, reader=Reader(zoe.id + 1))
    assert unknown.letter is None
    assert unknown.trouble is not None
    assert f"no subscriber number {zoe.id + 1}" in unknown.trouble.message
    with pytest.raises(NotFoundError):
        desk.marked(SLUG, Reader(zoe.id + 1))
    desk.project.close()


def test_looking_for_a_reader_makes_no_database(desk: Desk, folder: Path) -> None:
    shown = view(desk, reader=Reader(1))
    assert shown.trouble is not None
    assert "no subscribers yet" in shown.trouble.message
    assert not list(folder.glob("**/*.db*"))


def test_only_the_last_few_readers_are_kept(desk: Desk) -> None:
    first = letter(desk)
    for number in range(20):
        letter(desk, Reader(values=(("name", f"Number {number}"),)))
    assert letter(desk).digest == first.digest


def test_the_outbox_is_the_one_in_the_settings(folder: Path) -> None:
    settings = folder / "newsletter.toml"
    assert Desk(Project.open(folder)).outbox.folder == folder / "outbox"
    settings.write_text(settings.read_text() + 'transport = "maildir:var/sent"\n')
    desk = Desk(Project.open(folder))
    assert desk.outbox.folder == folder / "var" / "sent"
    assert desk.outbox.folder in desk.folders()
    assert folder / "issues" in desk.folders()
    assert folder / "lint" in desk.folders()
    assert folder / "templates" in desk.folders()


def test_what_the_preview_showed_it_can_mend(desk: Desk, issue: Path) -> None:
    issue.write_text(tracked(issue.read_text()))
    view(desk)
    good = desk.good(SLUG)
    assert good is not None
    assert good.manuscript is not None
    diagnoses = [d for d in desk.examine(good.manuscript) if d.problem.fix]
    assert [d.finding.rule for d in diagnoses] == ["tracking-parameters"]
    mendable = [r.finding.rule for r in view(desk).remarks if r.mendable]
    assert mendable == ["tracking-parameters"]
