"""What encrypts the letters of a campaign, as it was agreed when the campaign started."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from newsletter.delivery.message import Sender

if TYPE_CHECKING:
    from newsletter.delivery.openpgp.encryption import Encryption


def encryption_of(sender: Sender) -> Mapping[str, Encryption]:
    """By list, what encrypts the letters of its readers; to other lists they go in clear.

    Args:
        sender: The campaign's own: what the settings say meanwhile changes nothing.

    Raises:
        ConfigurationError: The library for OpenPGP is not installed.
    """
    if not sender.encryption:
        return {}
    from newsletter.delivery.openpgp.encryption import Encryption
    from newsletter.delivery.openpgp.policy import Policy

    ways = {policy: Encryption(Policy(policy)) for policy in set(sender.encryption.values())}
    return {name: ways[policy] for name, policy in sender.encryption.items()}
