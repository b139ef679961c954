from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.environment import SECRETS as HIDDEN
from newsletter.errors import ConfigurationError
from newsletter.feedback.options import SECRETS
from newsletter.settings import Settings, read_settings

START = 'name = "The Harbour Letter"\nfrom = "letter@example.org"\n[feedback]\n'


def read(folder: Path, line: str, **environment: str) -> Settings:
    (folder / "newsletter.toml").write_text(START + line)
    return read_settings(folder / "newsletter.toml", environment)


def test_secrets_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n")
    options = read(
        tmp_path, 'mailgun_key_file = "key"', NEWSLETTER_FEEDBACK_BREVO_SECRET="from-outside"
    ).feedback
    assert options.secret("mailgun_key", tmp_path) == "from-a-file"
    assert options.secret("brevo_secret", tmp_path) == "from-outside"
    assert options.secret("postmark_secret", tmp_path) == ""
    assert "from-outside" not in repr(options)


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_in_the_settings_is_refused_and_not_repeated(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigurationError, match="must not stand here") as caught:
        read(tmp_path, f'{name} = "top-secret"')
    assert caught.value.message.startswith(f"{tmp_path / 'newsletter.toml'}:4")
    assert f"NEWSLETTER_FEEDBACK_{name.upper()}" in caught.value.hint
    assert "top-secret" not in f"{caught.value.message} {caught.value.hint}"


def test_programs_that_are_started_from_here_do_not_get_the_secrets() -> None:
    assert {f"NEWSLETTER_FEEDBACK_{name.upper()}" for name in SECRETS} <= set(HIDDEN)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('mailbox = "imaps://me:password@example.org/"', "must not hold the password"),
        ('mailbox = "https://example.org/"', "must be imaps://"),
        ('sns_topics = ["letters"]', "must be ARNs"),
        ('mailbx = "x"', "is not a setting"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        read(tmp_path, line)
    assert ":4: feedback" in caught.value.message
    assert "password@" not in caught.value.message


def test_a_list_may_come_from_the_environment(tmp_path: Path) -> None:
    topics = "arn:aws:sns:eu-west-1:123456789012:a, arn:aws:sns:us-east-1:123456789012:b"
    options = read(tmp_path, "", NEWSLETTER_FEEDBACK_SNS_TOPICS=topics).feedback
    assert len(options.sns_topics) == 2


@pytest.mark.parametrize(
    ("name", "value"), [("MAILBOX", "https://me@example.org/"), ("SNS_CONFIRM", "perhaps")]
)
def test_what_is_wrong_in_a_variable_is_said_with_its_name(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, 'processed_folder = "Done"', **{f"NEWSLETTER_FEEDBACK_{name}": value})
    assert caught.value.message.startswith(f"NEWSLETTER_FEEDBACK_{name}: ")
    assert "newsletter.toml" not in caught.value.message
