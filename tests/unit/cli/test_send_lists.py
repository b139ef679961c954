"""Sending to lists, segments and languages, by the command."""

from __future__ import annotations

import contextlib
import datetime
import email
import json
import re
import time
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from newsletter.audience.tokens import Purpose, unseal
from newsletter.cli.main import run
from newsletter.database.engine import Database
from newsletter.database.tables import deliveries
from newsletter.delivery.campaigns import Campaigns
from newsletter.delivery.openpgp.certificate import parse_certificate
from newsletter.sending.proposal import propose
from newsletter.sending.start import start
from tests.smtp import Moment, odd_server
from tests.unit.delivery.kit import NOON, add_reader, leave
from tests.unit.delivery.openpgp.conftest import gpg
from tests.unit.delivery.openpgp.gnupg import Gnupg, needs_gpg
from tests.unit.sending.conftest import desk, nobodys_configuration
from tests.unit.sending.desk import SLUG, SOUND, Desk

__all__ = ["desk", "gpg", "nobodys_configuration"]

Output = pytest.CaptureFixture[str]

LISTS = "[lists.weekly]\n[lists.alerts]\n"
UKRAINIAN = """\
language: uk
subject: Нічний пором повернувся
preheader: І бібліотека, відчинена до десятої вечора
date: 2026-11-20
sections:
  - headline: Нічний пором повертається
    body: Нічний пором знову ходить із п’ятниці.
"""


def readers(desk: Desk, **lists: str) -> None:
    """Readers by name, with their lists; ``ann="weekly alerts"``."""
    with opened(desk.root) as database:
        for name, on in lists.items():
            language = "uk" if name.startswith("uk_") else ""
            add_reader(database, f"{name}@example.com", *on.split(), language=language)


@contextlib.contextmanager
def opened(root: Path) -> Any:
    with contextlib.closing(Database.open(root / ".newsletter/newsletter.db")) as database:
        yield database


def letters(desk: Desk) -> dict[str, Message]:
    """What everybody got, by the name before the @."""
    found = map(email.message_from_bytes, desk.outbox)
    return {str(letter["To"]).strip("<>").partition("@")[0]: letter for letter in found}


def refused(capsys: Output, *words: str, code: int = 1) -> str:
    capsys.readouterr()
    assert run(["send", "--yes", *words]) == code
    return capsys.readouterr().err


def test_only_the_readers_of_a_list_get_what_is_sent_to_it(desk: Desk, capsys: Output) -> None:
    desk.configure(LISTS)
    readers(desk, ann="weekly", bob="alerts", cas="weekly alerts")
    assert "which of the lists" in refused(capsys)
    assert 'Did you mean "weekly"?' in refused(capsys, "--list", "wekly", code=2)
    assert run(["send", "--yes", "--list", "weekly"]) == 0
    assert "Lists:     weekly" in capsys.readouterr().out
    assert letters(desk).keys() == {"ann", "cas"}
    assert run(["status"]) == 0
    assert capsys.readouterr().out.rstrip().endswith("weekly")


def test_who_is_on_both_lists_gets_one_copy(desk: Desk) -> None:
    desk.configure(LISTS)
    readers(desk, ann="weekly", bob="alerts", cas="weekly alerts")
    assert run(["send", "--yes", "--list", "alerts", "--list", "weekly"]) == 0
    assert letters(desk).keys() == {"ann", "bob", "cas"}
    assert len(desk.outbox) == 3


def test_each_list_has_a_name_by_which_mail_programs_can_sort_it(desk: Desk) -> None:
    desk.configure('list_id = "letter.example.org"\n[lists.weekly]\n[lists.alerts]\ntitle = "A!"\n')
    readers(desk, ann="weekly", bob="alerts")
    assert run(["send", "--yes", "--list", "alerts", "--list", "weekly"]) == 0
    assert {name: letter["List-Id"] for name, letter in letters(desk).items()} == {
        "ann": "The Harbour Letter <letter.example.org>",
        "bob": '"A!" <alerts.example.org>',
    }


