"""Where a webhook may go: public addresses of the internet, and nothing on this side of it.

An address is judged when a subscription is made and again before each attempt, and the connection is made to the very
address that was judged (`sending`), so that a name that leads elsewhere the next moment leads nowhere. See
`docs/decisions/0013-where-webhooks-go.md`.
"""

import ipaddress
import queue
import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.errors import RefusedAddress, UnresolvedAddress

LONGEST = 2000
LOOKUP_SECONDS = 5
MOST_ADDRESSES = 16
"""Addresses of one name that are looked at; a name with more is refused."""

PORTS = {"https": 443, "http": 80}
LEAST_OTHER_PORT = 1024
"""Ports below are other services' (mail, shells, name servers), but for 443."""

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOST = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*")
_TARGET = re.compile(r"/[!-~]*")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
"""The only part of IPv6 that is given out to hosts of the internet (RFC 4291, section 2.4). Outside are the loopback,
ULA, link-local and site-local addresses, multicast, the v4-mapped and v4-compatible forms and NAT64 (64:ff9b::/96)."""

_REFUSED = (
    ipaddress.IPv4Network("192.0.0.0/24"),  # IETF protocol assignments
    ipaddress.IPv4Network("192.88.99.0/24"),  # relays of 6to4
    ipaddress.IPv4Network("168.63.129.16/32"),  # Azure's own services, from within a virtual machine
    ipaddress.IPv6Network("2001::/23"),  # IETF protocol assignments, Teredo among them
    ipaddress.IPv6Network("2001:db8::/32"),  # documentation
    ipaddress.IPv6Network("2002::/16"),  # 6to4: an IPv4 address, any, in an IPv6 one
    ipaddress.IPv6Network("3fff::/20"),  # documentation
)
"""What `is_global` of some Python version lets through and no receiver is at."""


@dataclass(frozen=True)
class Target:
    """A webhook's address in its parts, so that nobody parses it twice and differently."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_literal(self) -> bool:
        """Whether the host is an IP address."""
        return _literal(self.host) is not None


def parse_address(url: str, *, loopback: bool) -> Target:
    """The parts of a webhook's address. `loopback` also admits http and any port, for development.

    Raises `RefusedAddress`, which says what is allowed.
    """
    if len(url) > LONGEST:
        raise RefusedAddress(f"Must be at most {LONGEST} characters.")
    if not url.isprintable() or " " in url:
        # `urlsplit` would drop line feeds and tabs without a word.
        raise RefusedAddress("Must not hold spaces or control characters.")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
        ascii_host = host if ":" in host else host.encode("idna").decode("ascii").lower()
    except ValueError:
        raise RefusedAddress("Must be an address such as https://example.org/hook.") from None
    allowed = ("https", "http") if loopback else ("https",)
    if parts.scheme not in allowed:
        raise RefusedAddress(f"Must begin with {' or '.join(f'{each}://' for each in allowed)}.")
    if "@" in parts.netloc:
        raise RefusedAddress("Must not hold a user or a password; what is sent is signed instead.")
    if "#" in url:
        raise RefusedAddress("Must not hold a fragment.")
    named = _HOST.fullmatch(ascii_host) and len(ascii_host) <= 253
    if not named and not (":" in ascii_host and "%" not in ascii_host and _literal(ascii_host)):
        raise RefusedAddress("Must hold the name of a host.")
    number = PORTS[parts.scheme] if port is None else port
    if number != PORTS["https"] and number < LEAST_OTHER_PORT and not loopback:
        raise RefusedAddress(f"The port must be 443, or one from {LEAST_OTHER_PORT} to 65535.")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not _TARGET.fullmatch(path):
        raise RefusedAddress("Must be ASCII after the host; percent-encode the rest.")
    return Target(parts.scheme, ascii_host, number, path)


def find_addresses(target: Target, *, loopback: bool, seconds: float = LOOKUP_SECONDS) -> list[str]:
    """The addresses of a target, every one of them allowed, in the resolver's order.

    Raises `UnresolvedAddress` where the name leads nowhere or does not resolve in time, and `RefusedAddress` where one
    address is not allowed.
    """
    found = [ipaddress.ip_address(each) for each in _look_up(target, seconds)]
    if len(found) > MOST_ADDRESSES:
        raise RefusedAddress(f"'{target.host}' has over {MOST_ADDRESSES} addresses.")
    for each in found:
        if not is_allowed(each, loopback=loopback):
            raise RefusedAddress(f"'{target.host}' leads to {each}, which is not an address of the public internet.")
        if target.scheme == "http" and not each.is_loopback:
            raise RefusedAddress(f"'{target.host}' is not this machine: http:// is for that alone.")
    return [str(each) for each in found]


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
    """What the system's resolver says, in a thread of its own: the resolver has no time-out that could be set."""
    if target.is_literal:
        return [target.host]
    answers: queue.Queue[list[str] | None] = queue.Queue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            answers.put(None)
        else:
            answers.put(list(dict.fromkeys(str(each[4][0]) for each in found)))

    threading.Thread(target=ask, daemon=True, name="webhook-lookup").start()
    try:
        addresses = answers.get(timeout=max(0.0, seconds))
    except queue.Empty:
        raise UnresolvedAddress(f"'{target.host}' was not resolved within {seconds:g} seconds.") from None
    if not addresses:
        raise UnresolvedAddress(f"'{target.host}' does not resolve.")
    return addresses
