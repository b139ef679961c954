from __future__ import annotations

from collections.abc import Callable
from typing import Any

from newsletter.render.edition import Edition

MakeEdition = Callable[..., Edition]


def test_an_edition_comes_back_from_its_dump(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    edition = make_edition(**full)
    assert edition.images
    assert Edition.load(edition.dump()) == edition


def test_equal_issues_have_equal_digests_and_a_comma_makes_another(
    make_edition: MakeEdition, full: dict[str, Any]
) -> None:
    assert make_edition(**full).digest == make_edition(**full).digest
    full["outro"] += ","
    assert make_edition(**full).digest != make_edition().digest
