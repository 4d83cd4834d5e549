"""Whatever is sent, the answer is one that was meant: never a 500, never another shape than a problem."""

import string
from urllib.parse import quote_from_bytes

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from tests.http.reading import ADDRESSES, problem, refusals

KNOWN = (
    "region muscle equipment condition purpose benefit type position source source_type professional min_intensity"
    " max_intensity max_seconds sort limit cursor fields exercise goal service country intensity"
)
PARAMETERS = KNOWN.split()
HEADERS = (
    "Accept",
    "Accept-Encoding",
    "Accept-Language",
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "Range",
    "X-Request-Id",
    "Content-Type",
    "Host",
    "Cookie",
    "Authorization",
    "Expect",
    "Forwarded",
)
ODD = {
    "a NUL": "%00",
    "a NUL inside": "nec%00k",
    "a lone surrogate": "%ED%A0%80",
    "a surrogate pair as two": "%ED%A0%BD%ED%B8%80",
    "no UTF-8": "%FF%FE",
    "half a character": "%C3",
    "an overlong slash": "%C0%AF",
    "half an escape": "%",
    "an escape of no digits": "%zz",
    "a noncharacter": "%EF%BF%BF",
    "the mark of the origin": "%EF%B7%90",
    "a byte order mark": "%EF%BB%BF",
    "right to left": "%E2%80%AEneck",
    "a zero-width joiner": "%E2%80%8D",
    "full-width letters": "%EF%BD%8E%EF%BD%85%EF%BD%83%EF%BD%8B",
    "another script's digits": "%D9%A3",
    "a superscript": "%C2%B2",
    "a line break": "%0D%0ASet-Cookie:%20x=1",
    "very long": "a" * 7000,
    "many commas": "," * 500,
    "many marks on one letter": "a" + "%CC%81" * 1000,
    "SQL": "%27%3B%20DROP%20TABLE%20document%3B--",
    "a path": "..%2F..%2Fetc%2Fpasswd",
    "a template": "%7B%7B7*7%7D%7D",
    "a huge number": "9" * 4000,
    "not a number": "NaN",
    "infinite": "1e999",
}


def meant(response: TestResponse) -> None:
    """The answer is a success, or a problem that is not our fault."""
    assert response.status_code < 500, response.text
    if response.status_code >= 400:
        assert response.mimetype == "application/problem+json"
        assert response.json is not None
        assert response.json["status"] == response.status_code
    assert "Set-Cookie" not in response.headers


class TestOddValues:
    @pytest.mark.one_store
    @pytest.mark.parametrize("value", list(ODD.values()), ids=list(ODD))
    def test_a_parameter_with_it_is_refused(self, client: FlaskClient, value: str) -> None:
        for name in PARAMETERS:
            for path in ("exercises", "routines", "sources", "places", "exercises/chin-tuck/steps"):
                response = client.get(f"/v1/{path}?{name}={value}")
                meant(response)
                assert response.status_code in (400, 422)

    def test_it_is_no_slug_of_what_a_store_is_asked_for(self, client: FlaskClient) -> None:
        for value in ODD.values():
            for filtered in ("exercises?source", "sources?exercise", "routines?exercise", "exercises?region"):
                response = client.get(f"/v1/{filtered}={value}")
                meant(response)
                assert response.status_code in (400, 422)

    @pytest.mark.parametrize("value", list(ODD.values()), ids=list(ODD))
    def test_an_address_with_it_is_unknown(self, client: FlaskClient, value: str) -> None:
        for path in (
            "/{}",
            "/v1/{}",
            "/v1/exercises/{}",
            "/v1/exercises/chin-tuck/levels/{}",
            "/problems/{}",
            "/docs/{}",
        ):
            problem(client.get(path.format(value)), 404, "not-found")
        for path in ("/v1/vocabularies/{}", "/v1/vocabularies/regions/{}", "/v1/sources/{}/exercises", "/static/{}"):
            problem(client.get(path.format(value)), 404, "not-found")

    @pytest.mark.one_store
    @pytest.mark.parametrize("value", list(ODD.values()), ids=list(ODD))
    def test_a_parameters_name_with_it_is_refused(self, client: FlaskClient, value: str) -> None:
        response = client.get(f"/v1/exercises?{value}=1")
        assert response.status_code in (400, 422)
        meant(response)

    def test_a_nul_is_400_wherever_it_stands_in_a_query(self, client: FlaskClient) -> None:
        for query in ("region=%00", "region=neck%00", "%00=1", "nonsense=%00", "cursor=%00", "limit=1&x=a%00b"):
            problem(client.get(f"/v1/exercises?{query}"), 400, "malformed")

    @pytest.mark.parametrize("raw", ["limit=\xff", "\xff=1", "region=\xc3", "\xed\xa0\x80", "q=\xf0\x9f"])
    def test_bytes_that_are_no_utf_8_are_400(self, client: FlaskClient, raw: str) -> None:
        for path in ("/v1/exercises", "/v1/exercises/chin-tuck", "/nonsense", "/livez", "/docs"):
            problem(client.get(path, environ_overrides={"QUERY_STRING": raw}), 400, "malformed")

    def test_utf_8_without_escapes_is_read_as_it_is(self, client: FlaskClient) -> None:
        response = client.get("/v1/exercises", environ_overrides={"QUERY_STRING": "\xc3\xa9=1"})
        assert list(refusals(response)) == ["é"]


