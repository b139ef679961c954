from __future__ import annotations

import base64
import dataclasses
import datetime
import email.message
import quopri
import re
from email import message_from_bytes
from email.header import decode_header
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.delivery.composition.press import Press
from newsletter.delivery.message import Recipient, Sender
from newsletter.errors import ConfigurationError
from newsletter.render.edition import Edition, EmbeddedImage
from newsletter.render.merge import Context, Merged, Slot
from tests.unit.delivery.kit import NOON, make_edition, make_sender

ONION = "aaaqeayeaudaocajbifqydiob4ibceqtcqkrmfyydenbwha5dyp3kead.onion"
ADA = Recipient("ada@example.com", "t0ken", {"name": "Ada Sample"})


def bytes_for(
    reader: Recipient = ADA,
    edition: Edition | None = None,
    sender: Sender | None = None,
    **more: object,
) -> bytes:
    arguments = {"message_id": "<0a1b@example.org>", "date": NOON, **more}
    press = Press(edition or make_edition(), sender or make_sender())
    return press.message(reader, **arguments).data  # type: ignore[arg-type]


def parts(message: email.message.Message) -> list[email.message.Message]:
    """The parts of a multipart message, one level down."""
    inside = message.get_payload()
    assert isinstance(inside, list)
    return [part for part in inside if isinstance(part, email.message.Message)]


def content(part: email.message.Message) -> str:
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode("utf-8")


def raw_headers(data: bytes) -> dict[str, str]:
    """Name → value as on the wire, unfolded by RFC 5322 §2.2.3 alone."""
    head = data.partition(b"\r\n\r\n")[0].decode("utf-8")
    fields = re.sub(r"\r\n(?=[ \t])", "", head).split("\r\n")
    pairs = [field.split(": ", 1) for field in fields]
    assert len({name for name, _ in pairs}) == len(pairs), "a field stands twice"
    return {field[0]: field[1] for field in pairs}


def decoded(value: str) -> str:
    """By RFC 2047: space between encoded-words does not count, each word is whole characters."""

    def word(match: re.Match[str]) -> str:
        if match[1] == "b":
            return base64.b64decode(match[2], validate=True).decode()
        return quopri.decodestring(match[2].replace("_", " ").encode()).decode()

    joined = re.sub(r"(\?=)[ \t]+(=\?)", r"\1\2", value)
    return re.sub(r"=\?utf-8\?([bq])\?([^?]*)\?=", word, joined)


def assert_fit_for_the_wire(data: bytes) -> None:
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\0" not in data
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    for line in lines:
        for found in re.findall(rb"=\?utf-8\?[^ ]*", line):
            assert len(found) <= 75
            assert len(line) <= 76


def test_a_message_has_every_field_once_and_nothing_about_the_machine() -> None:
    data = bytes_for()
    assert_fit_for_the_wire(data)
    headers = raw_headers(data)
    assert headers.pop("Feedback-ID")
    assert headers == {
        "From": "The Harbour Letter <letter@example.org>",
        "To": "Ada Sample <ada@example.com>",
        "Subject": "Ferry to run all winter",
        "Date": "Fri, 20 Nov 2026 12:00:00 +0000",
        "Message-ID": "<0a1b@example.org>",
        "List-Id": "The Harbour Letter <newsletter.example.org>",
        "List-Unsubscribe": (
            "<https://letter.example.org/unsubscribe/t0ken>, "
            "<mailto:letter@example.org?subject=unsubscribe%20t0ken>"
        ),
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Language": "en",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_alternative"',
    }
    assert data.isascii()


def test_an_onion_service_is_left_by_mail_and_not_by_one_click() -> None:
    onion = f"http://{ONION}/letter"
    data = bytes_for(sender=make_sender(base_url=onion))
    headers = raw_headers(data)
    assert headers["List-Unsubscribe"] == (
        "<mailto:letter@example.org?subject=unsubscribe%20t0ken>"
    )
    assert "List-Unsubscribe-Post" not in headers
    text = parts(message_from_bytes(data))[0]
    assert f"{onion}/unsubscribe/t0ken" in content(text)


def test_the_time_zone_of_the_newsroom_stays_at_home() -> None:
    kyiv = datetime.timezone(datetime.timedelta(hours=2))
    assert raw_headers(bytes_for(date=NOON.astimezone(kyiv)))["Date"].endswith("12:00:00 +0000")


def test_plain_text_comes_first_and_both_parts_are_the_readers_own() -> None:
    text, html = parts(message_from_bytes(bytes_for()))
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    for part in (text, html):
        assert "Dear Ada Sample," in content(part)
        assert "https://letter.example.org/unsubscribe/t0ken" in content(part)


def test_the_same_reader_always_gets_the_same_bytes() -> None:
    assert bytes_for() == bytes_for()


def test_two_readers_differ_only_in_what_is_their_own() -> None:
    def masked(reader: Recipient) -> bytes:
        data = bytes_for(reader).replace(b"=\r\n", b"")  # lines break elsewhere
        for own in (reader.address, reader.token, reader.values["name"]):
            data = data.replace(own.encode(), b"*")
        return data

    other = Recipient("bob@example.net", "xxxxx", {"name": "Bob"})
    assert masked(ADA) == masked(other)


