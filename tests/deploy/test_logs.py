"""An error's `request_id` is in the log of the process that made it and in nginx's, and no query is in either."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.deploy.http_client import ask
from tests.deploy.services import Process, nginx
from tests.waiting import wait_for


def lines(path: Path, request_id: str) -> list[dict[str, Any]]:
    """The lines of a request, once there are any."""
    found: list[dict[str, Any]] = []

    def are_there() -> bool:
        # The last line may be half written yet.
        whole = path.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
        read = [json.loads(line) for line in whole if line.startswith("{")]
        found[:] = [line for line in read if line["request_id"] == request_id]
        return bool(found)

    wait_for(are_there, f"No line has the id {request_id}.")
    return found


def test_an_id_is_found_in_both_logs(make_sqlite: Callable[[], str], tmp_path: Path) -> None:
    log = tmp_path / "limber.log"
    with log.open("w", encoding="utf-8") as stream:
        process = Process(make_sqlite(), {"LOG_LEVEL": "info", "METRICS": "local"}, log=stream)
        try:
            process.wait()
            with nginx([process.port, process.port], tmp_path) as port:
                failed = ask(port, "/v1/exercises?q=sciatica&limit=0")
                again = ask(port, "/v1/exercises?q=sciatica&limit=0", X_Request_Id="our-own")
                strange = ask(port, "/v1/nothing%0a%22", X_Request_Id='"forged')
                metrics = ask(port, "/metrics")
                local = process.ask("/metrics")
        finally:
            process.close()
    assert [failed.status, again.status, strange.status] == [422, 422, 404]
    assert [metrics.status, local.status] == [404, 200]
    for answer in (failed, again, strange):
        # nginx keeps an error for a moment, with the id of the request that it was made for.
        told = json.loads(answer.body)["request_id"]
        assert [line["status"] for line in lines(log, told)] == [answer.status]
        for request_id in (told, answer.headers["X-Request-Id"]):
            [line] = lines(tmp_path / "access.log", request_id)
            assert (line["status"], line["method"]) == (answer.status, "GET")
    assert again.headers["X-Request-Id"] == "our-own"
    for path in (log, tmp_path / "access.log"):
        assert "sciatica" not in path.read_text(encoding="utf-8")
        assert "forged" not in path.read_text(encoding="utf-8")
