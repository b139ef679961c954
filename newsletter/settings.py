"""What ``newsletter.toml`` may say, and reading it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    field_validator,
)

from newsletter.audience.lists import MAIN, NAME, ListOptions
from newsletter.audience.retention_options import RetentionOptions
from newsletter.audience.web_options import WebOptions
from newsletter.database.location import has_password, parse_setting
from newsletter.delivery.approval import ApprovalOptions
from newsletter.delivery.dkim.options import SECRETS, DkimOptions
from newsletter.delivery.pace_options import PaceOptions
from newsletter.errors import ConfigurationError
from newsletter.feedback.options import SECRETS as FEEDBACK_SECRETS
from newsletter.feedback.options import FeedbackOptions
from newsletter.issue.model import LANGUAGE
from newsletter.lint.options import Options
from newsletter.onion import is_misspelled_onion
from newsletter.suggestion import did_you_mean

FILE_NAME = "newsletter.toml"
"""The file that makes a folder a project."""


class Settings(BaseModel):
    """The keys of ``newsletter.toml``; each has a twin in the environment: ``NEWSLETTER_KEY``."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
    """The newsletter's name."""
    language: Annotated[str, StringConstraints(pattern=LANGUAGE)] = "en"
    """Language of issues that name none (BCP 47)."""
    tagline: str = ""
    """A line under the name."""
    accent: Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] = "#0b5c6b"
    """Colour of links and buttons."""
    from_: Annotated[str, Field(alias="from")]
    """Who the letter is from: `The Harbour Letter <letter@example.org>`."""
    reply_to: str = ""
    """Address that answers go to, if not `from`."""
    bounce_address: str = ""
    """Where bounces go, if not to the address in `from`; with `{token}` in it each letter has a
    return address of its own: `bounces+{token}@example.org`."""
    unsubscribe_address: str = ""
    """Where unsubscribe requests by mail go, if not to the address in `from`."""
    list_id: str = ""
    """Name of the list for mail programs (RFC 2919), `letter.example.org`; never change it."""
    must_not_reveal: tuple[str, ...] = ()
    """Words that nobody may see who has not opened the letter, such as the newsletter's name."""
    outer_subject: str = ""
    """What stands in place of the subject outside encrypted letters; if there are words in
    `must_not_reveal`, outside all."""
    postal_address: str = ""
    """Where the publisher can be reached by post."""
    reason: str = ""
    """Why readers get this letter."""
    base_url: str = ""
    """Where readers' pages are: unsubscribe links start with it. `https://…`, or an onion service,
    `http://….onion`; then mail programs unsubscribe by mail, not by one click."""
    archive_url: str = ""
    """Address of an issue's web version, with `{slug}` in it."""
    assets_url: str = ""
    """Where the files that `newsletter assets build` writes are hosted; without it pictures travel
    inside each message."""
    count_clicks: bool = False
    """Count how often each link of a letter is opened, of all readers together: links lead over
    `base_url`, the same for everybody, and the footer says so."""
    database: str = Field(default="", repr=False)
    """Where readers and sendings are kept: `postgresql://user@host/database`, or empty for a file
    of the project's own."""
    database_password: str = Field(default="", repr=False)
    """Password of the database; only from the environment."""
    database_key: str = Field(default="", repr=False)
    """Key of the database's file, which is encrypted with it; only from the environment."""
    database_key_file: str = ""
    """A file that holds the key of the database's file, outside git."""
    database_keyring: str = ""
    """Account of the system's keyring that holds the key of the database's file."""
    keys_file: str = ".newsletter/keys"
    """The file with the keys that belong to the database; made at first use, kept out of git."""
    transport: str = "maildir:outbox"
    """Who takes the messages: `maildir:outbox`, `smtp://user@host:587`, `smtps://user@host`."""
    rate: str = ""
    """How fast messages may leave: `50/s`, `600/min`, `20000/h`; empty for no limit."""
    transport_password: str = Field(default="", repr=False)
    """Password of the transport; only from the environment or `transport_password_file`. Several
    relays with users have a line each: `host password`."""
    transport_password_file: str = ""
    """A file that holds the password of the transport, or lines `host password` for several relays;
    outside git."""
    allow_plaintext: bool = False
    """Allow `?security=none` for a host that is not this machine."""
    editor: str = ""
    """Program that the preview opens lines in: `vscode`, `vscodium`, `cursor`, `zed`, `idea`,
    `pycharm`, `textmate`; a command with `{file}` and `{line}` only in the environment."""
    dkim: DkimOptions = DkimOptions()
    """How messages are signed: the table `[dkim]`, behind all settings that are not in a table."""
    approval: ApprovalOptions = ApprovalOptions()
    """Who must have said yes before an issue goes out: the table `[approval]`."""
    sending: PaceOptions = PaceOptions()
    """When and how fast it is sent: the table `[sending]`."""
    feedback: FeedbackOptions = FeedbackOptions()
    """Where bounces and complaints come from: the table `[feedback]`."""
    retention: RetentionOptions = RetentionOptions()
    """How long what is known of readers is kept: the table `[retention]`."""
    lists: dict[Annotated[str, StringConstraints(pattern=NAME)], ListOptions] = {}
    """What readers can be on, a table `[lists.NAME]` each; without any, one list called `main`."""
    web: WebOptions = WebOptions()
    """How forms on readers' pages are treated: the table `[web]`."""
    lint: Options = Options()
    """What `newsletter check` looks for: the table `[lint]`, the last in the file."""

    @property
    def all_lists(self) -> Mapping[str, ListOptions]:
        """The lists by name, in the order of the file, each with its title and language."""
        usual = {"title": self.name, "language": self.language}
        return {
            name: options.model_copy(
                update={key: value for key, value in usual.items() if not getattr(options, key)}
            )
            for name, options in (self.lists or {MAIN: ListOptions()}).items()
        }

    @field_validator("must_not_reveal", mode="before")
    @classmethod
    def _separate(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return [word.strip() for word in value.split(",") if word.strip()]

    @field_validator("must_not_reveal")
    @classmethod
    def _words(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(any(c.isalnum() for c in word) for word in value):
            raise ValueError("must be words, each with a letter or digit")
        return value

    @field_validator("database")
    @classmethod
    def _database(cls, value: str) -> str:
        return parse_setting(value)

    @field_validator("base_url", "archive_url", "assets_url")
    @classmethod
    def _https(cls, value: str) -> str:
        if value and not re.match(r"https?://[^/\s]+", value):
            raise ValueError("must be a web address, https://…")
        if is_misspelled_onion(value):
            raise ValueError("must name an onion service of version 3: 56 characters before .onion")
        return value

    @field_validator("base_url", "assets_url")
    @classmethod
    def _without_slash(cls, value: str) -> str:
        return value.rstrip("/")

    @field_validator("archive_url")
    @classmethod
    def _with_slug(cls, value: str) -> str:
        if value and "{slug}" not in value:
            raise ValueError("must contain {slug}, which stands for the issue")
        return value


def read_settings(path: Path, environment: Mapping[str, str]) -> Settings:
    """The settings in a file, each overridden by its twin in the environment.

    Raises:
        ConfigurationError: The file is not TOML, or says something that it must not.
    """
    try:
        source = path.read_text(encoding="utf-8-sig")
        raw: dict[str, Any] = tomllib.loads(source)
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: not UTF-8", "Save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{path}: {error}", 'Values that are text stand in quotes: name = "My Letter".'
        ) from error
    except OSError as error:
        raise ConfigurationError(f"cannot read {path}: {error.strerror}") from error
    if "database_password" in raw or has_password(str(raw.get("database", ""))):
        key = "database_password" if "database_password" in raw else "database"
        raise ConfigurationError(
            f"{_line_of(path, source, key)}: a password must not stand here",
            "Set NEWSLETTER_DATABASE_PASSWORD, or write it into ~/.pgpass.",
        )
    if "database_key" in raw:
        raise ConfigurationError(
            f"{_line_of(path, source, 'database_key')}: the key must not stand here",
            "Set NEWSLETTER_DATABASE_KEY, or name a file in database_key_file.",
        )
    if "transport_password" in raw:
        raise ConfigurationError(
            f"{_line_of(path, source, 'transport_password')}: a password must not stand here",
            "Set NEWSLETTER_TRANSPORT_PASSWORD, or name a file in transport_password_file.",
        )
    _refuse_secrets(path, source, raw.get("dkim"))
    for key in FEEDBACK_SECRETS:
        if isinstance(table := raw.get("feedback"), dict) and key in table:
            raise ConfigurationError(
                f"{_line_of(path, source, key)}: a secret must not stand here",
                f"Set {_twin(f'feedback_{key}')}, or name a file in {key}_file.",
            )
    if "{" in str(raw.get("editor", "")):
        raise ConfigurationError(
            f"{_line_of(path, source, 'editor')}: a command must not stand here",
            "A file that others share must not say what runs on your machine: set "
            "NEWSLETTER_EDITOR instead.",
        )
    from_environment = _from_environment(environment)
    signing = _signing_from_environment(environment)
    if signing and isinstance(table := raw.get("dkim", {}), dict):
        raw["dkim"] = {**table, **signing}
    coming_back = _feedback_from_environment(environment)
    if coming_back and isinstance(table := raw.get("feedback", {}), dict):
        raw["feedback"] = {**table, **coming_back}
    try:
        return Settings.model_validate({**raw, **from_environment})
    except ValidationError as error:
        problems = error.errors()
        other = {**from_environment, "dkim": signing, "feedback": coming_back}
        said = [
            f"{_place(path, source, problem['loc'], other)}: {_say(problem)}"
            for problem in problems
        ]
        raise ConfigurationError("\n".join(said), _suggest(problems[0])) from None


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    tables = ("approval", "dkim", "feedback", "lint", "lists", "retention", "sending", "web")
    keys = (name.rstrip("_") for name in Settings.model_fields if name not in tables)
    found = ((key, environment.get(_twin(key))) for key in keys)
    return {key: value for key, value in found if value is not None}


def _signing_from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    found = ((key, environment.get(_twin(f"dkim_{key}"))) for key in DkimOptions.model_fields)
    return {key: value for key, value in found if value is not None}


def _feedback_from_environment(environment: Mapping[str, str]) -> dict[str, str]:
    keys = FeedbackOptions.model_fields
    found = ((key, environment.get(_twin(f"feedback_{key}"))) for key in keys)
    return {key: value for key, value in found if value is not None}


def _refuse_secrets(path: Path, source: str, table: object) -> None:
    for key in SECRETS:
        if isinstance(table, dict) and key in table:
            raise ConfigurationError(
                f"{_line_of(path, source, key)}: a private key must not stand here",
                f"Set {_twin(f'dkim_{key}')}, or name a file in {key}_file.",
            )


def _twin(key: str) -> str:
    return f"NEWSLETTER_{key.upper()}"


def _place(path: Path, source: str, loc: Sequence[int | str], other: Mapping[str, Any]) -> str:
    """The variable, or the line of the file and the dotted key, that a problem is about."""
    if loc[0] in {"dkim", "feedback"}:
        if len(loc) > 1 and loc[1] in other[str(loc[0])]:
            return _twin(f"{loc[0]}_{loc[1]}")
    elif loc[0] in other:
        return _twin(str(loc[0]))
    keys = [str(key) for key in loc if isinstance(key, str)]
    return f"{_line_of(path, source, keys[-1])}: {'.'.join(keys)}"


def _line_of(path: Path, source: str, key: str) -> str:
    for number, line in enumerate(source.splitlines(), 1):
        if re.match(rf"\s*[\[\"']*(?:[\w-]+\.)*[\"']?{re.escape(key)}(?![\w-])", line):
            return f"{path}:{number}"
    return f"{path}"


def _say(problem: Mapping[str, Any]) -> str:
    said = {"missing": "is required", "extra_forbidden": "is not a setting"}
    return said.get(problem["type"]) or str(problem["msg"]).removeprefix("Value error, ")


def _suggest(problem: Mapping[str, Any]) -> str:
    if problem["type"] != "extra_forbidden":
        return ""
    tables: dict[object, type[BaseModel]] = {
        "approval": ApprovalOptions,
        "lint": Options,
        "dkim": DkimOptions,
        "feedback": FeedbackOptions,
        "retention": RetentionOptions,
        "sending": PaceOptions,
        "web": WebOptions,
    }
    model = ListOptions if problem["loc"][0] == "lists" else tables.get(problem["loc"][0], Settings)
    names = [name.rstrip("_") for name in model.model_fields]
    key = str(problem["loc"][-1])
    return did_you_mean(key, names) or f"Settings are: {', '.join(names)}."
