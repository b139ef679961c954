from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme

from tests.unit.probes.kit import Net, Probe, Site, serving


@pytest.fixture
def site() -> Iterator[Site]:
    yield from serving()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure_site(authority: trustme.CA) -> Iterator[Callable[..., Site]]:
    """Makes servers with a certificate for ``names``."""
    running = []

    def start(*names: str, **options: Any) -> Site:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(*names, **options).configure_cert(context)
        running.append(serving(context))
        return next(running[-1])

    yield start
    for server in running:
        next(server, None)


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
def probe(tmp_path: Path, net: Net) -> Probe:
    return Probe(tmp_path, net)
