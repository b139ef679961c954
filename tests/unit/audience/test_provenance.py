from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from newsletter.audience.provenance import of_import, of_row, stated_nothing, states_nothing
from newsletter.database.engine import Database

SILENT = [
    of_import("readers.csv"),
    of_import("readers (1).csv"),
    of_import("readers (1)"),
    of_import("fair: all of them.csv"),
    of_import("fair: all (2)"),
    of_row(of_import("export.csv"), of_import("readers.csv")),
]
OUTSPOKEN = [
    of_import("readers.csv", "paper forms of the fair"),
    of_row(of_import("readers.csv"), "form of the old page"),
    of_row(of_import("readers (1)", "paper forms"), "Ann's pile"),
    of_row(of_import("export.csv", "paper forms"), of_import("readers.csv")),
    "form",
    "by hand",
]


def test_a_source_reads_as_a_sentence() -> None:
    assert of_import("fair.csv", "paper forms") == "import of fair.csv: paper forms"
    assert of_row(of_import("fair.csv"), "form") == "import of fair.csv (form)"


@pytest.mark.parametrize("source", [*SILENT, *OUTSPOKEN])
def test_no_name_of_a_file_passes_for_a_word_about_consent(database: Database, source: str) -> None:
    assert states_nothing(source) == (source in SILENT)
    with database.reading() as connection:
        found = connection.scalar(select(stated_nothing(literal(source))))
    assert bool(found) == (source in SILENT), "the database must see it as the program does"
