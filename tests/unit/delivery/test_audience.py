from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

import pytest

from newsletter.audience.tokens import Purpose, unseal
from newsletter.database.engine import Database
from newsletter.database.states import State
from newsletter.delivery.audience import Audience, OfLists, ReadersOf, edition_for
from newsletter.delivery.campaigns import Campaign, Campaigns, content_digest
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.outcome import Accepted, Failed, Unknown
from newsletter.errors import AudienceError, SendRefusedError
from newsletter.render.edition import Edition
from tests.databases import on_both
from tests.unit.delivery.kit import (
    NOON,
    Hand,
    add_reader,
    leave,
    ledger_of,
    make_edition,
    make_sender,
    new_id,
    suppress,
)

pytestmark = on_both


def edition(language: str = "en") -> Edition:
    return dataclasses.replace(make_edition(), language=language)


def start(
    database: Database,
    audience: Audience,
    translations: Sequence[Edition] = (),
    languages: Mapping[str, str] | None = None,
    slug: str = "",
) -> Campaign:
    return Campaigns(database).start(
        edition(),
        make_sender(),
        "a test",
        NOON,
        audience=audience,
        translations=translations,
        languages=languages,
        slug=slug,
    )


def claims(database: Database, campaign: Campaign) -> dict[str, Claimed]:
    """What everybody would get, by the name before the @."""
    ledger = ledger_of(database, campaign)
    worker = ledger.start_worker(NOON, alone=True)
    found = ledger.claim(worker, 99, NOON, new_id)
    return {claim.recipient.address.partition("@")[0]: claim for claim in found}


