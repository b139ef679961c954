"""The data file, and the script that makes it."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from newsletter.lint import caniemail
from newsletter.lint.caniemail.support import Support, Value, support

ROOM = Path(caniemail.__path__[0])
PROJECT = Path(__file__).parents[4]
SCRIPT = PROJECT / "scripts" / "update_caniemail.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("update_caniemail", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def raw(**stats: Any) -> dict[str, Any]:
    return {
        "last_update_date": "2030-01-02 14:45:41 +0000",
        "nicenames": {"family": {"outlook": "Outlook", "gmail": "Gmail", "old": "Old Mail"}},
        "data": [
            {
                "slug": slug,
                "title": f"{slug} ",
                "category": "css",
                "last_test_date": "2029-5-1",
                "stats": values,
                "notes_by_num": None,
                "description": "left out",
            }
            for slug, values in stats.items()
        ],
    }


def test_the_newest_version_counts_whatever_it_is_called(script: ModuleType) -> None:
    data = script.condense(
        raw(
            zoom={"outlook": {"macos": {"2021-10": "y", "16.80": "n #1"}}},
            blink={"gmail": {"ios": {"2020-02": "a #1 "}}},
        ),
        "9.9.9",
    )
    assert data == {
        "version": "9.9.9",
        "updated": "2030-01-02",
        "families": {"gmail": "Gmail", "outlook": "Outlook"},
        "clients": ["gmail.ios", "outlook.macos"],
        "features": {
            "blink": {
                "title": "blink",
                "category": "css",
                "tested": "2029-05-01",
                "support": ["a #1", ""],
                "notes": {},
            },
            "zoom": {
                "title": "zoom",
                "category": "css",
                "tested": "2029-05-01",
                "support": ["", "n #1"],
                "notes": {},
            },
        },
    }


def test_what_the_script_writes_is_read_and_has_a_line_for_each_feature(
    script: ModuleType,
) -> None:
    data = script.condense(raw(zoom={"gmail": {"ios": {"1": "n"}}}, blink={}), "9.9.9")
    written = script.written(data)
    assert json.loads(written) == data
    assert [line[:7] for line in written.splitlines() if "title" in line] == ['"blink"', '"zoom":']
    (result,) = Support(json.loads(written)).lookup("zoom").without({"gmail"})
    assert result.value is Value.NO


def test_the_notice_names_those_who_made_the_data_and_those_who_packed_it(
    script: ModuleType,
) -> None:
    notice = script.notice("MIT License\n\nCopyright © A. Packer\n\nPermission is granted.\n")
    assert notice.splitlines()[2:4] == ["Copyright (c) 2019 HTeuMeuLeu", "Copyright © A. Packer"]
    with pytest.raises(SystemExit, match="licence"):
        script.notice("All rights reserved.\n")


def test_the_licence_stands_beside_the_data() -> None:
    text = (ROOM / "LICENSE").read_text("utf-8")
    assert text.startswith("MIT License\n\nCopyright (c) 2019 HTeuMeuLeu\nCopyright ©")
    assert "The above copyright notice and this permission notice shall be included" in text


def test_the_data_is_as_the_script_writes_it_and_small(script: ModuleType) -> None:
    text = (ROOM / "data.json").read_text("utf-8")
    assert script.written(json.loads(text)) == text
    assert len(text.encode()) < 300_000


def test_every_feature_of_the_data_can_be_read_whole() -> None:
    features = [support().lookup(slug) for slug in support()]
    assert len(features) > 300
    assert all(feature.title and feature.results for feature in features)
    assert {len(feature.tested) for feature in features} == {len("2026-05-13")}


def test_the_guide_names_every_mail_program_of_the_data() -> None:
    guide = (PROJECT / "docs" / "how-to" / "choose-mail-programs.md").read_text("utf-8")
    assert re.findall(r"(?m)^\| `([^`]+)` \|", guide) == sorted(support().families)
