from __future__ import annotations

import datetime
import threading

import pytest

from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.rate import Rate
from newsletter.errors import ConfigurationError, SendRefusedError
from newsletter.findings import Severity
from newsletter.sending.history import discard_vain, sendings
from newsletter.sending.proposal import Proposal, check, propose
from newsletter.sending.run import run
from newsletter.sending.start import start
from tests.unit.delivery.kit import NOON, add_readers
from tests.unit.sending.desk import SLUG, SOUND, Desk


def proposed(desk: Desk) -> Proposal:
    project = desk.open()
    try:
        return propose(project, project.find_own(SLUG))
    finally:
        project.close()


def test_a_proposal_says_what_goes_to_how_many_how_fast(desk: Desk) -> None:
    desk.readers(120)
    desk.configure('rate = "60/min"\n')
    found = proposed(desk)
    check(found, NOON)
    assert found.slug == SLUG
    assert found.audience.active == 120
    assert found.transport.describe() == "maildir:outbox"
    assert found.rate == Rate(60, 60)
    assert found.seconds == 120
    assert found.expires_at is None
    assert found.earlier == 0
    assert found.checks[Severity.ERROR] == 0


def test_without_a_rate_nobody_can_tell_how_long_it_takes(desk: Desk) -> None:
    assert proposed(desk).seconds is None


def test_a_rate_that_is_none_is_said(desk: Desk) -> None:
    desk.configure('rate = "fast"\n')
    with pytest.raises(ConfigurationError, match="'fast' is not a rate"):
        proposed(desk)


def test_news_that_is_stale_stays_here(desk: Desk) -> None:
    desk.readers(1)
    desk.issue("expires: 2026-11-20T12:00Z\n" + SOUND)
    found = proposed(desk)
    assert found.expires_at == NOON
    check(found, NOON - datetime.timedelta(seconds=1))
    with pytest.raises(SendRefusedError, match="2026-11-20 expired on"):
        check(found, NOON)


@pytest.mark.parametrize(
    ("issue", "readers", "said"),
    [
        (SOUND + "draft: true\n", 1, "is a draft"),
        (SOUND.replace("Friday", "TK"), 1, "has 1 error"),
        (SOUND, 0, "no readers"),
    ],
)
def test_what_is_not_ready_is_refused(desk: Desk, issue: str, readers: int, said: str) -> None:
    desk.issue(issue)
    if readers:
        desk.readers(readers)
    with pytest.raises(SendRefusedError, match=said):
        check(proposed(desk), NOON)


def test_the_end_of_the_news_is_the_end_of_its_campaign(desk: Desk) -> None:
    desk.readers(2)
    desk.issue("expires: 2026-11-20T12:00Z\n" + SOUND)
    project = desk.open()
    proposal = propose(project, project.find_own(SLUG))
    campaign = start(project, proposal, NOON - datetime.timedelta(hours=1))
    assert campaign.expires_at == NOON
    assert run(project, campaign).states == {"expired": 2}
    assert desk.outbox == []
    project.close()


def test_of_two_who_agree_at_the_same_moment_one_starts(desk: Desk) -> None:
    desk.readers(1)
    project = desk.open()
    path = project.find_own(SLUG)
    mine, theirs = propose(project, path), propose(project, path)
    start(project, mine, NOON)
    with pytest.raises(SendRefusedError, match="somebody else has started"):
        start(project, theirs, NOON)
    project.close()


def test_a_start_in_vain_does_not_count(desk: Desk) -> None:
    desk.readers(1)
    project = desk.open()
    campaign = start(project, propose(project, project.find_own(SLUG)), NOON)
    assert sendings(project, SLUG) == ()
    discard_vain(project, SLUG)
    campaign = start(project, propose(project, project.find_own(SLUG)), NOON)
    run(project, campaign)
    discard_vain(project, SLUG)
    assert [found.id for found in sendings(project, SLUG)] == [campaign.id]
    project.close()


def test_on_a_server_of_two_machines_that_start_together_one_does(
    desk: Desk, postgresql_url: str
) -> None:
    desk.configure(f'database = "{postgresql_url}"\n')
    projects = [desk.open(), desk.open()]
    add_readers(projects[0].database, 2)
    proposals = [propose(project, project.find_own(SLUG)) for project in projects]
    ready, refused = threading.Barrier(2), []

    def machine(number: int) -> None:
        ready.wait()
        try:
            start(projects[number], proposals[number], NOON)
        except SendRefusedError as error:
            refused.append(error.message)

    threads = [threading.Thread(target=machine, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused == [f"somebody else has started to send {SLUG} meanwhile"]
    [campaign] = Campaigns(projects[0].database).list()
    assert sendings(projects[1], SLUG) == (campaign,), "it may be about to send: it counts"
    assert run(projects[1], campaign).states == {"accepted": 2}
    for project in projects:
        project.close()
