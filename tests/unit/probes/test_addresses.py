from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.probes.addresses import is_public, is_public_name


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::200e",
        "64:ff9b::808:808",  # 8.8.8.8 through NAT64
    ],
)
def test_public_machines_may_be_asked(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",  # noqa: S104 - not bound to
        "10.255.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",  # IPv4-compatible
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",  # 10.0.0.1 through NAT64
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fe80::1%eth0",
        "2a00::1%1",
        "fec0::1",
        "ff02::1",
    ],
)
def test_all_others_may_not(address: str) -> None:
    assert not is_public(ip_address(address))


@given(st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6)))
def test_what_python_calls_private_is_never_public(address: object) -> None:
    known = ip_address(str(address))
    if known.is_private or known.is_multicast or known.is_reserved or known.is_loopback:
        assert not is_public(known) or str(known).startswith("64:ff9b::")


@pytest.mark.parametrize("name", ["example.org", "xn--80a.xn--p1ai", "1.example.org", "a.b.c.d"])
def test_names_that_may_exist(name: str) -> None:
    assert is_public_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "localhost",
        "router",
        "a.localhost",
        "printer.local",
        "x.onion",
        "db.internal",
        "nas.home.arpa",
        "fritz.lan",
        "2130706433",
        "127.1",
        "0177.0.0.1",
        "0x7f.0x1",
        "1.2.3.4.5",
        "example.0x",
    ],
)
def test_names_that_do_not(name: str) -> None:
    assert not is_public_name(name)
