"""What a client sees of the server, over a socket: the form of requests and answers is not the test client's."""

import http.client
from collections.abc import Iterator

import pytest

from tests.deploy.services import Process
from tests.stores import MakeStore
from tests.waiting import PATIENCE_SECONDS

KNOWN = "/v1/exercises/chin-tuck"


@pytest.fixture(scope="module")
def process(make_seeded_sqlite: MakeStore) -> Iterator[Process]:
    started = Process(make_seeded_sqlite(), {"REVISION_CHECK_SECONDS": "60"}).wait()
    yield started
    started.close()


@pytest.fixture
def connection(process: Process) -> Iterator[http.client.HTTPConnection]:
    """One that is kept: an answer that is not ended where it should be shows in the next one."""
    connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE_SECONDS)
    yield connection
    connection.close()


def asked(
    connection: http.client.HTTPConnection, method: str, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    response = connection.getresponse()
    return response, response.read()


def test_every_form_of_an_answer_is_the_same_computed_and_kept(connection: http.client.HTTPConnection) -> None:
    whole, body = asked(connection, "GET", KNOWN)
    tag = whole.headers["ETag"]
    for _ in range(3):
        response, again = asked(connection, "GET", KNOWN)
        assert (response.status, again, response.headers["ETag"]) == (200, body, tag)
        head, nothing = asked(connection, "HEAD", KNOWN)
        assert (head.status, nothing, head.headers["Content-Length"]) == (200, b"", str(len(body)))
        unmodified, nothing = asked(connection, "GET", KNOWN, If_None_Match=tag)
        assert (unmodified.status, nothing) == (304, b"")
        for each in (response, head, unmodified):
            assert each.headers["Cache-Status"] == "limber; hit"


def test_what_is_kept_under_another_spelling_is_a_hit_without_a_thread(connection: http.client.HTTPConnection) -> None:
    asked(connection, "GET", f"{KNOWN}?lang=es")
    response, _ = asked(connection, "GET", f"{KNOWN}?lang=es", Accept="application/json", Accept_Language="de")
    assert response.headers["Cache-Status"] == "limber; hit"
    assert response.headers["Content-Language"] == "es"


def test_each_answer_carries_its_own_id(connection: http.client.HTTPConnection) -> None:
    for _ in range(2):
        for path in (KNOWN, "/livez", "/v1/exercises/nothing", "/v1/admin/exercises"):
            assert asked(connection, "GET", path, X_Request_Id="mine")[0].headers["X-Request-Id"] == "mine"
    assert asked(connection, "GET", KNOWN)[0].headers["X-Request-Id"] != "mine"


@pytest.mark.parametrize("path", ["/v1/exercises/%C3%A9t%C3%A9", "/v1/exercises/%FF", "/v1/exercises/a%00b"])
def test_a_path_of_any_bytes_is_not_found(connection: http.client.HTTPConnection, path: str) -> None:
    response, body = asked(connection, "GET", path)
    assert response.status in (400, 404), body
    assert asked(connection, "GET", "/livez")[0].status == 200


def test_a_large_file_comes_whole_in_ranges_and_after_one_that_was_left(
    connection: http.client.HTTPConnection, process: Process
) -> None:
    response, whole = asked(connection, "GET", "/v1/snapshot.sqlite")
    assert len(whole) == int(response.headers["Content-Length"])
    assert asked(connection, "GET", "/v1/snapshot.sqlite", Range="bytes=100-199")[1] == whole[100:200]
    left = http.client.HTTPConnection("127.0.0.1", process.port, timeout=PATIENCE_SECONDS)
    left.request("GET", "/v1/snapshot.sqlite")
    left.getresponse().read(10)
    left.close()
    assert asked(connection, "GET", "/v1/snapshot.sqlite")[1] == whole


def test_headers_that_are_too_long_are_431_with_a_key_too(connection: http.client.HTTPConnection) -> None:
    for path in ("/v1/exercises?limit=7", "/v1/admin/exercises"):
        response, body = asked(connection, "GET", path, Authorization="Bearer " + "a" * 2000)
        assert response.status == 431, body
