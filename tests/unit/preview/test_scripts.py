"""A page names all modules that it needs, so that none waits for another."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.preview import site
from newsletter.preview.scripts import imported

STATIC = Path(site.__file__).parent / "static"


@pytest.mark.parametrize("name", ["issue.js", "outbox.js", "start.js"])
def test_every_module_that_is_reached_is_named_once(name: str) -> None:
    named = imported(name)
    assert len(set(named)) == len(named)
    for module in (name, *named):
        text = (STATIC / module).read_text(encoding="utf-8")
        needed = [one.partition('"')[0] for one in text.split('from "./')[1:]]
        assert set(needed) <= {name, *named}, module
    assert all((STATIC / module).is_file() for module in named)


def test_every_script_is_reached_from_a_page() -> None:
    pages = ("issue.js", "outbox.js", "start.js")
    reached = {*pages, *(module for page in pages for module in imported(page))}
    assert {path.name for path in STATIC.glob("*.js")} == reached
