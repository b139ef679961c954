"""Links in old mails, after the newsroom has made new keys: readers are told how to go on."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest

from newsletter.audience.tokens import Purpose, seal
from newsletter.database.keys import Keys
from tests.unit.web.conftest import Served

SAID = {
    "en": "This link does not work",
    "uk": "Це посилання не працює",
    "de": "Dieser Link funktioniert nicht",
    "ar": "هذا الرابط لا يعمل",
}


def old_link(pages: Served, purpose: Purpose, place: str) -> str:
    """A link that was sealed with a key that seals no more."""
    before = Keys(pages.database.keys.addresses, Keys.new().links)
    return f"/{place}/{seal(before, purpose, 1, int(pages.clock().timestamp()))}"


@pytest.mark.parametrize(
    ("purpose", "place", "next_page"),
    [
        (Purpose.CONFIRM, "confirm", "/subscribe"),
        (Purpose.PREFERENCES, "preferences", "/preferences"),
        (Purpose.OLD_MAILBOX, "address", "/preferences"),
        (Purpose.NEW_MAILBOX, "address", "/preferences"),
    ],
)
def test_a_link_of_an_old_key_leads_to_a_new_one(
    pages: Served, purpose: Purpose, place: str, next_page: str
) -> None:
    link = old_link(pages, purpose, place)
    for language, words in SAID.items():
        for answer in (pages.get(f"{link}?lang={language}"), pages.post(f"{link}?lang={language}")):
            assert (answer.status, words in answer.text) == (404, True)
            (onward,) = re.findall(rf'href="([^"]*{next_page}\?lang={language})"', answer.text)
            assert urljoin(link, onward) == f"{next_page}?lang={language}"
    assert pages.get(next_page).status == 200


def test_the_copy_of_ones_data_leads_back_too(pages: Served) -> None:
    link = old_link(pages, Purpose.PREFERENCES, "preferences") + "/data"
    (onward,) = re.findall(r'href="([^"]*/preferences\?lang=en)"', pages.get(link).text)
    assert urljoin(link, onward) == "/preferences?lang=en"


def test_a_link_that_is_too_old_leads_back_from_the_data_too(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    now = int(pages.clock().timestamp())
    link = f"/preferences/{seal(pages.database.keys, Purpose.PREFERENCES, 1, now)}/data"
    pages.clock.forward(days=2)
    (onward,) = re.findall(r'href="([^"]*/preferences\?lang=en)"', pages.get(link).text)
    assert urljoin(link, onward) == "/preferences?lang=en"


def test_a_link_that_never_was_one_says_the_same(pages: Served) -> None:
    made_up = pages.get("/preferences/" + "a" * 52)
    assert made_up.body == pages.get(old_link(pages, Purpose.PREFERENCES, "preferences")).body
