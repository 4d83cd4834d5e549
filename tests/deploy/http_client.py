"""One request over a socket of its own, with every header as it came."""

import http.client
import json
from dataclasses import dataclass
from email.message import Message

from tests.waiting import PATIENCE_SECONDS


@dataclass(frozen=True)
class Answer:
    """Status, headers and body."""

    status: int
    headers: Message
    body: bytes


def ask(port: int, path: str, **headers: str) -> Answer:
    """Asks 127.0.0.1. Names of headers may have `_` for `-`. Raises `OSError` where nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return Answer(response.status, response.msg, response.read())
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()


def create_draft(port: int, key: str, slug: str) -> int:
    """The status of a new draft, which is asked for once. Raises `OSError` where nobody answers."""
    draft = json.dumps({"slug": slug, "name": "Written", "type": "stretch"})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    try:
        connection.request("POST", "/v1/admin/exercises", draft, headers)
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise ConnectionError(str(error)) from error
    finally:
        connection.close()
