from pathlib import Path

import pytest

from newsletter.errors import ConfigurationError
from newsletter.issue.docstrings import attribute_docstrings
from newsletter.settings import Settings, read_settings

MINIMAL = 'name = "The Letter"\nfrom = "The Letter <letter@example.org>"\n'


def read(folder: Path, text: str | bytes, **environment: str) -> Settings:
    path = folder / "newsletter.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_settings(path, environment)


def test_name_and_from_are_enough(tmp_path: Path) -> None:
    settings = read(tmp_path, MINIMAL)
    assert settings.transport == "maildir:outbox"
    assert settings.language == "en"


def test_a_byte_order_mark_is_not_a_mistake(tmp_path: Path) -> None:
    assert read(tmp_path, b"\xef\xbb\xbf" + MINIMAL.encode()).name == "The Letter"


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        MINIMAL,
        NEWSLETTER_BASE_URL="https://other.example.org/",
        NEWSLETTER_FROM="Other <other@example.org>",
        NEWSLETTER_ALLOW_PLAINTEXT="true",
    )
    assert settings.base_url == "https://other.example.org"
    assert settings.from_ == "Other <other@example.org>"
    assert settings.allow_plaintext is True


def test_a_password_comes_from_the_environment_and_is_not_shown(tmp_path: Path) -> None:
    settings = read(tmp_path, MINIMAL, NEWSLETTER_TRANSPORT_PASSWORD="hunter2")
    assert settings.transport_password == "hunter2"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (MINIMAL + 'lenguage = "en"\n', ":3: lenguage: is not a setting", '"language"'),
        (MINIMAL + "\n\nlanguage = 7\n", ":5: language: ", ""),
        ('from = "a@example.org"\n', "newsletter.toml: name: is required", ""),
        (MINIMAL + 'base_url = "news.example.org"\n', ":3: base_url: must be a web address", ""),
        (MINIMAL + 'base_url = "http://letter.onion"\n', ":3: base_url: must name an onion", ""),
        (MINIMAL + '[lists.a]\nlist_id = "a b"\n', ":4: lists.a.list_id: must be a label", ""),
        (MINIMAL + 'archive_url = "https://example.org/x"\n', ":3: archive_url: must con", ""),
        (
            MINIMAL + 'transport_password = "x"\n',
            ":3: a password must not stand here",
            "NEWSLETTER_",
        ),
        (MINIMAL + "[lint]\nbulets = 5\n", ":4: lint.bulets: is not a setting", '"bullets"'),
        (MINIMAL + "[lint.rules]\nquotes = 'loud'\n", ":4: lint.rules.quotes: Input should", ""),
        ("name = The Letter\n", "newsletter.toml: ", "in quotes"),
        (b'name = "Caf\xe9"\n', "not UTF-8", "UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, text: str | bytes, message: str, hint: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_all_mistakes_are_named_at_once_and_those_of_the_environment_by_their_variable(
    tmp_path: Path,
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, MINIMAL + "language = 7\n", NEWSLETTER_BASE_URL="news.example.org")
    first, second = caught.value.message.split("\n")
    assert ":3: language: " in first
    assert second.startswith("NEWSLETTER_BASE_URL: must be a web address")


def test_every_setting_is_described() -> None:
    assert set(Settings.model_fields) - set(attribute_docstrings(Settings)) == set()


def test_only_addresses_that_are_prolonged_lose_their_slash(tmp_path: Path) -> None:
    addresses = 'base_url = "https://example.org/"\narchive_url = "https://example.org/{slug}/"\n'
    settings = read(tmp_path, MINIMAL + addresses)
    assert settings.base_url == "https://example.org"
    assert settings.archive_url == "https://example.org/{slug}/"
