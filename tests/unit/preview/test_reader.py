"""Whose letter is shown is said by the address, and nobody's own address stands in it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.datastructures import QueryParams

from newsletter.preview.reader import Reader, open_fields, recipient
from newsletter.project import Project
from newsletter.render.edition import Edition
from newsletter.render.merge import ADDRESS_FIELDS


@pytest.fixture
def edition(folder: Path, issue: Path) -> Edition:
    issue.write_text(
        issue.read_text().replace("{{ name | neighbour }}", "{{ name }} of {{ city }}")
    )
    project = Project.open(folder)
    return project.render(project.manuscript(issue)).edition


@pytest.mark.parametrize(
    ("query", "reader"),
    [
        ("", Reader()),
        ("reader=12", Reader(12)),
        ("reader=0012", Reader(12)),
        ("reader=12&with.name=Zoe", Reader(12)),
        ("with.name=Zoe", Reader(None, (("name", "Zoe"),))),
        ("with.name=Zoe&with.name=Ada", Reader(None, (("name", "Ada"),))),
        ("with.name=%3Cb%3E%00%E2%80%AE", Reader(None, (("name", "<b>\0\u202e"),))),
        ("with.b=2&with.a=1", Reader(None, (("a", "1"), ("b", "2")))),
        ("reader=", Reader()),
        ("reader=-1", Reader()),
        ("reader=1.5", Reader()),
        ("reader=%D9%A3", Reader()),
        ("reader=%C2%B2", Reader()),
        ("reader=9999999999999999999999", Reader()),
        ("reader=x", Reader()),
        ("name=Zoe", Reader()),
    ],
)
def test_an_address_says_whose_letter_it_is(query: str, reader: Reader) -> None:
    assert Reader.of(QueryParams(query)) == reader


@pytest.mark.parametrize(
    "reader",
    [Reader(), Reader(7), Reader(None, (("email", "a+b@example.com"), ("name", "Zoë & <b> =?#")))],
)
def test_a_reader_comes_back_from_the_address_as_they_were(reader: Reader) -> None:
    assert Reader.of(QueryParams(urlencode(reader.query()))) == reader
    assert reader.is_sample is (reader == Reader())


def test_somebody_made_up_has_only_so_many_values_of_only_such_a_length() -> None:
    query = urlencode([(f"with.f{number:03}", "x" * 5000) for number in range(100)])
    reader = Reader.of(QueryParams(query))
    assert len(reader.values) == 40
    assert {len(value) for _, value in reader.values} == {1000}


def test_the_sample_reader_is_the_one_of_all_previews(edition: Edition) -> None:
    usual = recipient(Reader(), edition)
    assert usual.address == "reader@example.org"
    assert usual.values["name"] == "Alex Example"
    assert usual.values["city"] == "[city]"


def test_given_values_lie_over_the_usual_ones(edition: Edition) -> None:
    given = (("email", " zoe@example.com "), ("name", ""), ("city", "Hull"), ("other", "1"))
    made_up = recipient(Reader(None, given), edition)
    assert made_up.address == "zoe@example.com"
    assert (made_up.values["name"], made_up.values["city"]) == ("", "Hull")


def test_the_addresses_that_the_program_makes_cannot_be_made_up(edition: Edition) -> None:
    evil = "https://evil.example.com"
    given = tuple((field, evil) for field in sorted(ADDRESS_FIELDS))
    assert evil not in recipient(Reader(None, given), edition).values.values()


def test_an_edition_says_which_fields_differ_from_reader_to_reader(edition: Edition) -> None:
    assert open_fields(edition) == ("city", "name")
