"""The address guard: every spelling of a private address is refused, and names are looked up once."""

from __future__ import annotations

import ipaddress
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.fetch.guard import (
    AddressGuard,
    AddressRefusedError,
    NameNotFoundError,
    NameTimeoutError,
    Rewrite,
    why_refused,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

LITERALS = [
    # this machine
    "127.0.0.1", "127.0.0.53", "127.255.255.255", "0.0.0.0", "0.1.2.3", "[::1]", "[::]", "[0:0:0:0:0:0:0:1]",
    # private and link-local
    "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.0.1", "192.168.255.255",
    "169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255", "[fe80::1]", "[fe80::1%eth0]",
    "[fe80::1%25lo]",
    "[fc00::1]", "[fd00:ec2::254]", "[fec0::1]",
    # special, documentation, benchmarks, multicast, reserved
    "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "192.88.99.1",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "[ff02::1]", "[ff0e::1]", "[2001:db8::1]",
    "[3fff::1]", "[100::1]", "[5f00::1]",
    # IPv4 inside IPv6
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]",
    "[::ffff:0:127.0.0.1]",
    "[::127.0.0.1]", "[::7f00:1]", "[::8.8.8.8]", "[64:ff9b::127.0.0.1]", "[64:ff9b::7f00:1]",
    "[64:ff9b::10.0.0.1]",
    "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::127.0.0.1]", "[64:ff9b:1::8.8.8.8]", "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2002:c0a8:101::]", "[2002:808:808::1]", "[2001:0:7f00:1::]", "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2606:4700::5efe:10.0.0.1]", "[2606:4700::200:5efe:7f00:1]",
    # disguised spellings
    "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7F.0x0.0x0.0x1", "0177.0.0.1", "0177.0.0.01", "017700000001",
    "127.1", "127.0.1", "10.1", "0", "0x0", "00.0.0.0", "127.0.0.01", "127.0.0.0x1", "1.2.3.4.5", "256.1.1.1",
    "192.168.257", "3232235777", "0xa9fea9fe", "0xa9.254.0251.254", "127.0.0.1.", "２130706433", "①②⑦.0.0.1",
    "127。0。0。1", "１２７.０.０.１", "𝟙𝟚𝟟.0.0.1", "0x", "4294967297",
    # names of local networks and things that are no hosts
    "localhost", "LOCALHOST", "localhost.", "sub.localhost", "redis", "printer.local",
    "metadata.google.internal",
    "router.home.arpa", "intranet", "", ".", "a b.example", "news.example/x", "news.example@10.0.0.1",
    "x\0.example",
    "[::1", "[zz]", "sample.onion",
]  # fmt: skip


def public(host: str, port: int) -> Sequence[str]:
    return ["93.184.215.14"]


@pytest.mark.parametrize("host", LITERALS)
def test_no_spelling_of_a_local_address_passes(host: str) -> None:
    # A resolver that calls everything public: only the guard's own reading of the host can refuse.
    with pytest.raises(AddressRefusedError):
        AddressGuard(resolve=public).check(host, 80, 1)


@pytest.mark.parametrize(
    "answer",
    [
        "127.0.0.1",
        "10.0.0.7",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "fd00::1",
        "64:ff9b::a00:1",
        "0.0.0.0",
    ],
)
def test_a_name_that_leads_to_a_local_address_is_refused(answer: str) -> None:
    with pytest.raises(AddressRefusedError, match=r"rebound\.example"):
        AddressGuard(resolve=lambda *_: [answer]).check("rebound.example", 443, 1)


def test_a_name_with_one_public_and_one_private_address_is_refused_whole() -> None:
    with pytest.raises(AddressRefusedError):
        AddressGuard(resolve=lambda *_: ["93.184.215.14", "10.0.0.1"]).check("mixed.example", 443, 1)


@pytest.mark.parametrize(
    ("answer", "connected"),
    [
        ("93.184.215.14", "93.184.215.14"),
        ("2606:4700::1111", "2606:4700::1111"),
        ("::ffff:93.184.215.14", "93.184.215.14"),
        ("64:ff9b::5db8:d70e", "64:ff9b::5db8:d70e"),
    ],
)
def test_public_addresses_pass(answer: str, connected: str) -> None:
    assert AddressGuard(resolve=lambda *_: [answer]).check("news.example", 443, 1).addresses == (connected,)