ANY_TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
ANY_BYTES = st.binary(max_size=30)
OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


class TestAnything:
    @OFTEN
    @given(
        query=st.lists(st.tuples(st.sampled_from([*PARAMETERS, ""]) | ANY_TEXT, ANY_TEXT), max_size=5),
        path=st.sampled_from(ADDRESSES),
    )
    def test_any_query_gets_an_answer_that_was_meant(
        self, seeded_app: Flask, path: str, query: list[tuple[str, str]]
    ) -> None:
        meant(seeded_app.test_client().get(path, query_string=_encoded(query)))

    @OFTEN
    @given(raw=ANY_BYTES, path=st.sampled_from(ADDRESSES))
    def test_any_bytes_as_a_query_get_an_answer_that_was_meant(self, seeded_app: Flask, path: str, raw: bytes) -> None:
        meant(seeded_app.test_client().get(path, environ_overrides={"QUERY_STRING": raw.decode("latin-1")}))

    @OFTEN
    @given(
        parts=st.lists(
            st.sampled_from(["v1", "exercises", "vocabularies", "regions", "levels"]) | ANY_BYTES, max_size=6
        )
    )
    def test_any_address_gets_an_answer_that_was_meant(self, seeded_app: Flask, parts: list[str | bytes]) -> None:
        raw = b"/" + b"/".join(part.encode() if isinstance(part, str) else part for part in parts)
        # As a server hands it over: the client would read what follows `//` as a host.
        meant(seeded_app.test_client().get(environ_overrides={"PATH_INFO": raw.decode("latin-1")}))

    @OFTEN
    @given(
        headers=st.dictionaries(
            st.sampled_from(HEADERS),
            st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40),
            max_size=6,
        ),
        method=st.sampled_from(["GET", "HEAD", "OPTIONS", "POST"]),
    )
    def test_any_headers_get_an_answer_that_was_meant(
        self, seeded_app: Flask, headers: dict[str, str], method: str
    ) -> None:
        client = seeded_app.test_client()
        response = client.open("/v1/exercises/chin-tuck", method=method, headers=headers)
        assert response.status_code in (200, 204, 304, 405, 406, 412)
        assert set(response.headers["X-Request-Id"]) <= set(string.ascii_letters + string.digits + "._-")

    @OFTEN
    @given(body=ANY_BYTES, mimetype=st.sampled_from(["application/json", "multipart/form-data", "x", ""]))
    def test_a_body_changes_nothing_for_who_reads(self, seeded_app: Flask, body: bytes, mimetype: str) -> None:
        client = seeded_app.test_client()
        response = client.get("/v1/exercises/chin-tuck", data=body, content_type=mimetype)
        assert response.data == client.get("/v1/exercises/chin-tuck").data


def _encoded(query: list[tuple[str, str]]) -> str:
    return "&".join(f"{quote_from_bytes(name.encode())}={quote_from_bytes(value.encode())}" for name, value in query)
