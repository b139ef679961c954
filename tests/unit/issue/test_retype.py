"""A line or a paragraph typed anew: the file means exactly that, and every other byte stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.issue.amend import rewrite
from newsletter.issue.insert import insert
from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.retype import change, typed
from newsletter.issue.stretch import Stretch, stretch

SOURCE = """\
# The ferry issue.
subject:   The ferry  is back   # not yet final
preheader: 'It''s  back: for  good'
date: 2026-11-20

intro: "Dear \\u201creaders\\u201d,"
summary:
  - {text: "The \\u201cferry\\u201d  sails.", story: ferry}
  - It sails  twice.
  - {text: It is plain}
sections:
  - headline:  >-
      A long
      headline
    id: ferry   # for the bullet
    image: {src: a.png, alt: ""}
    body: |
      One  two.

      Three
      four.   # this is text

      - item
      - last
        line

      > said
      > so
    byline:
      By Ada
      Sample
  - kind: text
    body: Only one paragraph.  # plain
  - kind: text
    body: >-
      Folded
      lines.
  - kind: quote
    text: |-
      Words

      and words
    source: ~
outro: |

  Bye.


"""


def read(text: str = SOURCE) -> Manuscript:
    manuscript = load_text(text, Path("2026-11-20.yaml"))
    assert isinstance(manuscript, Manuscript), manuscript
    return manuscript


Where = tuple[str | int, ...]
BODY: Where = ("sections", 0, "body")
PLAIN: Where = ("sections", 1, "body")
FOLDED: Where = ("sections", 2, "body")


def at(where: Where, word: str = "") -> Stretch:
    manuscript = read()
    found = stretch(manuscript, where, manuscript.value(where).index(word) if word else None)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("where", "word", "new", "before", "after"),
    [
        (("subject",), "", "The ferry  was back", "ferry  is", "ferry  was"),
        (("subject",), "", "Back: the ferry", "The ferry  is back", '"Back: the ferry"'),
        (("subject",), "", 'Back: "ferry"', "The ferry  is back", "'Back: \"ferry\"'"),
        (("subject",), "", "null", "The ferry  is back", '"null"'),
        (("subject",), "", "A\nB ", "The ferry  is back", "A B"),
        (("preheader",), "", "It’s  back: for  good", "It''s", "It’s"),
        (("preheader",), "", "It's  back: 'for'  good", "for", "''for''"),
        (("intro",), "Dear", "Dear “friends”,", "readers", "friends"),
        (("intro",), "Dear", "Dear “readers”\n\nHi", ",", "\\n\\nHi"),
        (("summary", 0, "text"), "", "The “ferry”  sails, \\o/", " sails.", " sails, \\\\o/"),
        (
            ("summary", 1, "text"),
            "",
            "It: sails  twice.",
            "It sails  twice.",
            '"It: sails  twice."',
        ),
        (("summary", 2, "text"), "", "It is plain, is it", "It is plain", '"It is plain, is it"'),
        (("sections", 0, "headline"), "", "The long headline", "A long\n", "The long\n"),
        (("sections", 0, "image", "alt"), "", "A ferry", 'alt: ""', 'alt: "A ferry"'),
        (("sections", 0, "byline"), "", "By Ada Example", "Sample", "Example"),
        (BODY, "One", "One  three.", "two.", "three."),
        (BODY, "One", "One  two.\n\n\nAnd: more", "two.", "two.\n\n\n      And: more"),
        (BODY, "One", "One\n two.", "One  two.", "One\n       two."),
        (BODY, "Three", "Three four.   # this is text", "Three\n      four", "Three four"),
        (BODY, "Three", "3\nfour.   # this is text", "Three", "3"),
        (BODY, "item", "item\nhere\n\nthere", "item", "item\n        here\n\n        there"),
        (BODY, "last", "last\nbut\nline", "last\n", "last\n        but\n"),
        (BODY, "said", "said\nso\n\nagain", "> so", "> so\n      >\n      > again"),
        (BODY, "Three", "", "      Three\n      four.   # this is text\n\n", ""),
        (BODY, "item", "", "      - item\n", ""),
        (BODY, "said", "", "\n      > said\n      > so\n", ""),
        (PLAIN, "Only", "Only: one", "Only one paragraph.", '"Only: one"'),
        (
            PLAIN,
            "Only",
            "One.\n\nTwo.",
            "Only one paragraph.  # plain\n",
            "|-  # plain\n      One.\n\n      Two.\n",
        ),
        (FOLDED, "Folded", "Folded two lines.", "      lines.", "      two lines."),
        (
            ("sections", 3, "text"),
            "and",
            "and\n\nmore words",
            "and words",
            "and\n\n      more words",
        ),
        (("sections", 3, "text"), "and", "", "\n\n      and words", ""),
        (("outro",), "Bye", "Good bye.", "Bye", "Good bye"),
        (("outro",), "Bye", "Bye.\n\nX", "Bye.\n", "Bye.\n\n  X\n"),
    ],
)
def test_only_what_differs_is_written(
    where: Where, word: str, new: str, before: str, after: str
) -> None:
    changed = change(read(), at(where, word), new)
    assert changed.text == SOURCE.replace(before, after, 1)


@pytest.mark.parametrize(
    ("where", "new", "said"),
    [
        (("subject",), " \n ", '"subject" of the issue is empty'),
        (("sections", 0, "headline"), "", '"headline" of the story is empty'),
        (("sections", 0, "byline"), "", '"byline" of the story is empty'),
        (PLAIN, "", '"body" of the text section is empty'),
        (("outro",), "", '"outro" of the issue is empty'),
        (("subject",), "a\x07b", "invisible character (U+0007)"),
        (("intro",), "a\ufeffb", "invisible character (U+FEFF)"),
        (("subject",), "a\ud800b", "invisible character (U+D800)"),
        (FOLDED, "Folded\n\nlines.", "paragraphs"),
        (BODY, "```", "would also change how"),
    ],
)
def test_what_cannot_stand_there_is_refused_in_plain_words(
    where: Where, new: str, said: str
) -> None:
    word = {
        BODY: "One",
        PLAIN: "Only",
        FOLDED: "Folded",
        ("intro",): "Dear",
        ("outro",): "Bye",
    }.get(where, "")
    with pytest.raises(NewsletterError, match=r".") as refused:
        change(read(), at(where, word), new)
    assert said in refused.value.message
    assert refused.value.hint.endswith((".", "indented."))


def test_a_line_in_a_block_stays_there() -> None:
    manuscript = read(
        SOURCE.replace(
            '{src: a.png, alt: ""}', "\n      src: a.png\n      alt: |\n        A ferry.\n"
        )
    )
    found = stretch(manuscript, ("sections", 0, "image", "alt"))
    assert found is not None
    assert found.text == "A ferry."
    changed = change(manuscript, found, "A boat: late\n")
    assert changed.text == manuscript.text.replace("A ferry.", "A boat: late")


def test_a_quotation_continued_without_its_sign_stays_as_typed_where_it_is_not_changed() -> None:
    manuscript = read(SOURCE.replace("> so", "so it is\n      > and was"))
    found = stretch(manuscript, BODY, manuscript.value(BODY).index("said"))
    assert found is not None
    assert found.text == "said\nso it is\nand was"
    changed = change(manuscript, found, "He said\nso it is\nand will\nbe")
    assert changed.text == manuscript.text.replace("> said", "> He said").replace(
        "and was", "and will\n      > be"
    )


def test_a_stretch_of_another_manuscript_is_refused() -> None:
    old = at(("subject",))
    other = read(SOURCE.replace("is back", "is late"))
    with pytest.raises(NewsletterError, match="any more"):
        change(other, old, "New")
    with pytest.raises(NewsletterError, match="any more"):
        change(read(SOURCE.replace("One  two", "Two")), at(BODY, "One"), "New")


@pytest.mark.parametrize(
    ("where", "before", "after"),
    [
        (("title",), "date: 2026-11-20\n", "date: 2026-11-20\ntitle: New line\n"),
        (
            ("sections", 0, "image", "caption"),
            "    image: {src: a.png, alt: a}\n",
            "",
        ),
    ],
)
def test_a_line_that_is_missing_is_written_where_it_usually_stands(
    where: Where, before: str, after: str
) -> None:
    found = stretch(read(), where)
    assert found == Stretch(where, 0, 0, "")
    if after:
        assert change(read(), found, "New line").text == SOURCE.replace(before, after)
    else:
        with pytest.raises(NewsletterError, match="braces"):
            change(read(), found, "New line")


SHORT = """\
subject: The ferry  # a comment
date: 2026-11-20
sections:
- headline: One
  image:
    src: a.png
    alt: |
      Long
  body: |
    Text.

  # a comment
