"""One signed request to one receiver, to an address that was checked, and within a time limit."""

import ssl
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpcore
from standardwebhooks import Webhook

from app.errors import RefusedAddress
from app.webhooks.addresses import find_addresses, parse_address

MOST_ANSWER_BYTES = 64 * 1024
"""How many bytes of an answer are read before the connection is closed. None of them are kept."""

GONE = 410


@dataclass(frozen=True)
class Outcome:
    """How an attempt went: the status of the receiver's answer, or why there is no answer."""

    status: int | None
    error: str | None = None

    @property
    def delivered(self) -> bool:
        """Whether the receiver took the event: it answered 2xx."""
        return self.status is not None and 200 <= self.status < 300


def signed_headers(event_id: str, payload: bytes, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """The headers of Standard Webhooks. Each secret signs, so that a receiver that has only one of them can check."""
    signatures = [Webhook(secret).sign(event_id, now, payload.decode()) for secret in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


class Sender:
    """Sends requests. A whole attempt, from looking up the name to reading the answer, takes at most `seconds`."""

    def __init__(self, *, seconds: float, loopback: bool = False, trust: ssl.SSLContext | None = None) -> None:
        self.seconds, self.loopback = seconds, loopback
        self._trust = trust or httpcore.default_ssl_context()

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """Posts JSON and says how it went; raises nothing. Redirects are not followed and no proxy is used."""
        until = time.monotonic() + self.seconds
        try:
            target = parse_address(url, loopback=self.loopback)
            addresses = find_addresses(target, loopback=self.loopback, seconds=self.seconds)
        except RefusedAddress as error:
            return Outcome(None, str(error))
        address = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path)
        sent = {"Content-Type": "application/json", "User-Agent": "Limber-Webhooks/1", "Accept": "*/*", **headers}
        network = _Pinned(addresses, until)
        try:
            with (
                httpcore.ConnectionPool(ssl_context=self._trust, network_backend=network) as pool,
                pool.stream("POST", address, headers=list(sent.items()), content=body) as response,
            ):
                _read_some(response)
                return Outcome(response.status, _complaint(response.status))
        except httpcore.TimeoutException:
            return Outcome(None, f"No answer within {self.seconds:g} seconds.")
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            return Outcome(None, f"{type(error).__name__}: {error}"[:300])


def _complaint(status: int) -> str | None:
    if 200 <= status < 300:
        return None
    return f"The receiver answered {status}" + ("; redirects are not followed." if 300 <= status < 400 else ".")


def _read_some(response: httpcore.Response) -> None:
    """Lets the receiver finish its answer, up to a limit. Only the status counts, so errors are ignored."""
    read = 0
    try:
        for part in response.iter_stream():
            read += len(part)
            if read > MOST_ANSWER_BYTES:
                return
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError):
        return


class _Pinned(httpcore.NetworkBackend):
    """Connects to addresses that were checked, whatever host it is asked for. `Host` and TLS still use the name."""

    def __init__(self, addresses: Sequence[str], until: float) -> None:
        self._addresses, self._until = addresses, until
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        failure: Exception = httpcore.ConnectError("There is no address to connect to.")
        for number, address in enumerate(self._addresses):
            # An address that swallows packets must leave time for the others.
            share = _left(self._until) / (len(self._addresses) - number)
            try:
                stream = self._sockets.connect_tcp(address, port, share, None, socket_options)
                return _Bounded(stream, self._until)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure


class _Bounded(httpcore.NetworkStream):
    """A connection that ends at a moment, however slowly the other side sends."""

    def __init__(self, stream: httpcore.NetworkStream, until: float) -> None:
        self._stream, self._until = stream, until

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._until))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._until))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Bounded(self._stream.start_tls(ssl_context, server_hostname, _left(self._until)), self._until)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(until: float) -> float:
    """The seconds that are left until a moment. Raises `httpcore.ReadTimeout` when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout
    return left
