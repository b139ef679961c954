"""Every character of a value is found in its source, however it is quoted and folded."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import TextSection
from newsletter.issue.scalars import offsets

WORDS = st.text(alphabet="abc'\"\\#:-xXйї“”é🌊", min_size=1, max_size=6)
PARAGRAPHS = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), min_size=1, max_size=5)


def scalar(text: str) -> tuple[str, str] | None:
    """Source and value of the only scalar behind ``k:``; None if that is not YAML."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
        return None
    value = node.value[0][1]
    if not isinstance(value, yaml.ScalarNode) or value.start_mark is None:
        return None
    assert value.end_mark is not None
    return text[value.start_mark.index : value.end_mark.index], value.value


def check(source: str, value: str) -> None:
    places = offsets(source, value)
    assert places is not None
    assert len(places) == len(value)
    assert places == tuple(sorted(places))
    for character, place in zip(value, places, strict=True):
        if not character.isspace():
            assert source[place] in (character, "\\")


@pytest.mark.parametrize(
    "text",
    [
        "k: plain text\n",
        "k: plain\n  over\n\n  lines\n",
        "k: 'it''s'\n",
        "k: '  kept\n\n\n  folded '\n",
        'k: "a\\"b\\u0416\\x41\\tc\\\\"\n',
        'k: "over \\\n\n   lines\\\n   here"\n',
        "k: |\n  one\n   deeper\n\n  two\n\n",
        "k: |+\n  one\n\n\nz: 1\n"[:-5],
        "k: |-\n\n  one\n",
        "k: |2\n   kept\n  two\n",
        "k: >\n  one\n  two\n\n  three\n    deeper\n  four\n\n\n  five\n",
        "k: >-  # why\n  one\n  two\n",
        "k: >1\n  one\n two\n",
    ],
)
def test_each_style_is_read_as_libyaml_reads_it(text: str) -> None:
    found = scalar(text)
    assert found is not None
    check(*found)


@given(
    PARAGRAPHS,
    st.sampled_from(["|", ">", "|-", ">-", "|+", ">+"]),
    st.sampled_from(["\n", "\n\n", "\n\n\n", "\n  "]),
)
def test_block_scalars(paragraphs: list[str], header: str, between: str) -> None:
    text = textwrap.indent(between.join(paragraphs), "  ")
    if found := scalar(f"k: {header}\n{text}\n\n"):
        check(*found)


@given(PARAGRAPHS, st.sampled_from(["\n", "\n\n", " \n \n\n", " "]))
def test_quoted_and_plain_scalars(paragraphs: list[str], between: str) -> None:
    text = between.join(paragraphs).replace("\n", "\n  ")
    for source in (
        f"k: {text}\n",
        "k: '" + text.replace("'", "''") + "'\n",
        'k: "' + text.replace("\\", "\\\\").replace('"', '\\"') + '"\n',
        f'k: "{text}"\n',
    ):
        if found := scalar(source):
            check(*found)


@given(st.text(alphabet="a b\n\\\"'\t|>-+1#x", max_size=30), st.text(max_size=5))
def test_nonsense_is_no_trouble(source: str, value: str) -> None:
    places = offsets(source, value)
    assert places is None or len(places) == len(value)


@given(PARAGRAPHS, st.sampled_from(["|", ">", "plain", "single", "double"]), st.data())
def test_a_manuscript_finds_every_character(
    paragraphs: list[str], style: str, data: st.DataObject
) -> None:
    text = "\n\n".join(paragraphs)
    indented = textwrap.indent(text, "      ")
    written = {
        "|": f"|\n{indented}",
        ">": f">\n{indented}",
        "plain": indented.lstrip(),
        "single": "'" + indented.lstrip().replace("'", "''") + "'",
        "double": '"' + indented.lstrip().replace("\\", "\\\\").replace('"', '\\"') + '"',
    }[style]
    read = load_text(
        "subject: S\npreheader: P\ndate: 2026-11-20\nsections:\n"
        f"  - kind: text\n    body: {written}\n",
        Path("x.yaml"),
    )
    if not isinstance(read, Manuscript):
        joined = {finding.rule for finding in read} == {"run-together"}
        assert style == "plain" or (joined and style != "|")
        return
    (section,) = read.issue.sections
    assert isinstance(section, TextSection)
    offset = data.draw(st.integers(0, len(section.body) - 1))
    line, column = read.place(("sections", 0, "body"), offset)
    if not section.body[offset].isspace():
        there = read.text.split("\n")[line - 1][column - 1]
        assert there in (section.body[offset], "\\")


def test_a_value_that_its_source_does_not_mean_has_no_places() -> None:
    assert offsets("Storm", "Sun") is None
    assert offsets("|", "Sun") is None
