"""A request of the server (RSGI) as the environment that WSGI applications are given (PEP 3333)."""

import io
import sys
from functools import lru_cache
from typing import Any
from wsgiref.types import WSGIEnvironment

from granian.rsgi import Scope

from app.edge.headers import variable

_SAME: dict[str, Any] = {
    "GATEWAY_INTERFACE": "CGI/1.1",
    "SCRIPT_NAME": "",
    "SERVER_SOFTWARE": "Granian",
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multiprocess": False,
    "wsgi.multithread": True,
    "wsgi.run_once": False,
    "wsgi.version": (1, 0),
}
"""What is the same for every request."""


def header(variable: str) -> str:
    """The header that stands in an environment by this name."""
    return variable.removeprefix("HTTP_").replace("_", "-").lower()


def wsgi_path(scope: Scope) -> str:
    """The path as WSGI has it: its bytes, read as Latin-1."""
    path = scope.path
    return path if path.isascii() else path.encode().decode("latin-1")


_variable = lru_cache(256)(variable)
_input = io.BytesIO


def environ_of(scope: Scope) -> WSGIEnvironment:
    """The environment of a request whose body is empty so far. Repeated headers are joined by commas."""
    server, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        **_SAME,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "SERVER_NAME": server.strip("[]"),
        "SERVER_PORT": port,
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "REQUEST_METHOD": scope.method,
        "PATH_INFO": wsgi_path(scope),
        "QUERY_STRING": scope.query_string,
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": _input(),
    }
    for name, value in scope.headers.items():
        key = _variable(name)
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    if "HTTP_HOST" not in environ and scope.authority:
        environ["HTTP_HOST"] = scope.authority
    return environ
