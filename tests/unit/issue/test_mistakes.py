"""What an editor gets to read for each mistake: source in, exact lines out."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.problems import RULES

HEAD = "subject: Storm\npreheader: What it left behind\ndate: 2026-11-20\n"
STORY = "  - headline: The harbour closes\n    body: No ship left.\n"
TAIL = f"sections:\n{STORY}"


def findings(source: str | bytes) -> list[str]:
    read = load_text(source, Path("x.yaml"), "x.yaml")
    assert not isinstance(read, Manuscript), "expected findings"
    assert {finding.rule for finding in read} <= RULES.keys()
    return [str(finding).removeprefix("x.yaml:") for finding in read]


def story(lines: str) -> str:
    return f"{HEAD}sections:\n{lines}"


CASES = {
    "a misspelt key hides no missing one": (
        story("  - headlin: A\n    body: B\n"),
        ['5:5: error: unknown key "headlin". Did you mean "headline"? [unknown-key]'],
    ),
    "a key by another usual name": (
        story("  - title: A\n    text: B\n"),
        [
            '5:5: error: unknown key "title". Did you mean "headline"? [unknown-key]',
            '6:5: error: unknown key "text". Did you mean "body"? [unknown-key]',
        ],
    ),
    "a key that nothing resembles": (
        f"{HEAD}colour: red\n{TAIL}",
        [
            '4:1: error: unknown key "colour". The issue takes: subject, preheader, date, title, '
            "number, language, template, draft, visibility, lists, expires, intro, summary, "
            "sections, outro, corrections. [unknown-key]"
        ],
    ),
    "a picture's key beside the picture": (
        story("  - headline: A\n    body: B\n    alt: C\n    image:\n      src: a.jpg\n"),
        [
            '7:5: error: unknown key "alt". It belongs to a picture: put it below "image:", '
            "indented. [unknown-key]"
        ],
    ),
    "missing keys are all named where they are missing": (
        "subject: Storm\nsections:\n  - headline: A\n  - kind: quote\n    source: B\n",
        [
            '1:1: error: the issue has no "preheader". Add "preheader: …" to it. [missing-key]',
            '1:1: error: the issue has no "date". Add "date: 2026-11-20". [missing-key]',
            '3:3: error: the story has no "body". Add "body: …" to it. [missing-key]',
            '4:3: error: the quote has no "text". Add "text: …" to it. [missing-key]',
        ],
    ),
    "a picture without alt text": (
        story("  - kind: picture\n    image:\n      src: a.jpg\n"),
        [
            '7:7: error: the picture has no "alt". Add "alt: …" with what it shows, or alt: "" '
            "if it is only decoration. [missing-key]"
        ],
    ),
    "a section that forgot its kind": (
        story("  - label: Read\n    url: https://example.com\n"),
        [
            '5:3: error: this section has no "headline" and no "kind". Add "kind: button" if it '
            "is a button. [missing-key]"
        ],
    ),
    "a misspelt kind": (
        story("  - kind: qoute\n    text: A\n"),
        ['5:11: error: there is no kind of section "qoute". Did you mean "quote"? [unknown-kind]'],
    ),
    "keys without a value": (
        "subject:\npreheader: ''\ndate: ~\nsections:\n  - headline: #metoo\n    body:\n  -\n",
        [
            '1:1: error: "subject" of the issue is empty. Write something behind it. [empty-value]',
            '2:12: error: "preheader" of the issue is empty. Write something behind it. '
            "[empty-value]",
            '3:1: error: "date" of the issue is empty. Write something behind it. [empty-value]',
            '5:5: error: "headline" of the story is empty. A "#" starts a comment: put quotes '
            "around the text. [empty-value]",
            '6:5: error: "body" of the story is empty. Write something behind it. [empty-value]',
            '7:4: error: this section is empty. Take out the "-", or write a section behind it. '
            "[empty-value]",
        ],
    ),
    "values of the wrong type": (
        f"{HEAD}number: twelve\ndraft: maybe\nsummary: One.\nsections:\n  headline: A\n",
        [
            '4:9: error: "number" must be a whole number, not "twelve" [wrong-type]',
            '5:8: error: "draft" must be true or false, not "maybe". Write draft: true or '
            "draft: false. [wrong-type]",
            '6:10: error: "summary" must be a list. Begin each entry on a line of its own with '
            '"- ". [wrong-type]',
            '8:3: error: "sections" must be a list. Begin each entry on a line of its own with '
            '"- ". [wrong-type]',
        ],
    ),
    "a picture that is only a file name": (
        story("  - headline: A\n    body: B\n    image: a.jpg\n"),
        [
            "7:12: error: the picture must be keys with values, not text. Put below "
            '"image:", indented: "src: a.jpg" and "alt: …". [wrong-type]'
        ],
    ),
    "a width in pixels": (
        story("  - kind: picture\n    image: {src: a.jpg, alt: A, width: 300px}\n"),
        ['6:40: error: "width" must be a whole number, not "300px". Write width: 300 [wrong-type]'],
    ),
    "a body that YAML takes for keys": (
        f"{HEAD}intro:\n  The mayor said: no.\n{TAIL}",
        [
            '5:3: error: "intro" must be text; YAML takes this for keys with values. Write '
            '"intro: |" and the text on the lines below it, indented. [wrong-type]'
        ],
    ),
    "addresses": (
        story("  - kind: button\n    label: A\n    url: www.example.com/a\n"),
        [
            '7:10: error: "url" is not a web address: "www.example.com/a". Write '
            "https://www.example.com/a [bad-value]"
        ],
    ),
    "names, languages": (
        f"{HEAD}language: English\n{TAIL}    id: Old Harbour\n",
        [
            '4:11: error: "English" cannot be the "language". Write a language code, such as en, '
            "uk or pt-BR. [bad-value]",
            '8:9: error: "Old Harbour" cannot be the "id". Use lower-case letters a to z, digits '
            "and hyphens: old-harbour [bad-value]",
        ],
    ),
    "two sections of one name": (
        f"{HEAD}{TAIL}    id: sea\n{STORY}    id: sea\n",
        [
            '10:9: error: another section has the id "sea", on line 7, column 9. Give each '
            "section an id of its own. [duplicate-id]"
        ],
    ),
    "a key twice": (
        f"{HEAD}subject: Sun\n{TAIL}",
        [
            '4:1: error: "subject" stands here twice, first on line 1. Keep one of the two. '
            "[duplicate-key]"
        ],
    ),
    "a subject on two lines": (
        HEAD.replace("Storm", '"Storm\\nBcc: eve@example.com"') + TAIL,
        ['1:10: error: "subject" must be on one line. Join its lines into one. [line-break]'],
    ),
    "unquoted colons, each of them, and what is wrong behind them": (
        "subject: Storm: the harbour closes\npreheader: Read: all\ndate: 20.11.2026\nsections:\n"
        "  - headline: Sea: calm\n    bdy: A\n  - headline: B\n    body: The mayor: no\n",
        [
            "1:15: error: text with a colon has no quotes around it. Put quotes around it: "
            'subject: "Storm: the harbour closes" [colon]',
            "2:16: error: text with a colon has no quotes around it. Put quotes around it: "
            'preheader: "Read: all" [colon]',
            '3:7: error: "20.11.2026" is not a date as YYYY-MM-DD. Write date: 2026-11-20 '
            "[bad-date]",
            "5:18: error: text with a colon has no quotes around it. Put quotes around it: "
            'headline: "Sea: calm" [colon]',
            '6:5: error: unknown key "bdy". Did you mean "body"? [unknown-key]',
            '8:20: error: text with a colon has no quotes around it. Write "body: |" and the text '
            "on the lines below it, indented. [colon]",
        ],
    ),
    "a bullet with a colon": (
        f"{HEAD}summary:\n  - Storm: the harbour closes\n{TAIL}",
        [
            "5:5: error: text with a colon has no quotes around it. Put quotes around it: "
            '- "Storm: the harbour closes" [colon]'
        ],
    ),
    "a colon in the second line of a text": (
        f"{HEAD}intro: Good morning.\n  Today: storms.\n{TAIL}",
        [
            '5:8: error: text with a colon has no quotes around it. Write "intro: |" and the text '
            "on the lines below it, indented. [colon]"
        ],
    ),
    "an apostrophe in single quotes": (
        story("  - headline: 'It's raining'\n    body: 'Tom said \"no\", didn't he?'\n"),
        [
            "5:18: error: the apostrophe ends the text, which stands in single quotes. Put quotes "
            'around it: headline: "It\'s raining" [apostrophe]',
            "6:31: error: the apostrophe ends the text, which stands in single quotes. Write it "
            "twice (''), or put double quotes around the text. [apostrophe]",
        ],
    ),
    "a text that goes on behind its quotes": (
        story('  - headline: "Storm" hits coast\n    body: A\n'),
        [
            "5:22: error: the text goes on behind its closing quote. Put quotes around it: "
            "headline: '\"Storm\" hits coast' [quotes]"
        ],
    ),
    "quotes that are not closed": (
        story('  - headline: "Storm\n    body: A\n  - headline: "Sun"\n    bdy: B\n'),
        [
            '5:15: error: the quote that opens here is not closed. Put " at its end, or other '
            "quotes around all of it. [quotes]",
            '8:5: error: unknown key "bdy". Did you mean "body"? [unknown-key]',
        ],
    ),
    "quotes that are open to the end": (
        f"{HEAD}{TAIL}    byline: 'Ada Sample\n",
        [
            "7:13: error: the quote that opens here is not closed. Put ' at its end, or other "
            "quotes around all of it. [quotes]"
        ],
    ),
    "a backslash in double quotes": (
        f'{HEAD}intro: "C:\\pictures"\n{TAIL}',
        [
            "4:11: error: a backslash in double quotes has a meaning. Write the backslash twice, "
            "or put single quotes around the text. [quotes]"
        ],
    ),
    "curly quotes that should hold a text": (
        HEAD.replace("Storm", "“Storm: a report”").replace("2026-11-20", "“2026-11-20”")
        + TAIL.replace("The", "“The").replace("closes", "closes”"),
        [
            "1:16: error: curly quotes are part of the text: only straight ones hold it. Put "
            'quotes around it: subject: "Storm: a report" [curly-quotes]',
            '3:7: error: curly quotes are part of the value of "date". Write date: 2026-11-20 '
            "[curly-quotes]",
        ],
    ),
    "a bullet on two lines, and an empty one": (
        f'{HEAD}summary:\n  - |\n    One.\n    Two.\n  - ""\n  -\n{TAIL}',
        [
            "5:5: error: a bullet must be on one line. Join its lines into one. [line-break]",
            "8:5: error: this entry is empty. Take it out, or write something. [empty-value]",
            '9:4: error: this entry is empty. Take out the "-", or write behind it. [empty-value]',
        ],
    ),
    "text that a # cuts off": (
        f"{HEAD}summary:\n  - We are #1 in town  # really\n{TAIL}",
        [
            '5:12: error: text is cut off here: a "#" behind a space starts a comment. Put quotes '
            'around the whole text, or a space behind "#" if it is a comment. [hash]'
        ],
    ),
    "no colon, no space, no hyphen": (
        HEAD.replace("subject: ", "subject = ").replace("preheader: ", "preheader:")
        + "summary:\n  * one\n  * two\nsections:\n  -headline: A\n   body: B\n"
        + "  - headline：C\n    body: D\n",
        [
            '1:1: error: there is no colon with a space after "subject". Write "subject: Storm". '
            "[yaml-syntax]",
            '2:1: error: there is no colon with a space after "preheader". Write "preheader: What '
            'it left behind". [yaml-syntax]',
            '5:3: error: text that begins with "*" has no quotes around it. Begin each entry of '
            'the list with "- ". [leading-sign]',
            "8:3: error: an entry of a list begins with a hyphen and a space. Write "
            '"- headline: A". [yaml-syntax]',
            '9:4: error: "body:" does not line up with the lines it belongs to. Start it below '
            '"headline:" of line 8, at column 5. [indentation]',
            '10:5: error: there is no colon with a space after "headline". Write "headline: C". '
            "[yaml-syntax]",
        ],
    ),
    "Markdown behind its key": (
        story(
            "  - headline: A\n    body: One.\n\n      - item: two\n"
            "  - headline: B\n    body:\n      **Bold** text.\n    image: src: a.jpg\n"
        ),
        [
            '8:13: error: text with a colon has no quotes around it. Write "body: |" and the text '
            "on the lines below it, indented. [colon]",
            '11:7: error: text that begins with "*" has no quotes around it. Write "body: |" and '
            "the text on the lines below it, indented. [leading-sign]",
            '12:15: error: "src:" cannot stand on the line of "image:". Put it on the next line, '
            "indented. [colon]",
        ],
    ),
    "a text that is not indented below its key": (
        story("  - headline: A\n    body: |\n    One.\n"),
        [
            '6:11: error: "body" of the story is empty. Indent the text below it deeper than '
            '"body". [empty-value]',
            "7:5: error: this line is neither a key with a value nor part of the text above it. If "
            "it belongs to the text above, indent it like that text. [yaml-syntax]",
        ],
    ),
    "a forgotten hyphen": (
        story("  - headline: A\n    body: B\n    headline: C\n"),
        [
            '7:5: error: "headline" stands here twice, first on line 5. Keep one of the two, or '
            'begin a new entry with "- ". [duplicate-key]'
        ],
    ),
    "spaces from a web page": (
        story("\xa0\xa0- headline: A\n"),
        [
            '4:1: error: "sections" of the issue is empty. Write something behind it. '
            "[empty-value]",
            '5:1: error: non-breaking spaces stand in the key "- headline". Type ordinary spaces '
            "instead. [unknown-key]",
        ],
    ),
    "what git could not merge": (
        f"{HEAD}<<<<<<< HEAD\nintro: A\n=======\nintro: B\n>>>>>>> x\nbyline: C\n{TAIL}",
        [
            "4:1: error: two versions of these lines stand here: git could not merge them. Keep "
            'one, and take out the lines with "<<<<<<<", "=======" and ">>>>>>>". '
            "[merge-conflict]",
            '9:1: error: unknown key "byline". The issue takes: subject, preheader, date, title, '
            "number, language, template, draft, visibility, lists, expires, intro, summary, "
            "sections, outro, corrections. [unknown-key]",
        ],
    ),
    "a paragraph that is not indented": (
        f"{HEAD}intro: |\n  Good morning.\n\nStorms today.\nSun tomorrow.\n{TAIL}",
        [
            "7:1: error: this line is neither a key with a value nor part of the text above it. If "
            "it belongs to the text above, indent it like that text. [yaml-syntax]"
        ],
    ),
    "keys that do not line up": (
        story("  - headline: A\n     body: B\n  - headline: C\n   body: D\n - headline: E\n"),
        [
            '6:6: error: "body:" does not line up with the lines it belongs to. Start it below '
            '"headline:" of line 5, at column 5. [indentation]',
            '8:4: error: "body:" does not line up with the lines it belongs to. Start it below '
            '"headline:" of line 7, at column 5. [indentation]',
            '9:2: error: "-" does not line up with the lines it belongs to. Start it below "-" of '
            "line 7, at column 3. [indentation]",
            '9:2: error: the story has no "body". Add "body: …" to it. [missing-key]',
        ],
    ),
    "tabs, and what is wrong in their lines": (
        f"{HEAD}sections:\n\t- headline: A\n\t  bdy: B\n",
        [
            "5:1: error: a tab stands where only spaces may (also on line 6). Use two spaces for "
            "each level; your editor can convert tabs to spaces. [tab]",
            '6:4: error: unknown key "bdy". Did you mean "body"? [unknown-key]',
        ],
    ),
    "several documents": (
        f"---\n{HEAD}---\n{TAIL}---\nsubject: B\n",
        [
            '5:1: error: "---" at the start of a line begins or ends a document. One file holds '
            'one issue. For a line between sections write "- kind: divider". [several-documents]',
            '9:1: error: "---" at the start of a line begins or ends a document. One file holds '
            'one issue. For a line between sections write "- kind: divider". [several-documents]',
        ],
    ),
    "a file of another kind of YAML": (
        "- one\n- two\n",
        [
            "1:1: error: an issue consists of keys with values. Begin with "
            '"subject: " and the subject line. [wrong-type]'
        ],
    ),
    "only comments": (
        "# to do\n",
        [
            "1:1: error: the file says nothing. Start an issue with: newsletter new [empty-file]",
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_says_exactly_what_is_wrong(case: str) -> None:
    source, expected = CASES[case]
    assert findings(source) == expected


@pytest.mark.parametrize(
    "text",
    ["[Update] Storm", "[Update]", "{a}", "@ada", "`code`", "*bold* start", "&c.", "%5", "> 5"],
)
def test_text_that_begins_with_a_sign_needs_quotes(text: str) -> None:
    (finding,) = findings(story(f"  - headline: {text}\n    body: A\n"))
    assert finding == (
        f'5:15: error: text that begins with "{text[0]}" has no quotes around it. Put quotes '
        f'around it: headline: "{text}" [leading-sign]'
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026/11/20", "2026-11-20"),
        ("20261120", "2026-11-20"),
        ("2026-1-5", "2026-01-05"),
        ("20.11.2026", "2026-11-20"),
        ("20 November 2026", "2026-11-20"),
        ("November 20, 2026", "2026-11-20"),
    ],
)
def test_a_date_in_another_clear_form_is_translated(typed: str, meant: str) -> None:
    (finding,) = findings(HEAD.replace("2026-11-20", typed) + TAIL)
    assert f"Write date: {meant} [bad-date]" in finding


@pytest.mark.parametrize("typed", ["2026-13-45", "2026-02-30", "11/12/2026", "soon"])
def test_a_date_that_could_mean_anything_is_not_guessed(typed: str) -> None:
    (finding,) = findings(HEAD.replace("2026-11-20", typed) + TAIL)
    assert finding.startswith("3:7: ")
    assert finding.endswith("[bad-date]")
    assert "Write date:" not in finding or "2026-11-20" in finding


def test_a_yaml_bomb_is_refused_without_being_expanded() -> None:
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 10)]
    found = findings("l0: &l0 [x, x]\n" + "\n".join(levels))
    assert any("1:5: " in line and "[alias]" in line for line in found)


def test_tags_are_refused_and_nothing_runs(tmp_path: Path) -> None:
    made = tmp_path / "made"
    found = findings(f"{HEAD}intro: !!python/object/apply:os.mkdir ['{made}']\n{TAIL}")
    assert [line.rpartition(" ")[2] for line in found] == ["[tag]"]
    assert found[0].startswith("4:8: ")
    assert not made.exists()


def test_deep_nesting_is_refused_before_anything_recurses() -> None:
    assert findings("a: " + "[" * 200_000) == [
        "1:54: error: more than 50 levels of nesting, which no issue has [too-deep]"
    ]
    assert findings("".join(" " * n + "a:\n" for n in range(60)))[0].startswith("51:51: ")


def test_too_many_values_are_refused() -> None:
    (finding,) = findings(f"{HEAD}summary: [{'a,' * 30_000}]\n{TAIL}")
    assert finding.endswith("more than 20,000 values, which no issue has [too-many-values]")


def test_a_key_that_is_a_list_is_refused() -> None:
    assert findings(f"{HEAD}? [a, b]\n: c\n{TAIL}") == [
        "4:3: error: a key must be one word, followed by a colon [yaml-syntax]"
    ]


def test_a_control_character_written_as_a_code_is_refused() -> None:
    (finding,) = findings(f'{HEAD}intro: "a\\0b"\n{TAIL}')
    assert finding.startswith("4:8: error: this text holds an invisible character (U+0000)")


@pytest.mark.parametrize(
    "text",
    [
        "One paragraph.\n\n  Another one.",
        ">\n  One paragraph.\n\n  Another one.",
        '"One paragraph.\n\n  Another one."',
        "A list of\n  - one thing\n  - and another",
    ],
)
def test_paragraphs_that_would_run_together_are_an_error(text: str) -> None:
    [finding] = findings(f"{HEAD}intro: {text}\n{TAIL}")
    assert finding.startswith('4:8: error: the paragraphs of "intro" would run together')


@pytest.mark.parametrize("text", ["One line\n  and its end.", ">\n  One line\n  and its end.\n"])
def test_a_paragraph_over_several_lines_is_fine(text: str) -> None:
    source = f"{HEAD}intro: {text}\n{TAIL}"
    assert isinstance(load_text(source, Path("x.yaml")), Manuscript)
