"""A message that may be a bounce, and what can be asked of it; each answer is worked out once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from newsletter.feedback.classify import addresses, prose
from newsletter.feedback.classify.dsn import Status
from newsletter.feedback.classify.mime import Headers, Message
from newsletter.feedback.classify.wording import Words

_DAEMON = re.compile(
    r"mailer-?\s?daemon|mail-?daemon|\bpost[_-]?master\b|\bmdaemon@|mail delivery"
    r"|delivery (?:sub)?system|mail(?:er)? (?:administrator|system|subsystem)"
    r"|system administrator|microsoftexchange\w{20,}@|internet mail delivery|\bndr@"
    r"|\bbounce(?:s|d)?@|returned mail|smtp[_ -]?(?:mail|gateway|server)"
    r"|mail[ _-]?(?:gateway|service|server|router)|delivery (?:agent|service|notification|report)"
    r"|\bmta\b|virus|antispam|<>|mail_?admin|exchange@|mailsystem|nondelivery",
    re.IGNORECASE,
)
_BARE_NAMES = re.compile(
    r"(?:recipient|address|user|undeliverable to)[^\n]{0,80}\n?[^\n:]{0,80}:[ \t]*\n\s{0,20}"
    r"((?:[ \t]{0,20}[A-Za-z][\w.-]{1,63}[ \t]{0,20}(?:\([^()\n]{1,80}\)[ \t]{0,20})?\n){1,20})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Case:
    """All that is known of a message while it is looked at.

    Attributes:
        message: The whole message.
        text: Its text, without what it returns.
        status: Its delivery status, if it has one.
        returned: The header of the message that came back.
        sent_to: The addresses the notice was delivered to.
    """

    message: Message
    text: str
    status: Status | None
    returned: Headers
    sent_to: tuple[str, ...]

    @cached_property
    def subject(self) -> str:
        """Its subject, decoded."""
        return self.message.headers.get("subject")

    @cached_property
    def words(self) -> Words:
        """The beginning of its text, for phrases to be looked for."""
        return Words(self.text[:8000])

    @cached_property
    def from_daemon(self) -> bool:
        """Whether a mail system, by the look of the name, wrote it."""
        headers = self.message.headers
        return bool(_DAEMON.search(headers.get("from")) or _DAEMON.search(headers.get("sender")))

    @cached_property
    def ours(self) -> frozenset[str]:
        """Addresses that are hardly a reader's, in lower case: who sent, and who gets this."""
        mine = set(self.sent_to)
        for name in ("from", "sender", "reply-to", "return-path", "errors-to"):
            for headers in (self.message.headers, self.returned):
                mine.update(addresses.in_text(headers.get(name)))
        return frozenset(address.casefold() for address in mine)

    @cached_property
    def passages(self) -> list[prose.Passage]:
        """What the text says, by address."""
        return prose.passages(self.text, self.ours)

    @cached_property
    def known(self) -> list[str]:
        """Whom the notice is about, from the surest place that names anybody."""
        listed = [
            address
            for value in self.message.headers.every("x-failed-recipients")
            for address in addresses.in_text(value) or map(addresses.tidy, value.split(","))
            if address
        ]
        if listed:
            return listed
        if self.passages:
            return [passage.address for passage in self.passages]
        hinted = (addresses.in_verp(address) for address in self.sent_to)
        if hints := [address for address in hinted if address]:
            return hints[:1]
        return addresses.in_text(self.returned.get("to"))[:1] or self._bare_names

    @cached_property
    def _bare_names(self) -> list[str]:
        """Names without a domain, in a list of recipients: they are at the notice's own domain."""
        domain = addresses.first_in(self.message.headers.get("from")).partition("@")[2]
        found = _BARE_NAMES.search(self.text[:4000])
        if not domain or found is None:
            return []
        names = (line.split("(")[0].strip() for line in found[1].splitlines())
        return [f"{name}@{domain}" for name in names if name][:20]
