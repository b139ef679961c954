from __future__ import annotations

import pytest

from newsletter.delivery.audience import OfLists
from newsletter.errors import AudienceError, NotFoundError, SendRefusedError
from newsletter.sending.addressees import addressees
from tests.unit.sending.desk import SLUG, SOUND, Desk

TWO = "[lists.weekly]\n[lists.alerts]\n"


def asked(desk: Desk, *lists: str, segment: str = "") -> OfLists:
    project = desk.open()
    return addressees(project, project.manuscript(project.find_own(SLUG)), lists, segment)


def test_who_has_one_list_need_not_name_it(desk: Desk) -> None:
    assert asked(desk) == OfLists(("main",))
    desk.configure("[lists.weekly]\n")
    assert asked(desk) == OfLists(("weekly",))


def test_who_has_several_must_say_which(desk: Desk) -> None:
    desk.configure(TWO)
    with pytest.raises(SendRefusedError, match="which of the lists it goes to: weekly, alerts"):
        asked(desk)


def test_the_issue_names_its_lists_and_the_command_line_wins(desk: Desk) -> None:
    desk.configure(TWO)
    desk.issue("lists: [alerts, weekly, alerts]\n" + SOUND)
    assert asked(desk) == OfLists(("alerts", "weekly"))
    assert asked(desk, "weekly", "weekly") == OfLists(("weekly",))


def test_a_list_that_does_not_exist_is_named_with_the_one_that_was_meant(desk: Desk) -> None:
    desk.configure(TWO)
    with pytest.raises(NotFoundError) as mistyped:
        asked(desk, "weekley")
    assert mistyped.value.message == "there is no list 'weekley'"
    assert mistyped.value.hint == 'Did you mean "weekly"?'
    desk.issue("lists: [everybody]\n" + SOUND)
    with pytest.raises(SendRefusedError) as in_the_file:
        asked(desk)
    assert "which 2026-11-20.yaml names" in in_the_file.value.message
    assert in_the_file.value.hint == "The lists are: weekly, alerts."


def test_a_segment_is_understood_before_anything_is_sent(desk: Desk) -> None:
    assert asked(desk, segment=' language == "uk" ') == OfLists(("main",), 'language == "uk"')
    with pytest.raises(AudienceError):
        asked(desk, segment="language is uk")
