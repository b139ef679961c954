"""The start page: what an editor finds there, begins there, and drops on it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe

from newsletter.preview import bringing_in
from newsletter.preview.routes import start
from tests.proof import cases

DRAFT = """\
## The lamp is lit on Monday

The keeper climbed 214 steps with it on her back.

## The stairs get a rail

It is of oak.
"""
DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const send = (kind) => document.body.dispatchEvent(
        new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    send("dragenter");
    const seen = !document.getElementById("drop").hidden;
    send("dragover");
    send("drop");
    return [seen, document.getElementById("drop").hidden];
}"""


@pytest.fixture
def shelf(page: Any, running: Any) -> Any:
    """The start page, looked at."""
    page.goto(f"{running.base}/")
    page.locator("#shelf tbody tr").first.wait_for()
    return page


def rows(page: Any) -> list[str]:
    return [link.inner_text() for link in page.locator("#shelf .subject a:visible").all()]


def until(page: Any, expression: str) -> None:
    """Wait for something in the page; Playwright's own way is stopped by the page's policy."""
    give_up = time.monotonic() + 15
    while not page.evaluate(expression):
        assert time.monotonic() < give_up, f"never came true: {expression}"
        page.wait_for_timeout(20)


def post(running: Any, data: bytes, query: str = "name=draft.md") -> Any:
    return running.post(f"shelf/import?{query}", data)


# What is asked and answered


def test_all_issues_are_in_the_page_and_none_passes_unchecked(running: Any) -> None:
    answer = running.get("")
    assert answer.status == 200
    assert answer.text.index("The night ferry is back") < answer.text.index("is late")
    assert answer.text.count("Not checked yet") == 2
    assert "No problems" not in answer.text


def test_an_issue_is_checked_when_the_page_asks(running: Any) -> None:
    said = running.post("shelf/check", {"name": "2026-11-20.yaml"}).json
    assert "error" in said["verdict"]
    assert said["mood"] == "error"
    assert said["verdict"].capitalize() in running.get("").text
    assert running.post("shelf/check", {"name": "2020-01-01.yaml"}).status == 409
    assert running.post("shelf/check", {}).status == 400


def test_a_new_issue_is_begun(running: Any, folder: Path) -> None:
    said = running.post("shelf/new", {"name": " 2027-01-08 "}).json
    assert said["address"].endswith("/issue/2027-01-08")
    assert "date: 2027-01-08" in (folder / "issues" / "2027-01-08.yaml").read_text()
    assert running.post("shelf/new", {}).json["address"].endswith("/issue/2027-01-15")


@pytest.mark.parametrize("name", ["2026-11-20", "../evil", "a/b", "2026-02-30", "<b>", "x" * 101])
def test_no_name_leads_to_another_file(running: Any, folder: Path, name: str) -> None:
    before = sorted(folder.rglob("*.yaml"))
    answer = running.post("shelf/new", {"name": name})
    assert answer.status == 409
    assert answer.json["message"]
    assert sorted(folder.rglob("*.yaml")) == before


def test_a_draft_becomes_an_issue(running: Any, folder: Path) -> None:
    made = post(running, DRAFT.encode(), "name=lamp.md&date=2026-12-04").json
    assert made["slug"] == "2026-12-04"
    assert [story["headline"] for story in made["stories"]] == [
        "The lamp is lit on Monday",
        "The stairs get a rail",
    ]
    assert all(finding["line"] >= 1 for finding in made["findings"])
    text = (folder / "issues" / "2026-12-04.yaml").read_text()
    assert "214 steps" in text
    assert "# Imported from lamp.md" in text
    assert (folder / ".newsletter" / "issue.schema.json").exists()


def test_an_import_never_writes_over_an_issue(running: Any, folder: Path) -> None:
    before = (folder / "issues" / "2026-11-20.yaml").read_bytes()
    answer = post(running, DRAFT.encode(), "name=lamp.md&date=2026-11-20")
    assert answer.status == 409
    free = answer.json["free"]
    assert (folder / "issues" / "2026-11-20.yaml").read_bytes() == before
    assert post(running, DRAFT.encode(), f"name=lamp.md&date={free}").json["slug"] == free


def test_an_issue_with_the_other_ending_counts_as_there(running: Any, folder: Path) -> None:
    (folder / "issues" / "2026-11-20.yaml").rename(folder / "issues" / "2026-11-20.yml")
    assert post(running, DRAFT.encode(), "name=lamp.md&date=2026-11-20").status == 409
    assert not (folder / "issues" / "2026-11-20.yaml").exists()