def test_no_message_holds_another_readers_address() -> None:
    readers = [Recipient(f"canary{n}x@example.com", f"tok{n}x", {}) for n in range(50)]
    for reader in readers:
        data = bytes_for(reader)
        for other in readers:
            assert (other.address.encode() in data) is (other is reader)
            assert (other.token.encode() in data) is (other is reader)


@pytest.mark.parametrize("length", range(20, 401, 20))
def test_unsubscribe_links_stay_literal_however_long(length: int) -> None:
    base = "https://letter.example.org"
    token = "t" * max(1, length - len(base) - len("/unsubscribe/"))
    data = bytes_for(Recipient("ada@example.com", token, {}))
    lines = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    index = next(i for i, line in enumerate(lines) if line.startswith(b"List-Unsubscribe:"))
    assert lines[index] == f"List-Unsubscribe: <{base}/unsubscribe/{token}>,".encode()
    assert lines[index + 1].startswith(b" <mailto:")
    assert lines[index + 2] == b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def test_a_link_that_fits_no_line_is_refused_rather_than_broken() -> None:
    with pytest.raises(ValueError, match="too long for a line"):
        bytes_for(Recipient("ada@example.com", "t" * 1200, {}))


def test_feedback_id_is_the_same_for_all_readers_of_an_issue() -> None:
    one = raw_headers(bytes_for())["Feedback-ID"]
    two = raw_headers(bytes_for(Recipient("bob@example.net", "other", {})))["Feedback-ID"]
    assert one == two
    issue, list_, kind, sender = one.split(":")
    assert (issue, list_, kind) == ("2026-11-20", "newsletter", "newsletter")
    assert 5 <= len(sender) <= 15


def test_a_slug_with_odd_characters_gives_no_odd_header() -> None:
    edition = dataclasses.replace(make_edition(), slug="Ausgabe: № 7")
    assert raw_headers(bytes_for(edition=edition))["Feedback-ID"].count(":") == 3


TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029"), min_size=1
)


@given(TEXT)
@example("Тест №12 «Вес на» a  b =?utf-8?q?x?= end")
@example("👩‍👩‍👧‍👦" * 20)
@example("e\u0301" * 60)
@example("مرحبا hello مرحبا " * 6)
@example("a" * 300)
@example("word " * 40 + "end")
@example(" leading")
@example("=?")
def test_any_subject_survives(subject: str) -> None:
    data = bytes_for(edition=make_edition(subject=subject))
    assert_fit_for_the_wire(data)
    assert decoded(raw_headers(data)["Subject"]) == subject


@given(TEXT)
@example('Ada "the Count" Sample, Jr. <evil@example.net>')
@example("Ада Пример, из «Примера»")
@example("a\\b")
@example("name@example.com")
@example("x" * 200)
def test_any_name_survives_and_leaves_the_address_alone(name: str) -> None:
    data = bytes_for(Recipient("ada@example.com", "t", {"name": name}))
    assert_fit_for_the_wire(data)
    value = raw_headers(data)["To"]
    if not name.strip():
        assert value == "<ada@example.com>"
        return
    phrase, _, address = value.rpartition(" <")
    assert address == "ada@example.com>"
    if phrase.startswith('"'):
        assert re.fullmatch(r'"(?:[^"\\]|\\.)*"', phrase)
        phrase = re.sub(r"\\(.)", r"\1", phrase[1:-1])
    else:
        assert re.fullmatch(r"[A-Za-z0-9 !*+/=_?-]*", phrase), "specials outside quotes"
        phrase = decoded(phrase)
    assert phrase == name.strip()


@given(st.text(max_size=40), st.sampled_from(["name", "city"]))
def test_no_value_of_a_reader_breaks_the_message(value: str, field: str) -> None:
    edition = dataclasses.replace(
        make_edition(),
        subject=Merged(("News from ", Slot(field, "here", Context.TEXT))),
    )
    try:
        data = bytes_for(Recipient("ada@example.com", "t", {field: value}), edition)
    except ValueError:
        assert re.search("[\ud800-\udfff]", value), "only half characters are refused"
        return
    assert_fit_for_the_wire(data)
    assert len(parts(message_from_bytes(data))) == 2


@pytest.mark.parametrize("evil", ["\r\nBcc: eve@example.net", "\nX: y", "\rX", "a\0b", "\u2028"])
def test_a_name_with_a_line_break_injects_no_header(evil: str) -> None:
    headers = raw_headers(bytes_for(Recipient("ada@example.com", "t", {"name": f"Ada{evil}"})))
    assert "Bcc" not in headers
    assert "X" not in headers


@pytest.mark.parametrize("evil", ["Hi\r\nBcc: eve@example.net", "Hi\nthere", "a\0b", "a\u2028b"])
def test_a_subject_with_a_line_break_is_refused(evil: str) -> None:
    with pytest.raises(ValueError, match="must not hold"):
        bytes_for(edition=make_edition(subject=evil))