def test_a_name_is_looked_up_once() -> None:
    answers = iter([["93.184.215.14"], ["127.0.0.1"]])
    guard = AddressGuard(resolve=lambda *_: next(answers))
    assert guard.check("rebinding.example", 443, 1).addresses == ("93.184.215.14",)
    assert next(answers) == ["127.0.0.1"]


def test_listed_loopback_hosts_pass_and_their_neighbours_do_not() -> None:
    guard = AddressGuard(("127.0.0.1:8001", "localhost:8002", "[::1]:8003"), resolve=lambda *_: ["127.0.0.1"])
    assert guard.check("127.0.0.1", 8001, 1).addresses == ("127.0.0.1",)
    assert guard.check("localhost", 8002, 1).port == 8002
    assert guard.check("::1", 8003, 1).addresses == ("::1",)
    for host, port in [("127.0.0.1", 8002), ("127.0.0.2", 8001), ("localhost", 8001), ("0x7f000001", 8001)]:
        with pytest.raises(AddressRefusedError):
            guard.check(host, port, 1)


def test_a_listed_host_without_port_passes_on_every_port() -> None:
    assert AddressGuard(("127.0.0.1",)).check("127.0.0.1", 9, 1).port == 9


def test_a_listed_host_may_lead_to_this_machine_only() -> None:
    with pytest.raises(AddressRefusedError):
        AddressGuard(("newsroom.example",), resolve=lambda *_: ["10.0.0.1"]).check("newsroom.example", 80, 1)
    with pytest.raises(AddressRefusedError):
        AddressGuard(("10.0.0.1",)).check("10.0.0.1", 80, 1)


def test_a_replay_leads_every_host_to_this_machine() -> None:
    guard = AddressGuard(rewrite=Rewrite(lambda host: ("127.0.0.1", 8000) if host != "out.example" else None))
    assert guard.check("News.Example", 443, 1).port == 8000
    with pytest.raises(AddressRefusedError):
        guard.check("out.example", 443, 1)


def test_a_replay_never_leads_anywhere_else() -> None:
    with pytest.raises(AddressRefusedError):
        AddressGuard(rewrite=Rewrite(lambda _: ("93.184.215.14", 80))).check("news.example", 80, 1)


def test_an_answer_of_the_name_server_that_is_no_address_is_an_unknown_name() -> None:
    with pytest.raises(NameNotFoundError):
        AddressGuard(resolve=lambda *_: ["93.184.215.14", "no address"]).check("odd.example", 80, 1)


def test_an_unknown_name_and_a_slow_name_server_are_told_apart() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError

    def slow(host: str, port: int) -> Sequence[str]:
        time.sleep(4)
        return ["93.184.215.14"]

    with pytest.raises(NameNotFoundError):
        AddressGuard(resolve=unknown).check("nowhere.example", 80, 1)
    started = time.monotonic()
    with pytest.raises(NameTimeoutError):
        AddressGuard(resolve=slow).check("slow.example", 80, 0.1)
    assert time.monotonic() - started < 3


@given(st.ip_addresses())
def test_what_python_calls_local_never_passes(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_private or address.is_loopback or address.is_multicast:
        mapped = isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped
        assert mapped or why_refused(address) or address in ipaddress.ip_network("64:ff9b::/96")


@given(st.ip_addresses(v=4))
def test_ipv4_inside_ipv6_is_judged_like_the_ipv4(address: ipaddress.IPv4Address) -> None:
    verdict = bool(why_refused(address))
    assert bool(why_refused(ipaddress.IPv6Address(f"::ffff:{address}"))) == verdict
    assert bool(why_refused(ipaddress.IPv6Address(f"64:ff9b::{address}"))) == verdict
    assert why_refused(ipaddress.IPv6Address(f"::{address}"))
    assert why_refused(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80)))
