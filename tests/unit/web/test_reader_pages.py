"""A reader subscribes, confirms, changes their mind, moves, and leaves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.audience.tokens import Purpose, seal
from newsletter.delivery.sample import SAMPLE_TOKEN
from tests.unit.web.conftest import Clock, Serve, Served, link_in, wait_for


def token(pages: Served, purpose: Purpose, *numbers: int) -> str:
    return seal(pages.database.keys, purpose, *numbers)


def unsubscribe_path(pages: Served, subscription: int) -> str:
    return f"/unsubscribe/{token(pages, Purpose.UNSUBSCRIBE, subscription, 1)}"


def status(pages: Served) -> list[str]:
    return [row.status for row in pages.rows("subscriptions")]


def test_a_reader_subscribes_and_confirms(pages: Served) -> None:
    assert "Look into your mailbox" in pages.subscribe("ann@example.com").text
    mail = pages.next_mail()
    assert (mail["To"], mail["Auto-Submitted"]) == ("ann@example.com", "auto-generated")
    assert status(pages) == ["pending"]
    done = pages.post(link_in(mail))
    assert (done.status, "You are subscribed" in done.text) == (200, True)
    assert status(pages) == ["confirmed"]


def test_looking_at_links_changes_nothing(pages: Served) -> None:
    pages.subscribe("ann@example.com")
    link = link_in(pages.next_mail())
    for method in ("GET", "HEAD"):
        assert pages.ask(method, link).status == 200
    assert status(pages) == ["pending"]
    pages.post(link)
    for method in ("GET", "HEAD"):
        assert pages.ask(method, unsubscribe_path(pages, 1)).status == 200
    assert status(pages) == ["confirmed"]


def test_what_the_reader_agreed_to_is_on_record(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    [subscription] = pages.rows("subscriptions")
    [wording] = pages.rows("wordings")
    assert subscription.wording == wording.hash
    assert subscription.source == "form (en)"
    assert subscription.requested_at < subscription.confirmed_at
    shown = pages.get("/subscribe").text
    assert all(line.split(":")[0] in shown for line in wording.text.splitlines())


def test_one_click_unsubscribes_without_a_question(pages: Served) -> None:
    pages.confirmed("ann@example.com", ["main", "events"])
    path = unsubscribe_path(pages, 1)
    answer = pages.post(path, {"List-Unsubscribe": "One-Click"})
    assert (answer.status, answer.header("Location"), answer.header("Set-Cookie")) == (200, "", "")
    assert status(pages) == ["unsubscribed", "confirmed"]
    assert pages.post(path, {"List-Unsubscribe": "One-Click"}).body == answer.body


def test_one_click_may_come_as_multipart_and_from_anywhere(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    body = (
        b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\n'
        b"One-Click\r\n--x--\r\n"
    )
    answer = pages.ask(
        "POST",
        unsubscribe_path(pages, 1),
        body,
        Content_Type="multipart/form-data; boundary=x",
        Sec_Fetch_Site="cross-site",
        Origin="https://mail.example.com",
    )
    assert answer.status == 200
    assert status(pages) == ["unsubscribed"]


def test_the_button_unsubscribes(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    assert pages.post(unsubscribe_path(pages, 1), Sec_Fetch_Site="same-origin").status == 200
    assert status(pages) == ["unsubscribed"]


def test_a_link_of_years_ago_works_with_new_keys(serve: Serve, newsroom: Path) -> None:
    with serve() as pages:
        pages.confirmed("ann@example.com")
        path = unsubscribe_path(pages, 1)
        keys = pages.project.keys_file
        newer = pages.database.keys.with_new_link_key()
    keys.write_text(newer.dump())
    clock = Clock()
    clock.forward(days=3650)
    with serve(clock=clock) as pages:
        assert pages.post(path, {"List-Unsubscribe": "One-Click"}).status == 200
        assert status(pages) == ["unsubscribed"]


def test_who_is_not_there_any_more_can_still_unsubscribe(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    known = pages.post(unsubscribe_path(pages, 1))
    unknown = pages.post(unsubscribe_path(pages, 4711))
    assert (known.status, known.body) == (unknown.status, unknown.body)


def test_the_link_of_a_proof_says_so(pages: Served) -> None:
    for method in ("GET", "POST"):
        answer = pages.ask(method, f"/unsubscribe/{SAMPLE_TOKEN}")
        assert (answer.status, "This letter was a proof" in answer.text) == (200, True)


def test_links_are_good_for_one_purpose_only(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    now = int(pages.clock().timestamp())
    for purpose in (Purpose.CONFIRM, Purpose.PREFERENCES):
        other = token(pages, purpose, 1, now)
        assert pages.post(f"/unsubscribe/{other}").status == 404
    own = token(pages, Purpose.UNSUBSCRIBE, 1, 1)
    for place in ("confirm", "preferences", "address"):
        assert pages.get(f"/{place}/{own}").status == 404
        assert pages.post(f"/{place}/{own}").status == 404
    assert status(pages) == ["confirmed"]


def test_an_old_link_confirms_nothing(pages: Served) -> None:
    pages.subscribe("ann@example.com")
    link = link_in(pages.next_mail())
    pages.clock.forward(days=8)
    assert "This link is too old" in pages.post(link).text
    assert "This link is too old" in pages.get(link).text
    assert status(pages) == ["pending"]


def test_somebody_who_has_left_can_come_back(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    pages.post(unsubscribe_path(pages, 1))
    pages.clock.forward(hours=25)
    pages.confirmed("ann@example.com")
    assert status(pages) == ["confirmed"]


def test_who_is_subscribed_already_gets_the_link_to_preferences(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    pages.subscribe("Ann@Example.com")
    mail = pages.next_mail()
    assert "subscribed already" in mail["Subject"]
    assert link_in(mail).startswith("/preferences/")


def test_who_asks_in_ukrainian_is_answered_in_it(pages: Served) -> None:
    answer = pages.fill_in(
        "/subscribe",
        {"email": "olha@example.com", "list": "main"},
        Accept_Language="uk-UA,en;q=0.5",
    )
    assert "Перевірте свою скриньку" in answer.text
    mail = pages.next_mail()
    assert "Підтвердьте, будь ласка" in mail["Subject"]
    assert link_in(mail).endswith("?lang=uk")
    assert pages.rows("subscribers")[0].language == "uk"


def test_lists_that_are_not_public_are_not_there(pages: Served) -> None:
    assert "staff" not in pages.get("/subscribe").text
    private = pages.subscribe("ann@example.com", ["staff"])
    unknown = pages.subscribe("ann@example.com", ["nonsense"])
    none = pages.subscribe("ann@example.com", [])
    without_stamp = [answer.text.split('name="stamp"')[0] for answer in (private, unknown, none)]
    assert without_stamp[0] == without_stamp[1] == without_stamp[2]
    assert (private.status, pages.rows("requests")) == (400, [])


def preferences(pages: Served, address: str) -> str:
    pages.fill_in("/preferences", {"email": address})
    link = link_in(pages.next_mail())
    assert link.startswith("/preferences/")
    return link


def test_preferences_change_lists_name_and_language(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    link = preferences(pages, "ann@example.com")
    assert 'value="main" checked' in pages.get(link).text
    saved = pages.post(link, {"do": "save", "list": ["events"], "name": "Ann", "language": "de"})
    assert "Saved." in saved.text
    assert {row.list: row.status for row in pages.rows("subscriptions")} == {
        "main": "unsubscribed",
        "events": "confirmed",
    }
    [reader] = pages.rows("subscribers")
    assert (reader.name, reader.language) == ("Ann", "de")
    joined = pages.rows("subscriptions")[1]
    assert joined.wording
    assert joined.confirmed_at


def test_preferences_that_are_wrong_come_back_as_they_were_filled_in(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    link = preferences(pages, "ann@example.com")
    fields = {"do": "save", "list": ["events", "staff"], "name": "Ann\n& Co", "language": "de"}
    answer = pages.post(link, fields)
    assert answer.status == 400
    assert 'value="Ann&amp; Co"' in answer.text
    assert 'value="events" checked' in answer.text
    assert 'value="main" checked' not in answer.text
    assert "staff" not in answer.text, "nobody finds out about private lists by asking"
    assert 'value="de" lang="de" selected' in answer.text
    assert pages.rows("subscribers")[0].name == ""
    moving = pages.post(link, {"do": "move", "email": "ann at example"})
    assert 'value="ann at example"' in moving.text


def test_preferences_do_not_open_private_lists(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    pages.post(preferences(pages, "ann@example.com"), {"do": "save", "list": ["main", "staff"]})
    assert [row.list for row in pages.rows("subscriptions")] == ["main"]


def test_everything_can_be_left_at_once(pages: Served) -> None:
    pages.confirmed("ann@example.com", ["main", "events"])
    pages.post(preferences(pages, "ann@example.com"), {"do": "leave"})
    assert status(pages) == ["unsubscribed", "unsubscribed"]


def test_a_reader_can_take_their_data_along(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    link, _, query = preferences(pages, "ann@example.com").partition("?")
    answer = pages.get(f"{link}/data?{query}")
    assert json.loads(answer.body)["address"] == "ann@example.com"
    assert answer.header("Cache-Control") == "no-store"


def test_a_link_to_preferences_works_for_a_day(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    link = preferences(pages, "ann@example.com")
    pages.clock.forward(hours=25)
    assert "too old" in pages.get(link).text
    pages.post(link, {"do": "leave"})
    assert status(pages) == ["confirmed"]


def test_an_address_changes_when_both_mailboxes_agree(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    pages.post(preferences(pages, "ann@example.com"), {"do": "move", "email": "ann@example.net"})
    mails = {mail["To"]: link_in(mail) for mail in (pages.next_mail(), pages.next_mail())}
    assert set(mails) == {"ann@example.com", "ann@example.net"}
    assert pages.get(mails["ann@example.com"]).status == 200
    assert "Half done" in pages.post(mails["ann@example.net"]).text
    assert pages.rows("subscribers")[0].email == "ann@example.com"
    assert "Done" in pages.post(mails["ann@example.com"]).text
    [reader] = pages.rows("subscribers")
    assert reader.email == "ann@example.net"
    assert reader.email_hash == pages.database.keys.hash("ann@example.net")
    assert status(pages) == ["confirmed"]


def test_one_mailbox_alone_changes_nothing(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    pages.post(preferences(pages, "ann@example.com"), {"do": "move", "email": "eve@example.net"})
    mails = [pages.next_mail(), pages.next_mail()]
    eves = next(link_in(mail) for mail in mails if "eve" in mail["To"])
    for _ in range(3):
        assert "Half done" in pages.post(eves).text
    assert pages.rows("subscribers")[0].email == "ann@example.com"


def test_moving_to_another_readers_address_joins_the_two(pages: Served) -> None:
    pages.confirmed("old@example.com", ["main", "events"])
    pages.confirmed("new@example.com", ["main"])
    pages.post(preferences(pages, "old@example.com"), {"do": "move", "email": "new@example.com"})
    for mail in (pages.next_mail(), pages.next_mail()):
        pages.post(link_in(mail))
    emails = {row.id: row.email for row in pages.rows("subscribers")}
    mailed = {
        (emails[row.subscriber_id], row.list)
        for row in pages.rows("subscriptions")
        if row.status == "confirmed"
    }
    assert mailed == {("new@example.com", "main"), ("new@example.com", "events")}


def test_a_list_without_confirmation_is_joined_at_once(serve: Serve) -> None:
    with serve("\n[lists.open]\ndouble_opt_in = false\n") as pages:
        pages.subscribe("ann@example.com", ["open", "main"])
        link = link_in(pages.next_mail())
        assert {row.list: row.status for row in pages.rows("subscriptions")} == {
            "open": "confirmed",
            "main": "pending",
        }
        pages.post(link)
        assert status(pages) == ["confirmed", "confirmed"]


def test_a_disguised_newsletter_asks_without_saying_what_for(serve: Serve, newsroom: Path) -> None:
    file = newsroom / "newsletter.toml"
    words = 'must_not_reveal = ["Harbour"]\nouter_subject = "Hello"\n'
    settings = file.read_text().replace("The Harbour Letter <", "Ann <")
    file.write_text(words + settings)
    with serve() as pages:
        pages.subscribe("ann@example.com")
        mail = pages.next_mail()
        assert mail["Subject"] == "Hello"
        whole = pages.inbox.copies[0].data.decode()
        assert "harbour" not in whole.lower()
        assert "All of the week" not in whole
        assert "<title>Subscribe</title>" in pages.get("/subscribe").text


def test_a_sign_up_that_nobody_confirmed_is_erased(serve: Serve) -> None:
    clock = Clock()
    with serve(clock=clock) as pages:
        pages.subscribe("ann@example.com")
        pages.next_mail()
        pages.settled()
    clock.forward(days=8)
    with serve(clock=clock) as pages:
        wait_for(lambda: not pages.rows("subscribers"))
        assert pages.rows("subscriptions") == []


def test_a_reader_gives_their_key_and_takes_it_back(serve: Serve) -> None:
    pysequoia = pytest.importorskip("pysequoia")
    private = pysequoia.Tsk.generate("Ann <ann@example.com>")
    key, secret = str(private.extract_certificate()), str(private)
    with serve('\n[lists.secret]\nopenpgp = "require"\n') as pages:
        pages.confirmed("ann@example.com")
        link = preferences(pages, "ann@example.com")
        assert pages.post(link, {"do": "key", "key": key}).status == 200
        assert pages.rows("subscribers")[0].certificate
        assert "Your key is known" in pages.get(link).text
        for wrong in (secret, "nonsense", key[:200], key + key):
            answer = pages.post(link, {"do": "key", "key": wrong})
            assert (answer.status, wrong in answer.text) == (400, False)
        assert pages.rows("subscribers")[0].certificate
        pages.post(link, {"do": "key", "key": ""})
        assert pages.rows("subscribers")[0].certificate is None


def test_nobody_is_asked_for_a_key_that_is_of_no_use(pages: Served) -> None:
    pages.confirmed("ann@example.com")
    link = preferences(pages, "ann@example.com")
    assert "OpenPGP" not in pages.get(link).text
    assert pages.post(link, {"do": "key", "key": "x"}).status == 400
    assert pages.rows("subscribers")[0].certificate is None
