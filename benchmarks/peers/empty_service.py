"""A WSGI application that does nothing: what granian itself costs.

It answers each path of the file `ANSWERS` with the same status, headers and bytes each time; a request with
`If-None-Match` gets the answer of `path#304`.
"""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

_answers = {
    path: (f"{status} {'OK' if status == 200 else 'NOT MODIFIED'}", list(headers.items()), [body.encode()])
    for path, (status, headers, body) in json.loads(Path(os.environ["ANSWERS"]).read_text(encoding="utf-8")).items()
}


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Looks an answer up and returns it."""
    path = environ["PATH_INFO"]
    if "HTTP_IF_NONE_MATCH" in environ:
        path += "#304"
    status, headers, body = _answers[path]
    start_response(status, headers)
    return body
