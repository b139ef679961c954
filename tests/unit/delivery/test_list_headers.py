"""What each list is called by mail programs."""

from __future__ import annotations

from newsletter.audience.lists import Encryption, ListOptions
from newsletter.delivery.list_headers import list_headers

OWN = "letter.example.org"
WEEKLY, ALERTS = ListOptions(title="The Harbour Letter"), ListOptions(title="Harbour alerts")


def ids(
    lists: dict[str, ListOptions], list_id: str = OWN, *, is_neutral: bool = False
) -> dict[str, str]:
    found = list_headers(list_id, lists, lists, is_neutral=is_neutral)
    return {name: each["list_id"] for name, each in found.items()}


def test_main_keeps_the_newsletters_own_name_and_others_get_theirs() -> None:
    lists = {"alerts": ALERTS, "main": WEEKLY}
    found = list_headers(OWN, lists, lists, is_neutral=False)
    assert found == {"alerts": {"list_id": "alerts.example.org", "list_name": "Harbour alerts"}}


def test_without_main_the_first_of_the_file_keeps_it() -> None:
    assert ids({"weekly": WEEKLY, "alerts": ALERTS}) == {"alerts": "alerts.example.org"}
    assert ids({"weekly": WEEKLY}) == {}


def test_a_name_that_is_written_down_counts_also_for_the_first() -> None:
    lists = {
        "weekly": ListOptions(list_id="friday.example.org"),
        "alerts": ListOptions(list_id="now.example.org"),
    }
    assert ids(lists) == {"weekly": "friday.example.org", "alerts": "now.example.org"}


def test_a_list_is_never_put_below_a_domain_of_others() -> None:
    lists = {"weekly": WEEKLY, "alerts": ALERTS}
    assert ids(lists, "example.org") == {"alerts": "alerts.example.org"}
    assert ids(lists, "newsletter.localhost") == {"alerts": "alerts.newsletter.localhost"}


def test_where_a_list_must_not_be_told_all_are_called_alike() -> None:
    lists = {"weekly": WEEKLY, "sources": ListOptions(title="Sources")}
    assert ids(lists, is_neutral=True) == {}
    lists["sources"] = ListOptions(title="Sources", openpgp=Encryption.REQUIRE)
    assert ids(lists) == {}
    lists["sources"] = ListOptions(title="Sources", list_id="b.example.org")
    found = list_headers(OWN, lists, lists, is_neutral=True)
    assert found == {"sources": {"list_id": "b.example.org", "list_name": ""}}


def test_only_lists_that_are_wanted_and_there_are_named() -> None:
    lists = {"weekly": WEEKLY, "alerts": ALERTS}
    assert list_headers(OWN, lists, ["weekly", "gone"], is_neutral=False) == {}