@pytest.mark.parametrize(
    ("data", "query"),
    [
        (b"", "name=draft.md"),
        (b"  \n ", "name=draft.md"),
        (b"%PDF-1.7 \0\0", "name=draft.pdf"),
        (b"PK\x03\x04" + b"x" * 50, "name=draft.docx"),
        (b"The lamp", "name=draft.docx"),
        (b"The lamp", "name=draft.txt&date=2026-02-30"),
        (b"The lamp", "name=draft.txt&date=../../x"),
    ],
)
def test_what_is_no_draft_is_kept_out(running: Any, folder: Path, data: bytes, query: str) -> None:
    before = sorted(folder.rglob("*"))
    answer = post(running, data, query)
    assert answer.status == 409
    assert answer.json["message"]
    files = [path for path in sorted(folder.rglob("*")) if path not in before]
    assert [path for path in files if ".newsletter" not in path.parts] == []


@pytest.mark.parametrize("name", ["../../evil.md", "C:\\evil.md", "a\nb: c.md", "", "x" * 500])
def test_the_name_of_a_draft_is_only_a_name(running: Any, folder: Path, name: str) -> None:
    made = post(running, DRAFT.encode(), f"name={quote(name)}&date=2026-12-04")
    assert made.status == 200
    text = (folder / "issues" / "2026-12-04.yaml").read_text()
    assert [line[0] for line in text.splitlines()[:3]] == ["#", "#", "#"]
    assert not (folder.parent / "evil.md").exists()


