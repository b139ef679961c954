"""The JSON Schema says what the loader says: the same issues are right, the same are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from newsletter.issue.load import load_text
from newsletter.issue.manuscript import Manuscript
from newsletter.issue.model import SECTION_KINDS
from newsletter.issue.schema import json_schema

VALID = """\
subject: Storm
preheader: What it left behind
date: "2026-11-20"
title: The Harbour Letter
number: 12
language: en
template: special
draft: true
intro: Good morning.
summary:
  - No ship left.
  - text: The museum reopens.
    story: museum
sections:
  - headline: The harbour closes
    body: No ship left.
    image: {src: a.jpg, alt: "", credit: A, caption: B, width: 300}
    byline: By Ada Sample
    link: https://example.com/harbour
  - kind: story
    id: museum
    headline: Museum
    body: Open again.
  - {kind: text, body: A}
  - {kind: picture, image: {src: "https://example.com/a.png", alt: A}}
  - {kind: quote, text: A, source: B}
  - {kind: links, title: A, items: [{title: B, url: "https://example.com", note: C}]}
  - {kind: button, label: A, url: "mailto:a@example.com"}
  - {kind: sponsor, label: A, body: B}
  - {kind: divider}
outro: Until next week.
"""


def schema_errors(source: str) -> list[str]:
    instance = yaml.load(source, Loader=yaml.CSafeLoader)
    return [error.message for error in Draft202012Validator(json_schema()).iter_errors(instance)]


def properties(schema: Any, way: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for index, item in enumerate(schema):
            yield from properties(item, f"{way}/{index}")
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "properties" and not way.endswith("/if"):
                for name, described in value.items():
                    yield f"{way}/{name}", described
            yield from properties(value, f"{way}/{key}")


def test_it_is_a_schema() -> None:
    schema = json_schema()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)


def test_a_full_issue_is_right() -> None:
    assert schema_errors(VALID) == []
    assert isinstance(load_text(VALID, Path("x.yaml")), Manuscript)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("subject: Storm\n", ""),
        ("subject: Storm\n", "subjekt: Storm\n"),
        ("subject: Storm\n", 'subject: ""\n'),
        ("subject: Storm\n", "subject: [Storm]\n"),
        ('"2026-11-20"', '"20.11.2026"'),
        ("number: 12", "number: twelve"),
        ("language: en", "language: English"),
        ("template: special", "template: a/b"),
        ("draft: true", "draft: maybe"),
        ("  - text: The museum reopens.\n    story", "  - story"),
        ("    story: museum", "    story: Old Museum"),
        ("- No ship left.", "- [No ship left.]"),
        ("    body: No ship left.\n", ""),
        ("    byline: By", "    bylin: By"),
        ("https://example.com/harbour", "www.example.com"),
        ("kind: story", "kind: news"),
        ("{kind: text, body: A}", "{kind: text, text: A}"),
        ("{kind: text, body: A}", "{text: A}"),
        ("{kind: text, body: A}", "A"),
        (', alt: "",', ","),
        ("width: 300", "width: 0"),
        ("text: A, source: B", "source: B"),
        ("items: [{title: B,", "items: [{titel: B,"),
        ('[{title: B, url: "https://example.com", note: C}]', "[]"),
        ("{kind: divider}", "{kind: divider, headline: A}"),
    ],
)
def test_what_the_loader_refuses_is_marked_in_the_editor(right: str, wrong: str) -> None:
    assert right in VALID
    source = VALID.replace(right, wrong, 1)
    assert schema_errors(source)
    assert isinstance(load_text(source, Path("x.yaml")), tuple)


def test_one_wrong_key_is_named_instead_of_all_kinds() -> None:
    assert schema_errors(VALID.replace("source: B", "sorce: B")) == [
        "Additional properties are not allowed ('sorce' was unexpected)"
    ]


def test_every_key_is_described_in_a_sentence() -> None:
    found = dict(properties(json_schema()))
    assert len(found) > 40
    for way, described in found.items():
        assert described.get("description", "").endswith((".", "`")), way


def test_nothing_is_left_of_what_only_programs_need() -> None:
    text = str(json_schema())
    assert "'null'" not in text
    assert "discriminator" not in text
    assert text.count("'title': 'Newsletter issue'") == 1
    assert "'title': 'Subject'" not in text


def test_the_kinds_are_offered() -> None:
    kind = json_schema()["properties"]["sections"]["items"]["properties"]["kind"]
    assert kind["enum"] == list(SECTION_KINDS)