def test_the_name_of_a_list_is_settled_when_the_sending_begins(desk: Desk, capsys: Output) -> None:
    desk.configure(f"{LISTS}list_id = 'old.example.org'\n")
    readers(desk, ann="alerts")
    with opened(desk.root) as database:
        project = desk.open()
        proposal = propose(project, project.find_own(SLUG), ["alerts"])
        start(project, proposal, NOON)
        project.close()
        [campaign] = Campaigns(database).list()
        frozen = Campaigns(database).sender(campaign)
        assert frozen.for_list("alerts").list_id == "old.example.org"
    desk.configure(f"{LISTS}list_id = 'new.example.org'\n")
    assert "has changed since" in refused(capsys, "--resume")
    assert run(["send", "--yes", "--resume", "--as-started"]) == 0
    assert letters(desk)["ann"]["List-Id"] == "The Harbour Letter <old.example.org>"


def test_a_name_of_a_list_that_reveals_what_must_not_be_seen_holds_the_sending(
    desk: Desk, capsys: Output
) -> None:
    hidden = 'must_not_reveal = ["ferry"]\nlist_id = "post.example.org"\nouter_subject = "Hi"\n'
    readers(desk, ann="ferry")
    desk.configure(f"{hidden}[lists.weekly]\n[lists.ferry]\nlist_id = 'ferry.example.org'\n")
    assert "List-Id would show" in refused(capsys, "--list", "ferry")
    desk.configure(f"{hidden}[lists.weekly]\n[lists.ferry]\n")
    assert run(["send", "--yes", "--list", "ferry"]) == 0
    assert letters(desk)["ann"]["List-Id"] == "<post.example.org>"


def test_a_segment_is_shown_sent_to_and_never_empty(desk: Desk, capsys: Output) -> None:
    readers(desk, ann="main", uk_bob="main")
    assert "nobody on main is in the segment" in refused(capsys, "--segment", 'language == "ar"')
    assert "segment" in refused(capsys, "--segment", "language = uk", code=2)
    assert run(["send", "--yes", "--segment", 'language == "uk"']) == 0
    assert 'Segment:   language == "uk"' in capsys.readouterr().out
    assert letters(desk).keys() == {"uk_bob"}
    assert run(["status", "--json"]) == 0
    [campaign] = json.loads(capsys.readouterr().out)
    assert (campaign["lists"], campaign["segment"]) == (["main"], 'language == "uk"')


def test_whom_it_goes_to_is_settled_once_it_has_begun(desk: Desk, capsys: Output) -> None:
    for other in ("--resume", "--as-started", "--approved=plan.json"):
        assert "settled" in refused(capsys, other, "--list", "main", code=2)
    assert "--test" in refused(capsys, "--test=a@example.org", "--list=main", code=2)


def test_a_plan_holds_the_lists_and_the_segment(desk: Desk, capsys: Output) -> None:
    desk.configure(LISTS)
    readers(desk, ann="weekly", uk_bob="weekly", uk_cas="alerts")
    words = ["--plan", "--json", "--list", "weekly", "--segment", 'language == "uk"']
    assert run(["send", *words]) == 0
    plan = json.loads(capsys.readouterr().out)
    assert plan["audience"]["lists"] == ["weekly"]
    assert plan["audience"]["segment"] == 'language == "uk"'
    assert plan["audience"]["active"] == 1
    with opened(desk.root) as database:
        leave(database, "ann@example.com")  # was not to get it
    assert run(["send", "--approved", plan["file"], "--yes"]) == 0
    assert letters(desk).keys() == {"uk_bob"}


def test_each_reader_gets_the_letter_in_their_language(desk: Desk, capsys: Output) -> None:
    desk.issue(UKRAINIAN, f"{SLUG}.uk")
    readers(desk, ann="main", uk_bob="main")
    assert run(["send", "--yes"]) == 0
    assert "Languages: en, uk" in capsys.readouterr().out
    found = letters(desk)
    assert {name: letter["Content-Language"] for name, letter in found.items()} == {
        "ann": "en",
        "uk_bob": "uk",
    }
    assert "The night ferry is back" in str(found["ann"]["Subject"])
    with opened(desk.root) as database:
        [campaign] = Campaigns(database).list()
        assert campaign.slug == SLUG
    assert "was sent on" in refused(capsys, f"{SLUG}.uk")


def test_an_issue_may_be_in_other_languages_only(desk: Desk) -> None:
    (desk.root / "issues" / f"{SLUG}.yaml").rename(desk.root / "issues" / f"{SLUG}.en.yaml")
    desk.issue(UKRAINIAN, f"{SLUG}.uk")
    readers(desk, ann="main", uk_bob="main")
    assert run(["send", SLUG, "--yes"]) == 0
    assert letters(desk)["ann"]["Content-Language"] == "en"
    assert letters(desk)["uk_bob"]["Content-Language"] == "uk"