def test_a_draft_that_is_too_large_is_not_taken(
    running: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(start, "LARGEST", 1000)
    answer = post(running, b"The lamp is lit. " * 100)
    assert answer.status == 409
    assert "MB" in answer.json["message"]
    assert len(list((folder / "issues").glob("*.yaml"))) == 2


def test_other_web_sites_cannot_import(running: Any, folder: Path) -> None:
    path = f"{running.prefix}/shelf/import?name=x.md"
    for headers in ({}, {"Origin": "https://evil.example.org"}, {"Origin": "null"}):
        assert running.ask(path, "POST", DRAFT.encode(), **headers).status == 403
    assert len(list((folder / "issues").glob("*.yaml"))) == 2


def test_names_of_files_lose_what_is_no_name() -> None:
    assert bringing_in.file_name("C:\\drafts\\lamp.docx") == "lamp.docx"
    assert bringing_in.file_name("../\u202e\n") == "draft"


# In the browser


@pytest.mark.browser
def test_unchecked_issues_are_checked_while_the_page_is_open(shelf: Any) -> None:
    until(shelf, "!document.querySelector('#shelf tr[data-open]')")
    texts = shelf.locator("#shelf .verdict").all_inner_texts()
    assert all("error" in text for text in texts)
    shelf.reload()
    assert shelf.locator("#shelf .verdict").all_inner_texts() == texts


@pytest.mark.browser
def test_typing_finds_by_subject_date_and_headline(shelf: Any, folder: Path) -> None:
    shelf.keyboard.press("/")
    shelf.keyboard.type("LATE")
    assert rows(shelf) == ["The night ferry is late"]
    assert shelf.locator("#count").inner_text() == "1 of 2 issues"
    shelf.locator("#search").fill("november 13")
    assert rows(shelf) == ["The night ferry is late"]
    shelf.locator("#search").fill("märket 2026-11-20")
    assert rows(shelf) == ["The night ferry is back"]
    assert shelf.locator("#shelf .hit:visible").inner_text() == "The market hall"
    shelf.locator("#search").fill("lighthouse")
    assert rows(shelf) == []
    assert "lighthouse" in shelf.locator("#nothing").inner_text()
    shelf.keyboard.press("Escape")
    assert len(rows(shelf)) == 2


@pytest.mark.browser
def test_the_page_follows_saves_and_keeps_the_search(shelf: Any, issue: Path) -> None:
    shelf.locator("#search").fill("2026-11-20")
    issue.write_text(issue.read_text().replace("is back", "sails on"))
    until(shelf, "document.querySelector('#shelf .subject a').textContent.includes('sails on')")
    assert rows(shelf) == ["The night ferry sails on"]
    assert shelf.locator("#search").input_value() == "2026-11-20"


@pytest.mark.browser
def test_a_new_issue_opens_and_a_bad_name_is_told(shelf: Any, folder: Path) -> None:
    shelf.keyboard.press("n")
    shelf.keyboard.type("20.11.2026")
    shelf.keyboard.press("Enter")
    shelf.locator("#new-problem").wait_for()
    assert "2026-11-20" in shelf.locator("#new-problem").inner_text()
    shelf.locator("#new-name").fill("2027-03-05")
    shelf.keyboard.press("Enter")
    shelf.wait_for_url("**/issue/2027-03-05*")


@pytest.mark.proof("only")
@pytest.mark.browser
def test_an_empty_project_says_how_to_begin(page: Any, serve: Any, folder: Path) -> None:
    for path in (folder / "issues").glob("*.yaml"):
        path.unlink()
    with serve(slug=None) as running:
        page.goto(running.address)
        assert "No issue yet" in page.locator("#shelf").inner_text()
        assert page.locator("[data-do=new]:visible").count() == 1
        assert page.locator("[data-do=import]:visible").count() == 1
        page.keyboard.press("n")
        page.keyboard.type("2027-03-05")
        page.keyboard.press("Enter")
        page.wait_for_url("**/issue/2027-03-05*")


@pytest.mark.browser
def test_a_file_dropped_anywhere_becomes_an_issue(shelf: Any, folder: Path) -> None:
    assert shelf.evaluate(DROP, ["2026-12-04 lamp.md", DRAFT]) == [True, True]
    shelf.locator("#draft-go").wait_for()
    report = shelf.locator("#draft-dialog").inner_text()
    assert "2026-12-04 lamp.md is now the issue 2026-12-04" in report
    assert "The lamp is lit on Monday" in report
    assert "line 1" in report
    assert (folder / "issues" / "2026-12-04.yaml").exists()
    shelf.locator("#draft-go").click()
    shelf.wait_for_url("**/issue/2026-12-04*")


@pytest.mark.proof("only")
@pytest.mark.browser
def test_a_taken_day_offers_another(shelf: Any, folder: Path) -> None:
    shelf.evaluate(DROP, ["2026-11-20.md", DRAFT])
    shelf.locator("#draft-form").wait_for()
    assert "2026-11-20 already" in shelf.locator("#draft-problem").inner_text()
    free = shelf.locator("#draft-day").input_value()
    shelf.locator("#draft-form button").click()
    shelf.locator("#draft-go").wait_for()
    assert "214 steps" in (folder / "issues" / f"{free}.yaml").read_text()


@pytest.mark.proof("only")
@pytest.mark.browser
def test_what_is_no_draft_is_said_in_the_page(shelf: Any, folder: Path) -> None:
    shelf.evaluate(DROP, ["lamp.docx", "The lamp is lit."])
    shelf.locator("#draft-problem").wait_for()
    assert "lamp.txt" in shelf.locator("#draft-problem").inner_text()
    assert len(list((folder / "issues").glob("*.yaml"))) == 2


@pytest.mark.browser
def test_hostile_words_stay_words(page: Any, serve: Any, folder: Path) -> None:
    evil = "</td><script>window.ran=1</script><img src=x onerror=window.ran=1>\"'{{7*7}}"
    text = (folder / "issues" / "2026-11-20.yaml").read_text()
    quoted = evil.replace("'", "''")
    (folder / "issues" / "2026-11-20.yaml").write_text(
        text.replace("subject: The night ferry is back", f"subject: '{quoted}'").replace(
            "headline: The market hall", f"headline: '{quoted} lamp'"
        )
    )
    (folder / "issues" / "<b onclick=window.ran=1>.yaml").write_text(text)
    with serve(slug=None) as running:
        page.goto(running.address)
        page.locator("#search").fill("lamp")
        assert rows(page) == [evil]
        assert page.locator("#shelf .hit:visible").inner_text() == f"{evil} lamp"
        page.evaluate(DROP, [f"{evil[:40]}.md", f"{DRAFT}\n\n## {evil}\n\nA."])
        page.locator("#draft-go").wait_for()
        page.wait_for_timeout(100)
        assert page.evaluate("window.ran") is None
        assert page.locator("#shelf img, #draft-dialog img, #shelf script").count() == 0


@pytest.mark.proof("only")
@pytest.mark.browser
def test_nothing_is_wider_than_the_screen(page: Any, serve: Any, folder: Path) -> None:
    path = folder / "issues" / "2026-11-20.yaml"
    path.write_text(path.read_text().replace("subject: The", f"subject: {'Donau' * 60} The"))
    with serve(slug=None) as running:
        page.goto(running.address)
        page.locator("#shelf tbody tr").first.wait_for()
        for width in (1400, 820, 390, 320):
            page.set_viewport_size({"width": width, "height": 800})
            until(page, f"innerWidth === {width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert page.evaluate(
                "(m => m.scrollWidth <= m.clientWidth)(document.getElementById('main'))"
            )


@pytest.mark.browser
@pytest.mark.proof
@pytest.mark.parametrize(
    ("scheme", "width"), cases([("light", 1400)], [("light", 1400), ("dark", 390)])
)
def test_axe_finds_nothing_wrong(shelf: Any, scheme: str, width: int) -> None:
    shelf.emulate_media(color_scheme=scheme)
    shelf.set_viewport_size({"width": width, "height": 900})
    for key in ("", "n"):
        if key:
            shelf.keyboard.press(key)
        found = Axe().run(shelf)
        assert found.violations_count == 0, found.generate_report()
