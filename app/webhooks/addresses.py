"""Where a webhook may go: to public addresses of the internet, never into the operator's own network.

An address is checked when a subscription is made and again before each attempt. The connection is then made to the very
address that was checked (`sending`), so that a name cannot be pointed elsewhere in between. See
`docs/decisions/0013-where-webhooks-go.md`.
"""

import ipaddress
import queue
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from app.errors import RefusedAddress, UnresolvedAddress
from app.shapes.web_addresses import NotAnAddress, parse_web_address

LOOKUP_SECONDS = 5
MOST_ADDRESSES = 16
"""How many IP addresses one name may have; a name with more is refused."""

PORTS = {"https": 443, "http": 80}
LEAST_OTHER_PORT = 1024
"""The lowest port that is allowed beside 443: lower ones belong to other services, such as mail or name servers."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 that hosts of the internet get addresses from (RFC 4291, section 2.4). Outside of it are the
loopback, ULA, link-local and site-local addresses, multicast, the v4-mapped and v4-compatible forms, and NAT64
(64:ff9b::/96)."""

_REFUSED = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # IETF protocol assignments
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays of 6to4
    ipaddress.IPv4Network("168.63.129.16/32"),  # Azure's own services, from within a virtual machine
    ipaddress.IPv6Network("2001::/23"),  # IETF protocol assignments, Teredo among them
    ipaddress.IPv6Network("2001:db8::/32"),  # documentation
    ipaddress.IPv6Network("2002::/16"),  # 6to4: an IPv4 address, any, in an IPv6 one
    ipaddress.IPv6Network("3fff::/20"),  # documentation
)
"""Networks without receivers that `is_global` of some Python version takes for public ones."""


@dataclass(frozen=True)
class Target:
    """A webhook's address in its parts. It is parsed once, so that no two parsers can read it differently."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address."""
        return _literal(self.host) is not None


def parse_address(url: str, *, loopback: bool) -> Target:
    """The parts of a webhook's address. With `loopback`, http and every port are allowed too, for development.

    Raises `RefusedAddress`, which says what is allowed.
    """
    try:
        parts = parse_web_address(url, other_letters=True)
    except NotAnAddress as error:
        raise RefusedAddress(str(error)) from None
    if parts.scheme == "http" and not loopback:
        raise RefusedAddress("Must begin with https://.")
    if parts.fragment is not None:
        raise RefusedAddress("Must not hold a fragment, which is what stands behind '#'.")
    number = parts.port or PORTS[parts.scheme]
    if number != PORTS["https"] and number < LEAST_OTHER_PORT and not loopback:
        raise RefusedAddress(f"The port must be 443, or one from {LEAST_OTHER_PORT} to 65535.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, parts.host, number, path)


def find_addresses(target: Target, *, loopback: bool, seconds: float = LOOKUP_SECONDS) -> list[str]:
    """The IP addresses of a target in the resolver's order. Every one of them is allowed.

    Raises `UnresolvedAddress` if the name does not resolve, or not in time, and `RefusedAddress` if one of its
    addresses is not allowed.
    """
    addresses = [ipaddress.ip_address(text) for text in _look_up(target, seconds)]
    if len(addresses) > MOST_ADDRESSES:
        raise RefusedAddress(f"'{target.host}' has over {MOST_ADDRESSES} addresses.")
    for address in addresses:
        if not is_allowed(address, loopback=loopback):
            raise RefusedAddress(f"'{target.host}' leads to {address}, which is not an address of the public internet.")
        if target.scheme == "http" and not address.is_loopback:
            raise RefusedAddress(f"'{target.host}' is not this machine: http:// is for that alone.")
    return [str(address) for address in addresses]


def is_allowed(address: IPAddress, *, loopback: bool) -> bool:
    """Whether a webhook may be sent to an IP address."""
    if address.is_loopback:
        return loopback
    if isinstance(address, ipaddress.IPv6Address) and (address.scope_id or address not in _GLOBAL_UNICAST):
        return False
    if any(address in network for network in _REFUSED if network.version == address.version):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _literal(host: str) -> IPAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _look_up(target: Target, seconds: float) -> Sequence[str]:
    """The system resolver's answer, asked for in a thread of its own: it has no time-out that could be set."""
    if target.is_literal:
        return [target.host]
    answers: queue.Queue[list[str]] = queue.Queue()

    def ask() -> None:
        try:
            resolved = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            resolved = []
        answers.put(list(dict.fromkeys(str(address[0]) for *_, address in resolved)))

    threading.Thread(target=ask, daemon=True, name="webhook-lookup").start()
    try:
        addresses = answers.get(timeout=max(0.0, seconds))
    except queue.Empty:
        raise UnresolvedAddress(f"'{target.host}' was not resolved within {seconds:g} seconds.") from None
    if not addresses:
        raise UnresolvedAddress(f"'{target.host}' does not resolve.")
    return addresses
