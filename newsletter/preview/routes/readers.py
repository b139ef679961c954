"""Subscribers to choose from, to see the letter as one of them gets it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.routing import BaseRoute, Route

from newsletter.preview.site import Site, action

MOST = 20
"""Readers that are listed."""

_LONGEST = 200  # characters that are searched for; SQLite refuses patterns of 50,000 bytes


def routes(site: Site) -> Sequence[BaseRoute]:
    """``readers``: the first whose name or address has some letters in it."""

    def readers(_request: Request, asked: dict[str, Any]) -> dict[str, Any]:
        from newsletter.audience.subscribers import list_subscribers

        project = site.desk.project
        # Looking must not make a database.
        if not project.has_database:
            return {"readers": [], "more": False}
        search = str(asked.get("search", "")).strip()[:_LONGEST]
        found = list_subscribers(project.database, search=search)
        first = list(itertools.islice(found, MOST + 1))
        return {
            "readers": [
                {"id": one.id, "name": one.name, "email": one.email, "status": one.status}
                for one in first[:MOST]
            ],
            "more": len(first) > MOST,
        }

    return [Route("/readers", action(readers), methods=["POST"])]