def test_what_is_wrong_in_one_language_keeps_all_of_them_here(desk: Desk, capsys: Output) -> None:
    readers(desk, ann="main")
    desk.issue(UKRAINIAN.replace("із п’ятниці", "TK"), f"{SLUG}.uk")
    said = refused(capsys)
    assert f"{SLUG}.uk.yaml:7" in said
    desk.issue("draft: true\n" + UKRAINIAN, f"{SLUG}.uk")
    assert "is a draft" in refused(capsys)
    desk.issue("not: [an issue", f"{SLUG}.uk")
    assert f"{SLUG}.uk.yaml" in refused(capsys)
    assert desk.outbox == []


def test_a_story_without_a_translation_is_said_before_it_goes_out(
    desk: Desk, capsys: Output
) -> None:
    readers(desk, ann="main")
    desk.issue(UKRAINIAN, f"{SLUG}.uk")
    desk.issue(SOUND + "  - headline: A second stove\n    body: The library is warmer now.\n")
    assert run(["send", "--dry-run"]) == 0
    said = capsys.readouterr().err
    assert f"{SLUG}.uk.yaml has no translation of this story" in said
    assert f"{SLUG}.yaml:7:15: warning" in said


def test_a_translation_that_changes_stops_the_rest_of_a_sending(desk: Desk, capsys: Output) -> None:
    desk.configure("[sending]\nramp = 1\n")
    desk.issue(UKRAINIAN, f"{SLUG}.uk")
    readers(desk, ann="main", uk_bob="main")
    assert run(["send", "--yes"]) == 3
    desk.issue(UKRAINIAN.replace("знову", "щодня"), f"{SLUG}.uk")
    assert "has changed since its sending began" in refused(capsys, "--resume")


@needs_gpg
def test_a_list_that_wants_encryption_gets_nothing_in_clear(
    desk: Desk, gpg: Gnupg, capsys: Output
) -> None:
    desk.configure('[lists.open]\n[lists.closed]\nopenpgp = "require"\n')
    key = parse_certificate(gpg.export(gpg.new_key("Closed"))).data
    with opened(desk.root) as database:
        add_reader(database, "ann@example.com", "closed", certificate=key)
        add_reader(database, "bob@example.com", "closed")
        add_reader(database, "cas@example.com", "open", certificate=key)
    assert run(["send", "--yes", "--list", "closed", "--list", "open"]) == 0
    kinds = {name: letter.get_content_type() for name, letter in letters(desk).items()}
    assert kinds == {"ann": "multipart/encrypted", "cas": "multipart/alternative"}
    capsys.readouterr()
    assert run(["status", "--failed"]) == 0
    assert "the list asks for an OpenPGP key" in capsys.readouterr().out
    note = "The ferry leaves at 8, not at 9."
    assert run(["correct", SLUG, "--note", note, "--mail", "--yes"]) == 0
    again = [email.message_from_bytes(data) for data in desk.outbox]
    assert sorted((str(one["To"]), one.get_content_type()) for one in again) == [
        ("<ann@example.com>", "multipart/encrypted"),
        ("<ann@example.com>", "multipart/encrypted"),
        ("<cas@example.com>", "multipart/alternative"),
        ("<cas@example.com>", "multipart/alternative"),
    ]
    assert not any(note.encode() in data for data in desk.outbox if b"ann@" in data)


@needs_gpg
def test_a_policy_that_changes_on_the_way_lets_nothing_out_in_clear(
    desk: Desk, gpg: Gnupg, capsys: Output
) -> None:
    ramp = "[sending]\nramp = 1\n"
    desk.configure(f'{ramp}[lists.main]\nopenpgp = "when-available"\n')
    key = parse_certificate(gpg.export(gpg.new_key("Frozen"))).data
    with opened(desk.root) as database:
        for name in ("ann", "bob"):
            add_reader(database, f"{name}@example.com", certificate=key)
    assert run(["send", "--yes"]) == 3
    desk.configure("[lists.main]\n")
    assert "has changed since its sending began" in refused(capsys, "--resume")
    assert run(["send", "--as-started", "--yes"]) == 0
    kinds = {letter.get_content_type() for letter in letters(desk).values()}
    assert kinds == {"multipart/encrypted"}
    assert len(desk.outbox) == 2