- headline: Two
  byline:   # who?
  body: Text"""


@pytest.mark.parametrize(
    ("where", "value", "before", "after"),
    [
        (("preheader",), "A: b", "a comment\n", 'a comment\npreheader: "A: b"\n'),
        (
            ("sections", 0, "image", "caption"),
            "C",
            "      Long\n",
            "      Long\n    caption: C\n",
        ),
        (("sections", 0, "byline"), "By Ada", "One\n", "One\n  byline: By Ada\n"),
        (("sections", 1, "byline"), "By Ada", "byline:   #", "byline: By Ada   #"),
    ],
)
def test_even_a_line_without_which_the_file_is_no_issue(
    where: Where, value: str, before: str, after: str
) -> None:
    text = SHORT if where == ("preheader",) else SHORT.replace("date", "preheader: P\ndate", 1)
    changed = insert(text, Path("2026-11-20.yaml"), "2026-11-20.yaml", where, value)
    assert changed.text == text.replace(before, after, 1)
    assert changed.value(where) == value


def test_what_else_is_wrong_with_the_file_is_said() -> None:
    path = Path("2026-11-20.yaml")
    with pytest.raises(NewsletterError, match="not a date"):
        insert(SHORT.replace("2026-11-20", "soon"), path, "x", ("preheader",), "P")
    with pytest.raises(NewsletterError, match="cannot be read"):
        insert(SHORT.replace("  # a", '" # a').replace("The", '"The'), path, "x", ("title",), "P")
    with pytest.raises(NewsletterError, match="already"):
        insert(SHORT, path, "x", ("subject",), "P")
    with pytest.raises(NewsletterError, match="empty"):
        insert(SHORT, path, "x", ("preheader",), "")


PLACES: list[tuple[Where, int | None]] = [
    (("subject",), None),
    (("preheader",), None),
    (("intro",), 0),
    (("summary", 0, "text"), None),
    (("summary", 1, "text"), None),
    (("summary", 2, "text"), None),
    (("sections", 0, "headline"), None),
    (("sections", 0, "image", "alt"), None),
    (("sections", 0, "byline"), None),
    *((BODY, read().value(BODY).index(word)) for word in ("One", "four", "item", "last", "so")),
    (PLAIN, 0),
    (FOLDED, 0),
    (("sections", 3, "text"), 0),
    (("outro",), 1),
    (("title",), None),
]
TYPED = st.one_of(
    st.text("ab :#'\"\\-{}[]|>&*!%@`,?“é\n\t\u200f\u05d0😀~=+_", max_size=30),
    st.sampled_from(["- a", "{{ name }}", "# a", "a: b", " #a", "'", '"', "null", "~", "1. a"]),
    st.text(max_size=12),
)


@settings(max_examples=300)
@given(
    st.sampled_from(PLACES),
    TYPED,
    st.sampled_from(["replace", "before", "behind", "within"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from([b"", b"\xef\xbb\xbf"]),
)
def test_whatever_is_typed_it_is_what_the_file_means_afterwards_or_it_is_refused(
    place: tuple[Where, int | None], text: str, how: str, end: str, mark: bytes
) -> None:
    manuscript = read()
    found = stretch(manuscript, *place)
    assert found is not None
    old, middle = found.text, len(found.text) // 2
    new = {
        "replace": text,
        "before": text + old,
        "behind": old + text,
        "within": old[:middle] + text + old[middle:],
    }[how]
    try:
        changed = change(manuscript, found, new)
    except NewsletterError:
        return
    meant = manuscript.issue.model_dump(mode="json")
    means = changed.issue.model_dump(mode="json")
    value, now = _take(meant, place[0]), _take(means, place[0])
    assert means == meant
    is_line = place[1] is None
    if new == old:
        assert changed == manuscript
    elif is_line:
        assert now == typed(new, is_line=True)
    elif typed(new, is_line=False):
        assert now.startswith(value[: found.start])
        assert now.endswith(value[found.end :])
        inside = now[found.start : len(now) - len(value[found.end :])]
        assert "".join(inside.split()).replace(">", "") == "".join(
            typed(new, is_line=False).split()
        ).replace(">", "")
    # The bytes: what stands before and behind the value in the file is as it was.
    data = mark + SOURCE.replace("\n", end).encode()
    after = rewrite(data, changed.text)
    assert after == mark + changed.text.replace("\n", end).encode()
    if place[0] in manuscript.spans:
        span = manuscript.spans[place[0]]
        assert changed.text.startswith(SOURCE[: span.start])
        assert changed.text.rstrip("\n").endswith(
            SOURCE[span.end :].split("\n", 1)[-1].rstrip("\n")
        )


def _take(issue: dict[str, object], where: Where) -> str:
    """Take a value out of an issue."""
    part: object = issue
    for step in where[:-1]:
        part = part[step]  # type: ignore[index]
    value = part[where[-1]]  # type: ignore[index]
    part[where[-1]] = None  # type: ignore[index]
    return str(value)


def test_words_that_stay_are_not_written_even_in_a_long_paragraph() -> None:
    words = "\n      ".join(f"word{number}" for number in range(2000))
    text = SOURCE.replace("Folded\n      lines.", words)
    manuscript = read(text)
    found = stretch(manuscript, FOLDED, 0)
    assert found is not None
    changed = change(manuscript, found, found.text.replace("word1007 ", "seven ") + "!")
    assert changed.text == text.replace("word1007\n", "seven\n").replace("word1999", "word1999!")
