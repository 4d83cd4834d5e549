import ipaddress
import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import RefusedAddress
from app.webhooks.addresses import find_addresses, is_allowed, parse_address
from tests.waiting import PATIENCE_SECONDS

Resolve = Callable[..., None]


@pytest.fixture
def resolve(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Makes every name resolve to these addresses."""

    def to(*addresses: str) -> None:
        found = [(socket.AF_INET6 if ":" in each else socket.AF_INET, 1, 6, "", (each, 443)) for each in addresses]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: found)

    return to


class TestForm:
    @pytest.mark.parametrize(
        ("url", "host", "port", "path"),
        [
            ("https://example.org/hook", "example.org", 443, "/hook"),
            ("https://Example.ORG:8443", "example.org", 8443, "/"),
            ("https://bücher.example/a?b=c%20d", "xn--bcher-kva.example", 443, "/a?b=c%20d"),
            ("https://8.8.8.8/x", "8.8.8.8", 443, "/x"),
            ("https://[2606:4700::1111]/x", "2606:4700::1111", 443, "/x"),
        ],
    )
    def test_an_address_is_taken_apart_once(self, url: str, host: str, port: int, path: str) -> None:
        target = parse_address(url, loopback=False)
        assert (target.host, target.port, target.path) == (host, port, path)

    @pytest.mark.parametrize(
        "url",
        [
            "http://example.org/", "ftp://example.org/", "//example.org/", "example.org", "https://", "https:///x", "",
            "https://user@example.org/", "https://user:pass@example.org/", "https://@example.org/",
            "https://example.org/#part", "https://example.org:22/", "https://example.org:80/", "https://example.org:0/",
            "https://example.org:65536/", "https://example.org:x/", "https://exa mple.org/", "https://example.org/a b",
            "https://exam\nple.org/", "https://example.org/\t", "https://example.org/ü", "https://-a.example/",
            "https://a..example/", "https://example.org\\@10.0.0.1/", "https://[::1", "https://%31/", "https://a_b/",
            "https://example.org/" + "x" * 2000, "javascript:alert(1)", "https://[fe80::1%25eth0]/",
        ],
    )  # fmt: skip
    def test_anything_else_is_refused_with_what_is_allowed(self, url: str) -> None:
        with pytest.raises(RefusedAddress, match=r"Must|port"):
            parse_address(url, loopback=False)

    def test_http_and_any_port_are_for_development_alone(self) -> None:
        assert parse_address("http://127.0.0.1:80/", loopback=True).port == 80
        with pytest.raises(RefusedAddress, match="https://"):
            parse_address("http://127.0.0.1:80/", loopback=False)

    @given(st.text(max_size=80))
    def test_no_text_crashes_it(self, text: str) -> None:
        for url in (text, f"https://{text}"):
            try:
                target = parse_address(url, loopback=False)
            except RefusedAddress:
                continue
            assert target.host.isascii()
            assert target.path.startswith("/")


FORBIDDEN = [
    "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
    "100.64.0.1", "100.127.255.255", "0.0.0.0", "0.1.2.3",  # noqa: S104  # nothing listens there
     "192.0.0.9", "192.0.2.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "192.88.99.1", "224.0.0.1", "224.0.1.1", "239.1.1.1", "240.0.0.1", "255.255.255.255",
    "168.63.129.16", "::", "::1", "::127.0.0.1", "::8.8.8.8", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
    "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1",
    "2002:7f00:1::", "2002:808:808::", "2001:0:7f00:1::", "2001:db8::1", "2001:10::1", "3fff::1", "5f00::1",
    "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "ff0e::1", "100::1", "4000::1",
]  # fmt: skip


class TestWhereItLeads:
    @pytest.mark.parametrize("address", FORBIDDEN)
    def test_what_is_not_the_public_internet_is_refused(self, resolve: Resolve, address: str) -> None:
        assert not is_allowed(ipaddress.ip_address(address), loopback=False)
        resolve(address)
        with pytest.raises(RefusedAddress, match="public internet"):
            find_addresses(parse_address("https://receiver.example/", loopback=False), loopback=False)

    @pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "2a00:1450::1"])
    def test_public_addresses_are_given_back(self, resolve: Resolve, address: str) -> None:
        resolve(address)
        target = parse_address("https://receiver.example/", loopback=False)
        assert find_addresses(target, loopback=False) == [address]

    @pytest.mark.parametrize("private", ["10.0.0.1", "::1", "::ffff:169.254.169.254"])
    @pytest.mark.parametrize("first", [True, False])
    def test_one_wrong_address_among_right_ones_refuses_the_name(
        self, resolve: Resolve, private: str, *, first: bool
    ) -> None:
        resolve(*([private, "8.8.8.8"] if first else ["8.8.8.8", private]))
        with pytest.raises(RefusedAddress, match=r"receiver\.example"):
            find_addresses(parse_address("https://receiver.example/", loopback=False), loopback=False)

    @pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
    def test_spellings_of_this_machine_are_refused_by_the_real_resolver(self, host: str) -> None:
        with pytest.raises(RefusedAddress):
            find_addresses(parse_address(f"https://{host}/", loopback=False), loopback=False)

    def test_in_development_this_machine_is_allowed_and_its_network_is_not(self, resolve: Resolve) -> None:
        resolve("127.0.0.1")
        assert find_addresses(parse_address("http://receiver.example/", loopback=True), loopback=True) == ["127.0.0.1"]
        for other in ("10.0.0.1", "169.254.169.254", "::ffff:127.0.0.1"):
            resolve(other)
            with pytest.raises(RefusedAddress):
                find_addresses(parse_address("https://receiver.example/", loopback=True), loopback=True)

    def test_http_never_leaves_this_machine(self, resolve: Resolve) -> None:
        resolve("8.8.8.8")
        with pytest.raises(RefusedAddress, match="that alone"):
            find_addresses(parse_address("http://receiver.example/", loopback=True), loopback=True)

    def test_too_many_addresses_are_refused(self, resolve: Resolve) -> None:
        resolve(*(f"8.8.8.{number}" for number in range(17)))
        with pytest.raises(RefusedAddress, match="over 16"):
            find_addresses(parse_address("https://receiver.example/", loopback=False), loopback=False)

    def test_a_name_that_does_not_resolve_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def unknown(*_args: Any, **_options: Any) -> None:
            raise socket.gaierror(-2, "Name or service not known")

        monkeypatch.setattr(socket, "getaddrinfo", unknown)
        with pytest.raises(RefusedAddress, match="does not resolve"):
            find_addresses(parse_address("https://receiver.example/", loopback=False), loopback=False)

    def test_a_resolver_that_hangs_is_not_waited_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        enough = threading.Event()

        def slow(*_args: Any, **_options: Any) -> list[Any]:
            enough.wait(PATIENCE_SECONDS)
            return []

        monkeypatch.setattr(socket, "getaddrinfo", slow)
        with pytest.raises(RefusedAddress, match=r"within 0\.1 seconds"):
            find_addresses(parse_address("https://receiver.example/", loopback=False), loopback=False, seconds=0.1)
        # The resolver still hangs, and would for minutes.
        enough.set()