def test_what_is_scheduled_goes_to_whom_it_was_meant_for(desk: Desk, capsys: Output) -> None:
    desk.configure(LISTS)
    readers(desk, ann="weekly", uk_bob="weekly", uk_cas="alerts")
    soon = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=1)
    words = ["--list", "weekly", "--segment", 'language == "uk"']
    assert run(["send", "--at", soon.isoformat(), "--yes", *words]) == 0
    while datetime.datetime.now(datetime.UTC) <= soon:
        time.sleep(0.05)
    assert run(["worker", "--once"]) == 0
    assert letters(desk).keys() == {"uk_bob"}


def test_a_letter_that_is_tried_again_leaves_with_the_tokens_it_had(
    desk: Desk, capsys: Output
) -> None:
    readers(desk, ann="main", bob="main")

    def once_later(moment: Moment) -> str | None:
        is_first = moment.stage == "RCPT" and "ann@" in moment.line and moment.connection == 1
        return "451 4.3.0 later" if is_first else None

    with odd_server(once_later) as server:
        desk.configure(
            f'transport = "smtp://127.0.0.1:{server.port}?security=none&connections=1"\n'
            'base_url = "https://letter.example.org"\n'
            'bounce_address = "bounces+{token}@example.org"\n'
        )
        assert run(["send", "--yes"]) == 3
        with opened(desk.root) as database, database.writing() as connection:
            long_ago = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
            connection.execute(
                update(deliveries)
                .where(deliveries.c.state == "deferred")
                .values(next_attempt_at=long_ago)
            )
        assert run(["send", "--resume"]) == 0
        said = [line for line in server.lines if line.startswith("MAIL FROM:")]
        letters = {copy.recipients[0]: copy for copy in server.copies}
    ann, bob = letters["ann@example.com"], letters["bob@example.com"]
    assert sum(f"<{ann.mail_from}>" in line for line in said) == 2
    with opened(desk.root) as database:
        for number, copy in enumerate((ann, bob), 1):
            [link] = re.findall(rb"<https://letter.example.org/unsubscribe/([a-z0-9]+)>", copy.data)
            bounce = copy.mail_from.removeprefix("bounces+").removesuffix("@example.org")
            assert unseal(database.keys, Purpose.UNSUBSCRIBE, link.decode()) == (number, 1)
            assert unseal(database.keys, Purpose.BOUNCE, bounce) == (number,)


def test_proofs_come_in_all_languages_of_an_issue(desk: Desk, capsys: Output) -> None:
    desk.issue(UKRAINIAN, f"{SLUG}.uk")
    to = "--test=desk@example.org"
    assert run(["send", to]) == 0
    assert f"2 proofs of {SLUG} (in en, uk) handed to" in capsys.readouterr().out
    assert sorted(proofs(desk)) == ["en", "uk"]
    assert run(["send", SLUG, to, "--language", "UK", "--json"]) == 0
    [proof] = json.loads(capsys.readouterr().out)
    assert proof["language"] == "uk"
    assert sorted(proofs(desk)) == ["en", "uk", "uk"]
    assert run(["send", f"{SLUG}.uk", to]) == 0
    assert f"1 proof of {SLUG}.uk handed to" in capsys.readouterr().out
    assert "It is there in: en, uk" in refused(capsys, SLUG, to, "--language=ar", code=2)
    assert "goes with --test" in refused(capsys, "--language=uk", code=2)


def test_a_language_that_is_not_ready_does_not_hold_up_the_proof_of_another(
    desk: Desk, capsys: Output
) -> None:
    desk.issue("subject: [", f"{SLUG}.uk")
    assert run(["send", "--test=desk@example.org"]) == 1
    assert desk.outbox == []
    assert run(["send", "--test=desk@example.org", "--language=en"]) == 0
    assert list(proofs(desk)) == ["en"]


def test_a_proof_bears_the_name_of_its_list(desk: Desk) -> None:
    desk.configure(LISTS)
    desk.issue(f"lists: [alerts]\n{SOUND}")
    assert run(["send", "--test=desk@example.org"]) == 0
    [proof] = desk.outbox
    assert b"<alerts.example.org>" in proof


def proofs(desk: Desk) -> list[str]:
    """The languages of all letters that went out."""
    return [str(email.message_from_bytes(one)["Content-Language"]) for one in desk.outbox]
