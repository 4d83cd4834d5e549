"""An RSGI application that does nothing: what granian itself costs.

It answers each path of the file `ANSWERS` with the same status, headers and bytes each time; a request with
`If-None-Match` gets the answer of `path#304`.
"""

import json
import os
from pathlib import Path

from granian.rsgi import HTTPProtocol, Scope  # type: ignore[attr-defined]  # not among its exports

_answers = {
    path: (status, list(headers.items()), body.encode())
    for path, (status, headers, body) in json.loads(Path(os.environ["ANSWERS"]).read_text(encoding="utf-8")).items()
}


async def application(scope: Scope, proto: HTTPProtocol) -> None:
    """Looks an answer up and sends it."""
    path = scope.path
    if "if-none-match" in scope.headers:
        path += "#304"
    proto.response_bytes(*_answers[path])