def test_a_letter_goes_to_its_lists_and_to_nobody_else(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly")
    add_reader(database, "bob@example.com", "alerts")
    add_reader(database, "cas@example.com", "weekly", "alerts")
    campaign = start(database, OfLists(("weekly",)))
    assert claims(database, campaign).keys() == {"ann", "cas"}
    assert campaign.lists == ("weekly",)
    assert Campaigns(database).list() == (campaign,)


def test_who_is_on_several_lists_gets_one_copy_as_a_reader_of_the_first(
    database: Database,
) -> None:
    add_reader(database, "ann@example.com", "weekly", "alerts", "daily")
    add_reader(database, "bob@example.com", "alerts")
    add_reader(database, "cas@example.com", "weekly", "alerts")
    leave(database, "cas@example.com", "alerts")
    found = claims(database, start(database, OfLists(("daily", "alerts", "weekly"))))
    assert {name: claim.list for name, claim in found.items()} == {
        "ann": "daily",
        "bob": "alerts",
        "cas": "weekly",
    }


def test_only_what_was_confirmed_counts(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly")
    add_reader(database, "bob@example.com", "weekly")
    add_reader(database, "cas@example.com", "weekly")
    leave(database, "bob@example.com")
    suppress(database, "cas@example.com")
    campaign = start(database, OfLists(("weekly",)))
    assert ledger_of(database, campaign).counts() == {"planned": 1, "suppressed": 1}


def test_a_segment_is_some_of_them_and_kept(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly", language="uk")
    add_reader(database, "bob@example.com", "weekly", language="en")
    add_reader(database, "cas@example.com", "alerts", language="uk")
    campaign = start(database, OfLists(("weekly",), 'language == "uk"'))
    assert claims(database, campaign).keys() == {"ann"}
    assert Campaigns(database).list()[0].segment == 'language == "uk"'


@pytest.mark.parametrize("segment", ['language == "ar"', "name"])
def test_a_segment_over_nobody_starts_nothing(database: Database, segment: str) -> None:
    add_reader(database, "ann@example.com", "weekly", language="uk")
    with pytest.raises(SendRefusedError, match="no readers"):
        start(database, OfLists(("weekly",), segment))
    assert Campaigns(database).list() == ()


def test_what_is_no_segment_starts_nothing(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly")
    with pytest.raises(AudienceError):
        start(database, OfLists(("weekly",), "language = uk"))
    assert Campaigns(database).list() == ()


@pytest.mark.parametrize(
    ("language", "number"),
    [
        ("en", 0),
        ("uk", 1),
        ("UK", 1),
        ("uk-UA", 1),
        ("pt", 2),
        ("pt-PT", 3),
        ("pt-AO", 2),
        ("ar", None),
        ("u", None),
        ("ukr", None),
        ("", None),
    ],
)
def test_everybody_reads_their_own_language(
    database: Database, language: str, number: int | None
) -> None:
    tags = ["uk", "pt-BR", "pt-PT"]
    assert edition_for(language, ["en", *tags]) == number
    add_reader(database, "ann@example.com", "weekly", language=language)
    found = claims(database, start(database, OfLists(("weekly",)), [*map(edition, tags)]))
    assert found["ann"].edition == (number or 0)


def test_the_lists_language_is_for_those_who_have_not_said_theirs(database: Database) -> None:
    add_reader(database, "ann@example.com", "lviv")
    add_reader(database, "bob@example.com", "lviv", language="en")
    add_reader(database, "cas@example.com", "lviv", language="ar")
    add_reader(database, "dan@example.com", "leeds")
    languages = {"lviv": "uk", "leeds": "en-GB"}
    audience = OfLists(("lviv", "leeds"))
    found = claims(database, start(database, audience, [edition("uk")], languages))
    assert {name: claim.edition for name, claim in found.items()} == {
        "ann": 1,
        "bob": 0,
        "cas": 1,
        "dan": 0,
    }


def test_all_editions_are_frozen_and_part_of_the_digest(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly")
    others = [edition("uk"), edition("de")]
    campaign = start(database, OfLists(("weekly",)), others)
    assert Campaigns(database).editions(campaign) == (edition(), *others)
    assert campaign.digest == content_digest(edition(), make_sender(), others[::-1])
    assert campaign.digest != content_digest(edition(), make_sender(), others[:1])


def test_the_link_of_a_letter_is_that_of_the_subscription_it_came_by(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly", "alerts")
    campaign = start(database, OfLists(("alerts",)))
    token = claims(database, campaign)["ann"].recipient.token
    assert unseal(database.keys, Purpose.UNSUBSCRIBE, token) == (2, campaign.id)
    assert unseal(database.keys, Purpose.CONFIRM, token) is None


def test_two_letters_to_one_reader_have_links_that_do_not_look_alike(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly")
    tokens = set()
    for slug in ("one", "two"):
        campaign = start(database, OfLists(("weekly",)), slug=slug)
        tokens.add(claims(database, campaign)["ann"].recipient.token[:8])
    assert len(tokens) == 2


def test_who_leaves_one_list_during_the_sending_still_gets_what_goes_to_another(
    database: Database,
) -> None:
    add_reader(database, "ann@example.com", "weekly", "alerts")
    add_reader(database, "bob@example.com", "weekly", "alerts")
    ledger = ledger_of(database, start(database, OfLists(("weekly",))))
    hand = Hand(ledger)
    leave(database, "ann@example.com", "alerts")
    ann, bob = ledger.claim(hand.worker, 9, NOON, new_id)
    leave(database, "ann@example.com", "weekly")
    leave(database, "bob@example.com", "alerts")
    assert ledger.write(hand.worker, [ann, bob], [], NOON).attempting == {bob.id}


def test_a_correction_goes_to_those_who_got_it_or_may_have(database: Database) -> None:
    for name in ("ann", "bob", "cas", "dan", "eve"):
        add_reader(database, f"{name}@example.com", "weekly")
    first = start(database, OfLists(("weekly",)))
    hand = Hand(ledger_of(database, first))
    for outcome in (Accepted(), Unknown("silence"), Failed("550 no"), Accepted(), Accepted()):
        hand.one(outcome)
    leave(database, "dan@example.com")
    suppress(database, "eve@example.com")
    add_reader(database, "fay@example.com", "weekly")
    again = start(database, ReadersOf(first.id), slug="correction")
    assert claims(database, again).keys() == {"ann", "bob"}
    assert ledger_of(database, again).counts()["suppressed"] == 1
    assert again.lists == ("weekly",)
    assert again.slug == "correction"


def test_a_correction_of_one_language_goes_to_those_who_got_that(database: Database) -> None:
    add_reader(database, "ann@example.com", "weekly", language="uk")
    add_reader(database, "bob@example.com", "weekly", language="en")
    first = start(database, OfLists(("weekly",)), [edition("uk")])
    hand = Hand(ledger_of(database, first))
    while hand.one(Accepted()):
        pass
    audience = ReadersOf(first.id, (State.ACCEPTED,), (1,))
    assert claims(database, start(database, audience, slug="correction")).keys() == {"ann"}
