"""A world served over HTTP, for clients that are programs."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.sync.world import World


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, *_given: object) -> None:
        pass


class Served:
    """A running server: its address, and the status of every answer that it has begun."""

    def __init__(self, world: World) -> None:
        self._app = world.app
        self.statuses: list[int] = []
        self.begun: list[float] = []
        """When each request came, in seconds of the monotonic clock."""
        self.instead: list[tuple[str, dict[str, str], bytes]] = []
        """Answers that stand between: a proxy, a network that wants a sign-in, a connection that breaks."""
        self.server = make_server("127.0.0.1", 0, self._answer, threaded=True, request_handler=Quiet)
        self.origin = f"http://127.0.0.1:{self.server.server_port}"

    def _answer(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        self.begun.append(time.monotonic())

        def noted(status: str, *rest: Any) -> Any:
            self.statuses.append(int(status[:3]))
            return start(status, *rest)

        if self.instead:
            status, headers, body = self.instead.pop(0)
            noted(status, list(headers.items()))
            return [body]
        return self._app.wsgi_app(environ, noted)


@contextmanager
def served(world: World) -> Iterator[Served]:
    """A server of the world's application."""
    found = Served(world)
    thread = threading.Thread(target=found.server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield found
    finally:
        found.server.shutdown()
        thread.join()
        found.server.server_close()
