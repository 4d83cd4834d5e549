"""Receivers of webhooks: real HTTP servers on threads, which verify what arrives with a library that is not ours."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook

from tests.waiting import PATIENCE_SECONDS

Act = Callable[[BaseHTTPRequestHandler, int], None]
"""What a receiver does with its nth request, from 0."""


def answer(*statuses: int, headers: dict[str, str] | None = None, body: bytes = b"") -> Act:
    """Answers with these statuses in turn, the last one for ever."""

    def act(handler: BaseHTTPRequestHandler, number: int) -> None:
        handler.send_response(statuses[min(number, len(statuses) - 1)])
        for name, value in (headers or {}).items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return act


def hang(enough: threading.Event) -> Act:
    """Says nothing until a test has had enough, and then nothing either."""

    def act(_handler: BaseHTTPRequestHandler, _number: int) -> None:
        enough.wait(PATIENCE_SECONDS)

    return act


def drip(enough: threading.Event) -> Act:
    """Sends a header a byte at a time, without end."""

    def act(handler: BaseHTTPRequestHandler, _number: int) -> None:
        try:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
            while not enough.wait(0.05):
                handler.wfile.write(b"x")
        except OSError:
            return

    return act


def endless(handler: BaseHTTPRequestHandler, _number: int) -> None:
    """Answers 200 with a body that does not end."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


@dataclass
class Received:
    """A request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    def verified(self, secret: str) -> Any:
        """The payload, once the signature is found right."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass
class Receiver:
    """A receiver, its address and what it got."""

    url: str
    got: list[Received] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [each.headers["webhook-id"] for each in self.got]


@contextmanager
def receiver(
    act: Act, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> Iterator[Receiver]:
    """A receiver for as long as the block runs."""
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                number = len(found.got)
                found.got.append(
                    Received(self.path, {name.lower(): value for name, value in self.headers.items()}, body)
                )
            act(self, number)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing: the test tells."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_arguments: Any) -> None:
            """A client that goes away is part of what is tested."""

    server = Server((host, port), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    scheme = "https" if tls else "http"
    found = Receiver(f"{scheme}://{host}:{server.server_address[1]}/hook")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
