"""Lists in the shape in which other programs export them; all readers are made up."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter.audience.csv_import import ImportReport, import_csv
from newsletter.audience.formats.registry import NAMES, recognise
from newsletter.audience.segments.segment import Segment
from newsletter.audience.status import Status
from newsletter.audience.subscribers import Subscriber, get, list_subscribers
from newsletter.cli.subscribers_import import FORMATS
from newsletter.database.engine import Database
from newsletter.database.tables import suppressions
from newsletter.errors import AudienceError

NOW = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)

Import = Callable[..., ImportReport]


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Import:
    """Import a file with this content."""

    def load(content: str, name: str = "export.csv", format_name: str = "") -> ImportReport:
        path = tmp_path / name
        path.write_text(content)
        return import_csv(database, path, format_name=format_name, clock=lambda: NOW)

    return load


def statuses(database: Database) -> dict[str, Status]:
    return {reader.email.partition("@")[0]: reader.status for reader in list_subscribers(database)}


def reasons(database: Database) -> dict[str, str]:
    """Why addresses are suppressed, by their hash."""
    with database.reading() as connection:
        return {row.email_hash: row.reason for row in connection.execute(select(suppressions))}


def all_that_is_known(reader: Subscriber) -> str:
    return f"{reader.name} {reader.language} {dict(reader.attributes)}"


MAILCHIMP = (
    "Email Address,First Name,Last Name,Town,LANGUAGE,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,"
    "CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION,{}"
    "LEID,EUID,NOTES,TAGS\n"
)


def mailchimp(name: str, further: str = "", tags: str = "") -> str:
    return (
        f'{name}@example.com,Ann,Lee,Odesa,uk,4,"2024-01-31 10:10:10",192.0.2.7,'
        f'"2024-01-31 10:12:00",192.0.2.8,50.45,30.52,2,3,Europe/Kyiv,UA,30,{further}'
        f'987654,abcdef1234,"never calls back",{tags}\n'
    )


def test_mailchimps_subscribed_members_are_readers(database: Database, load: Import) -> None:
    tags = '"""events"",""long reads"""'
    report = load(
        MAILCHIMP.format('"LAST_CHANGED",') + mailchimp("ann", '"2026-01-01 00:00:00",', tags),
        "subscribed_members_export_1a2b3c.csv",
    )
    assert (report.format, report.added, report.findings) == ("mailchimp", 1, ())
    ann = get(database, "ann@example.com")
    assert (ann.name, ann.language) == ("Ann Lee", "uk")
    assert ann.attributes == {
        "first_name": "Ann",
        "last_name": "Lee",
        "town": "Odesa",
        "tags": "events, long reads",
    }
    (held,) = ann.subscriptions
    assert held.requested_at == datetime.datetime(2024, 1, 31, 10, 10, 10, tzinfo=datetime.UTC)
    assert held.confirmed_at == datetime.datetime(2024, 1, 31, 10, 12, tzinfo=datetime.UTC)
    assert held.source == "import of subscribed_members_export_1a2b3c.csv"
    segment = Segment.parse('"long reads" in tags and language == "uk"')
    assert [one.email for one in list_subscribers(database, segment=segment)] == [ann.email]


def test_what_mailchimp_noted_of_readers_is_not_taken_over(
    database: Database, load: Import
) -> None:
    report = load(MAILCHIMP.format("") + mailchimp("ann"))
    known = all_that_is_known(get(database, "ann@example.com"))
    for noted in ("192.0.2", "50.45", "Kyiv", "987654", "abcdef", "never calls back", "4"):
        assert noted not in known
    assert {"MEMBER_RATING", "OPTIN_IP", "CONFIRM_IP", "LATITUDE", "NOTES"} <= set(report.left_out)
    assert "LANGUAGE" not in report.left_out


def test_who_left_mailchimp_stays_away(database: Database, load: Import) -> None:
    columns = "UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_CAMPAIGN_ID,UNSUB_REASON,UNSUB_REASON_OTHER,"
    time = "2025-05-06 07:08:09"
    unsubscribed = (
        MAILCHIMP.format(columns)
        + mailchimp("ann", f'"{time}",Weekly,12,"NORMAL (no longer wanted)",,')
        + mailchimp("bob", f'"{time}",Weekly,12,"SPAM (the emails are spam)",,')
        + mailchimp("cas", ",,,,,")
    )
    report = load(unsubscribed, "unsubscribed_members_export_1a2b3c.csv")
    assert (report.added_unsubscribed, report.suppressed_kept, report.rejected) == (1, 1, 1)
    assert statuses(database) == {"ann": Status.UNSUBSCRIBED}
    left = get(database, "ann@example.com").unsubscribed_at
    assert left == datetime.datetime(2025, 5, 6, 7, 8, 9, tzinfo=datetime.UTC)
    assert reasons(database) == {database.keys.hash("bob@example.com"): "complaint"}
    assert "UNSUB_TIME is empty" in report.findings[0].message
    again = load(MAILCHIMP.format("") + mailchimp("ann") + mailchimp("bob"))
    assert (again.added, again.unsubscribed_kept, again.suppressed_kept) == (0, 1, 1)


def test_what_mailchimp_cleaned_is_never_mailed(database: Database, load: Import) -> None:
    columns = "CLEAN_TIME,CLEAN_CAMPAIGN_TITLE,CLEAN_CAMPAIGN_ID,"
    cleaned = MAILCHIMP.format(columns) + mailchimp("ann", '"2025-05-06 07:08:09",Weekly,12,')
    load(MAILCHIMP.format("") + mailchimp("ann"))
    report = load(cleaned, "cleaned_members_export_1a2b3c.csv")
    assert (report.added, report.suppressed_kept) == (0, 1)
    assert statuses(database) == {"ann": Status.SUPPRESSED}
    assert reasons(database) == {database.keys.hash("ann@example.com"): "imported"}


@pytest.mark.parametrize(
    "header",
    [
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at",
        "email,active_subscription,expiry,plan,email_disabled,created_at,emails_opened",
    ],
)
def test_substacks_list_is_read(database: Database, load: Import, header: str) -> None:
    report = load(
        f"{header}\n"
        "ann@example.com,false,,other,false,2025-01-31T10:10:10.000Z,\n"
        "bob@example.com,true,2027-01-01T00:00:00.000Z,yearly,true,2025-02-01T00:00:00.000Z,7\n"
    )
    assert report.format == "substack"
    assert statuses(database) == {"ann": Status.CONFIRMED, "bob": Status.UNSUBSCRIBED}
    ann = get(database, "ann@example.com")
    assert ann.attributes == {"active_subscription": "false", "plan": "other"}
    (held,) = ann.subscriptions
    asked = datetime.datetime(2025, 1, 31, 10, 10, 10, tzinfo=datetime.UTC)
    assert (held.requested_at, held.confirmed_at) == (asked, NOW)
    assert ann.created_at == asked, "a reader since then"
    assert set(report.left_out) == {"expiry", header.rpartition(",")[2]}


def test_ghosts_members_are_read(database: Database, load: Import) -> None:
    report = load(
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,"
        "created_at,deleted_at,labels,tiers\n"
        "62f1,ann@example.com,Ann Lee,met at the fair,true,false,cus_123,2025-01-31T10:10:10.000Z,,"
        '"events,VIP",Gold\n'
        "62f2,bob@example.com,,,false,false,,2025-01-31T10:10:10.000Z,,,\n"
        "62f3,cas@example.com,,,,,,,,,\n"
        "62f4,dan@example.com,,,true,,,,2025-02-01T00:00:00.000Z,,\n"
    )
    assert (report.format, report.rejected) == ("ghost", 0)
    assert statuses(database) == {
        "ann": Status.CONFIRMED,
        "bob": Status.UNSUBSCRIBED,
        "cas": Status.UNSUBSCRIBED,
        "dan": Status.UNSUBSCRIBED,
    }
    ann = get(database, "ann@example.com")
    assert ann.attributes == {"tags": "events, VIP", "tiers": "Gold"}
    assert set(report.left_out) == {"id", "note", "complimentary_plan", "stripe_customer_id"}


@pytest.mark.parametrize(
    "header",
    [
        "email_address,notes,metadata,tags,type,creation_date,last_click_date,ip_address",
        "email,notes,metadata,tags,subscriber_type,creation_date,last_click_date,ip_address",
    ],
)
def test_buttondowns_subscribers_are_read(database: Database, load: Import, header: str) -> None:
    def row(name: str, type_: str) -> str:
        metadata = '"{""Town"": ""Lviv"", ""name"": ""Ann"", ""id"": 7, ""nested"": {}}"'
        return (
            f'{name}@example.com,shy,{metadata},"[""events"", ""VIP""]",{type_},'
            "2025-01-31T10:10:10.123456Z,2026-01-01,192.0.2.7\n"
        )

    types = {
        **{"ann": "regular", "bob": "premium", "cas": "unactivated", "dan": "unsubscribed"},
        **{"eve": "removed", "fay": "complained", "gus": "undeliverable", "hal": "mysterious"},
    }
    report = load(f"{header}\n" + "".join(row(name, type_) for name, type_ in types.items()))
    assert (report.format, report.rejected) == ("buttondown", 1)
    assert 'the type "mysterious" is not known' in report.findings[0].message
    assert statuses(database) == {
        "ann": Status.CONFIRMED,
        "bob": Status.CONFIRMED,
        "cas": Status.PENDING,
        "dan": Status.UNSUBSCRIBED,
        "eve": Status.UNSUBSCRIBED,
    }
    assert reasons(database) == {
        database.keys.hash("fay@example.com"): "complaint",
        database.keys.hash("gus@example.com"): "imported",
    }
    ann = get(database, "ann@example.com")
    assert ann.name == "Ann"
    assert ann.attributes == {"town": "Lviv", "tags": "events, VIP"}
    assert set(report.left_out) == {"notes", "last_click_date", "ip_address"}


def test_listmonks_subscribers_are_read(database: Database, load: Import) -> None:
    report = load(
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        'f00d,ann@example.com,Ann,"{""city"": ""Lviv"", ""tags"": [""events""], ""age"": 30}",'
        "enabled,2025-01-31 10:10:10.5 +0100 CET,2026-01-01 00:00:00 +0000 UTC\n"
        "f00e,bob@example.com,Bob,{},disabled,2025-01-31 10:10:10 +0000 UTC,\n"
        "f00f,cas@example.com,Cas,{},blocklisted,2025-01-31 10:10:10 +0000 UTC,\n"
        "f010,dan@example.com,Dan,[],enabled,,\n"
    )
    assert (report.format, report.rejected) == ("listmonk", 1)
    assert statuses(database) == {"ann": Status.CONFIRMED, "bob": Status.UNSUBSCRIBED}
    assert reasons(database) == {database.keys.hash("cas@example.com"): "imported"}
    ann = get(database, "ann@example.com")
    assert ann.attributes == {"city": "Lviv", "tags": "events", "age": "30"}
    asked = datetime.datetime(2025, 1, 31, 9, 10, 10, 500_000, tzinfo=datetime.UTC)
    assert ann.subscriptions[0].requested_at == asked


def test_the_guess_can_be_overridden(database: Database, load: Import) -> None:
    content = "email,subscribed_to_emails,labels\nann@example.com,false,VIP\n"
    report = load(content, format_name="plain")
    assert (report.format, report.added) == ("", 1)
    assert get(database, "ann@example.com").attributes == {
        "subscribed_to_emails": "false",
        "labels": "VIP",
    }
    report = load("email,type\nbob@example.com,unsubscribed\n", format_name="buttondown")
    assert (report.format, report.added_unsubscribed) == ("buttondown", 1)


def test_a_format_that_nobody_knows_is_refused() -> None:
    with pytest.raises(AudienceError, match="no format pigeon") as caught:
        recognise(["email"], "pigeon")
    assert "mailchimp" in caught.value.hint
    assert FORMATS == NAMES, "the command offers all of them"


def test_a_list_of_nobody_in_particular_stays_so() -> None:
    for header in ("email,name,status", "Email,Type,Tags", "email,name,labels,created_at"):
        assert recognise(header.split(",")) is None


@pytest.mark.parametrize(
    ("cell", "tags"),
    [
        ("", ""),
        ("events", "events"),
        ('"events","long reads"', "events, long reads"),
        ("events, VIP , events", "events, VIP"),
        ('["events", "a, b"]', "events, a  b"),
        ("[not json", "not json"),
        ('"an open quote', "an open quote"),
    ],
)
def test_tags_are_words_with_commas_between(
    database: Database, load: Import, cell: str, tags: str
) -> None:
    quoted = cell.replace('"', '""')
    header = "email,subscribed_to_emails,complimentary_plan,labels"
    load(f'{header}\nann@example.com,true,,"{quoted}"\n')
    assert get(database, "ann@example.com").attributes.get("tags", "") == tags
