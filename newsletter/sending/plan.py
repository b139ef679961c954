"""A plan: what is to be sent, to whom and how, in a file that others can approve."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from newsletter.errors import NotFoundError, SendRefusedError


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PlannedAudience(_Part):
    """Who is to get it.

    Attributes:
        active: How many.
        unsubscribed: How many have left and are left out.
        suppressed: How many are never mailed and are left out.
        pending: How many have not confirmed yet and are left out.
        lists: Names of the lists that it goes to.
        segment: Which of their readers; empty for all.
        salt: The key of the digest.
        digest: See ``audience_digest``.
    """

    active: int
    unsubscribed: int
    suppressed: int
    pending: int
    lists: list[str]
    segment: str
    salt: str
    digest: str


class Checks(_Part):
    """How many findings there were."""

    errors: int
    warnings: int
    notes: int


class Plan(_Part):
    """What is to be sent. Two plans are of the same sending if ``differences`` finds none.

    Attributes:
        format: Of this file.
        issue: The slug.
        subject: The subject, for people.
        content: See ``content_digest``.
        commit: The commit that was checked out; empty without git.
        changed: Whether there were changes that were not committed.
        author: Who made the plan, as git knows them; empty if it does not.
        made_at: When, in UTC.
        audience: Who is to get it.
        checks: What was found wrong.
        transport: How it goes out, without secrets.
        rate: How fast; empty for no limit.
        seconds: How long it takes at that rate; None without one.
        expires_at: When the news is stale; None if never.
        earlier: How often the issue was sent before.
        settings: What ``newsletter.toml`` and the environment say, without secrets; usual values
            are left out.
    """

    format: Literal[2] = 2
    issue: str
    subject: str
    content: str
    commit: str
    changed: bool
    author: str
    made_at: str
    audience: PlannedAudience
    checks: Checks
    transport: str
    rate: str
    seconds: int | None
    expires_at: str | None
    earlier: int
    settings: dict[str, JsonValue]

    @property
    def digest(self) -> str:
        """SHA-256 in hex of the canonical JSON of everything but this."""
        return hashlib.sha256(_canonical(self.model_dump(mode="json"))).hexdigest()

    @property
    def file_name(self) -> str:
        """``2026-11-20-1a2b3c4d.json``."""
        return f"{self.issue}-{self.digest[:8]}.json"

    @property
    def stale_at(self) -> datetime.datetime | None:
        """``expires_at`` as a time."""
        return datetime.datetime.fromisoformat(self.expires_at) if self.expires_at else None

    def dump(self) -> bytes:
        """The file: canonical JSON (RFC 8785), the digest in it; this is what people sign."""
        return _canonical({**self.model_dump(mode="json"), "digest": self.digest})

    @classmethod
    def parse(cls, data: bytes, name: str) -> Plan:
        """The plan in a file.

        Args:
            data: Its content.
            name: What it is called, for messages.

        Raises:
            SendRefusedError: It is no plan, or was changed after it was made.
        """
        hint = "Make one with: newsletter send --plan"
        try:
            raw: Any = json.loads(data)
            digest = raw.pop("digest")
            plan = cls.model_validate(raw)
            # Byte for byte, so that nothing that a person signs goes unread.
            untouched = plan.digest == digest and plan.dump() == data
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise SendRefusedError(f"{name} is not a plan of this version", hint) from error
        if not untouched:
            raise SendRefusedError(f"{name} was changed after it was made", hint)
        return plan

    @classmethod
    def read(cls, path: Path) -> Plan:
        """The plan in a file.

        Raises:
            NotFoundError: There is no such file.
            SendRefusedError: It is no plan, or was changed after it was made.
        """
        return cls.parse(read_bytes(path), path.name)

    def differences(self, now: Plan, *, exact_audience: bool = True) -> Iterator[str]:
        """What is not as it was planned, in words: ``transport: planned …, now …``.

        Args:
            now: What would be sent now, its audience counted with the same salt.
            exact_audience: Whether other readers are a difference.
        """
        if self.content != now.content:
            yield f"content: planned {self.content[:8]}, now {now.content[:8]}"
        if exact_audience and self.audience.digest != now.audience.digest:
            yield f"audience: planned {_readers(self)}, now {_readers(now)}"
        for name in ("lists", "segment"):
            if (was := getattr(self.audience, name)) != (is_now := getattr(now.audience, name)):
                yield _difference(name, was, is_now)
        for name in ("issue", "transport", "expires_at", "earlier"):
            if (was := getattr(self, name)) != (is_now := getattr(now, name)):
                yield _difference(name, was, is_now)
        for key in sorted({**self.settings, **now.settings}):
            if self.settings.get(key) != now.settings.get(key):
                yield _difference(key, self.settings.get(key), now.settings.get(key))


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        NotFoundError: It cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotFoundError(
            f"cannot read {path}: {error.strerror}", "Make a plan with: newsletter send --plan"
        ) from error


def _canonical(value: Mapping[str, Any]) -> bytes:
    # What RFC 8785 says, for a document without fractions.
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _readers(plan: Plan) -> str:
    number = plan.audience.active
    return f"{number:,} reader{'s' * (number != 1)} ({plan.audience.digest[:8]})"


_NAMES = {"expires_at": "expires", "earlier": "earlier sendings"}


def _difference(name: str, was: object, is_now: object) -> str:
    return f"{_NAMES.get(name, name)}: planned {_said(was)}, now {_said(is_now)}"


def _said(value: object) -> str:
    if value in (None, ""):
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
