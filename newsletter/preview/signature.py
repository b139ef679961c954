"""The DKIM signature of the message that is shown, made only when somebody looks at its source."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError

if TYPE_CHECKING:
    from newsletter.delivery.dkim.keys import SigningKey
    from newsletter.project import Project


@dataclass(frozen=True, slots=True)
class Signature:
    """What there is to see of a signature.

    Attributes:
        fields: The ``DKIM-Signature`` fields, lines ended by line feeds; empty if there are none.
        said: Who signs, or why nobody does here: a sentence.
    """

    fields: str = ""
    said: str = ""


def sign(project: Project, source: str, at: datetime.datetime) -> Signature:
    """Sign a message as a sending would, if the key can be read on this machine.

    Args:
        project: Whose settings name the key.
        source: The message, lines ended by line feeds.
        at: The message's own date, which the signature bears.
    """
    try:
        signer = project.signer()
        if signer is None:
            return Signature(
                said="Not signed: no DKIM key is set up here. Perhaps the relay signs."
            )
        from newsletter.delivery.dkim.whole import sign_whole

        data = source.replace("\n", "\r\n").encode()
        signed = sign_whole(signer, data, at)
    except (NewsletterError, ValueError) as error:
        reason = error.message if isinstance(error, NewsletterError) else str(error)
        return Signature(said=f"{_wanted(project)}; not shown here: {reason}.")
    fields = signed[: len(signed) - len(data)].decode().replace("\r\n", "\n")
    return Signature(fields, f"Signed by {' and '.join(map(_name, signer.keys))}.")


def _name(key: SigningKey) -> str:
    return f"DKIM key {key.selector} of {key.domain} ({key.algorithm})"


def _wanted(project: Project) -> str:
    options = project.settings.dkim
    selectors = [name for name in (options.selector, options.ed25519_selector) if name]
    if not selectors:
        return "To be signed"
    domain = f" of {options.domain}" if options.domain else ""
    return f"To be signed by DKIM key {' and '.join(selectors)}{domain}"
