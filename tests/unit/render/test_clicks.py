from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from newsletter.render.edition import Edition

MakeEdition = Callable[..., Edition]

BODY = (
    "[One](https://example.org/a?b=1&c=2), [again](https://example.org/a?b=1&c=2), "
    "[two](https://example.com/), [mail](mailto:desk@example.org), "
    "[ours](https://letter.example.org/about)."
)


def edition_with_links(make_edition: MakeEdition, clicks_url: str, **about: Any) -> Edition:
    sections = [{"headline": "A story", "body": BODY}]
    publication = {"clicks_url": clicks_url, "archive_url": "https://www.example.org/{slug}"}
    return make_edition(publication=publication, sections=sections, **about)


def hrefs(edition: Edition) -> list[str]:
    values = {"unsubscribe_url": "https://letter.example.org/unsubscribe/x", "view_url": "v"}
    return re.findall(r'<a [^>]*href="([^"]*)"', edition.html.fill(values))


def test_unless_a_project_asks_for_it_no_link_is_changed(make_edition: MakeEdition) -> None:
    edition = edition_with_links(make_edition, "")
    assert edition.links == {}
    assert "https://example.org/a?b=1&amp;c=2" in hrefs(edition)
    assert "not by whom" not in edition.html.fill({}) + edition.text.fill({})
    assert b'"links"' not in edition.dump()


def test_links_to_other_sites_are_counted_and_the_footer_says_so(
    make_edition: MakeEdition,
) -> None:
    edition = edition_with_links(make_edition, "https://letter.example.org/go")
    found = hrefs(edition)
    counted = [address for address in found if "/go/2026-11-20/" in address]
    assert len(counted) == 3
    assert len(set(counted)) == 2
    assert {edition.links[address.rpartition("/")[2]] for address in counted} == {
        "https://example.org/a?b=1&c=2",
        "https://example.com/",
    }
    for left_alone in ("mailto:desk@example.org", "https://letter.example.org/about"):
        assert left_alone in found
    assert "not by whom" in edition.html.fill({})


def test_every_reader_has_the_same_links(make_edition: MakeEdition) -> None:
    edition = edition_with_links(make_edition, "https://letter.example.org/go")
    pages = []
    for name in ("ann", "bob"):
        filled = edition.html.fill({"unsubscribe_url": f"https://x.example/{name}"})
        pages.append(filled.replace(name, ""))
    assert pages[0] == pages[1]


def test_the_text_part_leads_straight_there(make_edition: MakeEdition) -> None:
    edition = edition_with_links(make_edition, "https://letter.example.org/go")
    assert "https://example.org/a?b=1&c=2" in edition.text.fill({})


def test_links_come_back_from_a_dump(make_edition: MakeEdition) -> None:
    edition = edition_with_links(make_edition, "https://letter.example.org/go")
    assert Edition.load(edition.dump()) == edition
