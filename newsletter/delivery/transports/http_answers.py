"""What a provider answered to a request, and what a refusal means for the readers in it."""

from __future__ import annotations

import datetime
import enum
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from newsletter.delivery.outcome import About, Deferred, Failed, Outcome, Unknown
from newsletter.delivery.reply import Reply

LONGEST_WAIT = datetime.timedelta(days=1)
"""No longer than this is waited because a provider says so."""


class Verdict(enum.StrEnum):
    """What a refusal is about, and so what to do about it."""

    RECIPIENT = "the reader's address is refused"
    SUPPRESSED = "the provider keeps the reader on a list of its own and mails them nothing"
    MESSAGE = "the letter is refused"
    LATER = "not taken now; everything has to wait"
    ACCOUNT = "nothing is taken until somebody changes a setting"
    UNKNOWN = "the answer does not tell whether the letter was taken"


_ACCOUNT = {401, 402, 403, 404, 405, 407, 410, 451}
_LATER = {408, 425, 429, 500, 503}


def judge_status(status: int) -> Verdict:
    """What an HTTP status other than 2xx means where the provider says nothing more exact.

    A redirect would lead the readers' addresses elsewhere and is not followed. 502, 504 and
    their like come from a gateway, which does not know what became of the request behind it
    (RFC 9110 §15.6).
    """
    if status in _ACCOUNT or status // 100 == 3:
        return Verdict.ACCOUNT
    if status in _LATER:
        return Verdict.LATER
    return Verdict.MESSAGE if status // 100 == 4 else Verdict.UNKNOWN


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response.

    Attributes:
        status: Three digits.
        headers: Field names in lower case.
        body: At most 1 MB of it.
        complete: Whether the body is whole.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool = True

    @property
    def good(self) -> bool:
        """Whether the request was carried out (2xx)."""
        return self.status // 100 == 2

    def json(self) -> Any:
        """The body as JSON; None if it is not JSON or not whole."""
        try:
            return json.loads(self.body) if self.complete else None
        except ValueError:
            return None

    def fields(self) -> dict[str, Any]:
        """The body as a JSON object; empty if it is anything else."""
        found = self.json()
        return found if isinstance(found, dict) else {}

    def text(self) -> str:
        """The body as it is, for gateways that answer without JSON; empty if it is JSON."""
        return "" if self.json() is not None else self.body[:2000].decode("utf-8", "replace")

    def retry_after(self) -> datetime.timedelta | None:
        """What ``Retry-After`` asks for, seconds or a date (RFC 9110 §10.2.3)."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return seconds(said)
        return self._from_now(_date(said))

    def until(self, name: str) -> datetime.timedelta | None:
        """The wait until the moment in a field that counts seconds since 1970."""
        said = self.headers.get(name, "").strip()
        if not said.isdecimal() or len(said) > 11:
            return None
        return self._from_now(datetime.datetime.fromtimestamp(int(said), datetime.UTC))

    def _from_now(self, moment: datetime.datetime | None) -> datetime.timedelta | None:
        # "Now" is the provider's own clock: ours may be wrong.
        now = _date(self.headers.get("date", ""))
        if moment is None or now is None or moment <= now:
            return None
        return min(moment - now, LONGEST_WAIT)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request, or one message of it, that was not carried out.

    Attributes:
        verdict: What it is about.
        status: HTTP status.
        code: The provider's own code or name for the error, or empty.
        text: The provider's words; may hold addresses.
        retry_after: How long to wait at least, if the provider said so.
    """

    verdict: Verdict
    status: int
    code: str = ""
    text: str = ""
    retry_after: datetime.timedelta | None = None

    def told(self, address: str = "") -> str:
        """The refusal as it may be recorded: one line, without addresses.

        Args:
            address: The reader's address, whose parts are blotted out as well.
        """
        said = f"{self.code}: {self.text}" if self.code and self.text else self.code or self.text
        told = Reply(self.status, text=one_line(said)).told(address)
        return f"suppressed at the provider: {told}" if self.verdict is Verdict.SUPPRESSED else told

    def outcome(self, address: str) -> Outcome:
        """What it means for one reader.

        A refusal of the account becomes a delay here; whoever knows that nothing of the request
        was taken stops the campaign instead.
        """
        told = self.told(address)
        match self.verdict:
            case Verdict.RECIPIENT | Verdict.SUPPRESSED:
                return Failed(told, About.RECIPIENT)
            case Verdict.MESSAGE:
                return Failed(told, About.MESSAGE)
            case Verdict.LATER | Verdict.ACCOUNT:
                return Deferred(told, About.SITE, self.retry_after)
            case Verdict.UNKNOWN:
                return Unknown(told)


def seconds(said: str) -> datetime.timedelta | None:
    """A wait written as whole seconds; None if it is anything else."""
    if not said.strip().isdecimal():
        return None
    longest = int(LONGEST_WAIT.total_seconds())
    return datetime.timedelta(seconds=min(int(said.strip()[:9]), longest))


def one_line(text: str) -> str:
    """Text without line breaks and control characters."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text).strip()


def _date(said: str) -> datetime.datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
