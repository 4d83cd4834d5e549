"""Whether a server may be started on a port.

granian shares its port with every other process that asks to share it (SO_REUSEPORT), as its workers do. Two servers
on one port would answer in turn, from two catalogues.
"""

import errno
import socket
import sys

from app.config import START
from app.errors import LimberError


class PortTaken(LimberError):
    """A port that cannot be listened on."""


def claim_port(host: str, port: int) -> socket.socket | None:
    """Makes sure that nobody listens on a port and that no other start of Limber is about to.

    The claim ends with the process, and outlives `exec`; nothing listens on it. There is none outside Linux, where two
    starts within the same seconds may still meet. A port whose last server ended a moment ago is free.
    Raises `PortTaken`.
    """
    claim = _claim(host, port)
    try:
        families = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _name, address in families:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        raise _refusal(host, port, error) from error
    return claim


def _claim(host: str, port: int) -> socket.socket | None:
    """A name that one process at a time can have, in the network namespace that the port is of too."""
    if sys.platform != "linux":
        return None
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0limber-{host}-{port}")
    except OSError as error:
        claim.close()
        raise _refusal(host, port, error) from error
    claim.set_inheritable(True)
    return claim


def _refusal(host: str, port: int, error: OSError) -> PortTaken:
    if error.errno != errno.EADDRINUSE:
        return PortTaken(f"Port {port} of {host} cannot be listened on: {error.strerror}. See HOST and PORT.")
    other = port + 1 if port < 65_535 else port - 1
    return PortTaken(
        f"Port {port} of {host} is taken: another server listens there."
        f" Stop that one, or take another port: PORT={other} {START}"
    )
