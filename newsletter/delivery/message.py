"""Who a message is from and whom it goes to."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from newsletter.audience.lists import LIST_ID, LONGEST_LIST_ID
from newsletter.delivery.address import LOCAL_OCTETS, AddressError, wire_address
from newsletter.delivery.links import unsubscribe_url
from newsletter.errors import ConfigurationError
from newsletter.render.edition import Edition

_FROM = re.compile(r'\s*(?:"?(?P<name>[^<>"]*?)"?\s*<(?P<inner>[^<>]*)>|(?P<bare>[^<>"]*?))\s*')

BOUNCE_TOKEN = "{token}"  # noqa: S105 - the place of one
"""Stands in a bounce address where each message has a token of its own."""

_TOKEN_LENGTH = 39  # characters of the token of a delivery


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the letter is from; all addresses with A-labels.

    Attributes:
        name: Display name of the ``From`` field, may be empty.
        address: Address of the ``From`` field.
        reply_to: Where answers go; empty for the ``From`` address.
        bounce_address: The envelope's sender; may hold ``BOUNCE_TOKEN``.
        unsubscribe_address: Where unsubscribe requests by mail go.
        list_id: Name of the list (RFC 2919), ``label.domain``.
        list_name: The newsletter's name.
        base_url: Where readers' pages are, without a slash at the end; empty if not set.
        outer_subject: Stands in the place of the issue's subject wherever others can read it;
            empty for a neutral sign.
        disguised: Whether it does so in messages that are not encrypted, too.
        encryption: How letters are encrypted, by list (see ``openpgp.policy``); to lists that are
            missing they go in clear.
        of_lists: ``list_id`` and ``list_name`` of lists that have their own (see ``list_headers``).
    """

    name: str
    address: str
    reply_to: str
    bounce_address: str
    unsubscribe_address: str
    list_id: str
    list_name: str
    base_url: str
    outer_subject: str = ""
    disguised: bool = False
    encryption: Mapping[str, str] = field(default_factory=dict)
    of_lists: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def parse(
        cls,
        *,
        from_: str,
        reply_to: str = "",
        bounce_address: str = "",
        unsubscribe_address: str = "",
        list_id: str = "",
        list_name: str = "",
        base_url: str = "",
        outer_subject: str = "",
        disguised: bool = False,
    ) -> Sender:
        """The sender that the settings of the same names describe.

        Raises:
            ConfigurationError: One of them is not an address, or not a list name.
        """
        match = _FROM.fullmatch(from_)
        address = _setting("from", (match["inner"] or match["bare"]) if match else from_)
        if not re.fullmatch(r"[!-~]*", base_url):
            raise ConfigurationError(
                "base_url holds a character that is not ASCII",
                "Write the domain in its xn-- form, and anything else percent-encoded.",
            )
        list_id = list_id or f"newsletter.{address.rpartition('@')[2]}"
        if not re.fullmatch(LIST_ID, list_id) or len(list_id) > LONGEST_LIST_ID:
            raise ConfigurationError(
                f"list_id: {list_id!r} is not the name of a list",
                'Write a label and a domain of yours: list_id = "letter.example.org".',
            )
        return cls(
            name=_phrase("from", (match["name"] or "") if match else ""),
            address=address,
            reply_to=_setting("reply_to", reply_to) if reply_to else "",
            bounce_address=_bounce_address(bounce_address.strip() or address),
            unsubscribe_address=_setting("unsubscribe_address", unsubscribe_address or address),
            list_id=list_id,
            list_name=_phrase("name", list_name),
            base_url=base_url,
            outer_subject=_phrase("outer_subject", outer_subject),
            disguised=disguised and bool(outer_subject.strip()),
        )

    @property
    def domain(self) -> str:
        """Domain of the ``From`` address: names us in EHLO and Message-ID."""
        return self.address.rpartition("@")[2]

    def for_list(self, name: str) -> Sender:
        """The sender as it stands in the letters to one list."""
        own = self.of_lists.get(name)
        if own is None:
            return self
        return replace(self, list_id=own["list_id"], list_name=own["list_name"])

    @property
    def variants(self) -> tuple[Sender, ...]:
        """Itself, and as it stands in the letters to each list that has a header of its own."""
        return (self, *map(self.for_list, self.of_lists))

    def new_message_id(self) -> str:
        """A fresh Message-ID: 128 random bits at our domain (RFC 5322 §3.6.4)."""
        return f"<{secrets.token_hex(16)}@{self.domain}>"


@dataclass(frozen=True, slots=True)
class Recipient:
    """One reader, as far as a message needs to know.

    Attributes:
        address: Where it goes.
        token: Names the reader in links; opaque.
        values: Plain text for merge fields: ``name`` and the columns of the imported list.
        openpgp: The reader's public key as ``openpgp.certificate`` keeps it; empty for none.
    """

    address: str
    token: str
    values: Mapping[str, str]
    openpgp: bytes = field(default=b"", repr=False)

    def merge_values(self, edition: Edition, sender: Sender) -> dict[str, str]:
        """Plain text for every merge field; the fields that the program makes cannot be faked."""
        return {
            **self.values,
            "email": self.address,
            "unsubscribe_url": unsubscribe_url(sender.base_url, self.token),
            "view_url": edition.view_url,
        }


def _setting(key: str, value: str) -> str:
    try:
        address = wire_address(value.strip())
    except AddressError as error:
        raise ConfigurationError(
            f"{key}: {value!r} is not an address: {error}",
            f'Write it like this: {key} = "letter@example.org".',
        ) from error
    if not address.isascii():
        raise ConfigurationError(
            f"{key}: {value!r} has letters before the @ that many mail servers do not take",
            "Use an address of plain letters, digits, dots and hyphens.",
        )
    return address


def _bounce_address(value: str) -> str:
    local, _, domain = value.rpartition("@")
    if BOUNCE_TOKEN not in value:
        return _setting("bounce_address", value)
    if local.count(BOUNCE_TOKEN) != 1 or BOUNCE_TOKEN in domain:
        raise ConfigurationError(
            f"bounce_address: {BOUNCE_TOKEN} may stand once, before the @", _BOUNCE_HINT
        )
    if len(local) - len(BOUNCE_TOKEN) + _TOKEN_LENGTH > LOCAL_OCTETS:
        raise ConfigurationError(
            f"bounce_address: {value!r} is too long: with the token for {BOUNCE_TOKEN}, "
            f"{_TOKEN_LENGTH} characters, more than {LOCAL_OCTETS} stand before the @",
            _BOUNCE_HINT,
        )
    place = "t" * _TOKEN_LENGTH
    checked = _setting("bounce_address", value.replace(BOUNCE_TOKEN, place))
    return f"{local}@{checked.rpartition('@')[2]}"


_BOUNCE_HINT = f'Write it like this: bounce_address = "bounces+{BOUNCE_TOKEN}@example.org".'


def _phrase(key: str, value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", value):
        raise ConfigurationError(f"{key}: {value!r} holds a line break or control character")
    return value.strip()
