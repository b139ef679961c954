"""All the presses of a campaign: for each edition, way of encrypting it, and name of a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsletter.audience.tokens import Purpose, seal
from newsletter.delivery.claimed import Claimed
from newsletter.delivery.composition.press import Press
from newsletter.delivery.message import BOUNCE_TOKEN, Sender
from newsletter.delivery.transports.base import Message
from newsletter.render.edition import Edition

if TYPE_CHECKING:
    from newsletter.database.keys import Keys
    from newsletter.delivery.dkim.signer import Signer
    from newsletter.delivery.openpgp.encryption import Encryption


class Presses:
    """Makes the message of each delivery; may be used by several threads at once.

    Args:
        editions: What readers get, by number.
        sender: Who it is from.
        keys: Seal the bounce addresses, if each message has its own.
        signer: Signs each message by DKIM; None for no signature.
        encryption: By list, what encrypts the letters of its readers; a list that is missing sends
            them in clear.

    Raises:
        ValueError: An edition cannot stand in a message, whoever the reader is.
    """

    def __init__(
        self,
        editions: Sequence[Edition],
        sender: Sender,
        keys: Keys,
        *,
        signer: Signer | None = None,
        encryption: Mapping[str, Encryption] = MappingProxyType({}),
    ) -> None:
        self._keys = keys
        before, mark, after = sender.bounce_address.partition(BOUNCE_TOKEN)
        self._around = (before, after) if mark else None
        # Lists that encrypt alike, and are called alike, share a press.
        self._usual = (None, sender.list_id, sender.list_name)
        self._kinds = {
            name: (encryption.get(name), own.list_id, own.list_name)
            for name in {*encryption, *sender.of_lists}
            for own in [sender.for_list(name)]
        }
        senders = {(one.list_id, one.list_name): one for one in sender.variants}
        self._presses = {
            (number, kind): Press(edition, senders[kind[1:]], signer=signer, encryption=kind[0])
            for number, edition in enumerate(editions)
            for kind in {self._usual, *self._kinds.values()}
        }

    def message(self, claimed: Claimed) -> Message:
        """The message of a delivery, as ``Press.message`` makes it.

        Raises:
            ValueError: The address or a value of this reader cannot stand in a message.
            NotEncryptedError: It must be encrypted and cannot be.
        """
        mail_from = ""
        if self._around:
            before, after = self._around
            mail_from = f"{before}{seal(self._keys, Purpose.BOUNCE, claimed.id)}{after}"
        kind = self._kinds.get(claimed.list, self._usual)
        return self._presses[claimed.edition, kind].message(
            claimed.recipient,
            message_id=claimed.message_id,
            date=claimed.date,
            envid=str(claimed.id),
            mail_from=mail_from,
        )