def test_a_reader_named_like_a_template_is_taken_literally() -> None:
    name = "{{7*7}}<script>alert(1)</script>"
    data = bytes_for(Recipient("ada@example.com", "t", {"name": name}))
    text, html = parts(message_from_bytes(data))
    assert f"Dear {name}," in content(text)
    shown = content(html)
    assert "Dear {{7*7}}&lt;script&gt;alert(1)&lt;/script&gt;," in shown
    assert "49" not in shown
    assert raw_headers(data)["To"] == f'"{name}" <ada@example.com>'


def test_long_lines_and_dots_are_safe_in_the_body() -> None:
    body = "\n.\n..\n" + "x" * 3000 + "\nFrom here\n" + "й" * 500 + " \n"
    data = bytes_for(edition=make_edition(text=body))
    assert_fit_for_the_wire(data)
    lines = data.partition(b"\r\n\r\n")[2].split(b"\r\n")
    assert max(map(len, lines)) <= 76
    assert not any(line.startswith(b".") for line in lines)
    text = content(parts(message_from_bytes(data))[0])
    assert body in text.replace("\r\n", "\n")


def test_pictures_travel_with_the_html_they_belong_to() -> None:
    pixel = bytes(range(256)) * 20
    edition = dataclasses.replace(
        make_edition(),
        images=(EmbeddedImage("ferry@letter", "фото ferry.jpg", "image/jpeg", pixel),),
    )
    data = bytes_for(edition=edition)
    assert_fit_for_the_wire(data)
    text, related = parts(message_from_bytes(data))
    assert text.get_content_type() == "text/plain"
    assert related.get_content_type() == "multipart/related"
    html, picture = parts(related)
    assert html.get_content_type() == "text/html"
    assert picture["Content-ID"] == "<ferry@letter>"
    assert picture.get_filename() == "фото ferry.jpg"
    assert picture.get_payload(decode=True) == pixel


def test_international_domains_become_a_labels() -> None:
    data = bytes_for(Recipient("ada@bücher.example.com", "t", {}))
    assert raw_headers(data)["To"] == "<ada@xn--bcher-kva.example.com>"
    sender = Sender.parse(from_="Лист <news@пошта.example.com>", list_name="Лист")
    assert sender.address == "news@xn--80a1acn3a.example.com"
    headers = raw_headers(bytes_for(sender=sender))
    assert headers["From"] == "=?utf-8?b?0JvQuNGB0YI=?= <news@xn--80a1acn3a.example.com>"
    assert headers["List-Id"].endswith("<newsletter.xn--80a1acn3a.example.com>")


def test_an_address_that_is_not_ascii_stands_in_its_own_to_field_only() -> None:
    message = Press(make_edition(), make_sender()).message(
        Recipient("пример@example.com", "t", {}),
        message_id="<1@example.org>",
        date=NOON,
    )
    assert message.envelope.rcpt_to == "пример@example.com"
    assert raw_headers(message.data)["To"] == "<пример@example.com>"
    assert message.data.replace("пример".encode(), b"").isascii()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "a b@example.com",
        "ada@example.com\r\nRCPT TO:<eve@example.net>",
        "ada@example.com>",
        "<ada@example.com",
        '"ada@evil.example"@example.com',
        "x <ada@example.com>, b@example.net",
        "ada@exam ple.com",
        "ada@example.com\0",
        "a" * 65 + "@example.com",
        "ada@" + "a." * 130 + "com",
        "(" * 1000 + "ada@example.com",
    ],
)
def test_what_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"address|part before|part behind"):
        bytes_for(Recipient(address, "t", {}))


def test_a_missing_base_url_shows_in_the_link() -> None:
    headers = raw_headers(bytes_for(sender=make_sender(base_url="")))
    assert "<https://base-url-is-not-set.invalid/unsubscribe/t0ken>" in headers["List-Unsubscribe"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("from_", "The Harbour Letter"),
        ("from_", "a@example.org, b@example.org"),
        ("from_", "Letter <letter@example.org> <x@example.org>"),
        ("reply_to", "nobody"),
        ("bounce_address", "a@b@c"),
        ("unsubscribe_address", "листи@example.org"),
        ("list_id", "my letter"),
        ("list_name", "Letter\r\nBcc: eve@example.net"),
        ("base_url", "https://лист.example.org"),
    ],
)
def test_settings_that_are_no_addresses_are_named(key: str, value: str) -> None:
    settings: dict[str, Any] = {"from_": "letter@example.org", key: value}
    with pytest.raises(ConfigurationError) as caught:
        Sender.parse(**settings)
    assert key.removeprefix("list_").rstrip("_") in caught.value.message


def test_new_message_ids_are_long_random_and_ours() -> None:
    ids = {make_sender().new_message_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(re.fullmatch(r"<[0-9a-f]{32}@example\.org>", id_) for id_ in ids)


def test_headers_read_back_by_the_standard_library_too() -> None:
    subject = "«Вес на» воды"
    parsed = message_from_bytes(bytes_for(edition=make_edition(subject=subject)))
    [(raw, charset)] = decode_header(parsed["Subject"])
    assert raw.decode(charset) == subject
