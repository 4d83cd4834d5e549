import gzip

import brotli
import pytest
import zstandard
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.http.reading import ADDRESSES, PAGES, SERVICE, problem

pytestmark = pytest.mark.one_store

LONG = "/v1/exercises/chin-tuck"
EVERYTHING = [*ADDRESSES, *PAGES, *SERVICE, "/docs/swagger-ui.css", "/static/docs.js"]


def decoded(response: TestResponse) -> bytes:
    coding = response.headers.get("Content-Encoding")
    if coding == "gzip":
        return bytes(gzip.decompress(response.data))
    if coding == "br":
        return bytes(brotli.decompress(response.data))
    if coding == "zstd":
        return bytes(zstandard.ZstdDecompressor().decompress(response.data))
    assert coding is None
    return bytes(response.data)


class TestCodings:
    @pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
    @pytest.mark.parametrize("path", EVERYTHING)
    def test_each_decodes_to_the_same_bytes(self, client: FlaskClient, path: str, coding: str) -> None:
        plain = client.get(path)
        coded = client.get(path, headers={"Accept-Encoding": coding})
        assert "Content-Encoding" not in plain.headers
        assert decoded(coded) == plain.data
        assert coded.headers["Content-Length"] == str(len(coded.data))
        assert coded.content_type == plain.content_type
        if len(plain.data) > 1000:
            assert coded.headers["Content-Encoding"] == coding
            assert len(coded.data) < len(plain.data)

    @pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
    def test_the_same_answer_is_the_same_bytes(self, client: FlaskClient, coding: str) -> None:
        one, other = (client.get(LONG, headers={"Accept-Encoding": coding}) for _ in range(2))
        assert one.data == other.data
        assert one.headers["ETag"] == other.headers["ETag"]

    def test_what_is_small_is_sent_as_it_is(self, client: FlaskClient) -> None:
        response = client.get("/livez", headers={"Accept-Encoding": "zstd, br, gzip"})
        assert "Content-Encoding" not in response.headers
        assert response.json == {"status": "alive"}

    @pytest.mark.parametrize("coding", ["zstd", "br", "gzip"])
    def test_long_errors_are_coded_too(self, client: FlaskClient, coding: str) -> None:
        path = "/v1/exercises?region=nonsense&muscle=nonsense&benefit=nonsense&condition=nonsense"
        response = client.get(path, headers={"Accept-Encoding": coding})
        assert response.headers["Content-Encoding"] == coding
        response.data = decoded(response)
        del response.headers["Content-Encoding"]
        problem(response, 422, "invalid-parameters")

    @pytest.mark.parametrize("path", EVERYTHING)
    def test_vary_names_the_coding_and_no_more(self, client: FlaskClient, path: str) -> None:
        for accepted in ("identity", "gzip", "nonsense"):
            varied = client.get(path, headers={"Accept-Encoding": accepted}).headers["Vary"].split(", ")
            assert set(varied) - {"Accept-Language"} == {"Accept-Encoding"}

    @pytest.mark.parametrize(
        ("accepted", "expected"),
        [
            ("gzip, deflate, br, zstd", "zstd"),
            ("gzip, deflate, br", "br"),
            ("gzip, deflate", "gzip"),
            ("deflate", None),
            ("", None),
            ("identity", None),
            ("*", "zstd"),
            ("zstd;q=0, *", "br"),
            ("gzip;q=0", None),
            ("*;q=0", None),
            ("br;q=0.2, gzip;q=0.8", "gzip"),
            ("gzip;q=0.5, identity", None),
            ("GZIP", "gzip"),
            (";;;,,,", None),
        ],
    )
    def test_the_clients_preference_decides_and_then_ours(
        self, client: FlaskClient, accepted: str, expected: str | None
    ) -> None:
        response = client.get(LONG, headers={"Accept-Encoding": accepted})
        assert response.status_code == 200
        assert response.headers.get("Content-Encoding") == expected
        assert decoded(response) == client.get(LONG).data
