"""A world served over HTTP, for clients that are programs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import WSGIRequestHandler, make_server

from tests.sync.world import World


class Quiet(WSGIRequestHandler):
    """Says nothing of each request."""

    def log(self, *_given: object) -> None:
        pass


@contextmanager
def served(world: World) -> Iterator[str]:
    """The address of a server of the world's application."""
    server = make_server("127.0.0.1", 0, world.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
