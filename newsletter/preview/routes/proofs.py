"""Proofs by mail: a copy for the people who make the letter."""

from __future__ import annotations

import contextlib
import datetime
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from newsletter.delivery import gate
from newsletter.delivery.address import AddressError, wire_address
from newsletter.delivery.outcome import Accepted
from newsletter.delivery.proof import send_proofs
from newsletter.errors import NewsletterError
from newsletter.preview.proof_addresses import ProofAddresses
from newsletter.preview.site import Site, action
from newsletter.sending.sender import sample_sender


def routes(site: Site) -> Sequence[BaseRoute]:
    """``proof-addresses`` and, below ``/issue/{slug}``, ``proof``."""
    desk = site.desk
    remembered = ProofAddresses(desk.project.state_folder / "proof-addresses.json")

    def addresses(_request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        if forget := asked.get("forget"):
            remembered.forget(str(forget))
        return {"addresses": remembered.read()}

    def proof(request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        """Send the letter as it is shown; with findings, and as a draft, too."""
        slug = request.path_params["slug"]
        view, good = desk.view(slug, check=False), desk.good(slug)
        if view is None or view.broken or not (good and good.galley and good.manuscript):
            raise NewsletterError("There is no letter of the file as it stands", "Mend it first.")
        to = _addresses(str(asked["to"]))
        project, edition = desk.project, good.galley.edition
        now = datetime.datetime.now().astimezone()
        transport = project.transport()
        sender = sample_sender(project, good.manuscript.issue)
        gate.links_will_work(transport, sender)
        gate.message_can_be_made(edition, sender, now)
        outcomes = list(send_proofs(edition, sender, to, transport, now, project.signer()))
        with contextlib.suppress(NewsletterError):  # they are sent, remembered or not
            remembered.remember(to)
        site.bell.ring()  # the outbox may have new messages
        return {
            "by": transport.describe(),
            "outcomes": [
                {
                    "address": address,
                    "accepted": isinstance(outcome, Accepted),
                    "detail": "" if isinstance(outcome, Accepted) else outcome.reason,
                }
                for address, outcome in outcomes
            ],
        }

    return [
        Route("/proof-addresses", action(addresses), methods=["POST"]),
        Route("/issue/{slug}/proof", action(proof), methods=["POST"]),
    ]


def _addresses(text: str) -> tuple[str, ...]:
    """The addresses in a line, each once."""
    found = tuple(dict.fromkeys(part for part in text.replace(",", " ").split() if part))
    if not found:
        raise NewsletterError("No address was given", "Write one, or several with commas.")
    for address in found:
        try:
            wire_address(address)
        except AddressError as error:
            raise NewsletterError(f"{address}: {error}", "Look for a typing mistake.") from error
    return found
