"""Tells systemd that the service is ready, as units of `Type=notify` want it (sd_notify(3))."""

import http.client
import os
import socket
import threading
import time
from contextlib import suppress

from app.config import Settings

SECONDS_BETWEEN = 0.1
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nothing listens here
"""Where a server that listens on every address of the machine is asked."""


def tell_when_ready(settings: Settings) -> None:
    """Tells that the service is ready once `/readyz` is answered with 200 on its port, from a thread of its own.

    Does nothing where nobody wants to know, which is where `NOTIFY_SOCKET` is not set. Each worker tells it; systemd
    heeds the first one.
    """
    if address := os.environ.get("NOTIFY_SOCKET"):
        threading.Thread(target=_watch, args=(settings, address), name="limber-notify", daemon=True).start()


def _watch(settings: Settings, address: str) -> None:
    while not _is_ready(EVERYWHERE.get(settings.host, settings.host), settings.port):
        time.sleep(SECONDS_BETWEEN)
    notify(address, "READY=1")


def _is_ready(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def notify(address: str, state: str) -> None:
    """Sends a state to the socket of this address; `@` begins one in the abstract namespace."""
    name = f"\0{address[1:]}" if address.startswith("@") else address
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sending:
        sending.sendto(state.encode(), name)
