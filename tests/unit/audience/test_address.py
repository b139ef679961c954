from __future__ import annotations

import email_validator
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.audience.address import parse
from newsletter.errors import AudienceError


@pytest.mark.parametrize(
    ("typed", "email", "key"),
    [
        ("ann@example.com", "ann@example.com", "ann@example.com"),
        ("  Ann.Lee@Example.COM\t", "Ann.Lee@example.com", "ann.lee@example.com"),
        ("ann@пошта.укр", "ann@xn--80a1acn3a.xn--j1amh", "ann@xn--80a1acn3a.xn--j1amh"),
        ("ann@XN--80a1acn3a.xn--j1amh", "ann@xn--80a1acn3a.xn--j1amh", None),
        ("Їжак@пошта.укр", "Їжак@пошта.укр", "їжак@xn--80a1acn3a.xn--j1amh"),
        ("e\u0301va@example.com", "\u00e9va@example.com", "\u00e9va@example.com"),
        ("o'brien+news=x@example.com", "o'brien+news=x@example.com", None),
    ],
)
def test_an_address_is_ready_for_the_wire_and_comparable(
    typed: str, email: str, key: str | None
) -> None:
    parsed = parse(typed)
    assert parsed.email == email
    assert parsed.key == (key or email)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ann",
        "@example.com",
        "ann@localhost",
        "ann@example..com",
        "ann@[127.0.0.1]",
        "ann@example.com, bob@example.com",
        "Ann Lee <ann@example.com>",
        "ann@example.com>",
        '"a@evil"@example.com',
        "a b@example.com",
        "ann@example.com\r\nRCPT TO:<eve@example.com>",
        "ann@exam\nple.com",
        "ann\x00@example.com",
        "ann@example.com\x7f",
        "ann@exam\u200bple.com",
        "a" * 65 + "@example.com",
        "a@" + "b." * 125 + "com",
        "x:" * 1000 + ";",
        "\udcff@example.com",
    ],
)
def test_anything_else_is_refused_with_a_hint(typed: str) -> None:
    with pytest.raises(AudienceError) as caught:
        parse(typed)
    assert caught.value.hint
    assert caught.value.message.isprintable(), "a message must not steer the terminal"
    assert len(caught.value.message) < 120


def test_domains_that_only_look_alike_stay_apart() -> None:
    assert parse("ann@straße.de").key != parse("ann@strasse.de").key


LOCAL = st.text("abzABZ019.!#'*+/=_`{|}~-\"(@ ,é", max_size=70)
DOMAIN = st.text("abzABZ09.-_", max_size=20).map(lambda start: start + ".com")


@given(local=LOCAL, domain=DOMAIN)
@example(local="a" * 64, domain="example.com")
@example(local="a" * 65, domain="example.com")
@example(local=".a", domain="example.com")
@example(local="a..b", domain="example.com")
@example(local="a", domain="xn--80a1acn3a.xn--j1amh")
def test_the_short_way_for_plain_addresses_agrees_with_the_library(local: str, domain: str) -> None:
    typed = f"{local}@{domain}"
    try:
        valid = email_validator.validate_email(
            typed.strip(" \t\u00a0"), check_deliverability=False, strict=True
        )
        expected = valid.ascii_email or valid.normalized
    except email_validator.EmailNotValidError:
        expected = ""
    try:
        found = parse(typed).email
    except AudienceError:
        found = ""
    assert found == expected
