from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.database.location import Location, has_password
from newsletter.database.pgpass import find_password
from newsletter.errors import ConfigurationError


def test_a_url_says_user_host_port_and_database() -> None:
    location = Location.parse("postgresql://ann%40desk@db.example.org:5433/the%2Fletter")
    assert (location.user, location.host, location.port, location.database) == (
        "ann@desk",
        "db.example.org",
        5433,
        "the/letter",
    )


def test_what_is_left_out_is_as_in_programs_of_postgresql() -> None:
    location = Location.parse("postgres://", {"PGUSER": "ann"})
    assert (location.user, location.host, location.port, location.database) == (
        "ann",
        "localhost",
        5432,
        "ann",
    )


@pytest.mark.parametrize(
    ("url", "sslmode"),
    [
        ("postgresql://ann@localhost/letter", "disable"),
        ("postgresql://ann@127.0.0.1/letter", "disable"),
        ("postgresql://ann@[::1]/letter", "disable"),
        ("postgresql://ann@/letter?host=/run/postgresql", "disable"),
        ("postgresql://ann@db.example.org/letter", "verify-full"),
        ("postgresql://ann@192.0.2.7/letter", "verify-full"),
        ("postgresql://ann@db.example.org/letter?sslmode=require", "require"),
        ("postgresql://ann@localhost/letter?sslmode=verify-full", "verify-full"),
    ],
)
def test_over_a_network_the_certificate_is_verified(url: str, sslmode: str) -> None:
    assert Location.parse(url).sslmode == sslmode


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://ann@localhost/letter",
        "postgresql://ann@localhost:5433/letter",
        "postgresql://ann%40desk@db.example.org/the%20letter?sslmode=require",
        "postgresql://ann@[2001:db8::1]/letter?sslrootcert=/etc/ca.pem",
        "postgresql://ann@/letter?host=/run/postgresql",
    ],
)
def test_a_location_that_is_shown_can_be_read_again(url: str) -> None:
    location = Location.parse(url)
    assert Location.parse(str(location)) == location


def test_a_password_is_never_shown() -> None:
    location = Location.parse("postgresql://ann:s3cret@localhost/letter")
    assert location.password == "s3cret"
    assert "s3cret" not in f"{location} {location!r}"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mysql://ann:s3cret@localhost/letter", "not the URL of a PostgreSQL database"),
        ("postgresql:/letter", "not the URL of a PostgreSQL database"),
        ("postgresql://ann:s3cret@localhost:port/letter", "not the URL of a database"),
        ("postgresql://ann:s3cret@[::1/letter", "not the URL of a database"),
        ("postgresql://ann@localhost/letter?sslmode=prefer", "sslmode prefer is not known"),
        ("postgresql://ann@localhost/letter?password=s3cret", "password is not an option"),
    ],
)
def test_a_wrong_url_is_refused_without_showing_its_password(url: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        Location.parse(url)
    assert caught.value.hint
    assert "s3cret" not in caught.value.message + caught.value.hint


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("postgresql://ann:s3cret@host/letter", True),
        ("postgresql://:s3cret@host/letter", True),
        ("postgresql://ann@host/letter?password=s3cret", True),
        ("postgresql://ann@host:5433/letter", False),
        ("postgresql://host:5433/letter", False),
        ("postgresql://ann@[::1]:5433/letter", False),
        ("", False),
    ],
)
def test_a_password_in_a_url_is_seen(url: str, found: bool) -> None:
    assert has_password(url) is found


LOCATION = Location.parse("postgresql://ann@db.example.org/letter")


def pgpass(tmp_path: Path, content: str, mode: int = 0o600) -> dict[str, str]:
    path = tmp_path / "pgpass"
    path.write_text(content)
    path.chmod(mode)
    return {"PGPASSFILE": str(path)}


def test_the_first_fitting_line_of_the_password_file_counts(tmp_path: Path) -> None:
    environment = pgpass(
        tmp_path,
        "# ours\n"
        "other.example.org:*:*:*:wrong\n"
        "db.example.org:5433:letter:ann:wrong\n"
        "db.example.org:5432\n"
        "db.example.org:*:letter:ann:with\\:colon\\\\ and more\n"
        "*:*:*:*:too late\n",
    )
    assert find_password(LOCATION, environment) == "with:colon\\ and more"
    assert find_password(LOCATION, {**environment, "PGPASSWORD": "s3cret"}) == "s3cret"


def test_a_socket_is_found_as_localhost(tmp_path: Path) -> None:
    environment = pgpass(tmp_path, "localhost:5432:letter:ann:s3cret\n")
    location = Location.parse("postgresql://ann@/letter?host=/run/postgresql")
    assert find_password(location, environment) == "s3cret"
    assert find_password(LOCATION, environment) == ""


def test_a_password_file_that_others_may_read_is_passed_over(tmp_path: Path) -> None:
    assert find_password(LOCATION, pgpass(tmp_path, "*:*:*:*:s3cret\n", 0o640)) == ""
    assert find_password(LOCATION, {"PGPASSFILE": str(tmp_path / "nowhere")}) == ""
